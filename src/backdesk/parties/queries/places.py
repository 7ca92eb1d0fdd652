"""Who is where, as what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backdesk.parties.models import Membership, Organisation, Person
from backdesk.platform.actor import Actor, Interface


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An organisation a person belongs to, with all their roles there."""

    organisation: Organisation
    roles: frozenset[str]


def places_of(person: Person) -> tuple[Place, ...]:
    """Where the person is a member now, in the order of joining."""
    current = Membership.objects.current().filter(person=person).select_related("organisation")
    return _grouped(current.order_by("began_at", "id"))


def roles_in(*, person_id: int, organisation_id: int) -> frozenset[str]:
    """What the person is there now; nothing where they are no member, or may not sign in any more."""
    current = Membership.objects.current().filter(
        person_id=person_id, organisation_id=organisation_id, person__is_active=True
    )
    return frozenset(current.values_list("role", flat=True))


def anybody_is_here() -> bool:
    """Has any organisation been founded? The one question asked before there is an actor."""
    return Organisation.objects.exists()


def actor_for(*, person: Person, organisation_id: int | None, interface: Interface) -> Actor:
    """The person acting for that organisation, or for their first where they are no member of it."""
    places = places_of(person)
    chosen = next((place for place in places if place.organisation.pk == organisation_id), None)
    return actor_in(person=person, place=chosen or next(iter(places), None), interface=interface)


def actor_in(*, person: Person, place: Place | None, interface: Interface) -> Actor:
    return Actor(
        person_id=person.pk,
        organisation_id=place.organisation.pk if place else None,
        roles=place.roles if place else frozenset(),
        interface=interface,
        name=str(person),
    )


def members(actor: Actor) -> list[Membership]:
    visible = Membership.objects.visible_to(actor).current().select_related("person")
    return list(visible.order_by("person__name", "role"))


def _grouped(memberships: Iterable[Membership]) -> tuple[Place, ...]:
    found: dict[int, tuple[Organisation, set[str]]] = {}
    for membership in memberships:
        _, roles = found.setdefault(membership.organisation_id, (membership.organisation, set()))
        roles.add(membership.role)
    return tuple(Place(organisation=where, roles=frozenset(roles)) for where, roles in found.values())
