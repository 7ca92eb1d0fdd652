"""Working time counted minute by minute: slow, plain, and the oracle of the calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

import holidays as public

from backdesk.evidence.calendars import Calendar, Periods, Window, WorkingTime

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def works_at(calendar: Calendar, instant: dt.datetime) -> bool:
    """Look at the clock on the wall: does it stand in a window of today, or of yesterday's past midnight?"""
    local = instant.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    today = any(
        window.start <= minute < (window.end if window.end > window.start else 1440)
        for window in windows_of(calendar, local.date())
    )
    return today or any(
        minute < window.end
        for window in windows_of(calendar, local.date() - DAY)
        if window.end <= window.start
    )


def any_works_at(calendar: WorkingTime, instant: dt.datetime) -> bool:
    """Ask each calendar of a combination in turn."""
    if isinstance(calendar, Calendar):
        return works_at(calendar, instant)
    if isinstance(calendar, Periods):
        return any(start <= instant < end for start, end in calendar.periods)
    first, *rest = (any_works_at(part, instant) for part in calendar.parts)
    if calendar.kind == "without":
        return first and not any(rest)
    return any([first, *rest]) if calendar.kind == "any" else all([first, *rest])


def windows_of(calendar: Calendar, date: dt.date) -> tuple[Window, ...]:
    for special in calendar.exceptions:
        if special.date == date:
            return special.windows
    if calendar.holidays is not None and date in _holidays(calendar.holidays, date.year):
        return ()
    return tuple(window for window in calendar.week if window.weekday == date.weekday())


def working_minutes(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> list[int]:
    """Count, for each minute from start to end, the working minutes before it."""
    counts = [0]
    for instant in minutes(start, end):
        counts.append(counts[-1] + works_at(calendar, instant))
    return counts


def minutes(start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    while start < end:
        yield start
        start += MINUTE


@cache
def _holidays(code: str, year: int) -> set[dt.date]:
    country, _, region = code.partition("-")
    return set(public.country_holidays(country, subdiv=region or None, years=year))
