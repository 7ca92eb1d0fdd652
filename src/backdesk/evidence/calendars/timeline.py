"""A calendar laid out: its working time as sorted stretches of UTC, and how much lies before an instant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from backdesk.evidence.calendars.clock import DAY, EPOCH, MINUTE, Integers, microsecond, segments, year_of
from backdesk.evidence.calendars.combining import Combination, Periods, WorkingTime
from backdesk.evidence.calendars.model import Calendar, Window
from backdesk.evidence.calendars.public_holidays import holidays_in, known_years
from backdesk.evidence.calendars.stretches import Stretches, covered, left_open, united

_MARGIN = 3
"""Days laid out on either side: a window over midnight and the widest offset reach no further."""

_BLOCK = 512
"""Days that are laid out and remembered together; what reaches over more than two blocks is laid out for itself."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Working time of a range of UTC days, in microseconds since 1970.

    `before[i]` is the working time before stretch `i`; one entry more than stretches, the last is all of it.
    """

    starts: Integers
    ends: Integers
    before: Integers

    def worked(self, at: Integers) -> Integers:
        """Return the working time from the start of the timeline to each instant of its range."""
        done = np.searchsorted(self.starts, at, side="right")
        last_end = np.append(np.int64(0), self.ends)[done]
        worked: Integers = self.before[done] - np.maximum(last_end - at, 0) * (done > 0)
        return worked

    def is_working(self, at: Integers) -> npt.NDArray[np.bool_]:
        """Say of each instant of the range whether it is working time."""
        begun = np.searchsorted(self.starts, at, side="right")
        working: npt.NDArray[np.bool_] = (begun > 0) & (at < np.append(np.int64(0), self.ends)[begun])
        return working

    def earliest(self, worked: Integers) -> Integers:
        """Return the first instant before which that much is worked; it must be over 0 and within all."""
        index = np.searchsorted(self.before, worked, side="left")
        instant: Integers = self.ends[index - 1] - (self.before[index] - worked)
        return instant

    def latest(self, worked: Integers) -> Integers:
        """Return the last instant before which no more is worked; it must be from 0 and below all."""
        index = np.searchsorted(self.before, worked, side="right") - 1
        instant: Integers = self.starts[index] + (worked - self.before[index])
        return instant


def timeline(calendar: WorkingTime, first_day: int, last_day: int) -> Timeline:
    """Lay out a calendar over UTC days (numbered from 1970-01-01), both included."""
    starts, ends = _stretches(calendar, first_day, last_day)
    before = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(ends - starts, out=before[1:])
    return Timeline(starts=starts, ends=ends, before=before)


def day_number(date: dt.date) -> int:
    """Return the days from 1970-01-01 to a date."""
    return date.toordinal() - EPOCH.toordinal()


def _stretches(calendar: WorkingTime, first_day: int, last_day: int) -> Stretches:
    if isinstance(calendar, Combination):
        return _combined(calendar, first_day, last_day)
    if isinstance(calendar, Periods):
        return _within(calendar, first_day * DAY, (last_day + 1) * DAY)
    if last_day // _BLOCK - first_day // _BLOCK > 1:
        return _laid_out(calendar, first_day, last_day)
    starts, ends = _blocks(calendar, first_day // _BLOCK, last_day // _BLOCK)
    begin, end = first_day * DAY, (last_day + 1) * DAY
    asked = slice(np.searchsorted(ends, begin, side="right"), np.searchsorted(starts, end, side="left"))
    return np.maximum(starts[asked], begin), np.minimum(ends[asked], end)


@lru_cache(maxsize=128)
def _blocks(calendar: Calendar, first: int, last: int) -> Stretches:
    """Lay out whole blocks of days, to be asked of again: clocks are read one by one, mostly by one calendar."""
    return _laid_out(calendar, first * _BLOCK, (last + 1) * _BLOCK - 1)


def _laid_out(calendar: Calendar, first_day: int, last_day: int) -> Stretches:
    starts, ends = _local_windows(calendar, first_day - _MARGIN, last_day + _MARGIN)
    starts, ends, _ = segments(calendar.zone, first_day, last_day).cut(starts, ends)
    return starts, ends


def _combined(combination: Combination, first_day: int, last_day: int) -> Stretches:
    parts = [_stretches(part, first_day, last_day) for part in combination.parts]
    if combination.kind == "without":
        begin, end = first_day * DAY, (last_day + 1) * DAY
        parts = [parts[0], *(left_open(part, begin, end) for part in parts[1:])]
    return covered(parts, at_least=1 if combination.kind == "any" else len(parts))


def _within(periods: Periods, begin: int, end: int) -> Stretches:
    instants = [microsecond(at) for period in periods.periods for at in period]
    clipped = np.clip(np.array(instants, dtype=np.int64).reshape(-1, 2), begin, end)
    lasting = clipped[clipped[:, 0] < clipped[:, 1]]
    return united(lasting[:, 0], lasting[:, 1])


def _local_windows(calendar: Calendar, first_day: int, last_day: int) -> Stretches:
    days = np.arange(first_day, last_day + 1, dtype=np.int64)
    regular = days[~np.isin(days, _days_off(calendar, first_day, last_day))]
    stretches = [_on(regular[_weekday(regular) == window.weekday], window) for window in calendar.week]
    for special in calendar.exceptions:
        number = day_number(special.date)
        if first_day <= number <= last_day:
            stretches += [_on(np.array([number]), window) for window in special.windows]
    if not stretches:
        return days[:0], days[:0]
    return united(np.concatenate([s for s, _ in stretches]), np.concatenate([e for _, e in stretches]))


def _days_off(calendar: Calendar, first_day: int, last_day: int) -> list[int]:
    """List the days that do not follow the week: special days and holidays."""
    off = [day_number(special.date) for special in calendar.exceptions]
    if calendar.holidays is not None:
        off += [
            day_number(date)
            for year in known_years(calendar.holidays, year_of(first_day), year_of(last_day))
            for date in holidays_in(calendar.holidays, year)
        ]
    return off


def _weekday(days: Integers) -> Integers:
    """Return 0 for Monday; 1970-01-01 was a Thursday."""
    weekday: Integers = (days + 3) % 7
    return weekday


def _on(days: Integers, window: Window) -> tuple[Integers, Integers]:
    starts = days * DAY + window.start * MINUTE
    return starts, starts + window.minutes * MINUTE
