"""Figures in plain words, the same wherever they are printed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal

from backdesk.evidence.sentences import Digits, in_a_row, say

Unit = Literal["share", "hours", "minutes", "months", "steps", "people", "times", "crossings", "points"]


def in_words(value: float, unit: Unit) -> str:
    """Print a figure with its unit as a reader would say it.

    A `share` is 0..1 and printed in per cent; `hours` below one are printed in minutes.

    >>> in_words(0.1234, "share"), in_words(0.004, "share"), in_words(0.05, "hours"), in_words(1, "people")
    ('12 %', '0.4 %', '3 minutes', 'one person')
    """
    return _WORDS[unit](value)


def number(value: float) -> Digits:
    """Print a number with three meaning digits at most, thousands separated.

    >>> number(1234.5), number(12.34), number(0.1234), number(0.0)
    ('1,234', '12.3', '0.12', '0')
    """
    if abs(value) >= 99.95 or value == round(value):
        return Digits(f"{value:,.0f}")
    return Digits(f"{value:.{1 if abs(value) >= 9.995 else 2}f}".rstrip("0").rstrip("."))


def money(amount: Decimal, currency: str) -> str:
    """Print an amount of money, to the unit from a thousand on, else to the cent.

    >>> money(Decimal("1234.5"), "EUR"), money(Decimal("28"), "EUR")
    ('1,234 EUR', '28.00 EUR')
    """
    return say("{} {}", Digits(f"{amount:,.0f}" if abs(amount) >= 1000 else f"{amount:,.2f}"), currency)


def listed(names: tuple[str, ...], *, most: int = 3) -> str:
    """Join names with commas and "and"; what is beyond `most` is counted.

    >>> listed(("A", "B", "C", "D")), listed(("A", "B"))
    ('A, B, C and 1 more', 'A and B')
    """
    if len(names) > most:
        return say("{} and {} more", in_a_row(names[:most], most=most), Digits(len(names) - most))
    return say("{} and {}", in_a_row(names[:-1], most=most), names[-1]) if len(names) > 1 else "".join(names)


def _share(value: float) -> str:
    percent = 100 * value
    if 0 < percent < 0.05:
        return say("under {} %", Digits("0.1"))
    if abs(percent) < 1 and percent != 0:
        return say("{} %", Digits(f"{percent:.1f}"))
    return say("{} %", Digits(f"{min(percent, 99.9):.1f}" if 99 < percent < 100 else f"{percent:,.0f}"))


def _hours(value: float) -> str:
    if value and abs(value) * 60 < 59.5:
        return _minutes(value * 60)
    printed = number(round(value, 1))
    return say("1 hour") if printed == "1" else say("{} hours", printed)


def _minutes(value: float) -> str:
    if abs(value) >= 99.5:
        return _hours(value / 60)
    if value and abs(value) < 0.95:
        seconds = number(round(value * 60))
        return say("{} seconds", seconds) if abs(value) * 60 >= 1 else say("under a second")
    printed = number(round(value) if abs(value) >= 10 else round(value, 1))
    return say("1 minute") if printed == "1" else say("{} minutes", printed)


def _people(value: float) -> str:
    return say("one person") if value == 1 else say("{} people", number(value))


_WORDS: Final[dict[Unit, Callable[[float], str]]] = {
    "share": _share,
    "hours": _hours,
    "minutes": _minutes,
    "months": lambda value: say("1 month") if number(value) == "1" else say("{} months", number(value)),
    "steps": number,
    "people": _people,
    "times": number,
    "crossings": lambda value: (
        say("1 crossing") if number(value) == "1" else say("{} crossings", number(value))
    ),
    "points": lambda value: Digits(f"{value:.0f}"),
}
