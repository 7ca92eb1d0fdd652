"""Weekly calendars in the JSON of Prosimos, Simod and Optimos, in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backdesk.evidence.calendars.model import DAY_MINUTES, Calendar, CalendarError, NoWorkingTime, Window

ARRIVALS = "arrival_time_calendar"
"""The name under which a document's calendar of arrivals stands among the calendars read."""

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_FIELDS = frozenset({"from", "to", "beginTime", "endTime"})
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]?\d)(?::([0-5]?\d)(?:\.(\d{1,9}))?)?")


class UnreadableProsimos(CalendarError):
    """A document that holds no weekly calendars, or one that cannot be read; the message says where."""


class NotWeekly(CalendarError):
    """A calendar that is more than a week: Prosimos knows neither holidays nor special days."""


def read_prosimos(text: str | bytes, *, zone: str) -> dict[str, Calendar]:
    """Read weekly calendars from JSON, by their id: simulation parameters, a list of calendars, or a mapping.

    Understood are Prosimos's parameters (`resource_calendars`, and `arrival_time_calendar` under the name
    `ARRIVALS`), a list of `{"id", "time_periods"}`, and `{"name": [periods]}`. The document names no zone:
    say whose wall clock it means. Periods from one day to another stand for each day between, and the last
    moment of a day (`23:59:59.999`) for its end. Raises `UnreadableProsimos`, `UnknownZone`.

    >>> found = read_prosimos('{"Ann": [{"from": "MONDAY", "to": "FRIDAY", "beginTime": "09:00:00", '
    ...                       '"endTime": "17:00:00"}]}', zone="Europe/Amsterdam")
    >>> str(found["Ann"])
    'Mon-Fri 09:00-17:00'
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UnreadableProsimos(f"this is no JSON: {str(problem)[:100]}") from None
    return {name: _calendar(name, periods, zone) for name, periods in _named(document)}


def write_prosimos(calendars: Mapping[str, Calendar], *, week_only: bool = False) -> str:
    """Write weekly calendars as Prosimos's JSON: `resource_calendars`, and `ARRIVALS` in its own place.

    Windows over midnight are cut there. Holidays and special days cannot be told: a calendar that has any
    is refused, or written without them where `week_only` says so. Neither can the zone. Raises `NotWeekly`.

    >>> from backdesk.evidence.calendars import parse
    >>> written = write_prosimos({"Ann": parse("Fri 22:00-06:00", zone="UTC")})
    >>> [period["from"] for period in json.loads(written)["resource_calendars"][0]["time_periods"]]
    ['FRIDAY', 'SATURDAY']
    >>> str(read_prosimos(written, zone="UTC")["Ann"])
    'Fri 22:00-24:00; Sat 00:00-06:00'
    """
    periods = {name: _periods(name, calendar, week_only) for name, calendar in calendars.items()}
    arrivals = periods.pop(ARRIVALS, None)
    document: dict[str, Any] = {
        "resource_calendars": [
            {"id": name, "name": name, "time_periods": own} for name, own in periods.items()
        ]
    }
    if arrivals is not None:
        document[ARRIVALS] = arrivals
    return json.dumps(document, indent=2, ensure_ascii=False)


def _named(document: object) -> Iterator[tuple[str, object]]:
    if isinstance(document, list):
        yield from _listed(document)
    elif not isinstance(document, dict):
        raise UnreadableProsimos("the document holds no calendars; it needs resource_calendars, or names")
    elif "resource_calendars" in document:
        yield from _listed(document["resource_calendars"])
        if document.get(ARRIVALS):
            yield ARRIVALS, document[ARRIVALS]
    else:
        yield from document.items()


def _listed(calendars: object) -> Iterator[tuple[str, object]]:
    if not isinstance(calendars, list):
        raise UnreadableProsimos("resource_calendars is no list of calendars")
    seen: dict[str, object] = {}
    for place, calendar in enumerate(calendars, start=1):
        name = calendar.get("id") if isinstance(calendar, dict) else None
        if not isinstance(name, str) or "time_periods" not in calendar:
            raise UnreadableProsimos(f"calendar {place} needs an id and time_periods")
        if seen.setdefault(name, calendar["time_periods"]) != calendar["time_periods"]:
            raise UnreadableProsimos(
                f"calendar {place}: the id {name[:60]!r} is already that of other periods"
            )
    yield from seen.items()


def _calendar(name: str, periods: object, zone: str) -> Calendar:
    if not isinstance(periods, list):
        raise UnreadableProsimos(f"calendar {name[:60]!r} is no list of periods")
    week: list[Window] = []
    for place, period in enumerate(periods, start=1):
        try:
            week += _windows(period)
        except _Unreadable as problem:
            raise UnreadableProsimos(f"calendar {name[:60]!r}, period {place}: {problem}") from None
    try:
        return Calendar(zone=zone, week=_joined(week))
    except NoWorkingTime:
        raise UnreadableProsimos(
            f"calendar {name[:60]!r} has no periods; give it one, or leave it out"
        ) from None


class _Unreadable(Exception):
    """What is wrong with a period, before it is known which."""


def _windows(period: object) -> list[Window]:
    if not isinstance(period, dict) or set(period) != _FIELDS:
        named = ", ".join(map(str, period)) if isinstance(period, dict) else "no fields"
        raise _Unreadable(f"it has {named[:80]}; a period has from, to, beginTime and endTime")
    first, last = _day(period["from"]), _day(period["to"])
    start, end = _minute(period["beginTime"]), _minute(period["endTime"], is_end=True)
    if start >= end:
        raise _Unreadable(
            f"{period['beginTime']} to {period['endTime']} does not run forward; cut a night at 24:00"
        )
    days = ((first + step) % 7 for step in range((last - first) % 7 + 1))
    return [Window(weekday=day, start=start, end=end) for day in days]


def _day(name: object) -> int:
    if not isinstance(name, str) or name.upper() not in _DAYS:
        raise _Unreadable(f"{str(name)[:20]!r} is no day; days are {', '.join(_DAYS)}")
    return _DAYS.index(name.upper())


def _minute(text: object, *, is_end: bool = False) -> int:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None or (minute := int(match[1]) * 60 + int(match[2])) > DAY_MINUTES:
        raise _Unreadable(f"{str(text)[:20]!r} is no time; write it like 09:00:00")
    second, fraction = int(match[3] or 0), int(match[4] or 0)
    if is_end and (minute, second) in ((DAY_MINUTES - 1, 59), (0, 0)):
        return DAY_MINUTES
    if second or fraction:
        raise _Unreadable(f"{text} is not on a full minute, which calendars here keep to")
    return minute


def _joined(week: Sequence[Window]) -> tuple[Window, ...]:
    """Unite windows of a day that touch or overlap: the files tell each granule by itself."""
    joined: list[Window] = []
    for window in sorted(week):
        last = joined[-1] if joined else None
        if last is not None and last.weekday == window.weekday and window.start <= last.end:
            end = max(last.end, window.end)
            joined[-1] = Window(weekday=last.weekday, start=last.start, end=end)
        else:
            joined.append(window)
    return tuple(joined)


def _periods(name: str, calendar: Calendar, week_only: bool) -> list[dict[str, str]]:
    if not week_only and (calendar.holidays is not None or calendar.exceptions):
        raise NotWeekly(
            f"calendar {name[:60]!r} has holidays or special days, which Prosimos does not know; "
            f"write it with week_only to leave them out"
        )
    days = _joined([piece for window in calendar.week for piece in _at_midnight(window)])
    return [
        {
            "from": _DAYS[day.weekday],
            "to": _DAYS[day.weekday],
            "beginTime": _time(day.start),
            "endTime": _time(day.end),
        }
        for day in days
    ]


def _at_midnight(window: Window) -> list[Window]:
    if window.start < window.end:
        return [window]
    return [
        Window(weekday=window.weekday, start=window.start, end=DAY_MINUTES),
        Window(weekday=(window.weekday + 1) % 7, start=0, end=window.end),
    ]


def _time(minute: int) -> str:
    return "23:59:59.999" if minute == DAY_MINUTES else f"{minute // 60:02d}:{minute % 60:02d}:00"
