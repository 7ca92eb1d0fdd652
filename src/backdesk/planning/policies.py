"""Who may do what in planning: the roles of the client's side."""

from backdesk.parties.policies import NotAllowed, company, person, require
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import Guarded

__all__ = ("NotAllowed", "company", "person", "require")

LEAD = frozenset({"operations_lead"})
READERS = LEAD | {"controller", "auditor", "employee"}
COST_READERS = LEAD | {"controller", "auditor"}


def may_read(actor: Actor) -> bool:
    return bool(actor.roles & READERS)


def may_edit(actor: Actor) -> bool:
    return bool(actor.roles & LEAD)


def may_answer(actor: Actor) -> bool:
    return bool(actor.roles & (LEAD | {"employee"}))


def may_see_people_and_cost(actor: Actor) -> bool:
    """Pay, and what a named person did, are not for every colleague's eyes."""
    return bool(actor.roles & COST_READERS)


#: What is told of an activity, and of a step of a work history, beside what every colleague may read.
ACTIVITY: Guarded = dict.fromkeys(
    ("cost_per_month", "currency", "pay_ratio", "performers"), may_see_people_and_cost
)
STEP: Guarded = {"resource": may_see_people_and_cost}
