"""Work that is given out unasked: to the person there who has least in hand, and of these to who has waited longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, F, Q

from backdesk.parties.policies import company, person
from backdesk.platform.actor import Actor, system
from backdesk.platform.isolation import operation
from backdesk.work.models import Entitlement, Presence, Route, Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.taking import NotEntitled, assign, held_of, require_entitled, serialise
from backdesk.work.queries import doing
from backdesk.work.queries.choosing import kept_for

#: For so long somebody is there after they last asked.
THERE = timedelta(minutes=3)
_NEVER = datetime.min.replace(tzinfo=UTC)


def be_there(*, actor: Actor, now: datetime) -> list[Step]:
    """Somebody asks whether there is work for them; gives what they hold, the most urgent first, with what was given to
    them now. Who asks is there, and is given more."""
    _note(actor=actor, now=now)
    own = Entitlement.objects.visible_to(actor).filter(person_id=person(actor), route__mode__in=Route.PUSHED)
    for route in Route.objects.filter(pk__in=list(own.values_list("route_id", flat=True))).order_by("pk"):
        _push_route(now, route)
    return doing.held_by(actor)


def push(*, now: datetime) -> int:
    """In all queues that push, to whoever is there. Gives how many steps were given out."""
    there = Presence.objects.filter(seen_at__gt=now - THERE).values("organisation_id")
    routes = Route.objects.filter(mode__in=Route.PUSHED, organisation_id__in=there).order_by("pk")
    return sum(_push_route(now, route) for route in list(routes))


@operation
def _note(*, actor: Actor, now: datetime) -> None:
    row = Presence(person_id=person(actor), organisation_id=company(actor), seen_at=now)
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["person_id", "organisation_id"],
        update_fields=["seen_at"],
    )


@operation
def _give(*, actor: Actor, now: datetime, step_id: int, person_id: int, route: Route) -> bool:
    """Looked at again under the locks of the step and the person."""
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    to = Actor(person_id=person_id, organisation_id=actor.organisation_id)
    serialise(to)
    if step.state != Step.State.OPEN or step.is_held_back or held_of(to, step.service_id) >= route.at_once:
        return False
    try:
        require_entitled(step=step, person_id=person_id)
    except NotEntitled:
        return False
    assign(course=course, step=step, person_id=person_id, lease_minutes=route.lease_minutes)
    events.append(actor=actor, now=now, deeds=list(course.deeds("step pushed", step=step)))
    Presence.objects.filter(person_id=person_id, organisation_id=route.organisation_id).update(given_at=now)
    return True


@dataclass(slots=True, kw_only=True)
class _Hands:
    """Somebody who is there: how much of a service they hold, and when they were last given some."""

    person_id: int
    held: int
    given_at: datetime


def _push_route(now: datetime, route: Route) -> int:
    actor = system(name="work", organisation_id=route.organisation_id, interface="job")
    given, hands = 0, _who_is_there(now, route)
    room = sum(route.at_once - one.held for one in hands)
    there = [one.person_id for one in hands if one.held < route.at_once]
    waiting = (
        Step.objects.filter(route=route, state=Step.State.OPEN, is_held_back=False)
        .alias(kept_for=kept_for(now))
        .filter(Q(kept_for=None) | Q(kept_for__in=there))
        .exclude(avoid__contains=there)
        .order_by("priority", F("due_at").asc(nulls_last=True), "pk")
    )
    for pk, avoid, kept in list(waiting.values_list("pk", "avoid", kept_for(now))[:room]):
        free = sorted(
            (
                one
                for one in hands
                if one.held < route.at_once and one.person_id not in avoid and kept in (None, one.person_id)
            ),
            key=lambda one: (one.held, one.given_at, one.person_id),
        )
        if free and _give(actor=actor, now=now, step_id=pk, person_id=free[0].person_id, route=route):
            free[0].held, free[0].given_at = free[0].held + 1, now
            given += 1
    return given


def _who_is_there(now: datetime, route: Route) -> Sequence[_Hands]:
    entitled = Entitlement.objects.filter(route=route, organisation_id=route.organisation_id)
    there = Presence.objects.filter(
        organisation_id=route.organisation_id,
        seen_at__gt=now - THERE,
        person_id__in=entitled.values("person_id"),
    )
    theirs = Step.objects.filter(
        holder_id__in=there.values("person_id"), state=Step.State.TAKEN, service_id=route.service_id
    )
    held = dict(theirs.values_list("holder_id").annotate(held=Count("pk")))
    return [
        _Hands(person_id=pk, held=held.get(pk, 0), given_at=given_at or _NEVER)
        for pk, given_at in there.values_list("person_id", "given_at")
    ]
