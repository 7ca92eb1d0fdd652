"""Who sees how a service goes."""

from __future__ import annotations

from typing import Final

from backdesk.parties.policies import is_member
from backdesk.platform.actor import Actor

READERS: Final = frozenset({"operations_lead", "controller", "auditor", "delivery_manager"})


def may_supervise(actor: Actor) -> bool:
    """Who orders, controls or audits the work at the client, and who leads it at the provider."""
    return is_member(actor) and actor.has(*READERS)
