"""What a picture says, in the language of who looks at it: it gives templates and values, its caller the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from backdesk.evidence.process import text

Say = Callable[..., str]
"""Fill a template with values by their names, in some language: numbers are written, texts stay as they are."""
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STATISTICS: Final = {"median": "median", "mean": "mean", "p90": "90th percentile"}
LONG: Final = {"s": "{number} s", "min": "{number} min", "h": "{number} h", "d": "{number} d"}
TEXTS: Final = (*MONTHS, *DAYS, *STATISTICS.values(), *LONG.values())
"""What is said from these tables, for those who translate it."""


def in_english(template: str, **values: str | float) -> str:
    """Fill a template as it stands."""
    return template.format(**{name: written(value) for name, value in values.items()})


def written(value: str | float) -> str:
    """Write a number with commas between thousands, and no more decimals than it has.

    >>> written(12_500.0), written(0.25), written("as it is")
    ('12,500', '0.25', 'as it is')
    """
    return value if isinstance(value, str) else f"{value:,.10g}"


def duration(seconds: float, *, say: Say, elapsed: bool = True) -> str:
    """Say how long, as `text.duration` writes it."""
    if 0 < seconds < 1:
        return say("under 1 s")
    value, unit = text.in_unit(seconds, elapsed=elapsed)
    return say(LONG[unit], number=value)


def percent(share: float, *, say: Say) -> str:
    """Say a share, as `text.percent` writes it."""
    if 0 < share < 0.01:
        return say("under 1 %")
    return say("over 99 %") if 0.995 <= share < 1 else say("{share} %", share=round(100 * share))


def rounded(value: float) -> float:
    """Round to what is worth saying: one decimal under 10."""
    return round(value, 1) if value < 10 else round(value)
