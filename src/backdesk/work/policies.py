"""Who may do what with the work that two companies share."""

from __future__ import annotations

from backdesk.parties.policies import company, is_member, require
from backdesk.platform.actor import Actor

__all__ = [
    "company",
    "is_client_of",
    "is_provider_of",
    "may_accept",
    "may_answer_dispute",
    "may_create",
    "may_define",
    "may_dispute",
    "may_lead_queue",
    "may_read",
    "may_read_findings",
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


def may_accept(actor: Actor) -> bool:
    """Take delivered work over, or return it: the operations lead of the client."""
    return may_define(actor)


def may_dispute(actor: Actor, organisation_id: int, person_id: int | None) -> bool:
    """A finding: whose work it is, and who leads them."""
    mine = actor.person_id is not None and actor.person_id == person_id
    return actor.organisation_id == organisation_id and (mine or may_lead_queue(actor))


def may_answer_dispute(actor: Actor, organisation_id: int) -> bool:
    """Who leads the company that found it."""
    return actor.organisation_id == organisation_id and may_lead_queue(actor)


def may_read_findings(actor: Actor) -> bool:
    """An agent, those of their own work; who leads, orders or controls work, all."""
    return may_read(actor)


def is_client_of(actor: Actor, client_id: int) -> bool:
    return actor.organisation_id == client_id


def is_provider_of(actor: Actor, provider_id: int) -> bool:
    return actor.organisation_id == provider_id


def may_pause(actor: Actor) -> bool:
    """Say that work cannot go on: who does it at the provider, or leads it."""
    return is_member(actor) and actor.has("agent", "delivery_manager")


def may_decide_pauses(actor: Actor) -> bool:
    """Whether a clock may stand: the client's people who hand the work over."""
    return is_member(actor) and actor.has("operations_lead", "employee")


def may_ask(actor: Actor) -> bool:
    """Ask the other company about an item, and answer it: whoever works on items or leads work."""
    return may_work(actor)
