"""Find for each step the one that made it possible: the last to end before it that does not run beside it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.eventlog._turns import NEVER, NONE
from backdesk.evidence.eventlog.concurrency import Flags, Ints, Work, concurrent_pairs, in_turn
from backdesk.evidence.eventlog.numbering import case_numbers, closed_up

MANY: Final = 30_000  # steps from which on compiled code is worth being made


def causal_predecessors(steps: pl.DataFrame) -> pl.Series:
    """Give for each step the row of the step that causally precedes it, null where the case's arrival does.

    `steps` has the schema `STEPS`; the rows count from 0 in the order given. It is the step of the case that
    ended last at or before this one's start (where the start is estimated: before its end), left out
    those whose activity runs beside this one's (see `concurrency.concurrent_pairs`).

    >>> from datetime import UTC, datetime
    >>> from backdesk.evidence.eventlog import STEPS
    >>> at = [datetime(2024, 1, 2, hour, tzinfo=UTC) for hour in (9, 10, 11, 12)]
    >>> rows = {"case": "7", "activity": ["Check", "Pay"], "enabled_at": [at[0], at[1]],
    ...     "started_at": [at[0], at[2]], "ended_at": [at[1], at[3]], "start_estimated": False, "line": [2, 3]}
    >>> steps = pl.DataFrame(rows, schema_overrides={name: STEPS[name] for name in rows})
    >>> causal_predecessors(steps).to_list()
    [None, 0]
    """
    reference = pl.when("start_estimated").then("ended_at").otherwise("started_at")
    frame = steps.select("case", "activity", reference.alias("start"), pl.col("ended_at").alias("end"))
    found = predecessors(as_work(frame.with_row_index("order")))
    return pl.Series("predecessor", found).replace(NONE, None).cast(pl.UInt32)


def as_work(frame: pl.DataFrame) -> Work:
    """Turn the columns case, activity, start, end and order into numbers; steps not ended end never."""
    columns = frame.select(
        pl.col("activity").to_physical().cast(pl.Int64),
        pl.col("start").to_physical(),
        pl.col("end").to_physical().fill_null(NEVER),
        pl.col("order").cast(pl.Int64),
    )
    codes, start, end, order = (column.to_numpy() for column in columns)
    activity = closed_up(codes)
    activities = int(activity.max(initial=-1)) + 1
    return Work(case_numbers(frame["case"]), activity, start, end, order, activities)


def predecessors(work: Work) -> Ints:
    """Give for each step the index of the one that made it possible, `NONE` for a case's first."""
    rows, before = preceded(work)
    found = np.empty_like(before)
    found[rows] = np.where(before == NONE, NONE, rows[before])
    return found


def preceded(work: Work) -> tuple[Ints, Ints]:
    """Give the rows by case, start, end and order, and for each of these the place of the one that made it possible."""
    if work.case.size >= MANY:
        from backdesk.evidence.eventlog import enabling_quick

        if found := enabling_quick.preceded(work):
            return found
    rows = work.by_start()
    return rows, predecessors_of(work.taken(rows))


def predecessors_of(work: Work) -> Ints:
    """Give for each of the rows that stand by case, start, end and order the one that made it possible."""
    start, end = work.keys()
    by_end = in_turn(end, np.argsort(work.order, kind="stable"))
    place = np.empty_like(by_end)
    place[by_end] = np.arange(by_end.size)
    latest = np.searchsorted(end[by_end], start, side="right") - 1
    latest = np.minimum(latest, place - 1)  # of what ended at the same instant, only what stands before it
    ended = work.end < NEVER
    pairs = concurrent_pairs(work if ended.all() else work.taken(ended))
    latest = _beside_left_out(latest, work.activity, work.activity[by_end], pairs)
    found = by_end[np.maximum(latest, 0)]
    return np.where((latest >= 0) & (work.case[found] == work.case), found, NONE)


def arrivals(work: Work, since: Ints) -> Ints:
    """Give for each step the earliest of what is known of any step of its case."""
    earliest = np.full(int(work.case.max(initial=-1)) + 1, NEVER)
    np.minimum.at(earliest, work.case, since)
    found: Ints = earliest[work.case]
    return found


def _beside_left_out(latest: Ints, activity: Ints, ended: Ints, pairs: Flags) -> Ints:
    """Go back from the latest step to the latest whose activity does not run beside this one's.

    `latest` are places in the order of ends, `ended` the activities in that order.
    """
    if not pairs.any():
        return latest
    doubtful = (latest >= 0) & pairs[activity, ended[np.maximum(latest, 0)]]
    settled, places = latest.copy(), np.arange(ended.size)
    for code in np.unique(activity[doubtful]):
        last = np.maximum.accumulate(np.where(pairs[code][ended], NONE, places))
        rows = np.flatnonzero(doubtful & (activity == code))
        settled[rows] = last[latest[rows]]
    return settled
