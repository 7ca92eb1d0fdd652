"""When people and teams work, found from what they did: weekly calendars with confidence and support."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from backdesk.evidence.calendars.granules import (
    calendars_of,
    choose,
    granules_of,
    never_resting,
    participation,
    totals,
)
from backdesk.evidence.calendars.model import Calendar, CalendarError, check_zone

_NEEDED = ("activity", "started_at", "ended_at")
_PERSON = "resource"
_EVERYONE = "everyone"


class CannotDiscover(CalendarError):
    """Steps or thresholds from which no calendar can be found."""


class Basis(enum.Enum):
    """Whose record a calendar was found from."""

    OWN = "own"
    TEAM = "team"
    EVERYONE = "everyone"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What it takes for a calendar to be believed. Raises `CannotDiscover`.

    - `granularity`: minutes of a granule, the pieces a day is cut into; a divisor of 1440
    - `confidence`: at least in this share of the days of a weekday on which one did some activity, one did it
      in the granule
    - `support`: granules below that are taken in, the busiest first, until this share of one's recorded
      times lies inside
    - `participation`: at least this share of what the busiest did of the same activities

    >>> Thresholds(granularity=50)
    Traceback (most recent call last):
    ...
    backdesk.evidence.calendars.discovering.CannotDiscover: granularity 50 does not divide a day of 1440 \
minutes; take 15, 30 or 60
    """

    granularity: int = 60
    confidence: float = 0.1
    support: float = 0.7
    participation: float = 0.4

    def __post_init__(self) -> None:
        if self.granularity < 1 or 1440 % self.granularity:
            raise CannotDiscover(
                f"granularity {self.granularity} does not divide a day of 1440 minutes; take 15, 30 or 60"
            )
        for name in ("confidence", "support", "participation"):
            if not 0 <= getattr(self, name) <= 1:
                raise CannotDiscover(f"{name} is a share from 0 to 1, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Calendars found, by who keeps them, and how good they are.

    `evidence` has a row for each person, team or other group, sorted by name:

    - `name`; `basis`: `own`, `team`, `everyone` or `none`, whose record the calendar is from
    - `times`: recorded starts and ends; `days`: days with any
    - `participation`, `confidence`, `support`: shares (0 to 1) of the own record, null where nothing is kept
    - `weekly_hours`: of the calendar, null where there is none
    - `machine`: whether it works round the clock, as `machines` says; null of groups

    Who has no calendar stands in `evidence` with basis `none`, and is not in `calendars`.
    """

    calendars: Mapping[str, Calendar]
    evidence: pl.DataFrame


def discover_calendars(
    steps: pl.DataFrame, *, zone: str, by: str = "resource", thresholds: Thresholds | None = None
) -> Discovery:
    """Find the weekly calendar of each resource, or of each value of the column `by`, such as `team`.

    `steps` has `activity`, `started_at` and `ended_at` (aware), and the column `by`; where it is null the
    step is left aside, as is a start that is missing or, by `start_estimated`, was not recorded. In the calendar
    of a group what `machines` did under a `resource` does not count: nobody could keep it. Times count
    on the wall clock of `zone`: seen in UTC, one working day is two over the year. Granules of equal
    frequency at the edge of the support are taken by confidence, then earliest in the week, so that the
    order of the rows does not matter. Raises `CannotDiscover`, `UnknownZone`.
    Source: Lopez-Pintado and Dumas, Business process simulation with differentiated resources (BPM 2022), as
    in Prosimos and Simod; thresholds by default as there.

    >>> import datetime as dt
    >>> days = [dt.datetime(2026, 3, day, 8, 30, tzinfo=dt.UTC) for day in (2, 9, 16, 23, 30)]
    >>> steps = pl.DataFrame({"activity": "check", "resource": "Ann", "started_at": days,
    ...                       "ended_at": [day + dt.timedelta(hours=1) for day in days]})
    >>> found = discover_calendars(steps, zone="UTC")
    >>> str(found.calendars["Ann"]), found.evidence["support"].to_list()
    ('Mon 08:00-10:00', [1.0])
    """
    if by == _PERSON:
        times = _times_of(steps, zone, by)
        found = _discover(times, zone, thresholds or Thresholds())
        machine = pl.col("name").is_in(never_resting(times))
        return replace(found, evidence=found.evidence.with_columns(machine=machine))
    if _PERSON in steps.columns:
        steps = steps.filter(
            ~pl.col(_PERSON).cast(pl.String).is_in(machines(steps, zone=zone)).fill_null(value=False)
        )
    return _discover(_times_of(steps, zone, by), zone, thresholds or Thresholds())


def machines(steps: pl.DataFrame, *, zone: str) -> list[str]:
    """Name each `resource` that no person can be, since it works round the clock.

    On half of the days on which it was seen, ten at least, it was seen in sixteen hours of the day or more: a
    machine, or a name that several shifts share. `steps` is as for `discover_calendars`. Raises
    `CannotDiscover`, `UnknownZone`. Source: Directive 2003/88/EC, article 3, leaves thirteen hours of a day.

    >>> import datetime as dt
    >>> first = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    >>> at = [first + dt.timedelta(hours=hour) for hour in range(240)]
    >>> steps = pl.DataFrame({"activity": "check", "resource": "112", "started_at": at, "ended_at": at})
    >>> machines(steps, zone="UTC"), machines(steps.head(200), zone="UTC")
    (['112'], [])
    """
    return never_resting(_times_of(steps, zone, _PERSON))


def discover_people_calendars(
    steps: pl.DataFrame, *, zone: str, thresholds: Thresholds | None = None
) -> Discovery:
    """Find a calendar for each person; who did too little gets that of the team, else that of everyone.

    `steps` is as for `discover_calendars`, with `resource` and, where teams are known, `team`; a person's team
    is the one of most of their steps. The column `basis` says whose record each calendar is from. Nobody
    is taken to work round the clock: where nothing is found there is none. Raises `CannotDiscover`,
    `UnknownZone`. Source: as `discover_calendars`; the order of falling back as in Simod.

    >>> import datetime as dt
    >>> at = [dt.datetime(2026, 3, day, 8, 30, tzinfo=dt.UTC) for day in (2, 9, 16, 23, 30)]
    >>> steps = pl.DataFrame({"activity": "check", "resource": ["Ann"] * 4 + ["Bo"], "team": "Claims",
    ...                       "started_at": at, "ended_at": at})
    >>> found = discover_people_calendars(steps, zone="UTC")
    >>> found.evidence.select("name", "basis").rows(), str(found.calendars["Bo"])
    ([('Ann', 'own'), ('Bo', 'team')], 'Mon 08:00-09:00')
    """
    limits = thresholds or Thresholds()
    people = discover_calendars(steps, zone=zone, thresholds=limits)
    missing = people.evidence.filter(pl.col("basis") == Basis.NONE.value)["name"].to_list()
    if not missing:
        return people
    teams, team_of = _teams(steps, zone, limits)
    everyone = _everyone(steps, zone, limits)
    calendars, bases = dict(people.calendars), dict.fromkeys(people.calendars, Basis.OWN)
    for name in missing:
        calendar, basis = _stand_in(team_of.get(name), teams, everyone)
        bases[name] = basis
        if calendar is not None:
            calendars[name] = calendar
    return Discovery(calendars=calendars, evidence=_described(people.evidence, calendars, bases))


def _discover(times: pl.DataFrame, zone: str, limits: Thresholds) -> Discovery:
    granules = granules_of(times, granularity=limits.granularity)
    taking_part = participation(times)
    busy = taking_part.filter(pl.col("participation") >= limits.participation)
    chosen = choose(
        granules.join(busy, on="name", how="semi"), confidence=limits.confidence, support=limits.support
    )
    calendars = calendars_of(chosen, zone=zone, granularity=limits.granularity)
    evidence = taking_part.join(totals(chosen), on="name", how="left").sort("name")
    return Discovery(
        calendars=calendars, evidence=_described(evidence, calendars, dict.fromkeys(calendars, Basis.OWN))
    )


def _described(
    evidence: pl.DataFrame, calendars: Mapping[str, Calendar], bases: Mapping[str, Basis]
) -> pl.DataFrame:
    names = evidence["name"].to_list()
    hours = [_weekly_hours(calendars[name]) if name in calendars else None for name in names]
    return evidence.select(
        "name",
        pl.Series("basis", [bases.get(name, Basis.NONE).value for name in names], dtype=pl.String),
        "times",
        "days",
        "participation",
        "confidence",
        "support",
        pl.Series("weekly_hours", hours, dtype=pl.Float64),
        evidence["machine"] if "machine" in evidence.columns else pl.lit(None, pl.Boolean).alias("machine"),
    )


def _weekly_hours(calendar: Calendar) -> float:
    return sum(window.minutes for window in calendar.week) / 60


def _teams(
    steps: pl.DataFrame, zone: str, limits: Thresholds
) -> tuple[Mapping[str, Calendar], dict[str, str]]:
    if "team" not in steps.columns:
        return {}, {}
    counted = (
        steps.select(pl.col("resource", "team").cast(pl.String))
        .drop_nulls()
        .group_by("resource", "team")
        .len()
        .sort(["len", "team"], descending=[True, False])
        .unique("resource", keep="first", maintain_order=True)
    )
    team_of = {resource: team for resource, team, _ in counted.iter_rows()}
    return discover_calendars(steps, zone=zone, by="team", thresholds=limits).calendars, team_of


def _everyone(steps: pl.DataFrame, zone: str, limits: Thresholds) -> Calendar | None:
    named = steps.filter(pl.col("resource").is_not_null()).with_columns(everyone=pl.lit(_EVERYONE))
    found = discover_calendars(named, zone=zone, by=_EVERYONE, thresholds=limits)
    return found.calendars.get(_EVERYONE)


def _stand_in(
    team: str | None, teams: Mapping[str, Calendar], everyone: Calendar | None
) -> tuple[Calendar | None, Basis]:
    if team is not None and team in teams:
        return teams[team], Basis.TEAM
    return everyone, Basis.NONE if everyone is None else Basis.EVERYONE


def _times_of(steps: pl.DataFrame, zone: str, by: str) -> pl.DataFrame:
    """List the recorded times, on the local wall clock: `name`, `activity`, `at`."""
    check_zone(zone)
    for column in (by, *_NEEDED):
        if column not in steps.columns:
            raise CannotDiscover(f"the steps have no column {column!r}; they need {by}, {', '.join(_NEEDED)}")
    for column in _NEEDED[1:]:
        dtype = steps.schema[column]
        if not isinstance(dtype, pl.Datetime) or dtype.time_zone is None:
            raise CannotDiscover(
                f"column {column!r} holds {dtype}; instants (Datetime with a zone) are needed"
            )
    recorded = pl.col("started_at")
    if "start_estimated" in steps.columns:
        recorded = pl.when(~pl.col("start_estimated").fill_null(value=False)).then(recorded)
    local = steps.select(
        pl.col(by).cast(pl.String).alias("name"),
        pl.col("activity").cast(pl.String),
        *(
            time.dt.convert_time_zone(zone).dt.replace_time_zone(None).alias(name)
            for name, time in (("start", recorded), ("end", pl.col("ended_at")))
        ),
    ).drop_nulls("name")
    both = [local.select("name", "activity", pl.col(side).alias("at")) for side in ("start", "end")]
    return pl.concat(both).drop_nulls()
