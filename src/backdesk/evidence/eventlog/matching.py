"""Put the events of work together: its start with its end, and what was scheduled with what then began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.lifecycles import ABORTS, PAUSES, PREPARATIONS, SKIPS, START
from backdesk.evidence.eventlog.pairing import BY_ACTIVITY, in_turn, paired
from backdesk.evidence.eventlog.schema import STEPS

WHO: Final = ("resource", "team", "party", "function")
COLUMNS: Final = ("order", "case", "activity", *WHO, "started_at", "ended_at", "line", "scheduled_at")
ASIDE: Final = PREPARATIONS | PAUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Work put together from its events: done, begun and not ended, begun and broken off."""

    done: pl.DataFrame  # ended_at, started_at (null where not recorded), scheduled_at (null likewise)
    begun: pl.DataFrame  # started_at, ended_at null
    paired: int  # of those done, how many had their start in another event
    in_one_row: int  # of those done, how many had start and end in one event
    aborts: int  # events about work withdrawn, aborted or skipped: its starts, if any, and its ends


def matched(events: pl.DataFrame) -> Matched:
    """Pair starts with what ended them; unknown transitions say that something happened, so they end work."""
    transition = pl.col("lifecycle")
    work = events.filter(~transition.is_in(list(ASIDE))).with_columns(
        transition.is_in(list(ABORTS | SKIPS)).alias("aborts"),
        ((transition == START) & pl.col("started_at").is_null()).alias("opens"),
    )
    marks = work.filter(pl.col("started_at").is_null())
    pairs = paired(marks.select("case", "activity", "resource", "at", "order", "opens"))
    ends = _with_openers(work, pairs)
    begun = work.filter(pl.col("opens") & ~pl.col("order").is_in(pairs["opener"].implode())).with_columns(
        pl.col("at").alias("started_at"), pl.lit(None, STEPS["ended_at"]).alias("ended_at")
    )
    every = pl.concat([ends.select(begun.columns), begun])
    scheduled = _scheduled(events, every)
    ends, begun = (part.join(scheduled, on="order", how="left") for part in (ends, begun))
    broken_off = ends.filter("aborts")
    done = ends.filter(~pl.col("aborts"))
    return Matched(
        done=done.select(COLUMNS),
        begun=begun.select(COLUMNS),
        paired=done["opener"].count(),
        in_one_row=done.filter(pl.col("opener").is_null())["started_at"].count(),
        aborts=broken_off.height + broken_off["opener"].count(),
    )


def _with_openers(work: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Take the events that end work, each with its start, and with who began it where it does not say who."""
    if pairs.is_empty():
        alone = pl.lit(None, work.schema["order"]).alias("opener")
        return work.filter(~pl.col("opens")).with_columns(alone, pl.col("at").alias("ended_at"))
    ends = work.filter(~pl.col("opens")).join(pairs, left_on="order", right_on="closer", how="left")
    openers = work.select(pl.col("order").alias("opener"), pl.col("at").alias("began_at"), *WHO)
    ends = ends.join(openers, on="opener", how="left", suffix="_begun")
    return ends.with_columns(
        pl.coalesce("started_at", "began_at").alias("started_at"),
        pl.col("at").alias("ended_at"),
        *(pl.coalesce(who, f"{who}_begun").alias(who) for who in WHO),
    )


def _scheduled(events: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Give when work was scheduled, or else assigned, by the `order` of its event: each once, first in, first out.

    What was withdrawn or skipped takes its scheduling with it. Who scheduled it is rarely who does it, so that
    does not count.
    """
    began = every.select(*BY_ACTIVITY, pl.coalesce("started_at", "at").alias("at"), "order", opens=False)
    found = began.select("order")
    for name in ("schedule", "assign"):
        said = events.filter(pl.col("lifecycle") == name)
        if not said.height:
            found = found.with_columns(pl.lit(None, STEPS["enabled_at"]).alias(name))
            continue
        marks = pl.concat([said.select(*BY_ACTIVITY, "at", "order", opens=True), began])
        at = said.select(pl.col("order").alias("opener"), pl.col("at").alias(name))
        pairs = in_turn(marks, BY_ACTIVITY).join(at, on="opener", how="left").drop("opener")
        found = found.join(pairs, left_on="order", right_on="closer", how="left")
    return found.select("order", pl.coalesce("schedule", "assign").alias("scheduled_at"))
