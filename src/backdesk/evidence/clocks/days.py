"""Targets in working days: which day is the last, and until when an item is due on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from backdesk.evidence.calendars.clock import DAY, EPOCH, FIRST_DAY, LAST_DAY, Integers, microsecond, segments
from backdesk.evidence.calendars.timeline import timeline
from backdesk.evidence.clocks.model import Terms

_EPOCH_DATE = EPOCH.date()
_MARGIN = 3
"""Days left aside at the end of what was laid out, where a day may have been seen in part."""


def promised(terms: Sequence[Terms], received: Integers) -> Integers:
    """Return until when items are due by the last terms, a target in days, were no clock ever stopped.

    `received` are microseconds since 1970, so is the result; -1 where the calendar has not so many days.
    A working day is a local date on which the calendar then in force works at all; the terms before the
    last say which days count until they were replaced. The day of receipt is the one on which the first
    working time after the receipt lies: what comes on a Saturday, or on Friday when work is over, is received
    on Monday. By `day0` the days are counted from the day after it, by `day1` it is the first itself. An item that
    comes after the time of day by which it would be due is due by that time of the next working day.
    Local times that the clocks skip or repeat are read as before the change. Source: Backdesk.

    Calendar Mon-Fri 09:00-17:00, Friday 2026-12-25 closed; local times:

    | received     | target         | due              |
    |--------------|----------------|------------------|
    | Mon 21 10:00 | 0 days, day0   | Mon 21 17:00     |
    | Mon 21 10:00 | 1 day, day1    | Mon 21 17:00     |
    | Mon 21 10:00 | 2 days, day0   | Wed 23 17:00     |
    | Mon 21 10:00 | 2 days, day1   | Tue 22 17:00     |
    | Mon 21 17:30 | 1 day, day1    | Tue 22 17:00     |
    | Wed 23 10:00 | 2 days, day0   | Mon 28 17:00     |
    | Sat 19 10:00 | 1 day, day0    | Tue 22 17:00     |
    | Mon 21 10:00 | 1 day, day0, until 12:00 | Tue 22 12:00 |
    | Mon 21 13:00 | 1 day, day1, until 12:00 | Tue 22 12:00 |
    """
    current = terms[-1]
    assert current.target_days is not None
    further = current.target_days - (current.day_rule == "day1")
    first = int(received.min()) // DAY - _MARGIN
    reach = int(received.max()) // DAY + 2 * _MARGIN + 7 + 2 * further
    while True:
        last = min(reach, LAST_DAY)
        days = _working_days(terms, max(first, FIRST_DAY), last)
        known = (
            len(days.ends) if last == LAST_DAY else int(np.searchsorted(days.ends, (last - _MARGIN) * DAY))
        )
        wanted = np.maximum(
            np.searchsorted(days.ends, received, side="right") + further,
            np.searchsorted(days.dues, received, side="right"),
        )
        if last == LAST_DAY or int(wanted.max()) < known:
            return np.where(wanted < known, np.append(days.dues, -1)[np.minimum(wanted, len(days.dues))], -1)
        reach = first + 2 * (reach - first)


@dataclass(frozen=True, slots=True)
class _Days:
    """Working days in order: when the last working time of each ends, and until when one may deliver on it."""

    ends: Integers
    dues: Integers


def _working_days(terms: Sequence[Terms], first_day: int, last_day: int) -> _Days:
    changes = [microsecond(later.since) for later in terms[1:]]
    bounds = [first_day * DAY, *changes, (last_day + 1) * DAY]
    pieces = [
        _governed(one, max(begin, bounds[0]), min(end, bounds[-1]))
        for one, begin, end in zip(terms, bounds, bounds[1:], strict=False)
    ]
    ends = np.concatenate([ends for ends, _ in pieces])
    # Where new terms move the zone, a date may come twice: it stays one day.
    dates = np.maximum.accumulate(np.concatenate([dates for _, dates in pieces]))
    is_last = np.append(dates[1:] != dates[:-1], True)[: len(dates)]
    return _Days(ends=ends[is_last], dues=_dues(terms[-1], ends[is_last], dates[is_last]))


def _governed(terms: Terms, begin: int, end: int) -> tuple[Integers, Integers]:
    """Return when work ends on each local day, or piece of one, between two instants, and which date it is."""
    if begin >= end:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    around = begin // DAY - 2, end // DAY + 2
    midnights = np.arange(around[0] - 1, around[1] + 1, dtype=np.int64) * DAY
    starts, ends, index = segments(terms.calendar.zone, *around).cut(midnights, midnights + DAY)
    starts, ends = np.clip(starts, begin, end), np.clip(ends, begin, end)
    line = timeline(terms.calendar, *around)
    worked = line.worked(ends)
    works = worked > line.worked(starts)
    return line.earliest(worked[works]), midnights[index[works]] // DAY


def _dues(terms: Terms, ends: Integers, dates: Integers) -> Integers:
    if terms.until is None:
        return ends
    zone = ZoneInfo(terms.calendar.zone)
    instants = [
        dt.datetime.combine(_EPOCH_DATE + dt.timedelta(days=int(date)), terms.until, tzinfo=zone)
        for date in dates
    ]
    return np.array([microsecond(instant) for instant in instants], dtype=np.int64)
