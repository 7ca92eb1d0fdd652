"""A person's own tokens."""

from __future__ import annotations

from backdesk.parties.models import Token
from backdesk.platform.actor import Actor
from backdesk.platform.querysets import OwnedQuerySet


def tokens_of(actor: Actor) -> OwnedQuerySet[Token]:
    """In the organisation they act for, the newest first."""
    if actor.person_id is None:
        return Token.objects.none()
    return Token.objects.visible_to(actor).filter(person_id=actor.person_id).order_by("-created_at")
