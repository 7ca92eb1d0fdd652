"""Turn events into steps: one activity of one case with its start, its end and when it could have begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from backdesk.evidence.eventlog.attributes import kinds_of
from backdesk.evidence.eventlog.enabling import NONE, as_work, predecessors
from backdesk.evidence.eventlog.lifecycles import ABORTS, KNOWN, PAUSES, PREPARATIONS, SKIPS, START
from backdesk.evidence.eventlog.pairing import paired
from backdesk.evidence.eventlog.results import Reading, Starts, StepLog, log_of
from backdesk.evidence.eventlog.schema import STEPS
from backdesk.evidence.eventlog.tables import counted

MissingStart = Literal["auto", "estimate", "instant"]

WHO: Final = ("resource", "team", "party", "function")
COLUMNS: Final = ("order", "case", "activity", *WHO, "started_at", "ended_at", "line")
ESTIMATE: Final = "as the later of when the performer was free and when the step could begin"
USUAL: Final = ", or where it is later still, by the usual time of the activity"
ASIDE: Final = PREPARATIONS | PAUSES | SKIPS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matched:
    """Work put together from its events: done, begun and not ended, begun and broken off."""

    done: pl.DataFrame  # ended_at, started_at (null where not recorded)
    begun: pl.DataFrame  # started_at, ended_at null
    paired: int  # of those done, how many had their start in another event
    in_one_row: int  # of those done, how many had start and end in one event
    aborts: int  # events about work withdrawn or aborted: its starts, where there are any, and its ends


def to_steps(reading: Reading, *, missing_start: MissingStart = "auto") -> StepLog:
    """Put the events of a reading together into steps.

    Starts and completions of one case and activity are paired first in, first out, also where they overlap.
    `missing_start` says what becomes of a completion without a start: "estimate" takes the latest of the
    performer's previous end, `enabled_at`, and the end less the median time of the activity's recorded steps,
    and marks it; "instant" lets the step start as it ends;
    "auto" estimates where the activity has starts elsewhere or the whole log has none, and takes the rest as
    instants (they record a change of state). `enabled_at` is the end of the step that causally
    precedes it, else the arrival of the case. All times are UTC, to the microsecond. Attributes are those of the
    event that ended the step, of an open step those of the event that began it.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from backdesk.evidence.eventlog import read
    >>> with TemporaryDirectory() as folder:
    ...     log = Path(folder, "log.csv")
    ...     _ = log.write_text("case,activity,start,end\\n1,Check,2024-01-02 09:00,2024-01-02 09:30\\n"
    ...         "1,Pay,2024-01-02 11:00,2024-01-02 11:10\\n")
    ...     steps = to_steps(read(log, zone="UTC")).steps
    >>> [f"{at:%H:%M}" for at in steps["enabled_at"]]
    ['09:00', '09:30']
    """
    events = reading.events.with_row_index("order")
    matched = _matched(events)
    done, told = _with_policy(matched, missing_start)
    begun = matched.begun.with_columns(pl.lit(False).alias("start_estimated"))
    every = _enabled(pl.concat([done, begun]))
    attributes = [events[name].gather(every["order"]) for name in kinds_of(events)]
    notes = (*_pairing_notes(events, matched), *told)
    return log_of(_ordered(every.hstack(attributes)), zone=reading.zone, starts=_starts(every), notes=notes)


def _matched(events: pl.DataFrame) -> _Matched:
    """Pair starts with what ended them; unknown transitions say that something happened, so they end work."""
    transition = pl.col("lifecycle").cast(pl.String)
    work = events.filter(~transition.is_in(list(ASIDE))).with_columns(
        transition.is_in(list(ABORTS)).alias("aborts"),
        ((transition == START) & pl.col("started_at").is_null()).alias("opens"),
    )
    marks = work.filter(pl.col("started_at").is_null())
    pairs = paired(marks.select("case", "activity", "resource", "at", "order", "opens"))
    ends = _with_openers(work, pairs)
    begun = work.filter(pl.col("opens") & ~pl.col("order").is_in(pairs["opener"].implode())).with_columns(
        pl.col("at").alias("started_at"), pl.lit(None, STEPS["ended_at"]).alias("ended_at")
    )
    broken_off = ends.filter("aborts")
    done = ends.filter(~pl.col("aborts"))
    return _Matched(
        done=done.select(COLUMNS),
        begun=begun.select(COLUMNS),
        paired=done["opener"].count(),
        in_one_row=done.filter(pl.col("opener").is_null())["started_at"].count(),
        aborts=broken_off.height + broken_off["opener"].count(),
    )


def _with_openers(work: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Take the events that end work, each with its start, and with who began it where it does not say who."""
    ends = work.filter(~pl.col("opens")).join(pairs, left_on="order", right_on="closer", how="left")
    openers = work.select(pl.col("order").alias("opener"), pl.col("at").alias("began_at"), *WHO)
    ends = ends.join(openers, on="opener", how="left", suffix="_begun")
    return ends.with_columns(
        pl.coalesce("started_at", "began_at").alias("started_at"),
        pl.col("at").alias("ended_at"),
        *(pl.coalesce(who, f"{who}_begun").alias(who) for who in WHO),
    )


