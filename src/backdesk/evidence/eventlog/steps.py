"""Turn events into steps: one activity of one case with its start, its end and when it could have begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal, get_args

import polars as pl

from backdesk.evidence.eventlog._turns import NONE
from backdesk.evidence.eventlog.attributes import kinds_of
from backdesk.evidence.eventlog.enabling import arrivals, as_work, preceded
from backdesk.evidence.eventlog.errors import MappingInvalid
from backdesk.evidence.eventlog.lifecycles import KNOWN, PAUSES
from backdesk.evidence.eventlog.matching import ASIDE, Matched, matched
from backdesk.evidence.eventlog.numbering import case_numbers
from backdesk.evidence.eventlog.results import Reading, Starts, StepLog, log_of
from backdesk.evidence.eventlog.schema import UTC_TIME
from backdesk.evidence.eventlog.suspending import pauses_of
from backdesk.evidence.sentences import counted, digits, in_a_row, say

MissingStart = Literal["auto", "estimate", "instant", "drop"]
MissingResource = Literal["keep", "group", "drop"]

UNNAMED: Final = "(not named)"


def to_steps(
    reading: Reading, *, missing_start: MissingStart = "auto", missing_resource: MissingResource = "keep"
) -> StepLog:
    """Put the events of a reading together into steps.

    Starts and completions of one case and activity are paired first in, first out, also where they overlap.
    `missing_start` says what becomes of a completion without a start: "estimate" takes the latest of the
    performer's previous end, `enabled_at`, and the end less the median time of the activity's recorded steps,
    and marks it; "instant" lets the step start as it ends; "drop" leaves it out, once it has told when others could
    begin; "auto" estimates where the activity has starts elsewhere or the whole log has none, and takes the
    rest as instants (they record a change of state). `missing_resource` says what becomes of steps that name
    nobody: "keep" leaves them so, "group" gives them to one group, "(not named)", and "drop" leaves them out.

    `enabled_at` is when the step was scheduled, or else assigned, where that is recorded; else the end of the step
    that causally precedes it; else the arrival of the case; and never after its start. Where work was suspended,
    the column `pauses` (`PAUSES`) says from when to when; it stays part of the step. All times are UTC, to the
    microsecond. Attributes are those of the event that ended the step, of an open step of the event that began it.
    Raises `MappingInvalid` for a policy that is none.

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
    _check(missing_start, get_args(MissingStart))
    _check(missing_resource, get_args(MissingResource))
    numbers = pl.Series("case", case_numbers(reading.events["case"]))  # compared and sorted sooner than names
    events = reading.events.with_row_index("order").with_columns(numbers)
    found = matched(events)
    done, told = _with_policy(found, missing_start)
    begun = found.begun.with_columns(pl.lit(False).alias("start_estimated"))
    every, of_pauses = _with_pauses(_enabled(pl.concat([done, begun])), events)
    said = ("case", *kinds_of(events))
    every = every.with_columns(reading.events[name].gather(every["order"]) for name in said)
    if missing_start == "drop":
        every = every.join(found.done.filter(pl.col("started_at").is_null()), on="order", how="anti")
    every, of_people = _with_people(every, missing_resource)
    notes = (*_pairing_notes(events, found), *told, *of_pauses, *of_people)
    return log_of(every, zone=reading.zone, starts=_starts(every), notes=notes)


def _check(policy: str, known: tuple[str, ...]) -> None:
    if policy not in known:
        raise MappingInvalid(
            say('"{}" is no way with what is missing; the ways are {}.', policy, ", ".join(known))
        )


def _with_policy(matched: Matched, missing_start: MissingStart) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Decide for each completion without a start whether to estimate it; instants start as they end."""
    done, without = matched.done, pl.col("started_at").is_null()
    if not done["started_at"].null_count():
        return done.with_columns(start_estimated=False), ()
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
    """Find when each step could have begun, and with that the starts to be estimated; give the steps in order."""
    known = pl.coalesce("started_at", "ended_at").alias("start")
    turn = pl.col("line").cast(pl.Int64) * 2**32 + pl.col("order")
    work = as_work(every.select("case", "activity", known, pl.col("ended_at").alias("end"), order=turn))
    rows, preceding = preceded(work)
    before = pl.Series(preceding)
    if (rows[1:] < rows[:-1]).any():
        every, work = every[rows], work.taken(rows)
    enabled = every["ended_at"].gather(before.set(before == NONE, None))
    since = every.select(pl.min_horizontal(known, "scheduled_at").to_physical()).to_series()
    arrival = pl.Series(arrivals(work, since.to_numpy())).cast(UTC_TIME)
    every = every.with_columns(pl.coalesce("scheduled_at", enabled, arrival).alias("enabled_at"))
    if not every["start_estimated"].any():
        return every
    every = every.with_columns(_previous_ends(every)).with_columns(
        pl.when("start_estimated")
        .then(pl.max_horizontal("previous_end", "enabled_at", _usual_start()))
        .otherwise("started_at")
        .alias("started_at")
    )
    return every[replace(work, start=every["started_at"].to_physical().to_numpy()).by_start()]


def _with_pauses(every: pl.DataFrame, events: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Add the pauses, where work was suspended, and say how many there are."""
    marks = events.filter(pl.col("lifecycle").is_in(list(PAUSES)))
    if not marks.height:
        return every, []
    pauses, left_out = pauses_of(every, marks)
    steps, notes = pauses.count(), list[str]()
    if steps:
        every = every.with_columns(pauses)
        told = counted(int(pauses.list.len().sum()), "suspension")
        notes.append(say("{} of {}, kept as pauses within them.", told, counted(steps, "step")))
    if left_out:
        told = counted(left_out, "event")
        notes.append(
            say("{} about suspending work that was not going on, or resuming what went on; left out.", told)
        )
    return every, notes


