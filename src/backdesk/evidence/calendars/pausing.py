"""Working time less pauses: the clock of a case stands still while its customer is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.calendars.clock import DAY, SECOND, Integers
from backdesk.evidence.calendars.combining import WorkingTime
from backdesk.evidence.calendars.model import CalendarError
from backdesk.evidence.calendars.timeline import Timeline, timeline
from backdesk.evidence.calendars.working import (
    NOT_A_TIME,
    Instants,
    add_working_seconds,
    days_around,
    microseconds,
    working_seconds,
)

_COLUMNS = ("key", "start", "end")


class NotPauses(CalendarError):
    """A table of pauses that lacks a column, or holds a pause that cannot be."""


def unpaused_working_seconds(
    calendar: WorkingTime, *, starts: Instants, ends: Instants, keys: pl.Series, pauses: pl.DataFrame
) -> npt.NDArray[np.float64]:
    """Return the working time from each start to its end that no pause of its key covers, in seconds.

    `keys` says whose pauses stop each pair: case numbers where all steps of a case pause together, row
    numbers where each row has pauses of its own. `pauses` has the columns `key`, `start` and `end` (aware
    times, any order); a missing `end` is a pause that lasts. Pauses of a key that overlap count once, pauses
    of a key that no pair has are left aside, a pair without key has none. Negative where the end lies before
    the start, nan where either is missing. Exact over daylight saving; pairs and pauses may be millions.
    Raises `NotPauses`, `NotInstants`. Source: Backdesk; tested against a minute-by-minute oracle.

    >>> import datetime as dt
    >>> from backdesk.evidence.calendars import parse
    >>> office = parse("Mon-Fri 09:00-17:00", zone="UTC")
    >>> asked = pl.DataFrame({"key": ["A", "A"],
    ...     "start": [dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, 11, tzinfo=dt.UTC)],
    ...     "end": [dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)]})
    >>> received = np.array(["2026-03-02T09:00", "2026-03-02T09:00"], dtype="datetime64[us]")
    >>> answered = np.array(["2026-03-03T11:00", "2026-03-03T11:00"], dtype="datetime64[us]")
    >>> keys = pl.Series(["A", "B"])
    >>> unpaused_working_seconds(office, starts=received, ends=answered, keys=keys, pauses=asked) / 3600
    array([ 2., 10.])
    """
    first, last = np.broadcast_arrays(microseconds(starts), microseconds(ends))
    _check(keys, pauses, pairs=first.size)
    days = days_around(first, last)
    line = timeline(calendar, *days)
    begun, done = line.worked(first), line.worked(last)
    codes, stops = _coded(keys, pauses)
    paused = _paused(stops, line, days)
    unpaused = done - begun - paused.until(codes, done) + paused.until(codes, begun)
    return np.where((first == NOT_A_TIME) | (last == NOT_A_TIME), np.nan, unpaused / SECOND)


def add_unpaused_working_seconds(
    calendar: WorkingTime, *, starts: Instants, seconds: npt.ArrayLike, keys: pl.Series, pauses: pl.DataFrame
) -> npt.NDArray[np.datetime64]:
    """Return the earliest instant by which that much unpaused working time has passed since each start (UTC).

    A due time that each pause moves on; `keys` and `pauses` are as for `unpaused_working_seconds`. Zero gives
    the start itself. NaT where either is missing or the amount is negative, and where a pause that lasts, or
    the end of the calendar, comes first. Raises `NotPauses`, `NotInstants`. Source: Backdesk; the inverse of
    `unpaused_working_seconds`.

    >>> import datetime as dt
    >>> from backdesk.evidence.calendars import parse
    >>> office = parse("Mon-Fri 09:00-17:00", zone="UTC")
    >>> asked = pl.DataFrame({"key": ["A"], "start": [dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)],
    ...                       "end": [dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)]})
    >>> received = np.array(["2026-03-02T09:00", "2026-03-02T09:00"], dtype="datetime64[us]")
    >>> keys = pl.Series(["A", "B"])
    >>> due = add_unpaused_working_seconds(office, starts=received, seconds=28800, keys=keys, pauses=asked)
    >>> due.astype("datetime64[m]").tolist()
    [datetime.datetime(2026, 3, 4, 11, 0), datetime.datetime(2026, 3, 2, 17, 0)]
    """
    first, amount = np.broadcast_arrays(microseconds(starts), np.asarray(seconds, dtype=np.float64))
    _check(keys, pauses, pairs=first.size)
    begins, wanted = first.view("datetime64[us]"), np.where(amount >= 0, amount, np.nan)
    total = np.copy(wanted)
    while True:
        due = add_working_seconds(calendar, starts=begins, seconds=total)
        # A due time within a pause moves to the pause's end first, so that every round passes a pause.
        reached = after_pauses(due, keys, pauses)
        done = unpaused_working_seconds(calendar, starts=begins, ends=reached, keys=keys, pauses=pauses)
        taken = working_seconds(calendar, starts=begins, ends=reached) - done
        following = np.where(wanted > 0, wanted + taken, wanted)
        if np.array_equal(following, total, equal_nan=True):
            return due
        total = following


@dataclass(frozen=True, slots=True)
class _Paused:
    """Pauses that do not overlap, sorted by key and start, told in working time since the timeline began."""

    codes: Integers
    starts: Integers
    ends: Integers

    def until(self, codes: Integers, worked: Integers) -> Integers:
        """Return the working time the pauses of each code took up to so much working time.

        It counts from an origin that differs between codes: take differences within a code only.
        """
        before = np.append(np.int64(0), np.cumsum(self.ends - self.starts))
        ranked = np.sort(self.starts)
        places = len(ranked) + 1
        # A code and the rank among all starts in one number: sorted as the pauses are, far from overflow.
        own = self.codes * places + np.searchsorted(ranked, self.starts, side="right")
        wanted = codes * places + np.searchsorted(ranked, worked, side="right")
        begun = np.searchsorted(own, wanted, side="right")
        last_end = np.append(np.int64(0), self.ends)[begun]
        is_own = np.append(np.int64(-2), self.codes)[begun] == codes
        running: Integers = np.where(is_own, np.maximum(last_end - worked, 0), 0)
        until: Integers = before[begun] - running
        return until


def after_pauses(
    due: npt.NDArray[np.datetime64], keys: pl.Series, pauses: pl.DataFrame
) -> npt.NDArray[np.datetime64]:
    """Move instants inside a pause of their key to its end; NaT where that pause lasts."""
    alone = (
        pauses.select(_COLUMNS)
        .with_columns(pl.col("start", "end").dt.cast_time_unit("us").to_physical())
        .with_columns(pl.col("end").fill_null(np.iinfo(np.int64).max))
        .sort("key", "start")
        .with_columns(reach=pl.col("end").cum_max().over("key"))
    )
    asked = pl.DataFrame({"key": keys, "at": microseconds(due), "row": np.arange(len(keys))}).sort("at")
    # Strictly before: who is due as a pause begins is due then.
    found = asked.join_asof(
        alone.sort("start"),
        left_on="at",
        right_on="start",
        by="key",
        allow_exact_matches=False,
        check_sortedness=False,
    ).sort("row")
    reach = found["reach"].fill_null(NOT_A_TIME).to_numpy()
    moved = np.where(
        (due.view(np.int64) != NOT_A_TIME) & (reach > due.view(np.int64)), reach, due.view(np.int64)
    )
    return np.where(moved == np.iinfo(np.int64).max, NOT_A_TIME, moved).view("datetime64[us]")


def _check(keys: pl.Series, pauses: pl.DataFrame, *, pairs: int) -> None:
    for column in _COLUMNS:
        if column not in pauses.columns:
            raise NotPauses(
                f"the table of pauses has no column {column!r}; it needs {', '.join(_COLUMNS)}, "
                f"and has {', '.join(pauses.columns) or 'none'}"
            )
    if len(keys) != pairs:
        raise NotPauses(f"there are {len(keys)} keys for {pairs} pairs; give each pair its key")
    if keys.dtype != pauses["key"].dtype and len(pauses):
        raise NotPauses(
            f"keys are {keys.dtype}, those of the pauses {pauses['key'].dtype}; make them one type"
        )
    _check_order(pauses)


def _check_order(pauses: pl.DataFrame) -> None:
    without = pauses["start"].is_null() | pauses["key"].is_null()
    if without.any():
        row = without.arg_max()
        raise NotPauses(f"pause {row} has no key or no start; a pause needs both (its end may be missing)")
    backwards = (pauses["end"] < pauses["start"]).fill_null(value=False)
    if backwards.any():
        key, start, end = pauses.select(_COLUMNS).row(int(backwards.arg_max() or 0))
        raise NotPauses(f"the pause of {key!r} from {start} ends before it, at {end}; swap its ends")


def _coded(keys: pl.Series, pauses: pl.DataFrame) -> tuple[Integers, pl.DataFrame]:
    """Number the keys that have pauses; give each pair its number, -1 for none."""
    known = pauses.select(pl.col("key").unique(maintain_order=True)).with_row_index("code")
    known = known.with_columns(pl.col("code").cast(pl.Int64))
    if not len(known):
        return np.full(len(keys), -1, dtype=np.int64), pauses.with_columns(code=pl.lit(0, pl.Int64))
    codes = keys.to_frame("key").join(known, on="key", how="left", maintain_order="left")["code"]
    return codes.fill_null(-1).to_numpy(), pauses.join(known, on="key")


def _paused(pauses: pl.DataFrame, line: Timeline, days: tuple[int, int]) -> _Paused:
    begin, end = days[0] * DAY, (days[1] + 1) * DAY
    ends = microseconds(pauses["end"])
    reach = np.where(ends == NOT_A_TIME, end, np.clip(ends, begin, end))
    in_working_time = pl.DataFrame(
        {
            "code": pauses["code"],
            "start": line.worked(np.clip(microseconds(pauses["start"]), begin, end)),
            "end": line.worked(reach),
        }
    )
    alone = _counted_once(in_working_time)
    return _Paused(*(alone[name].to_numpy() for name in ("code", "start", "end")))


def _counted_once(pauses: pl.DataFrame) -> pl.DataFrame:
    """Cut from each pause what earlier ones of its key have covered already."""
    reach = pl.col("end").cum_max().shift(1).over("code")
    return (
        pauses.sort("code", "start")
        .with_columns(start=pl.max_horizontal("start", reach))
        .filter(pl.col("start") < pl.col("end"))
    )