def _with_policy(matched: _Matched, missing_start: MissingStart) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Decide for each completion without a start whether to estimate it; instants start as they end."""
    done, without = matched.done, pl.col("started_at").is_null()
    recorded = pl.concat([done.filter(~without)["activity"], matched.begun["activity"]]).unique()
    estimate = pl.lit(missing_start == "estimate")
    if missing_start == "auto":
        estimate = pl.col("activity").is_in(recorded.implode()) if recorded.len() else pl.lit(True)
    done = done.with_columns((without & estimate).alias("start_estimated"))
    instant = without & ~pl.col("start_estimated")
    notes = _policy_notes(
        done.filter(without), recorded=recorded.len(), total=done.height, missing_start=missing_start
    )
    told = tuple(notes)
    return done.with_columns(
        pl.when(instant).then("ended_at").otherwise("started_at").alias("started_at")
    ), told


def _enabled(every: pl.DataFrame) -> pl.DataFrame:
    """Find when each step could have begun, and with that the starts to be estimated."""
    known = pl.coalesce("started_at", "ended_at").alias("start")
    work = as_work(every.select("case", "activity", known, pl.col("ended_at").alias("end"), "order"))
    before = pl.Series("before", predecessors(work))
    enabled = every["ended_at"].gather(before.set(before == NONE, None))
    return (
        every.with_columns(enabled.alias("enabled_at"), _previous_ends(every))
        .with_columns(pl.col("enabled_at").fill_null(known.min().over("case")))
        .with_columns(
            pl.when("start_estimated")
            .then(pl.max_horizontal("previous_end", "enabled_at", _usual_start()))
            .otherwise("started_at")
            .alias("started_at")
        )
    )


def _usual_start() -> pl.Expr:
    """Give when the step began if it took as long as its activity's recorded ones; null where none is recorded.

    Without it a step whose performer is not known, or came back from a holiday, would have taken weeks.
    """
    usual = (pl.col("ended_at") - pl.col("started_at")).median().over("activity")
    return pl.col("ended_at") - usual


def _previous_ends(every: pl.DataFrame) -> pl.Series:
    """Give the end of what the performer ended before, over all cases; null where no one is named."""
    ends = every.select("order", "resource", "ended_at").drop_nulls().sort("resource", "ended_at", "order")
    ends = ends.with_columns(pl.col("ended_at").shift(1).over("resource").alias("previous_end"))
    found = every.select("order").join(ends, on="order", how="left", maintain_order="left")
    return found["previous_end"]


def _ordered(steps: pl.DataFrame) -> pl.DataFrame:
    return steps.sort("case", "started_at", "ended_at", "line", "order", nulls_last=True)


def _starts(every: pl.DataFrame) -> Starts:
    steps = every.filter(pl.col("ended_at").is_not_null())
    if steps["start_estimated"].all() and steps.height:
        return "estimated"
    return "mixed" if steps["start_estimated"].any() else "recorded"


def _pairing_notes(events: pl.DataFrame, matched: _Matched) -> Iterator[str]:
    """Say what became of every event, so that the numbers add up to all of them."""
    counts = dict(events.group_by(pl.col("lifecycle").cast(pl.String)).len().sort("lifecycle").rows())
    alone = matched.done["started_at"].null_count()
    parts = [
        (2 * matched.paired, f"starts and ends of {counted(matched.paired, 'step')}"),
        (matched.in_one_row, "with start and end in one row"),
        (alone, "with an end alone"),
        (matched.begun.height, "with a start alone (open steps)"),
        (matched.aborts, "about work withdrawn or aborted, no steps"),
        *((count, f'"{name}", no steps') for name, count in counts.items() if name in ASIDE),
    ]
    told = "; ".join(f"{count:,} {text}" for count, text in parts if count)
    yield f"{counted(events.height, 'event')}: {told}."
    if unknown := {name: count for name, count in counts.items() if name not in KNOWN}:
        named = ", ".join(f'"{name}" ({count:,})' for name, count in list(unknown.items())[:10])
        yield f"Unknown transitions were read as completions: {named}."
    if paused := counts.get("suspend", 0):
        yield f"{counted(paused, 'suspension')} of work; the time until it was resumed is part of the step."


def _policy_notes(
    missing: pl.DataFrame, *, recorded: int, total: int, missing_start: MissingStart
) -> Iterator[str]:
    estimated = int(missing["start_estimated"].sum())
    instants = missing.filter(~pl.col("start_estimated"))
    if estimated and not recorded:
        yield f"The log records no starts: {estimated:,} were estimated {ESTIMATE}."
    elif estimated:
        yield f"{estimated:,} of {counted(total, 'start')} not recorded, estimated {ESTIMATE}{USUAL}."
    if instants.height and missing_start == "auto":
        names = instants["activity"].unique().cast(pl.String).sort()
        shown = ", ".join(names.head(5)) + (", …" if names.len() > 5 else "")
        yield (
            f"{counted(instants.height, 'step')} of activities that never have a start ({shown}), read as "
            "instants: they record a change of state, not time worked."
        )
    elif instants.height:
        yield f"{counted(instants.height, 'step')} without a start, read as instants, as asked."
