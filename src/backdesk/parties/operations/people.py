"""Bringing people in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from backdesk.parties.models import Person
from backdesk.parties.operations.zones import known_zone
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused


class EmailTaken(Refused):
    """Somebody signs in with this address already."""

    status = 409


class PasswordTooWeak(Refused):
    """A password that is short, common, or made of the person's name."""


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
    person = Person(email=address, name=name, language=language, zone=known_zone(zone), created_at=now)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    audit.record(actor=actor, now=now, verb="person added", subject=person, after={"language": language})
    return person


def acceptable_password(password: str, *, email: str, name: str) -> str:
    """The password, if it is good enough for this person."""
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages)) from error
    return password
