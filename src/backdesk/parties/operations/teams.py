"""Teams opened and closed, joined and left."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import Person, Team, TeamMembership
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class TeamNameTaken(Refused):
    """Another open team of the organisation has this name."""

    status = 409


class TeamClosed(Refused):
    """A closed team is history: nobody joins it any more, and it keeps its name."""

    status = 409


@operation
def open_team(*, actor: Actor, now: datetime, name: str) -> Team:
    policies.require(policies.may_manage(actor))
    team = Team(organisation_id=policies.company(actor), name=name.strip(), opened_at=now)
    _save_named(team)
    audit.record(actor=actor, now=now, verb="team opened", subject=team, after={"name": team.name})
    return team


@operation
def rename_team(*, actor: Actor, now: datetime, team: Team, name: str) -> Team:
    team = _open_one(actor, team)
    before, team.name = {"name": team.name}, name.strip()
    _save_named(team)
    after = {"name": team.name}
    audit.record(actor=actor, now=now, verb="team renamed", subject=team, before=before, after=after)
    return team


@operation
def close_team(*, actor: Actor, now: datetime, team: Team) -> Team:
    """Its people leave it; it stays in the history, and its name is free again."""
    team = _open_one(actor, team)
    for membership in team.memberships.current():
        _end(actor=actor, now=now, membership=membership)
    team.closed_at = now
    team.save(update_fields=["closed_at"])
    audit.record(actor=actor, now=now, verb="team closed", subject=team)
    return team


@operation
def join_team(
    *, actor: Actor, now: datetime, team: Team, person: Person, is_lead: bool = False
) -> TeamMembership:
    """Who is in it already stays as they are."""
    team = _open_one(actor, team)
    person = Person.objects.visible_to(actor).get(pk=person.pk)
    return add_to_team(actor=actor, now=now, team=team, person=person, is_lead=is_lead)


@operation
def leave_team(*, actor: Actor, now: datetime, team: Team, person: Person) -> TeamMembership:
    policies.require(policies.may_manage(actor))
    membership = TeamMembership.objects.visible_to(actor).current().get(team=team, person=person)
    return _end(actor=actor, now=now, membership=membership)


@operation
def lead_team(
    *, actor: Actor, now: datetime, team: Team, person: Person, leads: bool = True
) -> TeamMembership:
    """Make somebody of the team its lead, or no longer; a team may have several."""
    policies.require(policies.may_manage(actor))
    membership = TeamMembership.objects.visible_to(actor).current().get(team=team, person=person)
    if membership.is_lead != leads:
        membership.is_lead = leads
        membership.save(update_fields=["is_lead"])
        verb = "team lead appointed" if leads else "team lead relieved"
        after = {"person": person.pk, "team": team.pk}
        audit.record(actor=actor, now=now, verb=verb, subject=membership, after=after)
    return membership


def add_to_team(
    *, actor: Actor, now: datetime, team: Team, person: Person, is_lead: bool = False
) -> TeamMembership:
    """A part of joining, and of accepting an invitation into the team."""
    membership, is_new = TeamMembership.objects.get_or_create(
        team=team, person=person, ended_at=None, defaults={"began_at": now, "is_lead": is_lead}
    )
    if is_new:
        after = {"person": person.pk, "team": team.pk, "is_lead": is_lead}
        audit.record(actor=actor, now=now, verb="team joined", subject=membership, after=after)
    return membership


def leave_all_teams(*, actor: Actor, now: datetime, person: Person) -> None:
    """A part of offboarding."""
    for membership in TeamMembership.objects.visible_to(actor).current().filter(person=person):
        _end(actor=actor, now=now, membership=membership)


def _open_one(actor: Actor, team: Team) -> Team:
    policies.require(policies.may_manage(actor))
    team = Team.objects.visible_to(actor).select_for_update().get(pk=team.pk)
    if team.closed_at is not None:
        raise TeamClosed(_("“%(team)s” is closed. Open a new team of that name.") % {"team": team})
    return team


def _end(*, actor: Actor, now: datetime, membership: TeamMembership) -> TeamMembership:
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    before = {"person": membership.person_id, "team": membership.team_id}
    audit.record(actor=actor, now=now, verb="team left", subject=membership, before=before)
    return membership


def _save_named(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        if "team_named_once_while_open" not in str(error):
            raise
        raise TeamNameTaken(
            _("There is a team “%(name)s” already. Choose another name.") % {"name": team.name}
        ) from error
