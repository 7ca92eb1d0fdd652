"""Who may read the trail: those who answer for the work, and those who check it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from backdesk.platform.actor import Actor

READERS = frozenset({"operations_lead", "controller", "auditor", "delivery_manager"})


class NotForThisRole(PermissionDenied):
    """The actor's roles do not include reading the trail."""


def may_read(actor: Actor) -> bool:
    return actor.organisation_id is not None and actor.has(*READERS)


def require_reader(actor: Actor) -> None:
    if not may_read(actor):
        raise NotForThisRole("The trail is for who leads operations or delivery, controls or audits.")
