"""Erasing who somebody was, once they have left everywhere; what they did stays provable."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from backdesk.parties import holdings, policies
from backdesk.parties.models import Absence, Invitation, Membership, Person, PersonSkill, Token
from backdesk.parties.operations.sessions import end_sessions
from backdesk.platform import audit, notifications
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation

NAME = "Erased person"
_DOMAIN = "erased.invalid"
_REASON = "the person asked for it, or nothing requires their data any more"


class BelongsSomewhere(Refused):
    """Who is still a member of an organisation is needed there by name."""

    status = 409


@operation
def erase_person(*, actor: Actor, now: datetime, person: Person) -> Person:
    """Name and address give way to a neutral mark, everywhere and in the trail; nobody can take it back.

    What they answered and did stays, as done by that mark; what they said of it in their own words goes.
    An erased person stays erased.
    """
    policies.require(policies.may_manage(actor))
    person = Person.objects.known_to(actor).get(pk=person.pk)
    with as_system("a person is erased"):
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.erased_at is not None:
            return person
        _require_gone(person)
        end_sessions(actor=actor, now=now, person=person)
        _erase_ways_in(person)
        _erase_what_is_known(actor, now, person)
        audit.erase(actor=actor, now=now, subject=person, reason=_REASON)
        _neutralise(now, person)
    return person


def _require_gone(person: Person) -> None:
    if Membership.objects.current().filter(person=person).exists():
        raise BelongsSomewhere(
            _("%(person)s belongs to an organisation still. Erase them when they have left everywhere.")
            % {"person": person}
        )


def _erase_ways_in(person: Person) -> None:
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    Token.objects.filter(person=person).delete()


def _erase_what_is_known(actor: Actor, now: datetime, person: Person) -> None:
    Absence.objects.filter(person=person).delete()
    PersonSkill.objects.filter(person=person).delete()
    notifications.forget(person_id=person.pk)
    holdings.erase_texts(actor=actor, now=now, person=person)
    for invitation in Invitation.objects.filter(email=person.email):
        audit.erase(actor=actor, now=now, subject=invitation, reason=_REASON)
    Invitation.objects.filter(email=person.email).open().update(revoked_at=now)
    Invitation.objects.filter(email=person.email).update(email=_address(person), token_digest=None)


def _neutralise(now: datetime, person: Person) -> None:
    person.name, person.email, person.erased_at = NAME, _address(person), now
    person.language, person.zone, person.last_login = "en", "UTC", None
    person.is_active, person.working_hours = False, ""
    person.set_unusable_password()
    person.save()


def _address(person: Person) -> str:
    return f"{person.pk}@{_DOMAIN}"
