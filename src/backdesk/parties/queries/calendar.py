"""Who is away in the next weeks, day by day on the reader's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby

from backdesk.parties.models import Absence, Person, Team, TeamMembership
from backdesk.parties.queries.people import Away, away
from backdesk.platform.actor import Actor

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in a row of one row: in one absence, or in none."""

    first: date
    days: int
    away: Away | None

    @property
    def last(self) -> date:
        return self.first + (self.days - 1) * _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    person: Person
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """`present`: how many people are here all the time, and so have no row."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    present: int


def strip(*, actor: Actor, first: date, days: int, zone: tzinfo, team: Team | None = None) -> Strip:
    begins_at, ends_at = (datetime.combine(day, time(), tzinfo=zone) for day in (first, first + days * _DAY))
    people = Person.objects.visible_to(actor)
    if team is not None:
        inside = TeamMembership.objects.visible_to(actor).current().filter(team=team)
        people = people.filter(pk__in=inside.values("person_id"))
    found = Absence.objects.visible_to(actor).within(begins_at, ends_at).filter(person__in=people)
    absences = found.select_related("person").order_by("person__name", "person_id", "begins_at")
    window = tuple(first + n * _DAY for n in range(days))
    rows = tuple(
        Row(person=person, stretches=tuple(_stretches(list(own), actor, window, zone)))
        for person, own in groupby(absences, key=lambda one: one.person)
    )
    return Strip(days=window, rows=rows, present=people.count() - len(rows))


def coming(*, actor: Actor, now: datetime) -> list[tuple[Person, Away]]:
    found = Absence.objects.visible_to(actor).filter(ends_at__gt=now).select_related("person")
    here = found.filter(person__in=Person.objects.visible_to(actor))
    return [(one.person, away(actor, one)) for one in here.order_by("begins_at", "person__name")]


def days_of(begins_at: datetime, ends_at: datetime, zone: tzinfo) -> tuple[date, date]:
    """The first and the last day that the half-open period touches."""
    last = ends_at.astimezone(zone) - timedelta(microseconds=1)
    return begins_at.astimezone(zone).date(), last.date()


def _stretches(
    absences: list[Absence], actor: Actor, window: tuple[date, ...], zone: tzinfo
) -> Iterator[Stretch]:
    """A day on which one absence ends and the next begins is shown in the earlier."""
    at = window[0]
    for one in absences:
        first, last = days_of(one.begins_at, one.ends_at, zone)
        first, last = max(first, at), min(last, window[-1])
        if last < first:
            continue
        if at < first:
            yield Stretch(first=at, days=(first - at).days, away=None)
        yield Stretch(first=first, days=(last - first).days + 1, away=away(actor, one))
        at = last + _DAY
    if at <= window[-1]:
        yield Stretch(first=at, days=(window[-1] - at).days + 1, away=None)
