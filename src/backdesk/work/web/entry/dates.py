"""Days and instants as a person types them: no day is guessed where two could be meant."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from backdesk.platform.web import formats

_FIRST_OF_LAST_CENTURY = 70  # of years written with two digits
_TIME = re.compile(r"(?P<day>.*?)[\s,T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(:\d{2})?\s*", re.DOTALL)
_FORMS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<day>\d{1,2})\.?[\s-]+(?P<month>[^\W\d]+)\.?,?[\s-]+(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<month>[^\W\d]+)\.?[\s-]+(?P<day>\d{1,2}),?[\s-]+(?P<year>\d{4}|\d{2})"),
)
_EITHER_WAY = re.compile(r"(?P<one>\d{1,2})[/-](?P<other>\d{1,2})[/-](?P<year>\d{4}|\d{2})")


class NoDate(ValueError):
    """A text that is no day, or could be two; the message says what would be right."""


def read_day(text: str) -> date:
    """`21 Nov 2026`, `21.11.2026`, `2026-11-21`, and `21/11/2026` since there is no 21st month."""
    given = text.strip()
    if found := _EITHER_WAY.fullmatch(given):
        return _unmistakable(given, found)
    for form in _FORMS:
        if found := form.fullmatch(given):
            day = _day(found["year"], _month(found["month"]), int(found["day"]))
            if day:
                return day
    raise NoDate(
        _("“%(text)s” is no date. Write it like %(example)s or %(other)s.")
        % {"text": given, "example": formats.day(date(2026, 3, 14)), "other": "2026-03-14"}
    )


def read_instant(text: str) -> datetime:
    """A day with a time behind it, on the clock of the reader."""
    found = _TIME.fullmatch(text.strip())
    hour, minute = (int(found["hour"]), int(found["minute"])) if found else (24, 0)
    if found is None or hour > 23 or minute > 59:
        example = formats.instant(
            datetime.combine(date(2026, 3, 14), time(16, 30), timezone.get_current_timezone())
        )
        raise NoDate(
            _("“%(text)s” is no date with a time. Write it like %(example)s.")
            % {"text": text.strip(), "example": example}
        )
    return datetime.combine(read_day(found["day"]), time(hour, minute), timezone.get_current_timezone())


def _unmistakable(given: str, found: re.Match[str]) -> date:
    one, other = int(found["one"]), int(found["other"])
    days = {day for pair in ((one, other), (other, one)) if (day := _day(found["year"], pair[1], pair[0]))}
    if len(days) == 1:
        return days.pop()
    if not days:
        raise NoDate(_("There is no such day as “%(text)s”.") % {"text": given})
    first, second = sorted(days)
    raise NoDate(
        _("“%(text)s” may be %(first)s or %(second)s. Write the one you mean like that.")
        % {"text": given, "first": formats.day(first), "second": formats.day(second)}
    )


def _day(year: str, month: int, day: int) -> date | None:
    whole = int(year)
    if len(year) == len("26"):
        whole += 1900 if whole >= _FIRST_OF_LAST_CENTURY else 2000
    try:
        return date(whole, month, day)
    except ValueError:
        return None


def _month(text: str) -> int:
    """Its number; 0 for what is no month in the reader's language or in English."""
    if text.isdecimal():
        return int(text)
    wanted = text.casefold()
    english = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    for number in range(1, 13):
        names = {
            str(MONTHS[number]).casefold(),
            str(MONTHS_3[number]).casefold().rstrip("."),
            english[number - 1],
        }
        if wanted in names:
            return number
    return 0
