"""Who is named to whom where two companies share something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from backdesk.parties.models import Membership, Organisation, Participant, Person
from backdesk.parties.queries.places import actor_in, places_of
from backdesk.platform.actor import Actor, Interface
from backdesk.platform.isolation import as_system


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """`organisation_id`: for which company they are there."""

    person_id: int
    name: str
    organisation_id: int


def colleagues_named(actor: Actor) -> tuple[NamedPerson, ...]:
    """Everybody who works for the actor's own company now, by name."""
    here = Membership.objects.visible_to(actor).current().filter(person__is_active=True)
    rows = here.order_by("person__name", "person_id").values_list(
        "person_id", "person__name", "organisation_id"
    )
    return _distinct(rows)


def participants_named(*, actor: Actor, organisation_ids: Collection[int]) -> tuple[NamedPerson, ...]:
    """Those of these companies whose names an engagement shows to the actor's, by name."""
    shown = Participant.objects.visible_to(actor).filter(organisation_id__in=organisation_ids)
    return _distinct(shown.order_by("name", "pk").values_list("person_id", "name", "organisation_id"))


def names_of_companies(organisation_ids: Collection[int]) -> Mapping[int, str]:
    """For who shares something with them: they see the name of the other company, and nothing else of it."""
    with as_system("naming the companies that share something"):
        return dict(Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", "name"))


def actor_of_member(
    *, person_id: int, organisation_id: int, email: str, interface: Interface
) -> Actor | None:
    """The member of this company who has this address, with the roles they have now. In the scope of the house."""
    person = Person.objects.filter(pk=person_id, email=email, is_active=True).first()
    places = places_of(person) if person else ()
    place = next((one for one in places if one.organisation.pk == organisation_id), None)
    return actor_in(person=person, place=place, interface=interface) if person and place else None


def _distinct(rows: Iterable[tuple[int, str, int]]) -> tuple[NamedPerson, ...]:
    found = {
        (person_id, organisation_id): NamedPerson(
            person_id=person_id, name=name, organisation_id=organisation_id
        )
        for person_id, name, organisation_id in rows
    }
    return tuple(found.values())
