"""Who says what other systems are told: whoever leads operations or delivery."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from backdesk.platform.actor import Actor

KEEPERS: Final = frozenset({"operations_lead", "delivery_manager"})


class NotForThisRole(PermissionDenied):
    """The actor's roles do not include webhooks."""


def may_keep(actor: Actor) -> bool:
    return actor.organisation_id is not None and actor.has(*KEEPERS)


def require_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        raise NotForThisRole(_("Webhooks are for who leads operations or delivery."))
