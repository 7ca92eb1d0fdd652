"""What a report says, as plain data: sentences and cells, the same for HTML and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One number of the strip at the top."""

    title: str
    value: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """One activity in the ranking."""

    place: int
    activity: str
    function: str
    verdict: str
    points: str
    could_be: str
    hours: str
    steps: str
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One criterion of an activity: `part` is its value in per cent, None where nobody can tell."""

    title: str
    side: str
    part: int | None
    part_of_one: str
    points: str
    evidence: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One activity with all its evidence."""

    activity: str
    verdict: str
    about: tuple[str, ...]
    reasons: tuple[str, ...]
    scores: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRow:
    """One bundle."""

    members: str
    along: str
    hours: str
    share: str
    crossings: str
    apart: str
    pays_up_to: str
    does_not_pay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotPart:
    """The pilot with its reasons, or why there is none."""

    title: str
    volume: str
    reasons: tuple[str, ...]
    runner_up: str
    reservations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Activities that stay for one reason."""

    why: str
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and of which activities it is asked."""

    title: str
    text: str
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A figure or criterion with its definition."""

    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that was not read, and why."""

    line: str
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a report says; `words` is what every report says."""

    language: str
    words: Mapping[str, str]
    name: str
    made: str
    headlines: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    holdings: tuple[str, ...]
    ranking: tuple[RankRow, ...]
    cut: str
    cost: str
    has_functions: bool
    estimated: bool
    cards: tuple[Card, ...]
    bundles: tuple[BundleRow, ...]
    no_bundle: str
    why_bundles: str
    pilot: PilotPart
    kept: tuple[Kept, ...]
    waiting: tuple[str, ...]
    asked: tuple[Asked, ...]
    criteria: tuple[Defined, ...]
    definitions: tuple[Defined, ...]
    notes: tuple[str, ...]
    rejects: tuple[Reject, ...]
    rejected: str
