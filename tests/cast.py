"""The cast of the app tests: two clients and two providers, so that a leak between any two of them shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.test import Client

from backdesk.parties import operations
from backdesk.parties.models import Organisation, Person, Role
from backdesk.parties.queries import actor_for
from backdesk.platform.actor import Actor, system

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLIENT_ROLES = (Role.OPERATIONS_LEAD, Role.EMPLOYEE, Role.CONTROLLER, Role.AUDITOR)
PROVIDER_ROLES = (Role.DELIVERY_MANAGER, Role.AGENT)


@dataclass(kw_only=True)
class Cast:
    """`people[organisation.pk][role]`; shortcuts for those most tests are about."""

    client: Organisation
    other_client: Organisation
    provider: Organisation
    other_provider: Organisation
    people: dict[int, dict[str, Person]] = field(default_factory=dict)
    now: datetime = NOW

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return self.client, self.other_client, self.provider, self.other_provider

    def person(self, role: str, organisation: Organisation | None = None) -> Person:
        return self.people[(organisation or self.client).pk][role]

    def actor(self, role: str, organisation: Organisation | None = None) -> Actor:
        where = organisation or self.client
        return actor_for(person=self.person(role, where), organisation_id=where.pk, interface="web")

    @property
    def lead(self) -> Actor:
        return self.actor(Role.OPERATIONS_LEAD)

    @property
    def employee(self) -> Actor:
        return self.actor(Role.EMPLOYEE)

    @property
    def other_lead(self) -> Actor:
        return self.actor(Role.OPERATIONS_LEAD, self.other_client)

    @property
    def agent(self) -> Actor:
        return self.actor(Role.AGENT, self.provider)

    def browser(self, role: str = Role.OPERATIONS_LEAD, organisation: Organisation | None = None) -> Client:
        """A browser in which the person with this role is signed in."""
        browser = Client()
        browser.force_login(self.person(role, organisation))
        return browser


def assemble() -> Cast:
    cast = Cast(
        client=_found("Larch & Sons", is_client=True),
        other_client=_found("Quay Foods", is_client=True),
        provider=_found("Steady Hands", is_provider=True),
        other_provider=_found("Night Shift", is_provider=True),
    )
    for organisation in cast.organisations:
        roles = CLIENT_ROLES if organisation.is_client else PROVIDER_ROLES
        cast.people[organisation.pk] = {role: _member(organisation, role) for role in roles}
    return cast


def _found(name: str, *, is_client: bool = False, is_provider: bool = False) -> Organisation:
    return operations.found_organisation(
        actor=system(name="tests"), now=NOW, name=name, is_client=is_client, is_provider=is_provider
    )


def _member(organisation: Organisation, role: str) -> Person:
    actor = system(name="tests", organisation_id=organisation.pk)
    address = f"{role}@{organisation.name.split()[0].lower()}.example"
    person = operations.add_person(
        actor=actor, now=NOW, email=address, name=f"{Role(role).label} of {organisation.name}", password=None
    )
    operations.give_role(actor=actor, now=NOW, person=person, organisation=organisation, role=role)
    return person
