"""The figures of activities that the ranking reads, from the measured steps of a log."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backdesk.evidence.assessment.costs import Cost
from backdesk.evidence.assessment.scoring import ActivityRecord
from backdesk.evidence.calendars import Calendar
from backdesk.evidence.measures import CATALOGUE, Measure, activities

MOSTLY: Final = 0.5  # of an activity's starts estimated, from which on all its figures are
_NEW_AFTER: Final = 3.0  # months of record before an activity is first seen, for it to count as new

FIGURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Measure(
                name="crossings_alone",
                title="Crossings if moved alone",
                unit="ratio",
                definition="moves from and to other activities, causally / steps: how often work would cross "
                "the company boundary per step if this activity alone were handed over",
            ),
            Measure(
                name="elapsed_minutes_p90",
                title="Longest usual touch time, elapsed",
                unit="min",
                definition="elapsed time from start to end that 90 % of the steps do not exceed",
                needs_starts=True,
            ),
            Measure(
                name="machine_share",
                title="Done by machines",
                unit="%",
                definition="steps under a name such as system, batch, bot or service account / steps",
            ),
            Measure(
                name="months_since_new",
                title="New for",
                unit="months",
                definition="months known, of activities first seen after three months of record and in its "
                "second half; none of all others",
            ),
            Measure(
                name="returned_share",
                title="Came back",
                unit="%",
                definition="steps that repeat an activity of the case after another one, causally / steps",
            ),
            Measure(
                name="resumed_share",
                title="Repeated straight away",
                unit="%",
                definition="steps that repeat the causally preceding activity of the case / steps",
            ),
            Measure(
                name="same_hands_share",
                title="Same person goes on",
                unit="%",
                definition="moves between this activity and another, causally, with one person doing both / "
                "moves where both are known",
            ),
            Measure(
                name="pay_ratio",
                title="Pay against the market",
                unit="ratio",
                definition="cost of an hour by those who do it, by the rates given / market rate given",
                needs_starts=True,
            ),
        )
    }
)
"""Figures of the assessment's own, defined like those of the catalogue."""

DEFINITIONS: Final[Mapping[str, Measure]] = MappingProxyType({**CATALOGUE, **FIGURES})
"""Every figure an assessment can stand on, by name."""

_MACHINE: Final = (
    r"(?i)(^|[\W_\d])(system|sys|auto|automatic|automat|automation|bot|robot|rpa|batch|machine|daemon|"
    r"scheduler|cron|script|service[ _-]?account|interface)($|[\W_\d])"
)


def activity_records(
    measured: pl.DataFrame,
    *,
    calendar: Calendar,
    edges: pl.DataFrame,
    costs: Mapping[str, Cost] | None = None,
) -> tuple[ActivityRecord, ...]:
    """Give every activity's figures, by names of `DEFINITIONS`, as the ranking reads them.

    `measured` is the table of `measure_steps`, `edges` that of `causal_edges`. Dates are left out. An
    activity counts as estimated where more than half of its starts are.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> from backdesk.evidence.process.flows import causal_edges
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> check, enter = activity_records(measured, calendar=office, edges=causal_edges(measured))
    >>> check.name, check.figures["touch_hours"], check.figures["crossings_alone"], check.estimated
    ('Check', 2.0, 1.5, False)
    """
    table = (
        activities(measured, calendar=calendar)
        .with_columns(pl.col("activity").cast(pl.String))
        .join(_of_steps(measured), on="activity", how="left")
        .join(_crossings(edges), on="activity", how="left")
        .with_columns(pl.col("crossings_alone").fill_null(0.0) / pl.col("steps"), _new())
    )
    return tuple(_record(row, (costs or {}).get(row["activity"])) for row in table.iter_rows(named=True))


def _of_steps(measured: pl.DataFrame) -> pl.DataFrame:
    machine = pl.col("resource").cast(pl.String).str.contains(_MACHINE)
    moved = pl.col("follows") != pl.col("activity")
    table = measured.group_by(pl.col("activity").cast(pl.String)).agg(
        (pl.col("touch_s").quantile(0.9, "linear") / 60).alias("elapsed_minutes_p90"),
        pl.when(machine.count() > 0).then(machine.sum() / pl.len()).alias("machine_share"),
        (pl.col("is_rework") & moved).mean().alias("returned_share"),
        (pl.col("is_rework") & ~moved).mean().alias("resumed_share"),
    )
    return table.join(_same_hands(measured.filter(moved)), on="activity", how="left")


def _same_hands(moves: pl.DataFrame) -> pl.DataFrame:
    """Look at each move from both its ends: the activity it leads to, and the one it comes from."""
    ends = [
        moves.select(pl.col(end).cast(pl.String).alias("activity"), ~pl.col("is_handoff"))
        for end in ("activity", "follows")
    ]
    return pl.concat(ends).group_by("activity").agg(pl.col("is_handoff").mean().alias("same_hands_share"))


def _crossings(edges: pl.DataFrame) -> pl.DataFrame:
    others = edges.filter(pl.col("source") != pl.col("target"))
    ends = [
        others.select(pl.col(end).cast(pl.String).alias("activity"), "count") for end in ("source", "target")
    ]
    return (
        pl.concat(ends)
        .group_by("activity")
        .agg(pl.col("count").sum().cast(pl.Float64).alias("crossings_alone"))
    )


def _new() -> pl.Expr:
    months = pl.col("steps") / pl.col("steps_per_month")
    before = months - pl.col("months_known")
    is_new = (before >= _NEW_AFTER) & (pl.col("months_known") <= before)
    return pl.when(is_new).then(pl.col("months_known")).alias("months_since_new")


def _record(row: Mapping[str, object], cost: Cost | None) -> ActivityRecord:
    figures = {
        name: None if value is None else float(value)
        for name, value in row.items()
        if name in DEFINITIONS and (value is None or isinstance(value, int | float))
    }
    figures["pay_ratio"] = cost.pay_ratio if cost else None
    return ActivityRecord(
        name=str(row["activity"]),
        function=None if row["function"] is None else str(row["function"]),
        figures=figures,
        estimated=(figures["estimated_share"] or 0.0) > MOSTLY,
    )
