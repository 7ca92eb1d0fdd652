"""The demonstration company put together: its people, its record of work, its rates and what people say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from backdesk.evidence.calendars.timeline import day_number, timeline
from backdesk.evidence.demonstration import company
from backdesk.evidence.demonstration.answers import Answer, ManualActivity, collect_answers, list_manual_work
from backdesk.evidence.demonstration.arrivals import draw_arrivals
from backdesk.evidence.demonstration.engine import Arrival, Simulation, Step
from backdesk.evidence.demonstration.flaws import Flaws, draw_flaws, spoil
from backdesk.evidence.demonstration.people import Employee, employ
from backdesk.evidence.demonstration.period import AFTERMATH, Period, months_before
from backdesk.evidence.demonstration.processes import PROCESSES
from backdesk.evidence.demonstration.work import Activity

COLUMNS: Final = ("Case", "Activity", "Person", "Team", "Department", "Started", "Finished")
_MICROSECONDS: Final = 1_000_000


class DemonstrationError(Exception):
    """A demonstration that cannot be made; the message says why, and what can."""


class ScaleOutOfRange(DemonstrationError):
    """A scale that is no share of the company's cases."""


class PeriodOutOfRange(DemonstrationError):
    """A number of months that is too small or too large."""


class Rate(NamedTuple):
    """What an hour of a resource, a team, a market or anybody else ("default") costs."""

    kind: str
    name: str
    rate: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """An invented company with its record of work.

    - `steps`: what its workflow system exports, as text: Case, Activity, Person, Team, Department (the
      function), Started, Finished (local to the company, ISO 8601 with offset), in the order of the ends
    - `calendar`: when the company works, as `evidence.calendars` reads it, in `zone`
    - `people`: everybody, those who left within the period too; `system_user` is none of them
    - `flaws`: the rows that `write_csv` spoils

    >>> demo = generate(seed=20, months=1, until=dt.date(2026, 3, 1))
    >>> demo.name, demo.zone, demo.steps.columns[0]
    ('Hallveth & Søn (demonstration)', 'Europe/Copenhagen', 'Case')
    """

    name: str
    zone: str
    calendar: str
    first: dt.date
    until: dt.date
    steps: pl.DataFrame
    functions: tuple[company.Function, ...]
    people: tuple[Employee, ...]
    system_user: str
    rates: tuple[Rate, ...]
    answers: tuple[Answer, ...]
    manual: tuple[ManualActivity, ...]
    flaws: Flaws

    def write_csv(self, path: Path, *, flaws: bool = True) -> None:
        """Write the record of work as a CSV export (UTF-8), with the flaws of a real one unless told not to.

        >>> import tempfile
        >>> demo = generate(seed=20, months=1, until=dt.date(2026, 3, 1), scale=0.1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     demo.write_csv(Path(folder, "work.csv"))
        ...     Path(folder, "work.csv").read_text().partition("\\n")[0]
        'Case,Activity,Person,Team,Department,Started,Finished'
        """
        (spoil(self.steps, self.flaws) if flaws else self.steps).write_csv(path)

    def write_rates(self, path: Path) -> None:
        """Write what an hour costs as CSV: kind, name, rate, currency.

        >>> import tempfile
        >>> demo = generate(seed=20, months=1, until=dt.date(2026, 3, 1), scale=0.1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     demo.write_rates(Path(folder, "rates.csv"))
        ...     Path(folder, "rates.csv").read_text().splitlines()[:2]
        ['kind,name,rate,currency', 'team,Management,118.00,EUR']
        """
        rows = [(rate.kind, rate.name, str(rate.rate), rate.currency) for rate in self.rates]
        pl.DataFrame(rows, schema=["kind", "name", "rate", "currency"], orient="row").write_csv(path)


