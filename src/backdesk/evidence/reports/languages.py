"""In which language a report is told: its caller brings the words, as it does for pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from backdesk.evidence.process.saying import Say, in_english

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How to say things: `code` as in HTML, `say` for what pictures say, `tell` for sentences, digits and days.

    >>> ENGLISH.tell("Check"), ENGLISH.say("{share} %", share=12)
    ('Check', '12 %')
    """

    code: str
    say: Say
    tell: Callable[[object], str]


ENGLISH: Final = Language(code="en", say=in_english, tell=str)


def told(what: T, *, language: Language) -> T:
    """Say every text in a language, however deep it stands in dataclasses, tuples and mappings.

    >>> from backdesk.evidence.sentences import say
    >>> loud = Language(code="x", say=in_english, tell=lambda text: text.upper())
    >>> told((say("{} of {}", "1", "2"), 3), language=loud)
    ('1 OF 2', 3)
    """
    said: Any = what
    if isinstance(what, str):
        said = language.tell(what)
    elif isinstance(what, tuple):
        said = tuple(told(one, language=language) for one in what)
    elif isinstance(what, Mapping):
        said = {name: told(one, language=language) for name, one in what.items()}
    elif is_dataclass(what) and not isinstance(what, type):
        parts = {one.name: told(getattr(what, one.name), language=language) for one in fields(what)}
        said = replace(what, **parts)
    whole: T = said
    return whole
