"""Work in progress: how old it is, what is past due, how much work it is."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from backdesk.evidence.calendars import Calendar, always, unpaused_working_seconds, working_seconds
from backdesk.evidence.calendars.working import microseconds
from backdesk.evidence.measures.columns import UnknownGrouping, checked_keys

_MOMENT: Final = pl.Datetime("us", "UTC")


def wip(
    open_steps: pl.DataFrame,
    *,
    now: dt.datetime,
    calendar: Calendar,
    standard_minutes: Mapping[str, float | None] | None = None,
    due: str | None = None,
) -> pl.DataFrame:
    """Return the open steps of a log, the oldest first, each with its age: all its columns and those below.

    `age_hours`, `age_working_hours`, `in_hand_hours`, `standard_minutes` (by activity as given, such as the medians
    of what is done), `is_suspended`, `due_at` (of the column `due`, a time), `overdue_hours` (null where not past
    due). Steps that begin after `now` are left out: they are not open yet. Raises `UnknownGrouping` where there is no
    column `due`, and `NotInstants` where `now` has no zone.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> log, office = two_orders(), parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> begun = log.steps.tail(1).with_columns(pl.lit(None, pl.Datetime("us", "UTC")).alias("ended_at"))
    >>> now = dt.datetime(2026, 2, 3, 9, tzinfo=dt.UTC)
    >>> table = wip(begun, now=now, calendar=office, standard_minutes={"Check": 60})
    >>> table.select("activity", "age_hours", "age_working_hours", "in_hand_hours", "standard_minutes").rows()
    [('Check', 24.0, 8.0, 6.0, 60.0)]
    """
    if due is not None and due not in open_steps.columns:
        raise UnknownGrouping(
            f"open steps have no column {due!r} that says when they are due; they have "
            f"{', '.join(open_steps.columns)}"
        )
    microseconds(now)  # a time without a zone is refused in words, not by what compares columns
    begun = open_steps.filter(pl.col("started_at") <= now).with_columns(
        (pl.lit(None, _MOMENT) if due is None else pl.col(due).cast(_MOMENT)).alias("due_at")
    )
    pauses = _pauses(begun)
    in_hand = unpaused_working_seconds(
        calendar,
        starts=begun["started_at"],
        ends=now,
        keys=pl.Series(range(begun.height), dtype=pl.UInt32),
        pauses=pauses,
    )
    return (
        begun.with_columns(
            _until(now, begun["enabled_at"], always(zone=calendar.zone), "age_hours"),
            _until(now, begun["enabled_at"], calendar, "age_working_hours"),
            pl.Series("in_hand_hours", in_hand / 3600),
            _standard(standard_minutes or {}),
            pl.int_range(pl.len())
            .is_in(pauses.filter(pl.col("end").is_null())["key"].implode())
            .alias("is_suspended"),
            _until(now, begun["due_at"], calendar, "overdue_hours"),
        )
        .with_columns(pl.when(pl.col("due_at") < now).then("overdue_hours").alias("overdue_hours"))
        .sort("age_hours", "case", "line", descending=[True, False, False])
    )


def wip_figures(work: pl.DataFrame, *, by: str | Sequence[str] = ()) -> pl.DataFrame:
    """Return the figures of work in progress, one row a group of what `wip` returned, sorted by the group.

    `open_steps`, `suspended_steps`, `overdue_steps`, `backlog_hours`, `age_working_hours_median`,
    `age_working_hours_max`. Raises `UnknownGrouping`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> work = wip(two_orders().steps, now=dt.datetime(2026, 2, 3, 9, tzinfo=dt.UTC), standard_minutes={"Check": 60},
    ...            calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> wip_figures(work, by="activity").select("activity", "open_steps", "backlog_hours").rows()
    [('Check', 2, 2.0), ('Enter', 3, None)]
    """
    keys = checked_keys(by, work, of="open steps")
    standard = pl.col("standard_minutes").filter(~pl.col("is_suspended"))
    known = pl.col("due_at").count() > 0
    figures = [
        pl.len().cast(pl.Int64).alias("open_steps"),
        pl.col("is_suspended").sum().cast(pl.Int64).alias("suspended_steps"),
        pl.when(known).then(pl.col("overdue_hours").count().cast(pl.Int64)).alias("overdue_steps"),
        pl.when(standard.count() > 0).then(standard.sum() / 60).alias("backlog_hours"),
        pl.col("age_working_hours").median().alias("age_working_hours_median"),
        pl.col("age_working_hours").max().alias("age_working_hours_max"),
    ]
    return work.group_by(keys).agg(figures).sort(keys, nulls_last=True) if keys else work.select(figures)


def days_to_clear(*, backlog_hours: float, done_hours: float, come_hours: float) -> float:
    """Return in how many days a backlog is worked off; infinity where no more can be done than comes.

    `done_hours` of work can be done a day, `come_hours` of work come a day.

    >>> days_to_clear(backlog_hours=120, done_hours=40, come_hours=28), days_to_clear(
    ...     backlog_hours=1, done_hours=8, come_hours=8)
    (10.0, inf)
    """
    if backlog_hours <= 0:
        return 0.0
    return backlog_hours / (done_hours - come_hours) if done_hours > come_hours else math.inf


def _until(now: dt.datetime, since: pl.Series, calendar: Calendar, name: str) -> pl.Series:
    return pl.Series(name, working_seconds(calendar, starts=since, ends=now) / 3600).fill_nan(None)


def _standard(minutes: Mapping[str, float | None]) -> pl.Expr:
    return (
        pl.col("activity")
        .cast(pl.String)
        .replace_strict(list(minutes), list(minutes.values()), default=None, return_dtype=pl.Float64)
        .alias("standard_minutes")
    )


def _pauses(steps: pl.DataFrame) -> pl.DataFrame:
    """Return when each row was suspended and resumed, null while it is."""
    schema = pl.Schema({"key": pl.UInt32(), "start": _MOMENT, "end": _MOMENT})
    if "pauses" not in steps.columns:
        return pl.DataFrame(schema=schema)
    paused = steps.with_row_index("key").filter(pl.col("pauses").is_not_null()).select("key", "pauses")
    told = paused.explode("pauses").unnest("pauses")
    return told.select("key", start="suspended_at", end="resumed_at").cast(schema)
