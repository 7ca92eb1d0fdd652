"""Numbers, lengths of time, money and instants as a person reads them, in the language and zone now in force.

The language's catalogue says how dates are put together (messages with the context "date"), Django how its numbers
are: nothing here knows a language by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from backdesk.evidence.sentences import Day, Digits, Sentence

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: What a pattern of a date says of the hour, as a text to be filled in.
_CLOCK = str.maketrans({"H": "{0:02}", "i": "{1:02}", "s": "{2:02}"})

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
    if isinstance(value, int) and not decimals:
        text = f"{abs(value):,}".translate(_separators(get_language() or "en"))
        return f"{MINUS}{text}" if value < 0 else text
    rounded = _exactly(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    text = f"{abs(rounded):,f}".translate(_separators(get_language() or "en"))
    return f"{MINUS}{text}" if rounded < 0 else text


def typed(value: Number) -> str:
    """A number as one would type it into a form: all its digits, no thousands marked."""
    text = f"{_exactly(value):f}"
    plain = text.rstrip("0").rstrip(".") if isinstance(value, float) and "." in text else text
    return plain.translate(_separators(get_language() or "en"))


def rewritten(digits: str) -> str:
    """A number that is printed in English already."""
    return digits.translate(_separators(get_language() or "en"))


def said(template: str, **values: str | float) -> str:
    """What a chart says, in the reader's language: its numbers are written, its texts stay as they are."""
    mine = {
        name: value if isinstance(value, str) else rewritten(f"{value:,.10g}")
        for name, value in values.items()
    }
    return _(template).format(**mine)


def in_language(text: object) -> str:
    """What the evidence says, in the reader's language: names stay as they are; numbers and days are written."""
    if isinstance(text, Sentence):
        told = _(text.template).format(*map(in_language, text.values))
        return told[:1].upper() + told[1:] if text.capital else told
    if isinstance(text, Digits):
        return rewritten(text)
    if isinstance(text, Day):
        return day(text.date)
    return "; ".join(map(in_language, text)) if isinstance(text, tuple) else str(text)


class NotANumber(ValueError):
    """A text that is no number as the reader's language writes them; the message says what would be right."""


def read_number(text: str) -> Decimal:
    """What a person typed: "1,234.5" in English is "1.234,5" in German; a point in the wrong place is no guess of ours.

    A true minus and spaces between thousands are understood as well.
    """
    point, comma = _marks(get_language() or "en")
    given = re.sub(r"[\s\u00a0\u202f]", "", text).replace(MINUS, "-")
    grouped = rf"[+-]?(\d+|\d{{1,3}}({re.escape(comma)}\d{{3}})+)({re.escape(point)}\d*)?|[+-]?{re.escape(point)}\d+"
    if not re.fullmatch(grouped, given, re.ASCII):
        raise NotANumber(
            _("“%(text)s” is no number here. Write it like %(example)s or %(large)s.")
            % {"text": text.strip(), "example": number(12.5), "large": number(1234.5)}
        )
    return Decimal(given.replace(comma, "").replace(point, "."))


def share(value: Number, *, decimals: int | None = None) -> Quantity:
    """A share of one in per cent: `0.123` is "12.3 %". Hardly any is not none, and nearly all not all: "< 0.1 %"."""
    decimals = 1 if decimals is None else decimals
    percent, least = _exactly(value) * 100, Decimal(1).scaleb(-decimals)
    if 0 < percent <= least / 2:
        shown = f"<{NARROW}{number(least, decimals=decimals)}"
    elif 100 - least / 2 <= percent < 100:
        shown = f">{NARROW}{number(100 - least, decimals=decimals)}"
    else:
        shown = number(percent, decimals=decimals)
    return Quantity((Part(shown, "%"),), exact=f"{_in_full(percent)}{NARROW}%")


def measured(value: Number, *, unit: str, decimals: int | None = None) -> Quantity:
    return Quantity(
        (Part(number(value, decimals=decimals), unit),), exact=f"{_in_full(value)}{NARROW}{unit}".strip()
    )


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
    return _written(timezone.localtime(value, zone), pgettext("date", "j M Y, H:i"))


