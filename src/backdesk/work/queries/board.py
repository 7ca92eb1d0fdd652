"""What whoever leads a team looks at: the load of each person, what is in hand, and what is about to be late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from backdesk.parties.policies import company
from backdesk.parties.queries.participants import NamedPerson, colleagues_named
from backdesk.parties.queries.people import away_now
from backdesk.platform.actor import Actor
from backdesk.work.models import Entitlement, Event, Step
from backdesk.work.queries.item_list import earliest_due

SHOWN: Final = 50
MOST_IN_HAND: Final = 500

_DONE = """
SELECT holder_id, floor(extract(epoch FROM ended_at - %s) / 3600)::int, count(*), coalesce(sum(touch_seconds), 0)
FROM work_step WHERE state = 'done' AND organisation_id = %s AND ended_at >= %s AND holder_id IS NOT NULL GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A person's day. `queues`: how many they may be given work of; `away_until`: back then."""

    person: NamedPerson
    queues: int
    held: tuple[Step, ...] = ()
    overdue: int = 0
    done: int = 0
    touch_seconds: int = 0
    given_back: int = 0
    chosen: int = 0
    away_until: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """Since when they have had what they have had longest."""
        return min((one.taken_at for one in self.held if one.taken_at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`by_hour`: how many steps were completed in each hour of the day so far."""

    loads: tuple[Load, ...]
    held: tuple[Step, ...]
    soon: tuple[Step, ...]
    names: Mapping[int, str]
    by_hour: tuple[int, ...]

    @property
    def done(self) -> int:
        return sum(self.by_hour)


class _Done(NamedTuple):
    """What a person completed in an hour of the day."""

    person_id: int
    hour: int
    steps: int
    seconds: int


def board(*, actor: Actor, now: datetime, day_began_at: datetime) -> Board:
    """Of the actor's own company, since the day began where they are."""
    people = colleagues_named(actor)
    held = _held(actor)
    done = _done(actor, day_began_at)
    hours = int((now - day_began_at) / timedelta(hours=1)) + 1
    out_of_turn = _out_of_turn(actor, day_began_at)
    away = away_now(actor, now=now)
    queues = _queues(actor)
    loads = (
        Load(
            person=one,
            queues=queues.get(one.person_id, 0),
            held=(mine := tuple(step for step in held if step.holder_id == one.person_id)),
            overdue=sum(step.due_at is not None and step.due_at < now for step in mine),
            done=sum(part.steps for part in done if part.person_id == one.person_id),
            touch_seconds=sum(int(part.seconds) for part in done if part.person_id == one.person_id),
            given_back=out_of_turn.get((one.person_id, "step given back"), 0),
            chosen=out_of_turn.get((one.person_id, "step taken"), 0),
            away_until=away.get(one.person_id),
        )
        for one in people
    )
    return Board(
        loads=tuple(one for one in loads if one.queues or one.held or one.done),
        held=tuple(held),
        soon=tuple(_soon(actor, now)),
        names={one.person_id: one.name for one in people},
        by_hour=_by_hour(done, hours),
    )


def steps_of(actor: Actor) -> QuerySet[Step]:
    """Those that people of the actor's own company do, or did."""
    steps = Step.objects.visible_to(actor).filter(organisation_id=company(actor), route__isnull=False)
    return steps.select_related("item__service", "route").order_by("due_at", "pk")


def entitled_among(actor: Actor, steps: Sequence[Step]) -> list[NamedPerson]:
    """Who may be given at least one of these, by name."""
    routes = {one.route_id for one in steps}
    entitled = Entitlement.objects.visible_to(actor).filter(route__in=routes)
    people = set(entitled.values_list("person_id", flat=True))
    return [one for one in colleagues_named(actor) if one.person_id in people]


def _live(actor: Actor) -> QuerySet[Step]:
    return steps_of(actor).filter(state__in=[Step.State.OPEN, Step.State.TAKEN])


def _held(actor: Actor) -> list[Step]:
    held = Step.objects.visible_to(actor).filter(state=Step.State.TAKEN, organisation_id=company(actor))
    return list(held.select_related("item__service", "route").order_by("due_at", "pk")[:MOST_IN_HAND])


def _soon(actor: Actor, now: datetime) -> list[Step]:
    """Of the earliest items, some of which may be in the other company's hands."""
    items = earliest_due(actor=actor, now=now, limit=4 * SHOWN)
    return list(_live(actor).filter(item__in=items)[:SHOWN])


def _queues(actor: Actor) -> dict[int, int]:
    found: dict[int, int] = {}
    for person_id in Entitlement.objects.visible_to(actor).values_list("person_id", flat=True):
        found[person_id] = found.get(person_id, 0) + 1
    return found


def _done(actor: Actor, since: datetime) -> list[_Done]:
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [since, company(actor), since])
        return [_Done(*row) for row in cursor.fetchall()]


def _by_hour(done: Sequence[_Done], hours: int) -> tuple[int, ...]:
    return tuple(sum(one.steps for one in done if one.hour == hour) for hour in range(hours))


def _out_of_turn(actor: Actor, since: datetime) -> dict[tuple[int, str], int]:
    """What was given back, and what was picked instead of taken in turn, by person and kind."""
    mine = Event.objects.visible_to(actor).filter(organisation_id=company(actor), at__gte=since)
    back = mine.filter(kind="step given back") | mine.filter(kind="step taken", data__chosen=True)
    found: dict[tuple[int, str], int] = {}
    for person_id, kind in back.values_list("person_id", "kind"):
        if person_id is not None:
            found[person_id, kind] = found.get((person_id, kind), 0) + 1
    return found
