"""What somebody may choose from, where a service lets people choose: the head of one of their queues; and for whom a
step of it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, When

from backdesk.parties.policies import person
from backdesk.platform.actor import Actor
from backdesk.work.models import Entitlement, Route, Step

MOST = 50


def route_to_choose_from(*, actor: Actor, route_id: int) -> Route:
    """Raises `Route.DoesNotExist` where it is none of the actor's, or gives out the next item alone."""
    own = Entitlement.objects.visible_to(actor).filter(person_id=person(actor))
    routes = Route.objects.visible_to(actor).filter(may_choose=True, pk__in=own.values("route_id"))
    return routes.select_related("service").get(pk=route_id)


def head_of(*, actor: Actor, now: datetime, route: Route) -> list[Step]:
    """In the order in which they would be given out; without what is kept for who did it before."""
    waiting = Step.objects.visible_to(actor).filter(
        route=route, state=Step.State.OPEN, is_held_back=False, organisation_id=actor.organisation_id
    )
    mine = waiting.exclude(avoid__contains=[person(actor)]).alias(kept_for=kept_for(now))
    mine = mine.filter(Q(kept_for=None) | Q(kept_for=person(actor))).select_related("item")
    return list(mine.order_by("priority", F("due_at").asc(nulls_last=True), "pk")[:MOST])


def kept_for(now: datetime) -> Case:
    """Of a step: who did it before, as long as it is kept for them and they may be given it; else nothing.
    `work_take_next` goes by the same."""
    there = Entitlement.objects.filter(
        person_id=OuterRef("prefer_id"),
        route_id=OuterRef("route_id"),
        organisation_id=OuterRef("organisation_id"),
    )
    kept = Q(prefer_until__gt=now) & Exists(there)
    return Case(When(kept, then=F("prefer_id")), output_field=BigIntegerField())
