"""Find with compiled functions what made steps possible, in logs large enough to make up for loading them.

numpy passes over all steps some sixty times, a compiled function over each case three times while it is near.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from backdesk.evidence.eventlog import _turns
from backdesk.evidence.eventlog.concurrency import (
    ACTIVITIES_LIMIT,
    NEIGHBOURS,
    Flags,
    Ints,
    Work,
    either_order,
    overlapping,
)
from backdesk.evidence.kernels import compiled

PATIENCE: Final = 64  # steps looked at for each one


def preceded(work: Work) -> tuple[Ints, Ints] | None:
    """Give the rows by case, start, end and order, and for each the place of what made it possible among these.

    None of what takes long, and of a log of too many activities, or with steps of no case: their numbers lead nowhere.
    """
    if work.activities > ACTIVITIES_LIMIT or work.case.min(initial=0) < 0:
        return None
    rows, cases = work.case.size, int(work.case.max(initial=-1)) + 1
    sizes, patience = np.array([rows, cases, work.activities, NEIGHBOURS]), PATIENCE * rows
    columns = (work.case, work.activity, work.start, work.end, work.order)
    steps = _turns.Steps(*map(np.ascontiguousarray, columns))
    turns = _turns.Turns(np.zeros(cases + 2, np.int64), *np.empty((3, rows), np.int64))
    counts = _turns.Counts(*np.zeros((5, work.activities**2), np.int64))
    if compiled(_turns.count)(steps, turns, counts, sizes, patience):
        return None
    beside, before = _beside(work, counts).ravel().astype(np.uint8), np.empty(rows, np.int64)
    if compiled(_turns.precede)(steps, turns, beside, before, sizes, patience):
        return None
    return turns.rows, before


def _beside(work: Work, counts: _turns.Counts) -> Flags:
    """Tell for each pair of activities whether they run side by side."""
    square = (work.activities, work.activities)
    follows, both_ways, overlaps = (
        table.reshape(square) for table in (counts.follows, counts.both_ways, counts.overlaps)
    )
    beside: Flags = either_order(follows, both_ways) | overlapping(work, overlaps)
    return beside
