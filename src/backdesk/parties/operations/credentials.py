"""What happens to the ways somebody signs in. The library does it; here it becomes history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from backdesk.parties.models import Person
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation


class Event(StrEnum):
    """The verbs of the trail."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    FACTOR_ADDED = "second factor added"
    FACTOR_REMOVED = "second factor removed"
    RECOVERY_CODES_MADE = "recovery codes made"
    PASSWORD_CHANGED = "password changed"  # noqa: S105  (a verb)
    PASSWORD_RESET = "password reset"  # noqa: S105
    SINGLE_SIGN_ON_LINKED = "single sign-on linked"


@operation
def note(*, actor: Actor, now: datetime, person: Person, event: Event, by: str = "") -> None:
    """`by`: the kind of factor or method, such as totp or webauthn."""
    audit.record(actor=actor, now=now, verb=event.value, subject=person, after={"by": by} if by else None)
