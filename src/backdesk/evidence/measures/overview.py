"""What a record holds, in one glance; and everything about its activities in one table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from backdesk.evidence.calendars import Calendar
from backdesk.evidence.measures.expressions import DAYS_PER_MONTH
from backdesk.evidence.measures.group_measures import GROUP_ENTRIES
from backdesk.evidence.measures.grouping import aggregate
from backdesk.evidence.measures.periods import backlog_growth
from backdesk.evidence.measures.staffing import contention, people, performers_utilisation

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import StepLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a record holds. Fields are named and defined as in `CATALOGUE`; None where there is no data.

    `people`, `teams`, `parties` and `functions` count the different ones named. `first` and `last` are the
    earliest start and the latest end (UTC), `months` the time between in months of 30.4375 days.
    """

    cases: int
    steps: int
    open_steps: int
    activities: int
    people: int | None
    teams: int | None
    parties: int | None
    functions: int | None
    variants: int
    first: dt.datetime | None
    last: dt.datetime | None
    months: float | None
    zone: str
    starts: str
    estimated_share: float | None
    unattributed_share: float | None
    touch_hours: float | None
    waiting_hours: float | None
    rework_share: float | None
    handoff_share: float | None
    crossing_share: float | None
    steps_per_case: float | None
    cycle_hours_mean: float | None
    cycle_hours_median: float | None
    cycle_working_hours_mean: float | None
    cycle_working_hours_median: float | None


def summary(log: StepLog, *, measured: pl.DataFrame, cases: pl.DataFrame) -> Summary:
    """Return what a record holds; `measured` and `cases` are its tables from `measure_steps` and `cases`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import cases, measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> found = summary(two_orders(), measured=measured, cases=cases(measured, calendar=office))
    >>> found.cases, found.steps, found.people, found.cycle_hours_mean, found.teams
    (2, 5, 2, 3.5, None)
    """
    first, last = measured.select(pl.col("started_at").min(), pl.col("ended_at").max()).row(0)
    figures = _whole(measured) | cases.select(_of_cases()).row(0, named=True)
    return Summary(
        **figures,
        cases=cases.height,
        steps=measured.height,
        open_steps=log.open_steps.height,
        activities=measured["activity"].n_unique(),
        variants=cases["variant"].n_unique(),
        first=first,
        last=last,
        months=(last - first) / dt.timedelta(days=DAYS_PER_MONTH) if measured.height else None,
        zone=log.zone,
        starts=log.starts,
    )


def activities(measured: pl.DataFrame, *, calendar: Calendar, months: float | None = None) -> pl.DataFrame:
    """Return one row per activity with every figure there is of it: what an inventory and a ranking read.

    `activity`, `function` (that of most of its steps), the figures of steps that `aggregate` gives, `cases`, then
    `contention_hours`, `contention_hours_mean` with its 95 % interval, `contention_share`, `utilisation` of those
    who did it, and `backlog_growth`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> table = activities(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> table.select("activity", "function", "steps", "contention_hours_mean", "utilisation").rows()
    [('Check', 'Orders', 2, 0.5, 0.25), ('Enter', 'Orders', 3, 0.0, 0.1875)]
    """
    only = [*(entry.name for entry in GROUP_ENTRIES), "cases"]
    table = aggregate(measured, by="activity", only=only, months=months)
    functions = measured.group_by("activity").agg(
        pl.col("function").cast(pl.String).drop_nulls().mode().sort().first().alias("function")
    )
    more = (
        functions,
        contention(measured, calendar=calendar, confidence=0.95),
        performers_utilisation(measured, table=people(measured, calendar=calendar)),
        backlog_growth(measured),
    )
    for figures in more:
        table = table.join(figures, on="activity", how="left")
    return table.select("activity", "function", pl.exclude("activity", "function")).sort("activity")


_OF_STEPS = (
    "estimated_share",
    "unattributed_share",
    "touch_hours",
    "waiting_hours",
    "rework_share",
    "handoff_share",
    "crossing_share",
    "steps_per_case",
)
_NAMED = {"people": "resource", "teams": "team", "parties": "party", "functions": "function"}


def _whole(measured: pl.DataFrame) -> dict[str, Any]:
    """Return the figures of all steps together; None where there are none."""
    table = aggregate(measured, by=[], only=_OF_STEPS)
    figures = table.row(0, named=True) if table.height else dict.fromkeys(_OF_STEPS)
    named = measured.select(
        pl.col(column).drop_nulls().n_unique().cast(pl.Int64).replace(0, None).alias(name)
        for name, column in _NAMED.items()
    )
    return figures | named.row(0, named=True)


def _of_cases() -> list[pl.Expr]:
    return [
        getattr(pl.col(column), how)().alias(f"{column}_{how}")
        for column in ("cycle_hours", "cycle_working_hours")
        for how in ("mean", "median")
    ]
