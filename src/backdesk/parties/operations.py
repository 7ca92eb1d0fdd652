"""Bringing organisations and people in."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from backdesk.parties.models import Membership, Organisation, Person, Role
from backdesk.platform import audit
from backdesk.platform.actor import Actor, system


class EmailTaken(Exception):
    """Somebody signs in with this address already."""


class PasswordTooWeak(Exception):
    """A password that is short, common, or made of the person's name."""


class UnknownRole(Exception):
    """No such role."""


class UnknownZone(Exception):
    """No such time zone."""


@transaction.atomic
def found_organisation(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    is_client: bool = False,
    is_provider: bool = False,
    is_demonstration: bool = False,
    zone: str = "UTC",
) -> Organisation:
    organisation = Organisation.objects.create(
        name=name,
        is_client=is_client,
        is_provider=is_provider,
        is_demonstration=is_demonstration,
        zone=_known_zone(zone),
        created_at=now,
    )
    audit.record(
        actor=actor,
        now=now,
        verb="organisation founded",
        subject=organisation,
        after={"name": organisation.name},
    )
    return organisation


@transaction.atomic
def add_person(
    *,
    actor: Actor,
    now: datetime,
    email: str,
    name: str,
    password: str | None,
    language: str = "en",
    zone: str = "UTC",
) -> Person:
    """Without a password the person cannot sign in yet."""
    address = email.strip().lower()
    if Person.objects.filter(email=address).exists():
        raise EmailTaken(f"{address} belongs to somebody already; sign in with it, or use another address.")
    person = Person(email=address, name=name, language=language, zone=_known_zone(zone), created_at=now)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    audit.record(actor=actor, now=now, verb="person added", subject=person, after={"language": language})
    return person


@transaction.atomic
def found_client(*, now: datetime, company: str, zone: str, name: str, email: str, password: str) -> Person:
    """A company that may hand work over, and its first person, who leads its operations."""
    actor = system(name="backdesk found")
    organisation = found_organisation(actor=actor, now=now, name=company, is_client=True, zone=zone)
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages)) from error
    person = add_person(actor=actor, now=now, email=email, name=name, password=password, zone=zone)
    give_role(actor=actor, now=now, person=person, organisation=organisation, role=Role.OPERATIONS_LEAD.value)
    return person


@transaction.atomic
def give_role(
    *, actor: Actor, now: datetime, person: Person, organisation: Organisation, role: str
) -> Membership:
    """A role the person has already stays as it is."""
    if role not in Role.values:
        raise UnknownRole(f"'{role}' is no role. The roles are {', '.join(Role.values)}.")
    membership, is_new = Membership.objects.get_or_create(
        person=person, organisation=organisation, role=role, ended_at=None, defaults={"began_at": now}
    )
    if is_new:
        after = {"person": person.pk, "organisation": organisation.pk, "role": role}
        audit.record(actor=actor, now=now, verb="role given", subject=membership, after=after)
    return membership


def _known_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(f"'{name}' is no time zone. Write one like Europe/Copenhagen.") from None
    return name
