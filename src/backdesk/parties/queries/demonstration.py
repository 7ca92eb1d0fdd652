"""Who the people of the demonstration are, for what the apps above do in their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backdesk.parties.models import Membership, Organisation
from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A company of the demonstration and its people as actors, by role, in the order of joining."""

    organisation_id: int
    name: str
    people: Mapping[str, tuple[Actor, ...]]
    emails: Mapping[int, str]


def sides() -> tuple[Side, Side] | None:
    """The client and the provider; None where there is no demonstration. In the scope of the house."""
    found = Organisation.objects.filter(is_demonstration=True)
    client, provider = found.filter(is_client=True).first(), found.filter(is_provider=True).first()
    return (_side(client), _side(provider)) if client and provider else None


def _side(organisation: Organisation) -> Side:
    here = Membership.objects.current().filter(organisation=organisation).select_related("person")
    people: dict[str, tuple[Actor, ...]] = {}
    emails = {}
    for membership in here.order_by("pk"):
        actor = Actor(
            person_id=membership.person_id,
            organisation_id=organisation.pk,
            roles=frozenset({membership.role}),
            interface="cli",
            name=membership.person.name,
        )
        people[membership.role] = (*people.get(membership.role, ()), actor)
        emails[membership.person_id] = membership.person.email
    return Side(organisation_id=organisation.pk, name=organisation.name, people=people, emails=emails)
