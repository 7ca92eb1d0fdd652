"""What a record can be trusted with: who is one person, which working time is known, what is only a mark."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from backdesk.evidence.assessment.wording import listed
from backdesk.evidence.calendars.discovering import machines
from backdesk.evidence.measures.causes import preceding, taken
from backdesk.evidence.measures.systems import AS_NAMED, named_as_system
from backdesk.evidence.sentences import counted, say

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import StepLog

MOSTLY: Final = 0.5  # of an activity's starts estimated, from which on all its figures are
_SIDE_BY_SIDE: Final = 5.0  # steps in hand at once, on average: more than one person does
_ENOUGH_STEPS: Final = 50
_ANYBODY: Final = (
    r"(?i)^[\W_]*(staff|staff[ _-]?member|employee|user|unknown|missing|invalid|none|n/?a|null|undefined|"
    r"anonymous|anybody|other|resource|customer|client|supplier|vendor)[\W_]*$"
)


def machine_share(log: StepLog) -> pl.DataFrame:
    """Give `activity` and `machine_share`: the part of its steps done by machines.

    They are known by a name such as system, batch or bot, or since they work round the clock. Null where no step
    names who did it.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> machine_share(two_orders()).rows()
    [('Check', 0.0), ('Enter', 0.0)]
    """
    restless = machines(log.steps, zone=log.zone)
    machine = named_as_system(pl.col("resource")) | pl.col("resource").cast(pl.String).is_in(restless)
    share = pl.when(machine.count() > 0).then(machine.sum() / pl.len())
    return (
        log.steps.group_by(pl.col("activity").cast(pl.String))
        .agg(share.alias("machine_share"))
        .sort("activity")
    )


def people_only(log: StepLog) -> tuple[StepLog, tuple[str, ...]]:
    """Leave only names that are one person's, and say which were taken out.

    A system is no person, nor who works round the clock; "staff member" is anybody; and who has five steps in hand
    at once, over fifty steps with recorded starts, is a team. What they did stays, as done by nobody named; a start
    estimated from when they were free becomes when the step could begin.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> people_only(two_orders())[1]
    ()
    """
    named = log.steps["resource"].cast(pl.String)
    names = named.drop_nulls().unique()
    systems = names.to_frame("name").filter(named_as_system(pl.col("name")))["name"].sort().to_list()
    anybody = names.filter(names.str.contains(_ANYBODY)).sort().to_list()
    restless = [name for name in machines(log.steps, zone=log.zone) if name not in {*systems, *anybody}]
    teams = [name for name in _teams(log.steps) if name not in {*systems, *anybody, *restless}]
    out = [*systems, *anybody, *restless, *teams]
    if not out:
        return log, ()
    hidden = pl.col("resource").cast(pl.String).is_in(out)
    steps = log.steps.with_columns(
        pl.col("resource").alias(AS_NAMED),
        pl.when(~hidden).then(pl.col("resource")).alias("resource"),
        pl.when(hidden & pl.col("start_estimated"))
        .then(pl.col("enabled_at"))
        .otherwise(pl.col("started_at"))
        .alias("started_at"),
    ).sort("case", "started_at", "ended_at", "line")
    return replace(log, steps=steps), tuple(_told(systems, anybody, restless, teams))


def known_work(measured: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Leave out working time that is a guess where it need not be, and say so.

    Where most starts of an activity are recorded, a step without one has no touch and no waiting time: an
    estimate, which is an upper bound, would outweigh the rest.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> known_work(measured)[1]
    ()
    """
    guessed = pl.col("start_estimated") & (pl.col("start_estimated").mean().over("activity") <= MOSTLY)
    flags = measured.select(guessed).to_series()
    if not flags.any():
        return measured, ()
    times = ("touch_s", "touch_working_s", "waiting_s", "waiting_working_s")
    kept = measured.with_columns(pl.when(~flags).then(pl.col(name)).alias(name) for name in times)
    return kept, (
        say(
            "{} without a recorded start, of activities that mostly have one, "
            "are counted, but their working and waiting time is left out.",
            counted(int(flags.sum()), "step"),
        ),
    )


def without_marks(measured: pl.DataFrame, *, marks: Collection[str]) -> pl.DataFrame:
    """Drop the steps nobody works on; what follows one then follows the nearest step before that somebody did.

    `follows`, `follows_resource`, `is_handoff` and `is_first` are made anew.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> without_marks(measured, marks={"Check"})["follows"].to_list()
    [None, 'Enter', None]
    """
    if not marks:
        return measured
    seen = (~measured["activity"].cast(pl.String).is_in(list(marks))).to_numpy()
    before = preceding(measured)
    while (hidden := np.flatnonzero((before >= 0) & ~seen[np.maximum(before, 0)])).size:
        before[hidden] = before[before[hidden]]
    return (
        measured.with_columns(
            taken(measured["activity"], before, "follows"),
            taken(measured["resource"], before, "follows_resource"),
            pl.Series("is_first", before < 0),
        )
        .with_columns((pl.col("resource") != pl.col("follows_resource")).alias("is_handoff"))
        .filter(pl.Series(seen))
    )


def _teams(steps: pl.DataFrame) -> list[str]:
    """Find who has several steps in hand at once, on average over the time they have any."""
    reached = pl.col("ended_at").cum_max().shift(1).over("resource")
    alone = pl.col("ended_at") - pl.max_horizontal("started_at", reached)
    recorded = steps.filter(~pl.col("start_estimated") & pl.col("resource").is_not_null())
    table = (
        recorded.sort("started_at", "ended_at")
        .select(
            "resource",
            (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds(fractional=True).alias("all"),
            alone.dt.total_seconds(fractional=True).clip(lower_bound=0).alias("any"),
        )
        .group_by(pl.col("resource").cast(pl.String))
        .agg(pl.len().alias("steps"), pl.col("all", "any").sum())
    )
    crowded = pl.col("all") > _SIDE_BY_SIDE * pl.col("any")
    return table.filter((pl.col("steps") >= _ENOUGH_STEPS) & crowded)["resource"].sort().to_list()


def _told(systems: list[str], anybody: list[str], restless: list[str], teams: list[str]) -> Iterator[str]:
    for names, why in (
        (systems, say("read as a system, not as a person")),
        (anybody, say("could be anybody, so not read as one person")),
        (restless, say("at work in sixteen hours of most days, so read as a machine, not as a person")),
        (teams, say("many steps in hand at once, so read as a team and not as one person")),
    ):
        if names:
            yield say("{}: {}.", listed(tuple(names), most=5), why)
