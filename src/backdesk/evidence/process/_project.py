"""A log seen through some of its activities: who follows whom when the steps of the others are left out."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.measures.columns import check_measured

_COLUMNS = (
    "case",
    "activity",
    "follows",
    "leads_to",
    "function",
    "enabled_at",
    "started_at",
    "ended_at",
    "line",
    "start_estimated",
    "touch_working_s",
    "waiting_s",
    "waiting_working_s",
)


def in_order(measured: pl.DataFrame) -> pl.DataFrame:
    """Keep what a map needs, in the order of work, with each step's `rank` in its case.

    `is_last` marks the steps nothing followed from: the last of a case, or of a branch beside others.
    """
    check_measured(measured, "follows")
    ordered = measured.select(_COLUMNS).sort("case", "started_at", "ended_at", "line")
    return ordered.with_columns(
        pl.col("activity", "follows").cast(pl.String),
        rank=pl.int_range(pl.len()).over("case"),
        is_last=pl.col("leads_to").is_null(),
    )


def onto(steps: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
    """Leave out the steps of other activities; `follows` then names the nearest predecessor that is kept."""
    is_kept = pl.col("activity").is_in(list(kept))
    visible = steps.select(is_kept).to_series().to_numpy()
    if visible.all():
        return steps
    predecessor = _jump_over_hidden(_predecessors(steps), visible)
    leads_on = np.zeros(steps.height, dtype=np.bool_)
    leads_on[predecessor[visible & (predecessor >= 0)]] = True
    names = steps["activity"].gather(np.maximum(predecessor, 0))
    bridged = steps.with_columns(
        follows=pl.when(pl.Series(predecessor >= 0)).then(names).otherwise(None),
        is_last=pl.Series(~leads_on),
    )
    return bridged.filter(pl.Series(visible))


def within(
    steps: pl.DataFrame, *, visible: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell of each step whether its predecessor is visible, and whether it leads to a visible one."""
    predecessor = _predecessors(steps)
    follows = (predecessor >= 0) & visible[np.maximum(predecessor, 0)]
    leads = np.zeros(steps.height, dtype=np.bool_)
    leads[predecessor[visible & (predecessor >= 0)]] = True
    return follows, leads


def _predecessors(steps: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Row of each step's causal predecessor, or -1: of that activity, the last to end before the step was enabled."""
    count = steps.height
    moments = pl.concat([steps["ended_at"], steps["enabled_at"]]).rank("dense").cast(pl.Int64) * (count + 1)
    rows = steps.select("case", "activity", "follows").with_row_index("row")
    ends = rows.select(
        "case", at=moments.head(count) + rows["row"], predecessor="row", follows="activity"
    ).sort("at")
    asked = rows.with_columns(at=moments.tail(count) + rows["row"]).drop_nulls("follows").sort("at")
    found = asked.join_asof(
        ends,
        on="at",
        by=["case", "follows"],
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    predecessors = np.full(steps.height, -1, dtype=np.int64)
    predecessors[found["row"].to_numpy()] = found["predecessor"].cast(pl.Int64).fill_null(-1).to_numpy()
    return predecessors


def _jump_over_hidden(
    predecessors: npt.NDArray[np.int64], visible: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Follow predecessors until one is visible; each round at least doubles the distance covered."""
    jump = predecessors.copy()
    while True:
        hidden = np.flatnonzero((jump >= 0) & ~visible[np.maximum(jump, 0)])
        if not hidden.size:
            return jump
        jump[hidden] = jump[jump[hidden]]
