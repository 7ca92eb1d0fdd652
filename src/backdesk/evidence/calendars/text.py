"""Calendars as people write them: `Mon-Fri 08:00-12:00,13:00-17:00; holidays NL; closed 2026-12-24`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from backdesk.evidence.calendars.model import (
    WEEKDAYS,
    Calendar,
    CalendarError,
    ImpossibleWindow,
    SpecialDay,
    Window,
    whole_week,
)

EXAMPLE = "Mon-Fri 08:00-12:00,13:00-17:00; Sat 09:00-12:00; holidays NL; closed 2026-12-24"
_LONGEST_CLOSURE = 366
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?\d|2[0-4])(?:[:.]([0-5]\d))?")


class UnreadableCalendar(CalendarError):
    """A calendar text with a part that cannot be read; the message names the part and shows one that can."""


def parse(text: str, *, zone: str) -> Calendar:
    """Read a calendar from text; parts are parted by semicolons.

    A part is days with their hours (`Mon-Fri 08:00-12:00,13:00-17:00`; `Fri 22:00-06:00` runs into Saturday),
    `24/7`, `holidays NL` or `holidays DE-BY`, `closed 2026-12-24` (also `2026-12-24,2026-12-31` and
    `2026-12-24..2027-01-01`) or `open 2026-12-27 10:00-14:00`. `str()` of the result reads back the same.
    Raises `UnreadableCalendar`, `UnknownZone`, `UnknownHolidays`, `NoWorkingTime`.

    >>> str(parse("mon-thu 8-17; Friday 8:00-15:30; closed 2026-12-24", zone="Europe/Berlin"))
    'Mon-Thu 08:00-17:00; Fri 08:00-15:30; closed 2026-12-24'
    >>> parse("Mon-Fri 8 to 5", zone="UTC")
    Traceback (most recent call last):
    ...
    backdesk.evidence.calendars.text.UnreadableCalendar: calendar part 'Mon-Fri 8 to 5': '8 to 5' are not \
hours; write them like 08:00-12:00,13:00-17:00
    """
    draft = _Draft()
    for part in filter(None, (part.strip() for part in text.split(";"))):
        _read_part(part, draft)
    if not draft.week and not any(draft.special.values()):
        raise UnreadableCalendar(f"the calendar {text[:80]!r} has no working hours; write it like {EXAMPLE}")
    return Calendar(
        zone=zone,
        week=tuple(draft.week),
        holidays=draft.holidays,
        exceptions=tuple(SpecialDay(date=date, windows=hours) for date, hours in draft.special.items()),
    )


@dataclass(slots=True)
class _Draft:
    week: list[Window] = field(default_factory=list)
    holidays: str | None = None
    special: dict[dt.date, tuple[Window, ...]] = field(default_factory=dict)


def _read_part(part: str, draft: _Draft) -> None:
    word, _, rest = part.partition(" ")
    read = _READERS.get(word.lower(), _read_week)
    try:
        read(part if read is _read_week else rest.strip(), draft)
    except (_Unreadable, ImpossibleWindow) as problem:
        raise UnreadableCalendar(f"calendar part {part[:80]!r}: {problem}") from None


class _Unreadable(Exception):
    """What is wrong with a part, before it is known which."""


def _read_week(part: str, draft: _Draft) -> None:
    days, _, hours = part.partition(" ")
    if not hours.strip():
        raise _Unreadable(
            f"hours are missing; write days and hours like Mon-Fri 08:00-17:00, or one of {_WORDS}"
        )
    draft.week += [
        Window(weekday=weekday, start=start, end=end)
        for weekday in _weekdays(days)
        for start, end in _hours(hours)
    ]


def _read_always(rest: str, draft: _Draft) -> None:
    if rest:
        raise _Unreadable("24/7 stands alone")
    draft.week += whole_week()


def _read_holidays(rest: str, draft: _Draft) -> None:
    if not rest or " " in rest:
        raise _Unreadable("name one country, with or without a region, like holidays NL or holidays DE-BY")
    if draft.holidays is not None:
        raise _Unreadable(f"holidays are already those of {draft.holidays}; a calendar has one set")
    draft.holidays = rest


def _read_closed(rest: str, draft: _Draft) -> None:
    for date in _dates(rest):
        _add_special(draft, date, ())


def _read_open(rest: str, draft: _Draft) -> None:
    dates, _, hours = rest.partition(" ")
    if not hours.strip():
        raise _Unreadable("hours are missing; write it like open 2026-12-27 10:00-14:00")
    for date in _dates(dates):
        windows = [Window(weekday=date.weekday(), start=start, end=end) for start, end in _hours(hours)]
        _add_special(draft, date, tuple(windows))


def _add_special(draft: _Draft, date: dt.date, windows: tuple[Window, ...]) -> None:
    if draft.special.setdefault(date, windows) != windows:
        raise _Unreadable(f"{date} is already given other hours; give each date once")


_READERS: Mapping[str, Callable[[str, _Draft], None]] = {
    "24/7": _read_always,
    "holidays": _read_holidays,
    "closed": _read_closed,
    "open": _read_open,
}
_WORDS = ", ".join(_READERS)


def _weekdays(text: str) -> list[int]:
    days: list[int] = []
    for item in text.split(","):
        first, dash, last = item.partition("-")
        start = _weekday(first)
        length = (_weekday(last) - start) % 7 if dash else 0
        days += [(start + step) % 7 for step in range(length + 1)]
    return days


def _weekday(text: str) -> int:
    name = text.strip().lower()
    for day, (short, full) in enumerate(zip(WEEKDAYS, _FULL_NAMES, strict=True)):
        if name in (short.lower(), full):
            return day
    raise _Unreadable(f"{text[:20]!r} is neither a weekday ({', '.join(WEEKDAYS)}) nor one of {_WORDS}")


def _hours(text: str) -> list[tuple[int, int]]:
    return [_span(span.strip(), text.strip()) for span in text.split(",")]


def _span(span: str, hours: str) -> tuple[int, int]:
    start, dash, end = (piece.strip() for piece in span.partition("-"))
    first, last = _TIME.fullmatch(start), _TIME.fullmatch(end)
    if not dash or first is None or last is None:
        raise _Unreadable(f"{hours[:40]!r} are not hours; write them like 08:00-12:00,13:00-17:00")
    return _minute(first), _minute(last)


def _minute(match: re.Match[str]) -> int:
    return int(match[1]) * 60 + int(match[2] or 0)


def _dates(text: str) -> list[dt.date]:
    if not text:
        raise _Unreadable("a date is missing; write it like closed 2026-12-24")
    return [date for item in text.split(",") for date in _date_range(item.strip())]


def _date_range(text: str) -> list[dt.date]:
    first, dots, last = text.partition("..")
    start = _date(first)
    days = (_date(last) - start).days if dots else 0
    if not 0 <= days <= _LONGEST_CLOSURE:
        raise _Unreadable(f"{text!r} must run forward, over a year at most, like 2026-12-24..2027-01-01")
    return [start + dt.timedelta(days=step) for step in range(days + 1)]


def _date(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise _Unreadable(f"{text[:20]!r} is no date; write it like 2026-12-24") from None
