"""Numbers, lengths of time, money and instants as a person reads them. One place, so a locale can take over later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from django.utils import timezone

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Number = float | int | Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a written quantity: digits, and the unit that follows them."""

    digits: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as written, with its exact value for those who want to know."""

    parts: tuple[Part, ...]
    exact: str = ""

    def __str__(self) -> str:
        return NO_BREAK.join(f"{p.digits}{NARROW}{p.unit}" if p.unit else p.digits for p in self.parts)


def is_known(value: object) -> bool:
    """None and not-a-number are both "we do not know"."""
    if value is None:
        return False
    return not isinstance(value, float | Decimal) or isfinite(value)


def number(value: Number, *, decimals: int | None = None) -> str:
    """`1234.5` is "1,234.5"; floats have one decimal unless told otherwise."""
    if decimals is None:
        decimals = 0 if isinstance(value, int) else 1
    rounded = _exactly(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    text = f"{abs(rounded):,f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def share(value: Number, *, decimals: int | None = None) -> Quantity:
    """A share of one in per cent: `0.123` is "12.3 %"."""
    shown = number(_exactly(value) * 100, decimals=1 if decimals is None else decimals)
    return Quantity((Part(shown, "%"),), exact=f"{value!s}")


def measured(value: Number, *, unit: str, decimals: int | None = None) -> Quantity:
    return Quantity((Part(number(value, decimals=decimals), unit),), exact=f"{value!s}{NARROW}{unit}".strip())


def duration(seconds: Number) -> Quantity:
    """A length of elapsed time in the units one would say it in: "45 s", "2 h 5 min", "3.4 days"."""
    length = float(seconds)
    parts = _length(abs(length))
    if length < 0:
        parts = (Part(MINUS + parts[0].digits, parts[0].unit), *parts[1:])
    return Quantity(parts, exact=f"{number(round(length, 3), decimals=_decimals_needed(length))}{NARROW}s")


def hours(value: Number) -> Quantity:
    """A length of working time, which never turns into days: "25 min", "2 h 5 min", "132 h"."""
    length = float(value) * HOUR
    exact = f"{number(float(value), decimals=4)}{NARROW}h"
    if abs(length) >= 10 * HOUR:
        return Quantity((Part(number(float(value), decimals=0), "h"),), exact=exact)
    written = duration(length)
    return Quantity(written.parts, exact=exact)


def money(value: Number, *, currency: str, decimals: int | None = None) -> Quantity:
    """An amount with its currency; cents only where they are asked for."""
    shown = number(value, decimals=0 if decimals is None else decimals)
    return Quantity((Part(shown, currency),), exact=f"{number(value, decimals=2)}{NARROW}{currency}")


def instant(value: datetime, *, zone: ZoneInfo | None = None) -> str:
    """An aware instant on the reader's clock: "21 Nov 2026, 20:13"."""
    local = timezone.localtime(value, zone)
    return f"{day(local.date())}, {local:%H:%M}"


def instant_exactly(value: datetime, *, zone: ZoneInfo | None = None) -> str:
    local = timezone.localtime(value, zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S} {local.tzinfo} (UTC{_offset(local)})"


def day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def ago(value: datetime, *, now: datetime) -> str:
    """How long ago, roughly; what is still to come is "in …"."""
    seconds = (now - value).total_seconds()
    if abs(seconds) < MINUTE:
        return "just now"
    written = _roughly(abs(seconds))
    return f"{written} ago" if seconds > 0 else f"in {written}"


def _length(seconds: float) -> tuple[Part, ...]:
    if seconds < 10 and seconds != int(seconds):
        return (Part(number(seconds, decimals=1), "s"),)
    if round(seconds) < MINUTE:
        return (Part(str(round(seconds)), "s"),)
    if round(seconds) < 10 * MINUTE:
        return _two(round(seconds), MINUTE, "min", 1, "s")
    if round(seconds / MINUTE) * MINUTE < DAY:
        return _two(round(seconds / MINUTE), 60, "h", 1, "min")
    days = seconds / DAY
    return (Part(number(days, decimals=0 if days >= 100 else 1), "day" if days == 1 else "days"),)


def _two(amount: int, size: int, unit: str, rest_size: int, rest_unit: str) -> tuple[Part, ...]:
    whole, rest = divmod(amount, size)
    parts = (Part(str(whole), unit),) if whole else ()
    return (*parts, Part(str(rest // rest_size), rest_unit)) if rest or not whole else parts


def _roughly(seconds: float) -> str:
    for size, word in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        count = int(seconds // size)
        if count:
            return f"{number(count)} {word}{'s' if count > 1 else ''}"
    return "a moment"


def _exactly(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _decimals_needed(value: float) -> int:
    return 0 if value == int(value) else 3


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}".replace("-", MINUS)
