"""How much of the time of its people any group of steps takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from backdesk.evidence.calendars import Calendar, daily_working_seconds, working_seconds
from backdesk.evidence.measures.breakdowns import TRUNCATED, Breakdown, Every
from backdesk.evidence.measures.columns import checked_keys
from backdesk.evidence.measures.staffing import clocked, worked_stretches

_ALL: Final = "_all"
"""The one group, and the one period, where none is asked for."""


def utilised(
    measured: pl.DataFrame,
    *,
    calendar: Calendar,
    by: str | Sequence[str] = (),
    every: Every | None = None,
    where: str | None = None,
    where_case: str | None = None,
) -> pl.DataFrame:
    """Return how busy the people of each group of steps are with them: of groups and conditions as of a `Breakdown`.

    The columns `by`; with `every`, the first day of the period, named so; `people`, `busy_hours`, `available_hours`,
    `utilisation`. Busy hours count what somebody has in hand side by side once, and lie in the period in which they
    were worked. Available is the working time of the period from the first to the last day on which each person of
    the group is seen in all steps given. Steps that name nobody are left out. Busy hours of groups whose steps are
    all instants are null. Raises `UnknownGrouping`, `UnreadableFilter`.

    A person's steps are in many cases, so this is asked of the whole log: `partial` refuses it (`NotMergeable`).

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> utilised(measured, calendar=office).rows()
    [(2, 3.5, 16.0, 0.21875)]
    >>> utilised(measured, calendar=office, by=["party"], every="week").select("party", "week", "utilisation").rows()
    [('Client', datetime.date(2026, 2, 2), 0.1875), ('Provider', datetime.date(2026, 2, 2), 0.25)]
    """
    by = checked_keys(by, measured)
    asked = Breakdown(by=tuple(by), where=where, where_case=where_case)
    groups, period = list(by) or [_ALL], every or f"{_ALL}_time"
    every_step = clocked(asked.prepared(measured).with_columns(pl.lit(0).alias(_ALL)), calendar)
    named = pl.col("resource").is_not_null()
    rows, seen = asked.filtered(every_step).filter(named), every_step.filter(named)
    days = _days(seen, calendar, every).rename({"period": period})
    keys, shown = [*groups, period], [*by, *([every] if every else [])]
    busy = _busy(rows, days, _at_midnight(seen, days, calendar), keys)
    timed = rows.group_by(groups).agg((pl.col("touch_s").max() > 0).alias("timed"))
    share = pl.when(pl.col("available_hours") > 0).then(pl.col("busy_hours") / pl.col("available_hours"))
    return (
        _available(rows, seen, days, calendar.zone, keys)
        .join(busy, on=keys, how="left", nulls_equal=True)
        .join(timed, on=groups, how="left", nulls_equal=True)
        .with_columns(pl.when("timed").then(pl.col("busy_hours").fill_null(0.0)))
        .sort(keys, nulls_last=True)
        .select(*shown, "people", "busy_hours", "available_hours", utilisation=share)
    )


def _days(seen: pl.DataFrame, calendar: Calendar, every: Every | None) -> pl.DataFrame:
    """Return each day on record with its `period` and the working seconds `before` it and `after` it."""
    first, last = (
        seen.select(*(_day(name, calendar.zone).alias(name) for name in ("started_at", "ended_at")))
        .select(pl.col("started_at").min(), pl.col("ended_at").max())
        .row(0)
    )
    if first is None:
        first, last = dt.date(2000, 1, 1), dt.date(1999, 12, 31)  # nobody is seen: no day
    after = pl.col("seconds").cum_sum()
    period = pl.col("date").dt.truncate(TRUNCATED[every]) if every else pl.lit(0)
    return daily_working_seconds(calendar, first=first, last=last).select(
        "date", period.alias("period"), before=after - pl.col("seconds"), after=after
    )


def _available(
    rows: pl.DataFrame, seen: pl.DataFrame, days: pl.DataFrame, zone: str, keys: list[str]
) -> pl.DataFrame:
    """Return the people of each group and period, and the working time of the days between which each is seen."""
    spans = seen.group_by("resource").agg(
        _day("started_at", zone).min().alias("from"), _day("ended_at", zone).max().alias("until")
    )
    groups = [*keys[:-1], *({"resource"} - {*keys})]
    period = pl.col("date").is_between(pl.col("from"), pl.col("until"))
    of_person = (
        spans.join(days, how="cross")
        .filter(period)
        .group_by("resource", keys[-1])
        .agg((pl.col("after") - pl.col("before")).sum().alias("seconds"))
    )
    return (
        rows.select(groups)
        .unique()
        .join(of_person, on="resource")
        .group_by(keys)
        .agg(
            pl.len().cast(pl.Int64).alias("people"),
            (pl.col("seconds").sum() / 3600).alias("available_hours"),
        )
    )


def _busy(rows: pl.DataFrame, days: pl.DataFrame, offset: float, keys: list[str]) -> pl.DataFrame:
    """Return the busy hours of each group and period: stretches are cut where a period ends."""
    periods = days.group_by(keys[-1], maintain_order=True).agg(
        pl.col("before").first() - offset, pl.col("after").last() - offset
    )
    worked = worked_stretches(rows, by=keys[:-1])
    starts = periods["before"].to_numpy()
    first = np.searchsorted(starts, worked["since"].to_numpy(), side="right") - 1
    last = np.searchsorted(starts, worked["until"].to_numpy(), side="left")
    cut = (
        worked.with_columns(pl.int_ranges(pl.Series(first), pl.Series(last)).alias("_place"))
        .explode("_place")
        .join(periods.with_row_index("_place").with_columns(pl.col("_place").cast(pl.Int64)), on="_place")
    )
    length = pl.min_horizontal("until", "after") - pl.max_horizontal("since", "before_right")
    return cut.group_by(keys).agg((length.sum() / 3600).alias("busy_hours"))


def _at_midnight(seen: pl.DataFrame, days: pl.DataFrame, calendar: Calendar) -> float:
    """Return the working seconds from the begin of the first day until the clock of working time reads 0."""
    if not days.height:
        return 0.0
    midnight = dt.datetime.combine(days["date"][0], dt.time(), ZoneInfo(calendar.zone)).astimezone(dt.UTC)
    first = seen.sort("started_at").head(1)
    since = working_seconds(calendar, starts=pl.Series([midnight]), ends=first["started_at"])
    return round(float(since[0]) - float(first["_started"].item()), 6)


def _day(moment: str, zone: str) -> pl.Expr:
    return pl.col(moment).dt.convert_time_zone(zone).dt.date()
