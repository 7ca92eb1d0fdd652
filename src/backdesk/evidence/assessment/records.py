"""The figures of activities that the ranking reads, from the measured steps of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backdesk.evidence.assessment.costs import Cost
from backdesk.evidence.assessment.preparing import MOSTLY, without_marks
from backdesk.evidence.assessment.scoring import ActivityRecord, nothing_to_hand_over
from backdesk.evidence.calendars import Calendar
from backdesk.evidence.measures import CATALOGUE, Measure, activities
from backdesk.evidence.process.flows import causal_edges

_NO_CHANCE: Final = 20.0  # steps piled up by a growing backlog, from which it is no matter of chance
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
                limits="of this activity alone: together with its neighbours fewer cross",
            ),
            Measure(
                name="elapsed_minutes_p90",
                title="Longest usual touch time, elapsed",
                unit="min",
                definition="elapsed time from start to end that 90 % of the steps do not exceed; where starts are "
                "estimated, of the steps that follow another",
                needs_starts=True,
                limits="nights and weekends are in it",
            ),
            Measure(
                name="machine_share",
                title="Done by machines",
                unit="%",
                definition="steps under a name such as system, batch, bot or service account / steps",
                limits="goes by names: a machine named like a person is none, and a person named like a system is one",
            ),
            Measure(
                name="months_since_new",
                title="New for",
                unit="months",
                definition="months known, of activities first seen after three months of record and in its "
                "second half; none of all others",
                limits="an activity that was renamed looks new",
            ),
            Measure(
                name="returned_share",
                title="Came back",
                unit="%",
                definition="steps that repeat an activity of the case after another one, causally / steps",
                limits="a repeat that was meant to come after another activity counts too",
            ),
            Measure(
                name="resumed_share",
                title="Repeated straight away",
                unit="%",
                definition="steps that repeat the causally preceding activity of the case / steps",
                limits="systems that record each save as a step show many",
            ),
            Measure(
                name="same_hands_share",
                title="Same person goes on",
                unit="%",
                definition="moves between this activity and another, causally, with one person doing both / "
                "moves where both are known",
                limits="an account that several share looks like one person",
            ),
            Measure(
                name="steps_share",
                title="Share of all steps",
                unit="%",
                definition="steps / steps of the whole record",
                limits="a step counts as one, however long it takes",
            ),
            Measure(
                name="pay_ratio",
                title="Pay against the market",
                unit="ratio",
                definition="cost of an hour by those who do it, by the rates given / market rate given",
                needs_starts=True,
                limits="as good as the rates given: it compares pay, not what is done for it",
            ),
        )
    }
)
"""Figures of the assessment's own, defined like those of the catalogue."""

DEFINITIONS: Final[Mapping[str, Measure]] = MappingProxyType({**CATALOGUE, **FIGURES})
"""Every figure an assessment can stand on, by name."""

