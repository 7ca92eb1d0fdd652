"""From the steps of a log to what to hand over: everything the terminal, the pages and the report show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from backdesk.evidence.assessment.bundling import Bundle, bundles
from backdesk.evidence.assessment.costs import Cost, costs
from backdesk.evidence.assessment.criteria import CRITERIA
from backdesk.evidence.assessment.piloting import Pilot, pilot, why_no_pilot
from backdesk.evidence.assessment.preparing import known_work, machine_share, people_only
from backdesk.evidence.assessment.ranking import WHOSE_WAIT, Candidate, Verdict, rank
from backdesk.evidence.assessment.rates import Rates
from backdesk.evidence.assessment.records import study
from backdesk.evidence.assessment.scoring import Answers
from backdesk.evidence.calendars import Calendar, working_share
from backdesk.evidence.measures import (
    Summary,
    cases,
    measure_steps,
    people_at_work,
    summary,
    waiting_causes,
    waiting_savings,
    working_times,
)
from backdesk.evidence.measures.systems import AS_NAMED
from backdesk.evidence.sentences import say

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import Reading, StepLog

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What nobody has told yet of these activities.

    >>> Question(criterion="size", text="How many hours?", activities=("Check",)).criterion
    'size'
    """

    criterion: str
    text: str
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a log says about handing work over.

    `working_share` is the share of steps that end within the calendar's working time. `costs` are by activity,
    None without rates. `waiting` is why work waits: the table of `waiting_savings`. `measured`
    (with the causes of waiting) and `cases` are the tables behind every figure; `work` are the measured steps
    of activities somebody works on, `edges` how work moves between these. `working_times` is when the whole, teams
    and people work, as the record shows: the table of that name in `measures`.
    """

    summary: Summary
    calendar: Calendar
    calendar_assumed: bool
    working_share: float | None
    candidates: tuple[Candidate, ...]
    bundles: tuple[Bundle, ...]
    minutes_per_crossing: float
    pilot: Pilot | None
    notes: tuple[str, ...]
    weights: Mapping[str, float]
    costs: Mapping[str, Cost] | None
    edges: pl.DataFrame = field(repr=False)
    work: pl.DataFrame = field(repr=False)
    measured: pl.DataFrame = field(repr=False)
    cases: pl.DataFrame = field(repr=False)
    waiting: pl.DataFrame = field(repr=False)
    working_times: pl.DataFrame = field(repr=False)
    reading: Reading | None = field(repr=False, default=None)

    @property
    def proposed(self) -> tuple[Candidate, ...]:
        """Give the activities that what is known speaks for handing over, in the order of the ranking."""
        return tuple(one for one in self.candidates if one.is_proposed)

    @property
    def no_pilot(self) -> str | None:
        """Say why no pilot is proposed; None where one is."""
        return None if self.pilot else why_no_pilot(self.candidates)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Gather what nobody told of what might be handed over, by criterion."""
        return _questions([one for one in self.candidates if one.verdict != "keep"])

    @property
    def crossings_today(self) -> float | None:
        """Say how often a case goes from one company to another today; None where the log names no companies."""
        crossing = self.measured["is_crossing"].drop_nulls()
        return float(crossing.sum()) / self.summary.cases if len(crossing) and self.summary.cases else None

    def of_verdict(self, verdict: Verdict) -> tuple[Candidate, ...]:
        """Give the activities with this verdict, in the order of the ranking."""
        return tuple(one for one in self.candidates if one.verdict == verdict)

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the tables of steps and cases as plain data for JSON.

        The keys are documented, and versioned by `schema`, in `backdesk.evidence.assessment.export`.

        >>> from backdesk.evidence.calendars import parse
        >>> from backdesk.evidence.measures.examples import two_orders
        >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
        >>> found.to_dict()["schema"]
        'backdesk.assessment/1'
        """
        from backdesk.evidence.assessment.export import to_dict

        return to_dict(self)


def assess(
    log: StepLog,
    *,
    calendar: Calendar,
    calendar_assumed: bool = False,
    rates: Rates | None = None,
    weights: Mapping[str, float] | None = None,
    answers: Mapping[str, Answers] | None = None,
    minutes_per_crossing: float = 10.0,
    reading: Reading | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Measure a log and say what to hand over, in which bundles, starting with what, and what should stay.

    `calendar` is the working time that waiting and touch time are measured on; `calendar_assumed` says
    nobody gave it. `reading` lets the assessment tell how the log was read. `progress` is called with 0..1
    and a phase; what it raises goes through. Raises `WeightsInvalid`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> [(one.activity, one.verdict) for one in found.candidates]
    [('Enter', 'ask'), ('Check', 'ask')]
    """
    tell = progress or _silent
    tell(0.0, say("measuring"))
    own, measured, left_out = _measured(log, calendar)
    tell(0.5, say("figures of cases"))
    by_case = cases(measured, calendar=calendar)
    whole = summary(own, measured=measured, cases=by_case)
    months = max(whole.months or 0.0, 1.0)
    cost = costs(measured, rates=rates, months=months) if rates and rates.entries else None
    tell(0.7, say("figures of activities"))
    studied = study(measured, calendar=calendar, machines=machine_share(log), costs=cost)
    tell(0.9, say("ranking"))
    candidates = rank(studied.records, answers=answers, weights=weights)
    found = bundles(
        candidates, edges=studied.edges, cases=whole.cases, minutes_per_crossing=minutes_per_crossing
    )
    tell(1.0, say("done"))
    return Assessment(
        summary=whole,
        calendar=calendar,
        calendar_assumed=calendar_assumed,
        working_share=working_share(calendar, instants=measured["ended_at"]) if measured.height else None,
        candidates=candidates,
        bundles=found,
        minutes_per_crossing=minutes_per_crossing,
        pilot=pilot(candidates),
        notes=(*(reading.notes if reading else ()), *log.notes, *left_out),
        weights={one.name: float((weights or {}).get(one.name, one.weight)) for one in CRITERIA},
        costs=cost,
        edges=studied.edges,
        work=studied.work,
        waiting=waiting_savings(measured),
        working_times=working_times(own.steps, zone=calendar.zone),
        measured=_with_names(measured),
        cases=by_case,
        reading=reading,
    )


def _measured(log: StepLog, calendar: Calendar) -> tuple[StepLog, pl.DataFrame, tuple[str, ...]]:
    """Give the log of what people do, its steps with why they waited, and what was left out."""
    own, who = people_only(log)
    measured, unknown = known_work(measure_steps(own, calendar=calendar))
    people = people_at_work(measured, calendar=calendar)
    return own, waiting_causes(measured, calendar=calendar, people=people), (*who, *unknown)


def _questions(candidates: list[Candidate]) -> tuple[Question, ...]:
    asked = [(one.name, one.question, _unknown(candidates, one.name)) for one in CRITERIA]
    asked.append(("hurts", WHOSE_WAIT, tuple(one.activity for one in candidates if one.asks_whose_wait)))
    return tuple(
        Question(criterion=criterion, text=text, activities=names)
        for criterion, text, names in asked
        if names
    )


def _unknown(candidates: list[Candidate], criterion: str) -> tuple[str, ...]:
    return tuple(one.activity for one in candidates if one.score_of(criterion).value is None)


def _with_names(measured: pl.DataFrame) -> pl.DataFrame:
    """Show under what name each step stands in the record, also where that is no one person's."""
    if AS_NAMED not in measured.columns:
        return measured
    return measured.with_columns(pl.col(AS_NAMED).alias("resource")).drop(AS_NAMED)


def _silent(fraction: float, phase: str) -> None:
    pass