def generate(*, seed: int = 20, months: int = 12, until: dt.date, scale: float = 1.0) -> Demonstration:
    """Make the demonstration company with its work of so many months before a day.

    Deterministic: the same arguments give the same bytes. `months` is 1 to 60; `scale` (over 0, up to 1) is
    the share of the cases that is kept: people and their days stay as they are, so that a smaller record
    still shows the same waiting. A year holds some 55,000 steps and takes about two seconds.
    Raises `ScaleOutOfRange`, `PeriodOutOfRange`. Source: Backdesk; a discrete-event simulation.

    >>> demo = generate(seed=20, months=1, until=dt.date(2026, 3, 1), scale=0.1)
    >>> demo.first, len(demo.people), demo.steps["Department"].n_unique()
    (datetime.date(2026, 2, 1), 121, 7)
    """
    _check(months, scale)
    period = Period(first=months_before(until, months), until=until, zone=company.ZONE)
    people_rng, arrivals_rng, work_rng, kept_rng, answers_rng, flaws_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(6)
    )
    staff = employ(period=period, rng=people_rng)
    arrivals = _arrivals(period, staff, arrivals_rng)
    simulation = Simulation(
        staff=staff,
        processes=PROCESSES,
        hours=lambda person: _working_windows(person, period),
        sessions=lambda activity: _sessions(activity, period),
        rng=work_rng,
    )
    done = simulation.run(arrivals, until=period.second(until))
    steps = _export(done, kept=_kept(arrivals, period, scale, kept_rng))
    return Demonstration(
        name=company.NAME,
        zone=company.ZONE,
        calendar=company.CALENDAR,
        first=period.first,
        until=until,
        steps=steps,
        functions=company.FUNCTIONS,
        people=staff,
        system_user=company.SYSTEM_USER,
        rates=tuple(_rates(staff)),
        answers=collect_answers(staff=staff, rng=answers_rng),
        manual=list_manual_work(staff=staff),
        flaws=draw_flaws(steps, rng=flaws_rng),
    )


def _check(months: int, scale: float) -> None:
    if not 0 < scale <= 1:
        raise ScaleOutOfRange(f"scale is the share of the cases to keep, over 0 and up to 1, not {scale}")
    if not 1 <= months <= 60:
        raise PeriodOutOfRange(f"a demonstration covers 1 to 60 months, not {months}")


def _arrivals(period: Period, staff: Sequence[Employee], rng: np.random.Generator) -> list[Arrival]:
    """Number the cases of every process in the order they come in."""
    return [
        Arrival(at, f"{process.prefix}-{number:05d}", process)
        for process in PROCESSES
        for number, at in enumerate(
            draw_arrivals(process.arrivals, period=period, staff=staff, rng=rng), start=1
        )
    ]


def _kept(
    arrivals: Sequence[Arrival], period: Period, scale: float, rng: np.random.Generator
) -> frozenset[str]:
    """Choose the cases that are exported: not those of the warm-up, and of the others a share."""
    first = period.second(period.first)
    recorded = [arrival.case for arrival in arrivals if arrival.at >= first]
    draws = rng.random(len(recorded))
    return frozenset(case for case, draw in zip(recorded, draws, strict=True) if draw < scale)


def _working_windows(person: Employee, period: Period) -> tuple[list[int], list[int]]:
    """Lay out when a person works, in seconds since 1970 UTC, for as long as they are with the company."""
    line = timeline(person.calendar, day_number(period.simulated_from), day_number(period.until + AFTERMATH))
    opens, closes = line.starts // _MICROSECONDS, line.ends // _MICROSECONDS
    joined = period.second(person.joined) if person.joined else 0
    left = period.second(person.left) if person.left else np.iinfo(np.int64).max
    here = (opens >= joined) & (closes <= left)
    return opens[here].tolist(), closes[here].tolist()


def _sessions(activity: Activity, period: Period) -> list[int]:
    if activity.sessions is None:
        return []
    when = activity.sessions
    return [
        period.second(day, hour=when.hour)
        for day in period.days()
        if day.weekday() in when.weekdays and (not when.month_days or day.day in when.month_days)
    ]


def _export(steps: Sequence[Step], *, kept: frozenset[str]) -> pl.DataFrame:
    rows = [
        (
            step.case,
            step.activity,
            step.person.name if step.person else company.SYSTEM_USER,
            step.person.team if step.person else company.SYSTEM_TEAM,
            step.function,
            step.started,
            step.ended,
        )
        for step in steps
        if step.case in kept
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row").with_columns(
        pl.from_epoch("Started", time_unit="s").pipe(_written), pl.from_epoch("Finished").pipe(_written)
    )


def _written(instant: pl.Expr) -> pl.Expr:
    local = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(company.ZONE)
    return local.dt.strftime("%Y-%m-%dT%H:%M:%S%:z")


def _rates(staff: Sequence[Employee]) -> Iterator[Rate]:
    def rate(kind: str, name: str, amount: str) -> Rate:
        return Rate(kind, name, Decimal(amount), company.CURRENCY)

    yield from (rate("team", team, amount) for team, amount in company.TEAM_RATES.items())
    yield from (
        rate("resource", person.name, company.TITLE_RATES[person.title])
        for person in staff
        if person.title in company.TITLE_RATES
    )
    yield from (rate("market", activity, amount) for activity, amount in company.MARKET_RATES.items())
    yield rate("default", "", company.DEFAULT_RATE)
