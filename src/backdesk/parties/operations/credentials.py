"""What happens to the ways somebody signs in. The library does it; here it becomes history, and its person is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from backdesk.parties.models import Person
from backdesk.platform import audit, notifications
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.platform.notifications import BY_EMAIL, Kind

SIGNING_IN: Final = Kind(
    name="parties.signing_in",
    title=_("How you sign in was changed, or somebody tried to guess it"),
    group=_("Account"),
    default_channels=BY_EMAIL,
    to_oneself=True,
    personal=True,
    always=True,
)


class Event(StrEnum):
    """The verbs of the trail."""

    SIGNED_IN = gettext_noop("signed in")
    SIGNED_OUT = gettext_noop("signed out")
    LOCKED_OUT = gettext_noop("sign-in locked")
    FACTOR_ADDED = gettext_noop("second factor added")
    FACTOR_REMOVED = gettext_noop("second factor removed")
    RECOVERY_CODES_MADE = gettext_noop("recovery codes made")
    PASSWORD_CHANGED = gettext_noop("password changed")
    SINGLE_SIGN_ON_LINKED = gettext_noop("single sign-on linked")


_TOLD: Final[dict[Event, Promise]] = {
    Event.LOCKED_OUT: _("Signing in as you failed so often that it is locked for a while"),
    Event.FACTOR_ADDED: _("A second factor was added to your account"),
    Event.FACTOR_REMOVED: _("A second factor was removed from your account"),
    Event.RECOVERY_CODES_MADE: _("New recovery codes were made for your account"),
    Event.PASSWORD_CHANGED: _("Your password was changed"),
    Event.SINGLE_SIGN_ON_LINKED: _("Your company's sign-in was linked to your account"),
}
_IF_NOT_YOU: Final = _("If this was not you, end your other sessions and change your password at once.")


@operation
def note(*, actor: Actor, now: datetime, person: Person, event: Event, by: str = "") -> None:
    """`by`: the kind of factor or way, such as totp or webauthn."""
    audit.record(actor=actor, now=now, verb=event.value, subject=person, after={"by": by} if by else None)
    if event in _TOLD:
        notifications.notify(
            actor=actor,
            now=now,
            people=[person.pk],
            kind=SIGNING_IN.name,
            title=_TOLD[event],
            detail=_IF_NOT_YOU,
            url=reverse("account-sessions"),
        )
