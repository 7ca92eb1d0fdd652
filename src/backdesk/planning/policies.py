"""Who may do what in planning: the roles of the client's side."""

from django.core.exceptions import PermissionDenied

from backdesk.platform.actor import Actor

LEAD = frozenset({"operations_lead"})
READERS = LEAD | {"controller", "auditor", "employee"}
COST_READERS = LEAD | {"controller", "auditor"}


class NotAllowed(PermissionDenied):
    """The actor's roles do not include this."""


def may_read(actor: Actor) -> bool:
    return bool(actor.roles & READERS)


def may_edit(actor: Actor) -> bool:
    return bool(actor.roles & LEAD)


def may_answer(actor: Actor) -> bool:
    return bool(actor.roles & (LEAD | {"employee"}))


def may_see_people_and_cost(actor: Actor) -> bool:
    """Pay, and what a named person did, are not for every colleague's eyes."""
    return bool(actor.roles & COST_READERS)


def require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed("Your role does not allow this; ask an operations lead of your company.")


def company(actor: Actor) -> int:
    """The company the actor acts for."""
    if actor.organisation_id is None:
        raise NotAllowed("You act for no company; ask for an invitation to one.")
    return actor.organisation_id


def person(actor: Actor) -> int:
    """The person who acts; Backdesk itself has no say."""
    if actor.person_id is None:
        raise NotAllowed("Only a person can do this.")
    return actor.person_id
