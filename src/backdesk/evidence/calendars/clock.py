"""The offsets of a zone, and local stretches of time cut along them into instants."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
CYCLE_YEARS, CYCLE_DAYS = 400, 146_097
"""After so many years the Gregorian calendar repeats, weekdays and all, and with it every zone's rules."""

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FIRST_DAY = dt.date.min.toordinal() - EPOCH.toordinal()
LAST_DAY = dt.date.max.toordinal() - EPOCH.toordinal()
"""The days that Python's dates hold, years 1 to 9999, counted from 1970-01-01."""

_FIRST_SECOND, _LAST_SECOND = (FIRST_DAY + 1) * 86_400, (LAST_DAY - 1) * 86_400
_NO_ZONES_BEFORE, _RULES_FROM = 1800, 2100


@dataclass(frozen=True, slots=True)
class Segments:
    """Stretches of UTC in which a zone keeps one offset, all in microseconds.

    Within a segment wall clock and time differ by a constant, so a local window clipped to it is exact:
    what a spring gap skips is cut off, what an autumn fold repeats appears in both segments.
    """

    starts: Integers
    ends: Integers
    offsets: Integers

    def cut(self, starts: Integers, ends: Integers) -> tuple[Integers, Integers, Integers]:
        """Cut sorted, disjoint local stretches into UTC ones: starts, ends and which stretch each is of."""
        pieces = [
            _cut(starts, ends, first, last, offset)
            for first, last, offset in zip(self.starts, self.ends, self.offsets, strict=True)
        ]
        return (
            np.concatenate([piece[0] for piece in pieces]),
            np.concatenate([piece[1] for piece in pieces]),
            np.concatenate([piece[2] for piece in pieces]),
        )


def microsecond(instant: dt.datetime) -> int:
    """Return an aware instant in microseconds since 1970."""
    return (instant - EPOCH) // dt.timedelta(microseconds=1)


def year_of(day: int) -> int:
    """Return the year of a day counted from 1970-01-01, of the first and last there are where it lies beyond."""
    return dt.date.fromordinal(min(max(day, FIRST_DAY), LAST_DAY) + EPOCH.toordinal()).year


def segments(zone: str, first_day: int, last_day: int) -> Segments:
    """Return the segments of a zone from the start of one UTC day to the end of another (days since 1970)."""
    begin, end = first_day * DAY, (last_day + 1) * DAY
    changes = [
        change
        for year in range(year_of(first_day), year_of(last_day) + 1)
        for change in _changes_in(zone, year)
        if begin < change[0] < end
    ]
    bounds = np.array([begin, *(instant for instant, _ in changes), end], dtype=np.int64)
    offsets = np.array([_offset(zone, begin // SECOND), *(offset for _, offset in changes)], dtype=np.int64)
    return Segments(starts=bounds[:-1], ends=bounds[1:], offsets=offsets * SECOND)


def _changes_in(zone: str, year: int) -> list[tuple[int, int]]:
    """Find the changes of a year; of one far off by a year of the cycle that has the same rules."""
    if year < _NO_ZONES_BEFORE or zone == "UTC":  # which need not be looked at day by day
        return []
    cycles = max(0, (year - _RULES_FROM) // CYCLE_YEARS)
    shift = cycles * CYCLE_DAYS * DAY
    return [(instant + shift, offset) for instant, offset in _changes(zone, year - cycles * CYCLE_YEARS)]


@lru_cache(maxsize=4096)
def _changes(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """Find the offset changes of a UTC year: the instant (us) and the offset (s) from then on."""
    first = _seconds(dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    last = _seconds(dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC))
    days = range(first, last + 1, DAY // SECOND)
    offsets = [_offset(zone, day) for day in days]
    return tuple(
        _bisect(zone, day, day + DAY // SECOND)
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    )


def _bisect(zone: str, low: int, high: int) -> tuple[int, int]:
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high * SECOND, _offset(zone, high)


def _offset(zone: str, second: int) -> int:
    # The first and last day Python knows have no room for an offset: there, that of a day further in.
    instant = EPOCH + dt.timedelta(seconds=min(max(second, _FIRST_SECOND), _LAST_SECOND))
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset // dt.timedelta(seconds=1)


def _seconds(instant: dt.datetime) -> int:
    return (instant - EPOCH) // dt.timedelta(seconds=1)


def _cut(
    starts: Integers, ends: Integers, first: np.int64, last: np.int64, offset: np.int64
) -> tuple[Integers, Integers, Integers]:
    low = np.searchsorted(ends, first + offset, side="right")
    high = np.searchsorted(starts, last + offset, side="left")
    return (
        np.maximum(starts[low:high] - offset, first),
        np.minimum(ends[low:high] - offset, last),
        np.arange(low, high, dtype=np.int64),
    )
