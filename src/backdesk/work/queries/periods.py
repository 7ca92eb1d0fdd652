"""Days, weeks and months in which figures are shown, on the calendar of where the work is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from backdesk.work.queries.record import ServiceRecord

Every = Literal["day", "week", "month"]
_DAYS: Final[dict[Every, int]] = {"day": 1, "week": 7, "month": 30}


def period_begin(day: date, every: Every) -> date:
    """The first day of the period this one lies in; weeks begin on Monday."""
    if every == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def period_end(first: date, every: Every) -> date:
    """The last day of the period that begins on this one."""
    if every == "month":
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=_DAYS[every] - 1)


def today(record: ServiceRecord, now: datetime) -> date:
    """Where the service is."""
    return now.astimezone(ZoneInfo(record.zone)).date()
