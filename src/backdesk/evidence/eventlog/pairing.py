"""Pair the starts of work with their ends: first in, first out, also where work overlaps and repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

BY_PERSON: Final = ("case", "activity", "resource")
BY_ACTIVITY: Final = ("case", "activity")


def paired(marks: pl.DataFrame) -> pl.DataFrame:
    """Pair openers with closers; gives the columns `opener` and `closer`, each a value of `order`.

    `marks` has the columns case, activity, resource, at, order (a number that tells rows apart, rising in the
    order of the file) and opens (Boolean). A closer takes the earliest opener of its case, activity and
    resource that is still open; what is then left is paired by case and activity alone, since one may
    finish what another began. At equal times an opener comes before a closer.
    """
    if not marks["opens"].any():
        return pl.DataFrame(schema={"opener": marks.schema["order"], "closer": marks.schema["order"]})
    first = in_turn(marks, BY_PERSON)
    done = pl.concat([first["opener"], first["closer"]])
    rest = marks.filter(~pl.col("order").is_in(done.implode()))
    return pl.concat([first, in_turn(rest, BY_ACTIVITY)])


def in_turn(marks: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Match the k-th opener of each group of equal `keys` with its k-th closer, and leave the other closers out.

    The level is how many are open. A closer that lowers it below every level before it (and below none
    open) came without an opener; without those the level never falls below zero, so the k-th
    opener always stands before the k-th closer.
    """
    opened = marks.filter("opens").select(BY_ACTIVITY).unique()
    queue = marks.join(opened, on=BY_ACTIVITY, how="semi").sort(*keys, "at", pl.col("opens").not_(), "order")
    if queue.is_empty():
        return queue.select(opener="order", closer="order")
    opens = queue["opens"].to_numpy()
    group = queue.select(pl.struct(keys).rle_id()).to_series().to_numpy().astype(np.int64)
    begins = np.flatnonzero(np.diff(group, prepend=-1))
    running = np.cumsum(np.where(opens, 1, -1))
    before = np.append(0, running[:-1])  # each mark
    base = before[begins][group]
    # Groups are set apart so far that the lowest of one is above all of the next.
    apart = group * (2 * group.size + 1)
    lowest = np.minimum.accumulate(before - base - apart) + apart
    found = ~opens & (running - base >= lowest)
    closers = np.bincount(group[found], minlength=begins.size)
    opened_before = np.cumsum(opens) - opens
    taken = opens & (opened_before - opened_before[begins][group] < closers[group])
    return pl.DataFrame(
        {"opener": queue["order"].filter(pl.Series(taken)), "closer": queue["order"].filter(pl.Series(found))}
    )
