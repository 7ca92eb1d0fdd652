"""The cast of the app tests: two clients and two providers, so that a leak between any two of them shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from backdesk.parties.models import CLIENT_ROLES as CLIENT_ROLES
from backdesk.parties.models import PROVIDER_ROLES as PROVIDER_ROLES
from backdesk.parties.models import Membership, Organisation, Person, Role
from backdesk.parties.queries import actor_for
from backdesk.parties.sessions import mark_beginning
from backdesk.platform.actor import Actor, system
from backdesk.platform.isolation.sessions import SessionStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMPANIES = (("Larch & Sons", True), ("Quay Foods", True), ("Steady Hands", False), ("Night Shift", False))
#: Brings people in and gives them their first roles, as founding and invitations do.
BACKDESK = system(name="tests")


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
        """A browser in which the person with this role is signed in.

        It is given a session as signing in would make it. To sign in for each of thousands of tests costs minutes.
        """
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = (
            _session(self.person(role, organisation)).session_key or ""
        )
        return browser


def _session(person: Person) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    asked = HttpRequest()
    asked.session = session
    mark_beginning(asked, now=timezone.now())
    session["seen_at"] += 3600  # or a page writes it down anew where the machine is slow: once a minute
    session.create()
    return session


def assemble() -> Cast:
    """In a handful of statements, since nearly every test begins with it."""
    client, other_client, provider, other_provider = Organisation.objects.bulk_create(
        Organisation(name=name, is_client=is_client, is_provider=not is_client, created_at=NOW)
        for name, is_client in COMPANIES
    )
    cast = Cast(
        client=client, other_client=other_client, provider=provider, other_provider=other_provider
    )  # fmt: skip
    places = [(where, role) for where in cast.organisations for role in _roles_of(where)]
    people = Person.objects.bulk_create(_person(where, role) for where, role in places)
    for (where, role), person in zip(places, people, strict=True):
        cast.people.setdefault(where.pk, {})[role] = person
    Membership.objects.bulk_create(
        Membership(person=person, organisation=where, role=role, began_at=NOW)
        for (where, role), person in zip(places, people, strict=True)
    )
    return cast


def _roles_of(organisation: Organisation) -> tuple[Role, ...]:
    return CLIENT_ROLES if organisation.is_client else PROVIDER_ROLES


def _person(organisation: Organisation, role: Role) -> Person:
    address = f"{role}@{organisation.name.split()[0].lower()}.example"
    name = f"{role.label} of {organisation.name}"
    return Person(email=address, name=name, password=make_password(None), created_at=NOW)
