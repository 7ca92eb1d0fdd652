"""Changing the address one signs in with: first it is asked, at the new address, whether it is theirs."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import ClassVar, Final

from django.core import signing
from django.utils.translation import gettext as _

from backdesk.parties.models import Person
from backdesk.parties.operations.people import EmailTaken
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import identifying, operation

VALID_FOR: Final = dt.timedelta(days=1)
_SALT: Final = "backdesk.email-change"


class ConfirmationInvalid(Refused):
    """The link was not made here, is too old, or was used."""

    status: ClassVar[int] = 404


def confirmation_for(*, person: Person, email: str) -> str:
    """What the link in the mail carries: good for a day, and only while the present address stays."""
    wanted = {"person": person.pk, "from": person.email, "to": email.strip().lower()}
    return signing.dumps(wanted, salt=_SALT, compress=True)


def confirmed_address(*, person: Person, confirmation: str) -> str:
    """The address that a link of this person's own confirms."""
    try:
        wanted = signing.loads(confirmation, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise ConfirmationInvalid(
            _("This link is not valid, or older than a day. Ask for a new one.")
        ) from error
    if (wanted["person"], wanted["from"]) != (person.pk, person.email):
        raise ConfirmationInvalid(
            _("This link was used, or belongs to somebody else. Sign in as its person.")
        )
    return str(wanted["to"])


@operation
def change_email(*, actor: Actor, now: datetime, person: Person, confirmation: str) -> Person:
    address = confirmed_address(person=person, confirmation=confirmation)
    with identifying():
        if Person.objects.filter(email=address).exclude(pk=person.pk).exists():
            raise EmailTaken(_("Somebody signs in with this address already. Use another one."))
    before = {"email": person.email}
    person.email = address
    person.save(update_fields=["email"])
    audit.record(
        actor=actor, now=now, verb="e-mail changed", subject=person, before=before, after={"email": address}
    )
    return person
