"""What the evidence says to people: texts in English that know what they are made of.

So a page, a letter or a report can say the same in the language of its reader; and what is kept, in a file or a
database, is kept with its parts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Final, Literal, TypeAlias

Noun = Literal[
    "activity",
    "case",
    "event",
    "local time",
    "other zone",
    "person",
    "relation",
    "row",
    "start",
    "step",
    "suspension",
    "value",
]
Data: TypeAlias = "str | list[Data] | dict[str, Data]"


class Digits(str):
    """A number as printed in English: thousands by a comma, decimals after a point.

    >>> Digits("1,234.5")
    '1,234.5'
    """

    __slots__ = ()


class Day(str):
    """A day as printed in English, that knows its date.

    >>> Day.of(dt.date(2026, 1, 5)), Day.of(dt.date(2026, 1, 5)).date
    ('5 Jan 2026', datetime.date(2026, 1, 5))
    """

    date: dt.date

    @classmethod
    def of(cls, date: dt.date) -> Day:
        """Print a day.

        >>> Day.of(dt.date(2026, 12, 24))
        '24 Dec 2026'
        """
        day = cls(f"{date.day} {date:%b %Y}")
        day.date = date
        return day


class Sentence(str):
    """A text in English that still knows the template it was made of and what stands in it.

    >>> say("{} of {}", Digits("3"), "all").template
    '{} of {}'
    """

    template: str
    values: tuple[object, ...]
    capital: bool = False
    """It begins large, in any language, whatever its template begins with."""


def say(template: str, *values: object) -> Sentence:
    """Fill a template: its values are numbers in digits, days, other sentences, or names, which stay what they are.

    A tuple of sentences is printed with semicolons between.

    >>> say("{} of {}", Digits("3"), say("all")), say("for it: {}", (say("small"), say("steady")))
    ('3 of all', 'for it: small; steady')
    """
    said = Sentence(template.format(*("; ".join(v) if isinstance(v, tuple) else v for v in values)))
    said.template, said.values = template, values
    return said


def capitalised(sentence: Sentence) -> Sentence:
    """Begin a clause large, to make a sentence of it.

    >>> capitalised(say("it waits"))
    'It waits'
    """
    large = Sentence(sentence[:1].upper() + sentence[1:])
    large.template, large.values, large.capital = sentence.template, sentence.values, True
    return large


def digits(count: int) -> Digits:
    """Write a number of things.

    >>> digits(12500)
    '12,500'
    """
    return Digits(f"{count:,}")


def in_a_row(texts: Sequence[str], *, most: int) -> str:
    """Join texts with commas, the first `most` of them.

    >>> in_a_row(["A", "B", "C"], most=2), in_a_row(["A"], most=2)
    ('A, B, …', 'A')
    """
    shown = [*texts[:most], "…"] if len(texts) > most else texts
    return reduce(lambda said, text: say("{}, {}", said, text), shown)


def counted(count: int, noun: Noun) -> Sentence:
    """Write a count with its noun, in the plural where it is not one.

    >>> counted(1, "row"), counted(1200, "case"), counted(2, "person")
    ('1 row', '1,200 cases', '2 people')
    """
    one, many = COUNTED[noun]
    return say(one) if count == 1 else say(many, digits(count))


def as_data(text: object) -> Data:
    """Give a text as plain data, to be kept; what is no more than a text stays one.

    >>> as_data(say("{} of {}", Digits("3"), "all")), as_data("all")
    ({'say': '{} of {}', 'of': [{'digits': '3'}, 'all']}, 'all')
    """
    if isinstance(text, Sentence):
        kept: dict[str, Data] = {"say": text.template, "of": [as_data(value) for value in text.values]}
        return {**kept, "capital": "yes"} if text.capital else kept
    if isinstance(text, Digits):
        return {"digits": str(text)}
    if isinstance(text, Day):
        return {"day": text.date.isoformat()}
    return [as_data(one) for one in text] if isinstance(text, tuple) else str(text)


def from_data(data: Any) -> Any:
    """Give the text that was kept.

    >>> from_data(as_data(say("{} of {}", Digits("3"), "all"))).values
    ('3', 'all')
    """
    if isinstance(data, list):
        return tuple(from_data(one) for one in data)
    if not isinstance(data, Mapping):
        return data
    if "digits" in data:
        return Digits(data["digits"])
    if "day" in data:
        return Day.of(dt.date.fromisoformat(data["day"]))
    template, values = data["say"], data["of"]
    said = say(template, *map(from_data, values))
    return capitalised(said) if "capital" in data else said


COUNTED: Final[Mapping[Noun, tuple[str, str]]] = {
    "activity": ("1 activity", "{} activities"),
    "case": ("1 case", "{} cases"),
    "event": ("1 event", "{} events"),
    "local time": ("1 local time", "{} local times"),
    "other zone": ("1 other zone", "{} other zones"),
    "person": ("1 person", "{} people"),
    "relation": ("1 relation", "{} relations"),
    "row": ("1 row", "{} rows"),
    "start": ("1 start", "{} starts"),
    "step": ("1 step", "{} steps"),
    "suspension": ("1 suspension", "{} suspensions"),
    "value": ("1 value", "{} values"),
}
"""How things are counted, one and many."""
