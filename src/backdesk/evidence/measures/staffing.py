"""The figures of people: how busy they are, and who waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.calendars import Calendar, daily_working_seconds, working_seconds
from backdesk.evidence.measures.columns import check_measured, checked_keys
from backdesk.evidence.measures.expressions import hours

_FEWEST_WEEKS: Final = 10


def people(measured: pl.DataFrame, *, calendar: Calendar) -> pl.DataFrame:
    """Return one row per person, those with most steps first.

    `resource`, `steps`, `activities`, `touch_hours`, `busy_hours`, `available_hours`, `utilisation`,
    `estimated_share`, `first_seen`, `last_seen` (UTC). Steps side by side count once in `busy_hours`;
    available is the working time of the calendar from the first to the last day seen, both whole. Null are
    the busy hours of a person whose steps are all instants, and with them, or without available hours, the
    utilisation.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> table = people(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> table.select("resource", "steps", "busy_hours", "available_hours", "utilisation").rows()
    [('Ann', 3, 1.5, 8.0, 0.1875), ('Bob', 2, 2.0, 8.0, 0.25)]
    """
    named = clocked(measured.filter(pl.col("resource").is_not_null()), calendar)
    table = named.group_by("resource").agg(
        pl.len().cast(pl.Int64).alias("steps"),
        pl.col("activity").n_unique().cast(pl.Int64).alias("activities"),
        hours("touch_working_s").alias("touch_hours"),
        pl.col("start_estimated").mean().alias("estimated_share"),
        pl.col("started_at").min().alias("first_seen"),
        pl.col("ended_at").max().alias("last_seen"),
        (pl.col("touch_s").max() > 0).alias("timed"),
    )
    busy = (
        worked_stretches(named)
        .group_by("resource")
        .agg(((pl.col("until") - pl.col("since")).sum() / 3600).alias("busy_hours"))
    )
    return (
        table.join(busy, on="resource", how="left")
        .with_columns(
            _available(table, calendar),
            pl.when("timed").then(pl.col("busy_hours").fill_null(0.0)).alias("busy_hours"),
        )
        .with_columns(
            pl.when(pl.col("available_hours") > 0)
            .then(pl.col("busy_hours") / pl.col("available_hours"))
            .alias("utilisation")
        )
        .select(_COLUMNS)
        .sort(["steps", "resource"], descending=[True, False])
    )


def contention(
    measured: pl.DataFrame,
    *,
    calendar: Calendar,
    by: str | Sequence[str] = "activity",
    confidence: float | None = None,
) -> pl.DataFrame:
    """Return per activity, or other group, the waiting during which who then did the step was busy with others.

    The columns of `by`, at least one, `contention_hours`, `contention_hours_mean` (per step whose waiting and person
    are known), `contention_share` (of the waiting of those steps). Working time. Resource contention and
    prioritisation of Lashkevich et al., CAiSE 2023, together: whether what was done meanwhile came first is not asked.

    With `confidence`, such as 0.95, the interval of the mean stands beside it, as `contention_hours_mean_low` and
    `_high`: what waits in the same week waits for the same people, so weeks and not steps are what varies by
    chance (clusters of Cochran, Sampling Techniques, 1977, ch. 9A); null of a group seen in under ten weeks. Raises
    `UnknownGrouping`, `NotMeasured`, and `ImpossibleCount` (of statistics) for a confidence that is none.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> contention(measure_steps(two_orders(), calendar=office), calendar=office).rows()
    [('Check', 1.0, 0.5, 0.2857142857142857), ('Enter', 0.0, 0.0, None)]
    """
    check_measured(measured, "waiting_working_s")
    keys = checked_keys(by, measured)
    named = clocked(measured.filter(pl.col("resource").is_not_null()), calendar)
    stretches = worked_stretches(named)
    waited = named.filter(pl.col("waiting_working_s").is_not_null())
    busy = _busy_before(waited, "_started", stretches) - _busy_before(waited, "_enabled", stretches)
    told = waited.with_columns(busy.alias("busy"))
    table = told.group_by(keys).agg(
        (pl.col("busy").sum() / 3600).alias("contention_hours"),
        (pl.col("busy").mean() / 3600).alias("contention_hours_mean"),
        (pl.col("busy").sum() / pl.col("waiting_working_s").sum()).fill_nan(None).alias("contention_share"),
    )
    if confidence is not None:
        from backdesk.evidence.statistics.proportions import check_confidence  # late: scipy comes with it

        check_confidence(confidence)
        table = table.join(_bounds(told, keys, confidence), on=keys, nulls_equal=True)
    return table.sort(keys, nulls_last=True)


def _bounds(told: pl.DataFrame, keys: list[str], confidence: float) -> pl.DataFrame:
    weeks = told.group_by(*keys, _week=pl.col("started_at").dt.truncate("1w")).agg(
        pl.col("busy").sum(), steps=pl.len()
    )
    mean = pl.col("busy").sum() / pl.col("steps").sum()
    apart = ((pl.col("busy") - mean * pl.col("steps")) ** 2).sum()
    error = (apart * pl.len() / (pl.len() - 1)).sqrt() / pl.col("steps").sum()
    half = pl.when(pl.len() >= _FEWEST_WEEKS).then(NormalDist().inv_cdf((1 + confidence) / 2) * error)
    return weeks.group_by(keys).agg(
        ((mean - half).clip(0) / 3600).alias("contention_hours_mean_low"),
        ((mean + half) / 3600).alias("contention_hours_mean_high"),
    )


def performers_utilisation(measured: pl.DataFrame, *, table: pl.DataFrame) -> pl.DataFrame:
    """Return `activity`, `utilisation`: the mean over those who did it, weighted by their steps of it.

    `table` is that of `people`. Null where no person is known.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> performers_utilisation(measured, table=people(measured, calendar=office)).rows()
    [('Check', 0.25), ('Enter', 0.1875)]
    """
    counts = measured.group_by("activity", "resource").len()
    joined = counts.join(table.select("resource", "utilisation"), on="resource", how="left")
    known = pl.col("utilisation").is_not_null()
    weighted = (pl.col("utilisation") * pl.col("len")).sum() / pl.col("len").filter(known).sum()
    return (
        joined.group_by("activity")
        .agg(pl.when(known.any()).then(weighted).alias("utilisation"))
        .sort("activity")
    )


def clocked(named: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Add `_enabled`, `_started`, `_ended`: the moments on the clock of working time.

    That clock counts the seconds worked on the calendar since the first moment, so that all further
    reckoning of working time is plain subtraction.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> clocked(measure_steps(two_orders(), calendar=office), office)["_ended"].to_list()
    [1800.0, 10800.0, 12600.0, 3600.0, 14400.0]
    """
    moments = ("enabled_at", "started_at", "ended_at")
    first = named.select(pl.col("enabled_at").min()).to_series()
    return named.with_columns(
        pl.Series(
            "_" + moment.removesuffix("_at"),
            np.round(working_seconds(calendar, starts=first, ends=named[moment]), 6),
        )
        for moment in moments
    )


def worked_stretches(named: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the disjoint stretches in which each person had a step in hand, on the clock of working time.

    `resource` and the columns `by`, which tell the steps apart; `since`, `until`, and `before`: the seconds in
    earlier stretches of these.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> worked_stretches(clocked(measure_steps(two_orders(), calendar=office), office))["before"].to_list()
    [0.0, 1800.0, 0.0, 3600.0, 3600.0]
    """
    keys = list(dict.fromkeys(["resource", *by]))
    reached = pl.col("_ended").cum_max().shift(1).over(keys)
    length = pl.col("until") - pl.col("since")
    return (
        named.filter(pl.col("touch_s").is_not_null())
        .sort("_started", "_ended")
        .select(
            *keys,
            pl.max_horizontal("_started", reached).alias("since"),
            pl.col("_ended").alias("until"),
        )
        .filter(length > 0)
        .with_columns((length.cum_sum().over(keys) - length).alias("before"))
    )


_COLUMNS = (
    "resource",
    "steps",
    "activities",
    "touch_hours",
    "busy_hours",
    "available_hours",
    "utilisation",
    "estimated_share",
    "first_seen",
    "last_seen",
)


def _available(table: pl.DataFrame, calendar: Calendar) -> pl.Series:
    """Return the hours of the calendar from the day each person is first seen to the day last seen."""
    if not table.height:
        return pl.Series("available_hours", [], dtype=pl.Float64)
    seen = table.select(pl.col("first_seen", "last_seen").dt.convert_time_zone(calendar.zone).dt.date())
    first, last = seen.select(pl.col("first_seen").min(), pl.col("last_seen").max()).row(0)
    daily = daily_working_seconds(calendar, first=first, last=last)["seconds"].to_numpy() / 3600
    total = np.concatenate([[0.0], np.cumsum(daily)])
    begin, end = (
        seen.select((pl.col(day) - first).dt.total_days()).to_series().to_numpy() for day in seen.columns
    )
    return pl.Series("available_hours", total[end + 1] - total[begin])


def _busy_before(waited: pl.DataFrame, moment: str, stretches: pl.DataFrame) -> pl.Series:
    """Return the seconds each step's person had been busy up to a moment of the step."""
    at = pl.col(moment)
    within = pl.min_horizontal(at, "until") - pl.col("since")
    # Sorted by time over all people, which is all a join by person needs; it cannot check that itself.
    found = (
        waited.select("resource", moment)
        .with_row_index("_row")
        .sort(moment)
        .join_asof(
            stretches.sort("since"),
            left_on=moment,
            right_on="since",
            by="resource",
            strategy="backward",
            check_sortedness=False,
            coalesce=False,
        )
    )
    busy = found.select("_row", (pl.col("before") + within).fill_null(0.0).alias("busy"))
    return busy.sort("_row")["busy"]
