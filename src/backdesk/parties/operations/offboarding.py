"""Leaving an organisation: what one holds goes to a successor, what one did stays."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.parties import holdings, policies
from backdesk.parties.holdings import Held, Holding
from backdesk.parties.models import Membership, Person, Team, TeamMembership, TeamMembershipQuerySet
from backdesk.parties.operations.absences import end_absences
from backdesk.parties.operations.memberships import end_membership, require_another_manager
from backdesk.parties.operations.sessions import end_sessions
from backdesk.parties.operations.teams import join_team, lead_team, leave_all_teams
from backdesk.parties.operations.tokens import revoke_tokens
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class SuccessorNeeded(Refused):
    """The person holds something that somebody must take over."""


class SuccessorIsThePerson(Refused):
    """What one leaves, one cannot take over."""


class CannotOffboardOneself(Refused):
    """Somebody else sees to it that what one holds is in good hands."""


@operation
def offboard_person(*, actor: Actor, now: datetime, person: Person, successor: Person | None = None) -> None:
    """End everything the person is in the actor's organisation; the entry says who took over."""
    policies.require(policies.may_manage(actor))
    person = Person.objects.visible_to(actor).get(pk=person.pk)
    _require_possible(actor, person, successor)
    held = holdings.held_by(actor=actor, person=person)
    _hand_over(actor, now, person, successor, held)
    leave_all_teams(actor=actor, now=now, person=person)
    end_absences(actor=actor, now=now, person=person)
    revoke_tokens(actor=actor, now=now, person=person)
    for membership in Membership.objects.visible_to(actor).current().filter(person=person):
        end_membership(actor=actor, now=now, membership=membership)
    end_sessions(actor=actor, now=now, person=person)
    after = {"successor": successor and successor.pk, "handed_over": {one.title: one.count for one in held}}
    audit.record(actor=actor, now=now, verb="person offboarded", subject=person, after=after)


def teams_led(*, actor: Actor, person: Person) -> int:
    return _leading(actor, person).count()


def hand_over_teams(*, actor: Actor, now: datetime, person: Person, successor: Person) -> None:
    """The successor joins each team, if they are not in it, and leads it."""
    for team in Team.objects.visible_to(actor).open().filter(memberships__in=_leading(actor, person)):
        join_team(actor=actor, now=now, team=team, person=successor)
        lead_team(actor=actor, now=now, team=team, person=successor)


TEAMS_LED = Holding(title=gettext_lazy("teams led"), count=teams_led, hand_over=hand_over_teams)


def _leading(actor: Actor, person: Person) -> TeamMembershipQuerySet:
    return TeamMembership.objects.visible_to(actor).current().filter(person=person, is_lead=True)


def _require_possible(actor: Actor, person: Person, successor: Person | None) -> None:
    if person.pk == actor.person_id:
        raise CannotOffboardOneself(_("Ask somebody else who manages here to offboard you."))
    if successor is not None and successor.pk == person.pk:
        raise SuccessorIsThePerson(
            _("Choose somebody else to take over from %(person)s.") % {"person": person}
        )
    roles = (
        Membership.objects.visible_to(actor).current().filter(person=person).values_list("role", flat=True)
    )
    require_another_manager(actor=actor, besides=person, roles=frozenset(roles))


def _hand_over(
    actor: Actor, now: datetime, person: Person, successor: Person | None, held: tuple[Held, ...]
) -> None:
    if not held:
        return
    if successor is None:
        listed = ", ".join(f"{one.title} ({one.count})" for one in held)
        raise SuccessorNeeded(
            _("Say who takes over from %(person)s: %(listed)s.") % {"person": person, "listed": listed}
        )
    successor = Person.objects.visible_to(actor).get(pk=successor.pk)
    for one in held:
        one.holding.hand_over(actor=actor, now=now, person=person, successor=successor)
