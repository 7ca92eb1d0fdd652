"""Who may do what with the people of an organisation, and what every app asks of an actor."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from backdesk.platform.actor import Actor

MANAGERS = frozenset({"operations_lead", "delivery_manager"})


class NotAllowed(PermissionDenied):
    """The actor's roles do not include this."""


def is_member(actor: Actor) -> bool:
    return actor.organisation_id is not None


def may_manage(actor: Actor) -> bool:
    """Who leads operations at a client, or delivery at a provider."""
    return is_member(actor) and actor.has(*MANAGERS)


def may_engage(actor: Actor) -> bool:
    """Propose to hand work to a provider: who leads operations at a client."""
    return is_member(actor) and actor.has("operations_lead")


def may_see_engagements(actor: Actor) -> bool:
    """With whom one's company works is for everybody there but who only does the work."""
    return is_member(actor) and actor.has(
        "operations_lead", "employee", "controller", "auditor", "delivery_manager"
    )


def is_backdesk(actor: Actor) -> bool:
    """No person, but Backdesk itself: founding a company, or doing what an invitation says."""
    return actor.person_id is None


def may_plan_absence_of(actor: Actor, person_id: int) -> bool:
    """One's own, or anybody's for who manages."""
    return is_member(actor) and (may_manage(actor) or actor.person_id == person_id)


def may_see_why_absent(actor: Actor, person_id: int) -> bool:
    """That somebody is away is for every colleague to see; why, and what was noted, is not."""
    return may_plan_absence_of(actor, person_id)


def require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("Your role does not allow this; ask whoever manages at your company."))


def company(actor: Actor) -> int:
    """The company the actor acts for."""
    if actor.organisation_id is None:
        raise NotAllowed(_("You act for no company; ask for an invitation to one."))
    return actor.organisation_id


def person(actor: Actor) -> int:
    """The person who acts; Backdesk itself has no say."""
    if actor.person_id is None:
        raise NotAllowed(_("Only a person can do this."))
    return actor.person_id
