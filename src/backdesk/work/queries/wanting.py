"""Why somebody is given none of a service's work: what they would need for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from backdesk.parties.policies import company, person
from backdesk.parties.queries.asked_for import register_asking
from backdesk.parties.queries.qualified import skills_held
from backdesk.platform.actor import Actor
from backdesk.work.models import Entitlement, Route, Service
from backdesk.work.queries.services import procedures_to_read

LED = frozenset({"operations_lead", "delivery_manager"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanting:
    """`skills`: those too low or not graded for any of its tasks; without them it is the procedure to be read.
    `is_pushed`: its work is given to who is there."""

    service: Service
    skills: tuple[str, ...]
    is_pushed: bool


def register() -> None:
    register_asking(skills_asked_for)


def wanting(actor: Actor) -> list[Wanting]:
    """Of services in use whose work the actor's role does, and of which they are given none. Who leads is not told:
    they give out the work."""
    if actor.roles & LED:
        return []
    routes = _closed(actor)
    held = skills_held(person_id=person(actor), organisation_id=company(actor))
    unread = {one.pk for one in procedures_to_read(actor=actor)}
    found = []
    for service, own in routes.items():
        low = [_too_low(route, held) for route in own]
        skills = min(low, key=len)
        if skills or service.pk in unread:
            is_pushed = any(route.is_pushed for route in own)
            found.append(Wanting(service=service, skills=tuple(sorted(skills)), is_pushed=is_pushed))
    return found


def skills_asked_for(actor: Actor) -> set[str]:
    """Of the tasks that the actor's company does, of services in use."""
    routes = Route.objects.visible_to(actor).filter(
        organisation_id=company(actor), service__state=Service.State.ACTIVE
    )
    return {name for skills in routes.values_list("skills", flat=True) for name in skills}


def _closed(actor: Actor) -> dict[Service, list[Route]]:
    """Routes for the actor's roles, of services none of whose routes they are entitled to."""
    entitled = Entitlement.objects.visible_to(actor).filter(person_id=person(actor))
    routes = Route.objects.visible_to(actor).filter(
        organisation_id=company(actor), service__state=Service.State.ACTIVE
    )
    open_ones = routes.filter(pk__in=entitled.values("route_id")).values("service_id")
    by_service: dict[Service, list[Route]] = defaultdict(list)
    for route in (
        routes.exclude(service_id__in=open_ones).select_related("service").order_by("service__name", "pk")
    ):
        if not route.role or route.role in actor.roles:
            by_service[route.service].append(route)
    return by_service


def _too_low(route: Route, held: dict[str, int]) -> set[str]:
    return {name for name, least in route.skills.items() if held.get(name.lower(), 0) < least}
