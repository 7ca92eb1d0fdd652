"""The signed address in every e-mail by which its reader ends e-mails of that kind, without signing in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from backdesk.platform.actor import Actor

_SALT = "backdesk.notifications.unsubscribing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """Who asks, and for which kinds."""

    actor: Actor
    kinds: tuple[str, ...]


def token(*, person_id: int, organisation_id: int | None, kinds: Iterable[str]) -> str:
    """Good for as long as the secret key: an old e-mail is a good reason to unsubscribe, too."""
    return signing.dumps([person_id, organisation_id, *sorted(set(kinds))], salt=_SALT)


def read(token: str) -> Unsubscribing | None:
    """None for a token that is not ours."""
    try:
        person_id, organisation_id, *kinds = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    actor = Actor(person_id=person_id, organisation_id=organisation_id, interface="web")
    return Unsubscribing(actor=actor, kinds=tuple(kinds))
