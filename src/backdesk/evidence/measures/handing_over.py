"""Who hands work to whom, and what comes straight back."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.measures.causes import NONE, Integers, preceding, taken
from backdesk.evidence.measures.columns import check_measured, checked_keys
from backdesk.evidence.measures.definition import Measure


def handovers(
    measured: pl.DataFrame, *, between: str = "resource", only: pl.Expr | None = None
) -> pl.DataFrame:
    """Return who handed work to whom: one row per giver and taker, most handovers first.

    `measured` are the steps of `measure_steps`, in their order; `between` is one of their columns: `resource`,
    `team` or `party`. A step is a handover where the step that causally precedes it, which need not be the row
    before, was in other hands; `only` says which of them count, by their columns. Returned are `giver`, `taker`, and
    the figures of `HANDOVER_ENTRIES`. Where either is not known there is no row.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> table = handovers(measure_steps(two_orders(), calendar=office))
    >>> table.select("giver", "taker", "handovers", "handover_hours_median", "returned_share").rows()
    [('Ann', 'Bob', 2, 1.75, 0.5), ('Bob', 'Ann', 1, 0.0, 0.0)]
    """
    check_measured(measured, "waiting_working_s")
    return (
        handed_over(measured, between=between)
        .filter(True if only is None else only)
        .group_by("giver", "taker")
        .agg(
            pl.len().cast(pl.Int64).alias("handovers"),
            pl.col("case").n_unique().cast(pl.Int64).alias("cases"),
            (pl.col("waiting_working_s").median() / 3600).alias("handover_hours_median"),
            pl.col("is_crossing").mean().alias("crossing_share"),
            pl.col("came_back").sum().cast(pl.Int64).alias("returned"),
            pl.col("came_back").mean().alias("returned_share"),
        )
        .sort("handovers", "giver", "taker", descending=[True, False, False])
    )


def handed_over(measured: pl.DataFrame, *, between: str = "resource") -> pl.DataFrame:
    """Return the steps that were handed over, in their order: those that `handovers` counts.

    Behind the columns of `measured` stand `giver`, `taker` and `came_back`: whether the giver was the next other
    one to have the work in hand. Source: as `handovers`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> steps = handed_over(measure_steps(two_orders(), calendar=office))
    >>> steps.select("case", "activity", "giver", "taker", "came_back").rows()[0]
    ('1', 'Check', 'Ann', 'Bob', True)
    """
    checked_keys([between], measured)
    cause = preceding(measured)
    hands = measured[between].to_physical().fill_null(NONE).to_numpy().astype(np.int64)
    given, back = _given(hands, cause)
    return measured.with_columns(
        taken(measured[between], cause, "giver"),
        pl.col(between).alias("taker"),
        pl.Series("came_back", back),
    ).filter(pl.Series(given))


HANDOVER_ENTRIES: Final = (
    Measure(
        name="handovers",
        title="Handovers",
        unit="steps",
        definition="steps of the taker whose causally preceding step was the giver's",
        limits="a hand over within the minute and one after a week count alike",
    ),
    Measure(
        name="handover_hours_median",
        title="Waiting at the handover, median",
        unit="h",
        definition="median working time from when the step handed over could have begun to its start",
        needs_starts=True,
        limits="waiting before the step, whoever caused it; half of the handovers wait longer",
    ),
    Measure(
        name="returned",
        title="Came straight back",
        unit="steps",
        definition="handovers after which the giver was the next other person to have the work in hand",
        limits="what comes back may have been meant to, as for a signature",
    ),
    Measure(
        name="returned_share",
        title="Came straight back, share",
        unit="%",
        definition="handovers that came straight back / handovers",
        limits="what comes back may have been meant to, as for a signature",
    ),
)


def _given(hands: Integers, cause: Integers) -> tuple[np.ndarray, np.ndarray]:
    """Say of each step whether it was handed over, and whether that handover came straight back to its giver."""
    caused = cause != NONE
    same = caused & (hands == hands[cause])
    given = caused & ~same & (hands != NONE) & (hands[cause] != NONE)
    taken_over = _first_of_run(np.where(same, cause, np.arange(len(cause))))
    # The handover that the work goes on from, where this one leads away again; its giver may be this taker.
    before = taken_over[np.maximum(cause, 0)]
    returns = given & given[before] & (hands[cause[before]] == hands)
    back = np.zeros(len(hands), dtype=np.bool_)
    back[before[returns]] = True
    return given, back


def _first_of_run(row: Integers) -> Integers:
    """Follow rows that lead to rows until they lead to themselves."""
    while True:
        onward = row[row]
        if (onward == row).all():
            return row
        row = onward