_OF_TOUCH: Final = tuple(name for name in CATALOGUE if name.startswith("touch_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The activities of a log with their figures, and how work moves between those somebody works on.

    `work` are the measured steps without those of `marks`, the activities nobody works on; `edges` what
    causally precedes what among them.

    >>> Study(records=(), marks=frozenset(), work=pl.DataFrame(), edges=pl.DataFrame()).marks
    frozenset()
    """

    records: tuple[ActivityRecord, ...]
    marks: frozenset[str]
    work: pl.DataFrame
    edges: pl.DataFrame


def study(
    measured: pl.DataFrame,
    *,
    calendar: Calendar,
    machines: pl.DataFrame,
    costs: Mapping[str, Cost] | None = None,
) -> Study:
    """Give every activity's figures, by names of `DEFINITIONS`, as the ranking reads them.

    `measured` is the table of `measure_steps`, `machines` that of `machine_share`. Dates are left out. An
    activity counts as estimated where more than half of its starts are. Of one that cases arrive with, without
    recorded starts, no working time is known: it has no figure of touch time.

    >>> from backdesk.evidence.assessment.preparing import machine_share
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> check, enter = study(measured, calendar=office, machines=machine_share(two_orders())).records
    >>> check.name, check.figures["touch_hours"], check.figures["crossings_alone"], check.estimated
    ('Check', 2.0, 1.5, False)
    """
    table = (
        activities(_as_if_instant(measured), calendar=calendar)
        .with_columns(pl.col("activity").cast(pl.String), _new(), _growth())
        .join(_of_steps(measured), on="activity", how="left")
        .join(machines, on="activity", how="left")
    )
    marks = frozenset(row["activity"] for row in table.iter_rows(named=True) if _is_mark(row))
    work = without_marks(measured, marks=marks)
    edges = causal_edges(work)
    whole = (
        table.join(_of_moves(work), on="activity", how="left")
        .join(_crossings(edges), on="activity", how="left")
        .with_columns(pl.col("crossings_alone").fill_null(0.0) / pl.col("steps"))
    )
    found = tuple(_record(row, (costs or {}).get(row["activity"])) for row in whole.iter_rows(named=True))
    return Study(records=found, marks=marks, work=work, edges=edges)


def _as_if_instant(measured: pl.DataFrame) -> pl.DataFrame:
    """Let steps whose working time is left out keep nobody busy."""
    unknown = pl.col("touch_s").is_null()
    return measured.with_columns(
        pl.when(unknown).then(pl.col("ended_at")).otherwise(pl.col("started_at")).alias("started_at")
    )


def _of_steps(measured: pl.DataFrame) -> pl.DataFrame:
    # The estimated start of a case's first step is its end: how long it took is not in the record.
    told = pl.col("touch_s").filter(~(pl.col("is_first") & pl.col("start_estimated")))
    return measured.group_by(pl.col("activity").cast(pl.String)).agg(
        (told.quantile(0.9, "linear") / 60).alias("elapsed_minutes_p90"),
        (told.count() / pl.len()).alias("_told"),
        (pl.len() / measured.height).alias("steps_share"),
    )


def _of_moves(work: pl.DataFrame) -> pl.DataFrame:
    moved = pl.col("follows").cast(pl.String) != pl.col("activity").cast(pl.String)
    table = work.group_by(pl.col("activity").cast(pl.String)).agg(
        (pl.col("is_rework") & moved).mean().alias("returned_share"),
        (pl.col("is_rework") & ~moved).mean().alias("resumed_share"),
    )
    return table.join(_same_hands(work.filter(moved)), on="activity", how="left")


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
    moves = pl.concat(ends).group_by("activity")
    return moves.agg(pl.col("count").sum().cast(pl.Float64).alias("crossings_alone"))


def _new() -> pl.Expr:
    months = pl.col("steps") / pl.col("steps_per_month")
    before = months - pl.col("months_known")
    is_new = (before >= _NEW_AFTER) & (pl.col("months_known") <= before)
    return pl.when(is_new).then(pl.col("months_known")).alias("months_since_new")


def _growth() -> pl.Expr:
    """Take a growth of what is open for none where it came to few steps: chance brings as many."""
    growth = pl.col("backlog_growth")
    piled_up = (growth * pl.col("steps")).abs() >= _NO_CHANCE
    return pl.when(growth.is_null() | piled_up).then(growth).otherwise(0.0).alias("backlog_growth")


def _is_mark(row: Mapping[str, Any]) -> bool:
    return nothing_to_hand_over(_record(row, None)) is not None


def _record(row: Mapping[str, Any], cost: Cost | None) -> ActivityRecord:
    figures = {
        name: None if value is None else float(value)
        for name, value in row.items()
        if name in DEFINITIONS and (value is None or isinstance(value, int | float))
    }
    figures["pay_ratio"] = cost.pay_ratio if cost else None
    if (row["_told"] or 0.0) < MOSTLY:
        figures |= dict.fromkeys(_OF_TOUCH)
    return ActivityRecord(
        name=str(row["activity"]),
        function=None if row["function"] is None else str(row["function"]),
        figures=figures,
        estimated=(figures["estimated_share"] or 0.0) > MOSTLY,
    )
