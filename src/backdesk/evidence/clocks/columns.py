"""Many clocks at once, for reports: the same answers as `explain`, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.calendars import (
    add_unpaused_working_seconds,
    unpaused_working_seconds,
    working_seconds,
)
from backdesk.evidence.calendars.pausing import after_pauses
from backdesk.evidence.calendars.working import microseconds
from backdesk.evidence.clocks.days import promised
from backdesk.evidence.clocks.model import ClockError, Terms, in_utc
from backdesk.evidence.clocks.reckoning import check_order

Instants: TypeAlias = "npt.NDArray[np.datetime64]"
Histories: TypeAlias = "Mapping[str, Sequence[Terms]] | Mapping[int, Sequence[Terms]]"
Seconds: TypeAlias = "npt.NDArray[np.float64]"

_MOMENT = pl.Datetime("us", "UTC")
_NEVER = np.datetime64("NaT", "us")
_ITEMS = ("key", "received_at", "ended_at", "terms")
_PAUSES = ("key", "began_at", "ended_at", "approved")


class NotItems(ClockError):
    """A table of items or pauses that lacks a column, or items whose terms nobody gave."""


def due_many(
    items: pl.DataFrame,
    *,
    terms: Histories,
    pauses: pl.DataFrame,
    now: dt.datetime,
) -> pl.Series:
    """Return when each item falls due (UTC), null where `explain` says None.

    `items` has the columns `key`, `received_at`, `ended_at` (null while it runs) and `terms`, the name of its
    history in `terms`; `pauses` has `key`, `began_at`, `ended_at` (null while it lasts) and `approved` (null while
    nobody has decided). Times are aware. Raises `NotItems`, `ImpossibleTerms`, `NotAware`, `NotPauses`.
    Source: Backdesk; tested equal to `explain`, which says what the rules are.

    >>> from backdesk.evidence.calendars import parse
    >>> friday = dt.datetime(2026, 3, 6, 15, tzinfo=dt.UTC)
    >>> office = Terms(since=friday, calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"), target_seconds=4 * 3600)
    >>> moment = pl.Datetime("us", "UTC")
    >>> items = pl.DataFrame({"key": ["A", "B"], "received_at": [friday, friday], "ended_at": [None, None],
    ...     "terms": ["office", "office"]}, schema_overrides={"received_at": moment, "ended_at": moment})
    >>> asked = pl.DataFrame({"key": ["B"], "began_at": [friday], "ended_at": [friday + dt.timedelta(hours=1)],
    ...     "approved": [True]}, schema_overrides={"began_at": moment, "ended_at": moment})
    >>> due_many(items, terms={"office": [office]}, pauses=asked, now=friday).dt.to_string("%a %H:%M").to_list()
    ['Mon 11:00', 'Mon 12:00']
    """
    due = np.full(len(items), _NEVER)
    for rows, clocks in _clocks(items, terms, pauses, now):
        due[rows] = clocks.due()
    return pl.Series("due_at", due).dt.replace_time_zone("UTC")


def counted_many(
    items: pl.DataFrame,
    *,
    terms: Histories,
    pauses: pl.DataFrame,
    now: dt.datetime,
) -> pl.Series:
    """Return how much working time each clock has counted until its end, or until now, in seconds.

    The tables are those of `due_many`. Raises `NotItems`, `ImpossibleTerms`, `NotAware`, `NotPauses`.
    Source: Backdesk; tested equal to `explain`.

    >>> from backdesk.evidence.calendars import parse
    >>> friday, moment = dt.datetime(2026, 3, 6, 15, tzinfo=dt.UTC), pl.Datetime("us", "UTC")
    >>> office = Terms(since=friday, calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"))
    >>> items = pl.DataFrame({"key": ["A"], "received_at": [friday], "ended_at": [None], "terms": [1]},
    ...     schema_overrides={"received_at": moment, "ended_at": moment})
    >>> none = pl.DataFrame(schema={"key": pl.String, "began_at": moment, "ended_at": moment, "approved": pl.Boolean})
    >>> monday = friday + dt.timedelta(days=3)
    >>> counted_many(items, terms={1: [office]}, pauses=none, now=monday).to_list()
    [28800.0]
    """
    counted = np.zeros(len(items))
    for rows, clocks in _clocks(items, terms, pauses, now):
        counted[rows] = clocks.counted()
    return pl.Series("counted_seconds", counted)


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Clocks with one history of terms; `pauses` are the approved ones, by row."""

    terms: Sequence[Terms]
    received: Instants
    at: Instants
    pauses: pl.DataFrame

    def counted(self) -> Seconds:
        """Return what each has counted until it is read."""
        total = np.zeros(len(self.at))
        for place in range(len(self.terms)):
            rows = np.flatnonzero(self._in_force(place))
            until = np.minimum(self.at[rows], self._since(place + 1))
            total[rows] += self._counted(place, rows, until)
        return total

    def due(self) -> Instants:
        """Return when each falls due: through the terms as they come, as `reckoning` does for one."""
        due, counted = np.full(len(self.at), _NEVER), np.zeros(len(self.at))
        for place, terms in enumerate(self.terms):
            rows = np.flatnonzero(self._in_force(place))
            begins, done = self._begins(place, rows), counted[rows]
            target, day = self._target(place, rows)
            is_first = begins == self.received[rows]
            ahead = is_first | ~(target <= done) | (day > begins)
            found = np.where(due[rows] < begins, due[rows], self._past_pauses(rows, begins))
            found[ahead] = self._ahead(place, rows[ahead], (target - done)[ahead], day[ahead])
            if terms.target_seconds is None and terms.target_days is None:
                found[:] = _NEVER
            due[rows] = found
            counted[rows] += self._counted(place, rows, np.minimum(self.at[rows], self._since(place + 1)))
        return due

    def _ahead(self, place: int, rows: npt.NDArray[np.intp], left: Seconds, day: Instants) -> Instants:
        due = add_unpaused_working_seconds(
            self.terms[place].calendar,
            starts=self._begins(place, rows),
            seconds=np.maximum(left, 0.0),
            keys=pl.Series(rows),
            pauses=self.pauses,
        )
        if self.terms[place].target_days is None:
            return due
        return np.maximum(due, self._past_pauses(rows, day))  # NaT where either is

    def _target(self, place: int, rows: npt.NDArray[np.intp]) -> tuple[Seconds, Instants]:
        """Return the working time to count, and until when a target in days promises it (NaT for seconds)."""
        terms = self.terms[place]
        if terms.target_days is None or not len(rows):
            seconds = np.nan if terms.target_seconds is None else terms.target_seconds
            return np.full(len(rows), seconds), np.full(len(rows), _NEVER)
        found = promised(self.terms[: place + 1], self.received[rows].view(np.int64))
        day = np.where(found < 0, np.iinfo(np.int64).min, found).view("datetime64[us]")
        target = np.zeros(len(rows))
        for earlier in range(place + 1):
            begins = self._begins(earlier, rows)
            ends = np.minimum(day, self._since(earlier + 1)) if earlier < place else day
            target += working_seconds(
                self.terms[earlier].calendar, starts=begins, ends=np.maximum(begins, ends)
            )
        return target, day

    def _counted(self, place: int, rows: npt.NDArray[np.intp], until: Instants) -> Seconds:
        begins, calendar = self._begins(place, rows), self.terms[place].calendar
        return unpaused_working_seconds(
            calendar, starts=begins, ends=until, keys=pl.Series(rows), pauses=self.pauses
        )

    def _in_force(self, place: int) -> npt.NDArray[np.bool_]:
        """Say of which clocks these terms are some: not replaced before the receipt, begun when they are read."""
        return (place == 0) & (self.received < self._since(1)) | (
            (self.received < self._since(place + 1)) & (self._since(place) <= self.at)
        )

    def _begins(self, place: int, rows: npt.NDArray[np.intp]) -> Instants:
        if place == 0:
            return self.received[rows]
        return np.maximum(self.received[rows], self._since(place))

    def _since(self, place: int) -> np.datetime64:
        if place == len(self.terms):
            return np.datetime64("9999-12-30", "us")
        return np.datetime64(self.terms[place].since.replace(tzinfo=None), "us")

    def _past_pauses(self, rows: npt.NDArray[np.intp], instants: Instants) -> Instants:
        """Move instants inside pauses to their end, out of each pause that they meet there."""
        while True:
            moved = after_pauses(instants, pl.Series(rows), self.pauses)
            if np.array_equal(moved, instants, equal_nan=True):
                return moved
            instants = moved


def _clocks(
    items: pl.DataFrame,
    terms: Histories,
    pauses: pl.DataFrame,
    now: dt.datetime,
) -> Iterator[tuple[npt.NDArray[np.intp], _Clocks]]:
    """Part the items by their history of terms: the rows of each part, and their clocks."""
    histories: Mapping[Any, Sequence[Terms]] = terms
    _check(items, _ITEMS, "items")
    _check(pauses, _PAUSES, "pauses")
    read_at = pl.lit(in_utc(now, "now")).dt.cast_time_unit("us")
    known = items.select(_ITEMS).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    known = known.with_columns(at=pl.max_horizontal(pl.col("ended_at").fill_null(read_at), "received_at"))
    for (name,), part in known.group_by("terms", maintain_order=True):
        if name not in histories:
            raise NotItems(f"there are items with the terms {name!r}, which are not among those given")
        check_order(histories[name])
        own = part.drop("row").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        yield (
            part["row"].to_numpy(),
            _Clocks(
                terms=histories[name],
                received=_instants(part["received_at"]),
                at=_instants(part["at"]),
                pauses=_stopping(own, pauses),
            ),
        )


def _stopping(items: pl.DataFrame, pauses: pl.DataFrame) -> pl.DataFrame:
    """Return the approved pauses by row of their item, cut at its end."""
    approved = pauses.filter("approved").select("key", "began_at", pl.col("ended_at").alias("pause_ended_at"))
    ended = (
        pl.when(pl.col("ended_at").is_null())
        .then("pause_ended_at")
        .otherwise(pl.min_horizontal("pause_ended_at", "at"))
    )
    return (
        items.join(approved, on="key")
        .filter(pl.col("ended_at").is_null() | (pl.col("began_at") < pl.col("at")))
        .select(key="row", start="began_at", end=ended)
    )


def _check(table: pl.DataFrame, columns: Sequence[str], what: str) -> None:
    for column in columns:
        if column not in table.columns:
            raise NotItems(
                f"the table of {what} has no column {column!r}; it needs {', '.join(columns)}, "
                f"and has {', '.join(table.columns) or 'none'}"
            )


def _instants(column: pl.Series) -> Instants:
    return microseconds(column).view("datetime64[us]")
