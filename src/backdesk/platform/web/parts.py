"""What the parts of a page are given: small typed values, no querysets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backdesk.platform.web.words import Words

Kind = Literal["good", "warn", "bad", "info", "neutral"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    title: Words
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    title: Words
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What is said where nothing is: what this is for, and the next step."""

    title: Words
    text: Words = ""
    action: Words = ""
    url: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status for a table cell: the word counts, the shape and colour repeat it."""

    kind: Kind
    word: Words

    def __str__(self) -> str:
        return str(self.word)
