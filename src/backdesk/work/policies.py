"""Who may do what with the work that two companies share."""

from __future__ import annotations

from backdesk.parties.policies import company, is_member, require
from backdesk.platform.actor import Actor

__all__ = [
    "company",
    "is_client_of",
    "is_provider_of",
    "may_create",
    "may_define",
    "may_lead_queue",
    "may_read",
    "may_work",
    "require",
    "sees_whole",
]


def may_define(actor: Actor) -> bool:
    """Services, their targets and prices: the operations lead of the client."""
    return is_member(actor) and actor.has("operations_lead")


def may_create(actor: Actor) -> bool:
    """Items: whoever hands the work over, or leads those who receive it; Backdesk itself for a watched folder."""
    return actor.person_id is None or (
        is_member(actor) and actor.has("operations_lead", "employee", "delivery_manager")
    )


def may_lead_queue(actor: Actor) -> bool:
    """Reassign, see the load of a team: who leads delivery at the provider, or operations at the client."""
    return is_member(actor) and actor.has("delivery_manager", "operations_lead")


def may_read(actor: Actor) -> bool:
    """Everybody of the two companies reads items; which of them and what of them, the walls and disclosure say.
    An agent reads those they hold or held."""
    return is_member(actor) and actor.has(
        "operations_lead", "employee", "controller", "auditor", "delivery_manager", "agent"
    )


def may_work(actor: Actor) -> bool:
    """Take steps and do them: whoever has a person's place in a queue; which steps, entitlements say."""
    return is_member(actor) and actor.has("agent", "delivery_manager", "employee", "operations_lead")


def sees_whole(actor: Actor) -> bool:
    """Who leads, orders or controls work is shown all of an item that is for their company; who does it, what its
    steps need."""
    return is_member(actor) and actor.has(
        "operations_lead", "employee", "controller", "auditor", "delivery_manager"
    )


def is_client_of(actor: Actor, client_id: int) -> bool:
    return actor.organisation_id == client_id


def is_provider_of(actor: Actor, provider_id: int) -> bool:
    return actor.organisation_id == provider_id
