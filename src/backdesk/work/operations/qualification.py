"""Who may be given work of which queue: by role, skills and level, the procedure they have read, and being there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from backdesk.parties.operations import qualifying
from backdesk.parties.queries.qualified import Qualified, people_there
from backdesk.platform.isolation import as_system
from backdesk.work.models import Acknowledgement, Entitlement, Route, Service

#: Who does the work of a lane that names no role.
USUAL_ROLES: Mapping[bool, frozenset[str]] = {
    True: frozenset({"employee", "operations_lead"}),
    False: frozenset({"agent", "delivery_manager"}),
}


def refresh(
    *,
    now: datetime,
    organisation_id: int | None = None,
    person_id: int | None = None,
    service_id: int | None = None,
) -> int:
    """Work entitlements out anew: all, or of a company, a person, a service. Returns how many came or went.

    A part of the verbs that change what they follow from; a job does it each few minutes as well, since absences
    begin and end by themselves.
    """
    with as_system("who may be given which work"):
        routes = Route.objects.select_related("service__current")
        if organisation_id is not None:
            routes = routes.filter(organisation_id=organisation_id)
        if service_id is not None:
            routes = routes.filter(service_id=service_id)
        return _refresh(list(routes), person_id, now)


def listen() -> None:
    """Work them out anew whenever a role, a skill or an absence changes."""
    qualifying.on_change(_person_changed)


def _person_changed(*, now: datetime, organisation_id: int, person_id: int | None) -> None:
    refresh(now=now, organisation_id=organisation_id, person_id=person_id)


@dataclass(frozen=True, slots=True)
class _Right:
    person_id: int
    organisation_id: int
    route_id: int
    level: int


def _refresh(routes: list[Route], person_id: int | None, now: datetime) -> int:
    by_company: dict[int, list[Route]] = defaultdict(list)
    for route in routes:
        by_company[route.organisation_id].append(route)
    read = _procedures_read(routes)
    wanted = {
        right
        for organisation_id, own in by_company.items()
        for person in people_there(organisation_id=organisation_id, at=now)
        if person_id is None or person.person_id == person_id
        for right in _rights(person, own, read)
    }
    return _brought_up_to_date(routes, person_id, wanted)


def _brought_up_to_date(routes: list[Route], person_id: int | None, wanted: set[_Right]) -> int:
    there = Entitlement.objects.filter(route__in=routes)
    if person_id is not None:
        there = there.filter(person_id=person_id)
    known = {_Right(one.person_id, one.organisation_id, one.route_id, one.level): one for one in there}
    gone = [one for right, one in known.items() if right not in wanted]
    for entitlement in gone:
        entitlement.delete()
    fresh = [
        Entitlement(
            person_id=one.person_id,
            organisation_id=one.organisation_id,
            route_id=one.route_id,
            level=one.level,
        )
        for one in wanted - known.keys()
    ]
    Entitlement.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(gone) + len(fresh)


def _rights(person: Qualified, routes: Iterable[Route], read: set[tuple[int, int, int]]) -> Iterable[_Right]:
    for route in routes:
        is_client = route.organisation_id == route.client_id
        roles = {route.role} if route.role else USUAL_ROLES[is_client]
        level = _level(person, route.skills)
        knows = is_client or (route.service_id, person.person_id, route.organisation_id) in read
        if person.roles & roles and level and knows and _is_in_use(route.service):
            yield _Right(person.person_id, route.organisation_id, route.pk, level)


def _level(person: Qualified, skills: Mapping[str, int]) -> int:
    """The lowest of the levels asked for; 0 where one of them is wanting."""
    held = [person.skills.get(name.lower(), 0) for name in skills]
    if any(has < least for has, least in zip(held, skills.values(), strict=True)):
        return 0
    return min(held, default=1)


def _is_in_use(service: Service) -> bool:
    """Of a paused service what is open is still worked on."""
    return service.state in (Service.State.ACTIVE, Service.State.PAUSED)


def _procedures_read(routes: Iterable[Route]) -> set[tuple[int, int, int]]:
    """Service, person, company, of those who have read the procedure in use."""
    digests = {
        route.service_id: route.service.current.procedure_digest for route in routes if route.service.current
    }
    read = Acknowledgement.objects.filter(service_id__in=digests, procedure_digest__in=set(digests.values()))
    return {
        (one.service_id, one.person_id, one.organisation_id)
        for one in read
        if one.procedure_digest == digests[one.service_id]
    }
