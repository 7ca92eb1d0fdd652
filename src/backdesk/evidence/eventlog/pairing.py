"""Pair the starts of work with their ends: first in, first out, also where work overlaps and repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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
    opened = marks.filter("opens").select("case", "activity").unique()
    queue = marks.join(opened, on=["case", "activity"], how="semi")
    queue = queue.sort(*keys, "at", pl.col("opens").not_(), "order")
    queue = queue.with_columns(pl.struct(keys).rle_id().alias("group"))
    level = pl.when("opens").then(1).otherwise(-1).cum_sum().over("group")
    queue = queue.with_columns(level.alias("level"))
    lowest = pl.col("level").cum_min().shift(1).over("group").fill_null(0)
    queue = queue.with_columns((pl.col("level") >= pl.min_horizontal(lowest, pl.lit(0))).alias("found"))
    turn = pl.int_range(pl.len()).over("group").alias("turn")
    openers = queue.filter("opens").select("group", turn, pl.col("order").alias("opener"))
    closers = queue.filter(~pl.col("opens") & pl.col("found")).select(
        "group", turn, pl.col("order").alias("closer")
    )
    return openers.join(closers, on=["group", "turn"]).select("opener", "closer")
