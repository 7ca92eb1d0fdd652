"""Figures over time: by month and week, and what lay open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import polars as pl

from backdesk.evidence.measures.breakdowns import TRUNCATED
from backdesk.evidence.measures.columns import check_period
from backdesk.evidence.measures.grouping import aggregate

Period = Literal["month", "week"]
FEWEST_WEEKS = 8
_FIGURES = (
    "steps",
    "cases",
    "touch_hours",
    "touch_minutes_median",
    "waiting_hours_median",
    "lead_hours_median",
    "rework_share",
    "estimated_share",
    "people",
)


def monthly(measured: pl.DataFrame, *, by: str | Sequence[str] | None = None) -> pl.DataFrame:
    """Return one row per month (and group) in which steps ended, in the calendar's zone; empty months too.

    The columns of `by`, `month` (its first day), `steps`, `cases`, `touch_hours`, `touch_minutes_median`,
    `waiting_hours_median`, `lead_hours_median`, `rework_share`, `estimated_share`, `people`. A month
    without steps has 0 of `steps`, `cases` and `touch_hours`, and null for the rest. The first and the last
    may be cut short.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> monthly(measured, by="activity").select("activity", "month", "steps", "touch_hours").rows()
    [('Check', datetime.date(2026, 2, 1), 2, 2.0), ('Enter', datetime.date(2026, 2, 1), 3, 1.5)]
    """
    return _by_period(measured, "month", by)


def weekly(measured: pl.DataFrame, *, by: str | Sequence[str] | None = None) -> pl.DataFrame:
    """Return one row per week (and group) in which steps ended, as `monthly` does; `week` is its Monday.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> weekly(measured).select("week", "steps", "cases").rows()
    [(datetime.date(2026, 2, 2), 5, 2)]
    """
    return _by_period(measured, "week", by)


def flow(cases: pl.DataFrame, *, zone: str, every: Period = "month") -> pl.DataFrame:
    """Return what arrived, was completed and lay open, period by period.

    `month` or `week`, `arrived`, `completed`, `open_cases` (at its end). `cases` is the table of `cases`. A
    case whose work goes on after the record ends counts as completed by its last recorded step, so the last
    periods look emptier than they were.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import cases, measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> flow(cases(measure_steps(two_orders(), calendar=office), calendar=office), zone=office.zone).rows()
    [(datetime.date(2026, 2, 1), 2, 2, 0)]
    """
    check_period(every, get_args(Period))
    table = _counted(cases, "arrived_at", "arrived", zone, every).join(
        _counted(cases, "completed_at", "completed", zone, every), on=every, how="full", coalesce=True
    )
    return (
        _periods(table[every], every)
        .join(table, on=every, how="left")
        .with_columns(pl.col("arrived", "completed").fill_null(0))
        .sort(every)
        .with_columns((pl.col("arrived") - pl.col("completed")).cum_sum().alias("open_cases"))
    )


def backlog_growth(measured: pl.DataFrame) -> pl.DataFrame:
    """Return `activity`, `backlog_growth`: by how much of a week's volume what is open grows every week.

    Open at the end of a week are the steps that could have begun and are not done. At both ends of the activity's
    span weeks are left out, as many as 90 % of the steps take from possible to done: what was open before and what
    is not done yet is not in the record. The slope is by least squares; null under eight weeks. Weeks are seven
    days from the first step on, time is elapsed.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> backlog_growth(measured).rows()
    [('Check', None), ('Enter', None)]
    """
    begin = pl.col("enabled_at").min()
    steps = measured.select(
        "activity",
        _weeks_between(begin, pl.col("enabled_at")).alias("enabled"),
        _weeks_between(begin, pl.col("ended_at")).alias("ended"),
    )
    edges = steps.group_by("activity").agg(
        pl.len().alias("steps"),
        (pl.col("ended") - pl.col("enabled")).quantile(0.9, "linear").alias("edge"),
        pl.col("enabled").min().alias("first"),
        pl.col("ended").max().alias("last"),
        (pl.col("ended").max().floor() - pl.col("enabled").min().floor() + 1).alias("weeks"),
    )
    settled = (pl.col("week") + 1).is_between(
        pl.col("first") + pl.col("edge"), pl.col("last") - pl.col("edge")
    )
    slope = pl.cov("week", "open") / pl.col("week").var()
    growth = slope / (pl.col("steps") / pl.col("weeks")).first()
    growing = (
        edges.join(_open_by_week(steps), on="activity")
        .filter(settled)
        .group_by("activity")
        .agg(pl.when(pl.len() >= FEWEST_WEEKS).then(growth).alias("backlog_growth"))
    )
    return edges.select("activity").join(growing, on="activity", how="left").sort("activity")


def _by_period(measured: pl.DataFrame, period: Period, by: str | Sequence[str] | None) -> pl.DataFrame:
    keys = [by] if isinstance(by, str) else list(by or ())
    table = aggregate(measured, by=[*keys, period], only=_FIGURES)
    every = _periods(measured[period], period)
    groups = measured.select(keys).unique().join(every, how="cross") if keys else every
    return (
        groups.join(table, on=[*keys, period], how="left", nulls_equal=True)
        .with_columns(
            # Nothing done took no time; what was done without its time on record stays null.
            pl.when(pl.col("steps").is_null()).then(0.0).otherwise("touch_hours").alias("touch_hours"),
            pl.col("steps", "cases").fill_null(0),
        )
        .sort([*keys, period], nulls_last=True)
    )


def _weeks_between(first: pl.Expr, at: pl.Expr) -> pl.Expr:
    return (at - first).dt.total_seconds(fractional=True) / (7 * 86400)


def _open_by_week(steps: pl.DataFrame) -> pl.DataFrame:
    """Return for each activity and week the steps enabled and not ended when the week is over."""
    last = steps.select(pl.col("ended").max()).item()
    weeks = pl.DataFrame({"week": range(int(last or 0) + 1)}, schema={"week": pl.Int64})
    change = pl.concat(
        steps.group_by("activity", pl.col(moment).floor().cast(pl.Int64).alias("week")).agg(
            (pl.len().cast(pl.Int64) * sign).alias("change")
        )
        for moment, sign in (("enabled", 1), ("ended", -1))
    )
    return (
        steps.select(pl.col("activity").unique())
        .join(weeks, how="cross")
        .join(
            change.group_by("activity", "week").agg(pl.col("change").sum()),
            on=["activity", "week"],
            how="left",
        )
        .sort("activity", "week")
        .with_columns(pl.col("change").fill_null(0).cum_sum().over("activity").alias("open"))
    )


def _counted(cases: pl.DataFrame, moment: str, name: str, zone: str, every: Period) -> pl.DataFrame:
    day = pl.col(moment).dt.convert_time_zone(zone).dt.date()
    return cases.group_by(day.dt.truncate(TRUNCATED[every]).alias(every)).agg(
        pl.len().cast(pl.Int64).alias(name)
    )


def _periods(seen: pl.Series, every: Period) -> pl.DataFrame:
    """Return every period from the first to the last seen."""
    if not len(seen):
        return pl.DataFrame(schema={every: pl.Date})
    return pl.DataFrame({every: seen}).select(
        pl.date_range(pl.col(every).min(), pl.col(every).max(), TRUNCATED[every])
    )
