"""The figures of cases."""

from __future__ import annotations

import polars as pl

from backdesk.evidence.calendars import Calendar, working_seconds
from backdesk.evidence.measures.columns import check_measured
from backdesk.evidence.measures.expressions import hours
from backdesk.evidence.measures.ways import hashed, way


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
            way().alias("variant_text"),
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
            hashed(table["variant_text"]),
        )
        .select(_COLUMNS)
        .sort("arrived_at", "case")
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


def _count_known(flag: str) -> pl.Expr:
    return pl.when(pl.col(flag).count() > 0).then(pl.col(flag).sum().cast(pl.Int64))
