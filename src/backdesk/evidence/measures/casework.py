"""The figures of cases, and the ways they take."""

from __future__ import annotations

import hashlib

import polars as pl

from backdesk.evidence.calendars import Calendar, working_seconds
from backdesk.evidence.eventlog.ordering import in_case_order
from backdesk.evidence.measures.columns import check_measured
from backdesk.evidence.measures.expressions import hours
from backdesk.evidence.measures.states import ARROW


def cases(measured: pl.DataFrame, *, calendar: Calendar) -> pl.DataFrame:
    """Return one row per case, sorted by arrival, then name.

    `case`, `arrived_at`, `completed_at`, `steps`, `cycle_hours`, `cycle_working_hours`, `touch_hours`,
    `waiting_hours`, `flow_efficiency`, `handoffs`, `crossings`, `rework_steps`, `people`,
    `estimated_share`, `variant`, `variant_text`. Hours are of working time unless `CATALOGUE` says elapsed;
    counts of handoffs and crossings are null where no step tells.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> table = cases(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> table.select("case", "cycle_hours", "touch_hours", "rework_steps", "variant_text").rows()
    [('1', 3.5, 2.0, 1, 'Enter → Check → Enter'), ('2', 3.5, 1.5, 0, 'Enter → Check')]
    """
    check_measured(measured, "touch_working_s")
    table = (
        measured.sort("case", "started_at", "ended_at", "line")
        .group_by("case", maintain_order=True)
        .agg(
            pl.col("started_at").min().alias("arrived_at"),
            pl.col("ended_at").max().alias("completed_at"),
            pl.len().cast(pl.Int64).alias("steps"),
            hours("touch_working_s").alias("touch_hours"),
            hours("waiting_working_s").alias("waiting_hours"),
            _count_known("is_handoff").alias("handoffs"),
            _count_known("is_crossing").alias("crossings"),
            pl.col("is_rework").sum().cast(pl.Int64).alias("rework_steps"),
            pl.col("resource").drop_nulls().n_unique().cast(pl.Int64).replace(0, None).alias("people"),
            pl.col("start_estimated").mean().alias("estimated_share"),
            _way().alias("variant_text"),
        )
    )
    working = working_seconds(calendar, starts=table["arrived_at"], ends=table["completed_at"]) / 3600
    elapsed = (pl.col("completed_at") - pl.col("arrived_at")).dt.total_seconds(fractional=True) / 3600
    return (
        table.with_columns(elapsed.alias("cycle_hours"), pl.Series("cycle_working_hours", working))
        .with_columns(
            pl.when(pl.col("cycle_working_hours") > 0)
            .then(pl.col("touch_hours") / pl.col("cycle_working_hours"))
            .alias("flow_efficiency"),
            _hashed(table["variant_text"]),
        )
        .select(_COLUMNS)
        .sort("arrived_at", "case")
    )


def variants(history: pl.DataFrame) -> pl.DataFrame:
    """Return the ways cases take, the most frequent first; of measured steps, steps or raw events.

    `variant`, `variant_text`, `cases`, `case_share`, `cumulative_share`, `steps` (of one case),
    `cycle_hours_median` (elapsed). Steps are in order of start, end, row; events of time and row, each
    of them counted, whatever its lifecycle. Known answer: BPI Challenge 2012 has 4,366 over all events.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> variants(two_orders().steps).select("variant_text", "cases", "case_share", "steps").rows()
    [('Enter → Check', 1, 0.5, 2), ('Enter → Check → Enter', 1, 0.5, 3)]
    """
    moments = ("started_at", "ended_at") if "ended_at" in history.columns else ("at",)
    first, last = moments[0], moments[-1]
    ways = (
        in_case_order(history, order=(*moments, "line"), columns=("activity",))
        .group_by("case", maintain_order=True)
        .agg(
            "activity",
            pl.len().cast(pl.Int64).alias("steps"),
            (pl.col(last).max() - pl.col(first).min()).dt.total_seconds(fractional=True).alias("seconds"),
        )
    )
    table = (
        ways.group_by("activity")
        .agg(
            pl.len().cast(pl.Int64).alias("cases"),
            pl.col("steps").first(),
            (pl.col("seconds").median() / 3600).alias("cycle_hours_median"),
        )
        .with_columns(pl.col("activity").cast(pl.List(pl.String)).list.join(ARROW).alias("variant_text"))
        .sort(["cases", "variant_text"], descending=[True, False])
        .with_columns((pl.col("cases") / pl.col("cases").sum()).alias("case_share"))
        .with_columns(pl.col("case_share").cum_sum().alias("cumulative_share"))
    )
    return table.with_columns(_hashed(table["variant_text"])).select(
        "variant", "variant_text", "cases", "case_share", "cumulative_share", "steps", "cycle_hours_median"
    )


_COLUMNS = (
    "case",
    "arrived_at",
    "completed_at",
    "steps",
    "cycle_hours",
    "cycle_working_hours",
    "touch_hours",
    "waiting_hours",
    "flow_efficiency",
    "handoffs",
    "crossings",
    "rework_steps",
    "people",
    "estimated_share",
    "variant",
    "variant_text",
)


def _way() -> pl.Expr:
    return pl.col("activity").cast(pl.String).str.join(ARROW)


def _count_known(flag: str) -> pl.Expr:
    return pl.when(pl.col(flag).count() > 0).then(pl.col(flag).sum().cast(pl.Int64))


def _hashed(ways: pl.Series) -> pl.Series:
    """Name each way by a hash that stays the same from log to log."""
    different = ways.unique(maintain_order=True)
    hashes = pl.Series(
        [hashlib.blake2b(way.encode(), digest_size=6).hexdigest() for way in different], dtype=pl.String
    )
    every = hashes if different.len() == ways.len() else ways.replace_strict(different, hashes)
    return every.alias("variant")