def _with_people(every: pl.DataFrame, missing_resource: MissingResource) -> tuple[pl.DataFrame, list[str]]:
    """Do with the steps that name nobody as asked."""
    nameless = every["resource"].null_count()
    if not nameless or missing_resource == "keep":
        return every, []
    steps = counted(nameless, "step")
    if missing_resource == "drop":
        left_out = say("{} without the name of who did it, left out as asked.", steps)
        return every.drop_nulls("resource"), [left_out]
    grouped = pl.col("resource").cast(pl.String).fill_null(UNNAMED).cast(every.schema["resource"])
    return every.with_columns(grouped), [
        say('{} without the name of who did it, put into the group "{}" as asked.', steps, UNNAMED)
    ]


def _usual_start() -> pl.Expr:
    """Give when the step began if it took as long as its activity's recorded ones; null where none is recorded.

    Without it a step whose performer is not known, or came back from a holiday, would have taken weeks.
    """
    usual = (pl.col("ended_at") - pl.col("started_at")).median().over("activity")
    return pl.col("ended_at") - usual


def _previous_ends(every: pl.DataFrame) -> pl.Series:
    """Give the end of what the performer ended before, over all cases; null where no one is named."""
    who = pl.col("resource").to_physical()
    ends = every.select(who, "ended_at", "order").with_row_index("row").drop_nulls()
    ends = ends.sort("resource", "ended_at", "order")
    before = ends.select(pl.when(who == who.shift(1)).then(pl.col("ended_at").shift(1))).to_series()
    nothing = pl.repeat(None, every.height, dtype=UTC_TIME, eager=True)
    return nothing.scatter(ends["row"], before).alias("previous_end")


def _starts(every: pl.DataFrame) -> Starts:
    steps = every.filter(pl.col("ended_at").is_not_null())
    if steps["start_estimated"].all() and steps.height:
        return "estimated"
    return "mixed" if steps["start_estimated"].any() else "recorded"


def _pairing_notes(events: pl.DataFrame, matched: Matched) -> Iterator[str]:
    """Say what became of every event, so that the numbers add up to all of them."""
    counted_up = events["lifecycle"].value_counts().cast({"lifecycle": pl.String})
    counts = dict(counted_up.sort("lifecycle").rows())
    alone = matched.done["started_at"].null_count()
    parts = [
        (2 * matched.paired, say("starts and ends of {}", counted(matched.paired, "step"))),
        (matched.in_one_row, say("with start and end in one row")),
        (alone, say("with an end alone")),
        (matched.begun.height, say("with a start alone (open steps)")),
        (matched.aborts, say("about work withdrawn, aborted or skipped, no steps")),
        *((count, say('"{}", no steps', name)) for name, count in counts.items() if name in ASIDE),
    ]
    told = tuple(say("{} {}", digits(count), text) for count, text in parts if count)
    yield say("{}: {}.", counted(events.height, "event"), told)
    if unknown := {name: count for name, count in counts.items() if name not in KNOWN}:
        named = [say('"{}" ({})', name, digits(count)) for name, count in unknown.items()]
        yield say("Unknown transitions were read as completions: {}.", in_a_row(named, most=10))


def _policy_notes(
    missing: pl.DataFrame, *, recorded: int, total: int, missing_start: MissingStart
) -> Iterator[str]:
    estimated = int(missing["start_estimated"].sum())
    instants = missing.filter(~pl.col("start_estimated"))
    if estimated and not recorded:
        yield say(
            "The log records no starts: {} were estimated as the later of when the performer was free and when the "
            "step could begin.",
            digits(estimated),
        )
    elif estimated:
        yield say(
            "{} of {} not recorded, estimated as the later of when the performer was free and when the step could "
            "begin, or where it is later still, by the usual time of the activity.",
            digits(estimated),
            counted(total, "start"),
        )
    if instants.height and missing_start == "auto":
        names = instants["activity"].unique().cast(pl.String).sort().to_list()
        yield say(
            "{} of activities that never have a start ({}), read as instants: they record a change of state, not "
            "time worked.",
            counted(instants.height, "step"),
            in_a_row(names, most=5),
        )
    elif instants.height:
        steps = counted(instants.height, "step")
        dropped = missing_start == "drop"
        yield (
            say("{} without a start, left out, as asked.", steps)
            if dropped
            else say("{} without a start, read as instants, as asked.", steps)
        )