def instant_exactly(value: datetime, *, zone: ZoneInfo | None = None) -> str:
    local = timezone.localtime(value, zone)
    written = _written(local, pgettext("date", "l j F Y, H:i:s"))
    return f"{written} {local.tzinfo} (UTC{_offset(local)})"


def day(value: date) -> str:
    return dateformat.format(value, pgettext("date", "j M Y"))


def day_of_week(value: date) -> str:
    """Today, as the head of a page: "Saturday 21 November"."""
    return dateformat.format(value, pgettext("date", "l j F"))


def zone_name() -> str:
    """Whose clock the times on the page are read from."""
    return timezone.get_current_timezone_name()


def ago(value: datetime, *, now: datetime) -> str:
    """How long ago, roughly; what is still to come is "in …"."""
    seconds = (now - value).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now")
    return _past(int(seconds)) if seconds > 0 else _future(int(-seconds))


def _written(local: datetime, pattern: str) -> str:
    day = _day_written(local.date(), pattern, get_language() or "en")
    return day.format(local.hour, local.minute, local.second)


@lru_cache(maxsize=4_096)
def _day_written(value: date, pattern: str, language: str) -> str:
    """With its hour to be filled in: the moments of a page are of a few days, and words take the time."""
    return dateformat.format(value, pattern.translate(_CLOCK))


def _length(seconds: float) -> tuple[Part, ...]:
    if not seconds:
        return (Part("0", "min"),)
    if seconds < 0.95:
        return (Part(number(1_000 * seconds, decimals=0), "ms"),)
    if seconds < 10 and seconds != int(seconds):
        return (Part(number(seconds, decimals=1), "s"),)
    if round(seconds) < MINUTE:
        return (Part(str(round(seconds)), "s"),)
    if round(seconds) < 10 * MINUTE:
        return _two(round(seconds), MINUTE, "min", 1, "s")
    if round(seconds / MINUTE) * MINUTE < DAY:
        return _two(round(seconds / MINUTE), 60, "h", 1, "min")
    days = seconds / DAY
    word = ngettext("day", "days", 1 if days == 1 else 2)
    return (Part(number(days, decimals=0 if days >= 100 else 1), word),)


def _two(amount: int, size: int, unit: str, rest_size: int, rest_unit: str) -> tuple[Part, ...]:
    whole, rest = divmod(amount, size)
    parts = (Part(str(whole), unit),) if whole else ()
    return (*parts, Part(str(rest // rest_size), rest_unit)) if rest or not whole else parts


def _past(seconds: int) -> str:
    if count := seconds // DAY:
        return ngettext("%(count)s day ago", "%(count)s days ago", count) % _counted(count)
    if count := seconds // HOUR:
        return ngettext("%(count)s hour ago", "%(count)s hours ago", count) % _counted(count)
    count = seconds // MINUTE
    return ngettext("%(count)s minute ago", "%(count)s minutes ago", count) % _counted(count)


def _future(seconds: int) -> str:
    if count := seconds // DAY:
        return ngettext("in %(count)s day", "in %(count)s days", count) % _counted(count)
    if count := seconds // HOUR:
        return ngettext("in %(count)s hour", "in %(count)s hours", count) % _counted(count)
    count = seconds // MINUTE
    return ngettext("in %(count)s minute", "in %(count)s minutes", count) % _counted(count)


def _counted(count: int) -> Mapping[str, str]:
    return {"count": number(count)}


@lru_cache
def _marks(language: str) -> tuple[str, str]:
    """What stands before decimals, and what between thousands."""
    point, comma = (
        get_format(name, lang=language, use_l10n=True) for name in ("DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR")
    )
    return str(point), str(comma)


@lru_cache
def _separators(language: str) -> dict[int, str]:
    point, comma = _marks(language)
    return str.maketrans({".": point, ",": comma})


def _in_full(value: Number) -> str:
    """Four decimals at most, and none that say nothing."""
    return number(value) if isinstance(value, int) else number(value, decimals=4).rstrip("0").rstrip(",.")


def _exactly(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _decimals_needed(value: float) -> int:
    return 0 if value == int(value) else 3


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}".replace("-", MINUS)
