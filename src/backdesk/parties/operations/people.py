"""Bringing people in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import Person
from backdesk.parties.operations.zones import known_zone
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation


class NoEmail(Refused):
    """Not an address mail can go to."""


class EmailTaken(Refused):
    """Somebody signs in with this address already."""

    status = 409


class PasswordTooWeak(Refused):
    """A password that is short, common, or made of the person's name."""


@operation
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
    """Somebody who belongs nowhere yet: people come in by founding a company or by an invitation.

    Without a password the person cannot sign in yet.
    """
    policies.require(policies.is_backdesk(actor))
    person = Person(
        email=addressable(email),
        name=name.strip(),
        language=language,
        zone=known_zone(zone),
        created_at=now,
    )
    person.set_password(password)
    with as_system("a person belongs to no organisation"):
        _require_free(person.email)
        person.save()
    audit.record(actor=actor, now=now, verb="person added", subject=person, after={"language": language})
    return person


def addressable(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise NoEmail(_("“%(email)s” is no e-mail address.") % {"email": email}) from error
    return address


def acceptable_password(password: str, *, email: str, name: str) -> str:
    """The password, if it is good enough for this person."""
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages)) from error
    return password


def _require_free(email: str) -> None:
    if Person.objects.filter(email=email).exists():
        raise EmailTaken(
            _("%(email)s belongs to somebody already; sign in with it, or use another address.")
            % {"email": email}
        )
