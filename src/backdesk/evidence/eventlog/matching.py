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
TOGETHER: Final = ASIDE | ABORTS | SKIPS | {START}  # what has to be put together with something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Work put together from its events: done, begun and not ended, begun and broken off."""

    done: pl.DataFrame  # ended_at, started_at (null where not recorded), scheduled_at (null likewise)
    begun: pl.DataFrame  # started_at, ended_at null
    paired: int  # of those done, how many had their start in another event
    in_one_row: int  # of those done, how many had start and end in one event
    aborts: int  # events about work withdrawn, aborted or skipped: its starts, if any, and its ends


def matched(events: pl.DataFrame) -> Matched:
    """Pair starts with what ended them; unknown transitions say that something happened, so they end work.

    The column `order` of the events counts the rows from 0.
    """
    if not events["lifecycle"].unique().cast(pl.String).is_in(list(TOGETHER)).any():
        return _of_ends_alone(events)
    transition = pl.col("lifecycle")
    work = events.filter(~transition.is_in(list(ASIDE))).with_columns(
        transition.is_in(list(ABORTS | SKIPS)).alias("aborts"),
        ((transition == START) & pl.col("started_at").is_null()).alias("opens"),
    )
    marks = work.filter(pl.col("started_at").is_null())
    pairs = paired(marks.select("case", "activity", "resource", "at", "order", "opens"))
    ends = _with_openers(work, pairs, events)
    waiting = work["opens"] & ~_marked(pairs["opener"], events.height).gather(work["order"])
    begun = work.filter(waiting).with_columns(
        pl.col("at").alias("started_at"), pl.lit(None, STEPS["ended_at"]).alias("ended_at")
    )
    every = pl.concat([ends.select(begun.columns), begun])
    scheduled = _scheduled(events, every)
    ends, begun = (
        part.with_columns(scheduled.gather(part["order"]).alias("scheduled_at")) for part in (ends, begun)
    )
    broken_off = ends.filter("aborts")
    done = ends.filter(~pl.col("aborts"))
    return Matched(
        done=done.select(COLUMNS),
        begun=begun.select(COLUMNS),
        paired=done["opener"].count(),
        in_one_row=done.filter(pl.col("opener").is_null())["started_at"].count(),
        aborts=broken_off.height + broken_off["opener"].count(),
    )


def _of_ends_alone(events: pl.DataFrame) -> Matched:
    """Take every event for the end of work, with its start or without."""
    nothing = pl.lit(None, STEPS["ended_at"]).alias("scheduled_at")
    done = events.with_columns(nothing, ended_at="at").select(COLUMNS)
    started = done["started_at"].count()
    return Matched(done=done, begun=done.clear(), paired=0, in_one_row=started, aborts=0)


def _with_openers(work: pl.DataFrame, pairs: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Take the events that end work, each with its start, and with who began it where it does not say who."""
    ends = work.filter(~pl.col("opens")).with_columns(pl.col("at").alias("ended_at"))
    by_closer = _nulls(events["order"]).scatter(pairs["closer"], pairs["opener"])
    opener = by_closer.gather(ends["order"]).alias("opener")
    if pairs.is_empty():
        return ends.with_columns(opener)
    began = [pl.coalesce(who, events[who].gather(opener)) for who in WHO]
    return ends.with_columns(opener, pl.coalesce("started_at", events["at"].gather(opener)), *began)


def _scheduled(events: pl.DataFrame, every: pl.DataFrame) -> pl.Series:
    """Give when work was scheduled, or else assigned, by the `order` of its event: each once, first in, first out.

    What was withdrawn or skipped takes its scheduling with it. Who scheduled it is rarely who does it, so that
    does not count.
    """
    began = every.select(*BY_ACTIVITY, pl.coalesce("started_at", "at").alias("at"), "order", opens=False)
    found = _nulls(events["at"])
    for name in ("assign", "schedule"):  # the later one stands
        said = events.filter(pl.col("lifecycle") == name)
        if said.height:
            marks = pl.concat([said.select(*BY_ACTIVITY, "at", "order", opens=True), began])
            pairs = in_turn(marks, BY_ACTIVITY)
            found = found.scatter(pairs["closer"], events["at"].gather(pairs["opener"]))
    return found


def _nulls(values: pl.Series) -> pl.Series:
    return pl.repeat(None, values.len(), dtype=values.dtype, eager=True)


def _marked(rows: pl.Series, count: int) -> pl.Series:
    return pl.repeat(False, count, eager=True).scatter(rows, True)
