"""Telling people of what others did that concerns them: parts of the verbs that do it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backdesk.parties.models import Absence, Engagement, Invitation, Membership, Person, Role, TeamMembership
from backdesk.parties.policies import MANAGERS
from backdesk.parties.queries.recipients import people_with
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.notifications import BY_EMAIL, QUIET, Kind

_GROUP: Final = _("Organisation")
INVITATION_ACCEPTED: Final = Kind(
    name="parties.invitation_accepted",
    title=_("Somebody you invited has joined"),
    group=_GROUP,
    default_channels=QUIET,
    roles=MANAGERS,
)
PROPOSAL_ACCEPTED: Final = Kind(
    name="parties.proposal_accepted",
    title=_("A provider has accepted to work with you"),
    group=_GROUP,
    default_channels=BY_EMAIL,
    roles=frozenset({Role.OPERATIONS_LEAD.value}),
)
ROLE_CHANGED: Final = Kind(
    name="parties.role_changed",
    title=_("You were given a role, or one of yours has ended"),
    group=_GROUP,
    default_channels=BY_EMAIL,
    weighty=True,
)
ABSENCE_PLANNED: Final = Kind(
    name="parties.absence_planned",
    title=_("Somebody in a team you lead will be away"),
    group=_GROUP,
    default_channels=QUIET,
)


def register_kinds() -> None:
    notifications.register(INVITATION_ACCEPTED, PROPOSAL_ACCEPTED, ROLE_CHANGED, ABSENCE_PLANNED)


def tell_of_acceptance(*, actor: Actor, now: datetime, invitation: Invitation, person: Person) -> None:
    """Whoever invited them."""
    notifications.notify(
        actor=actor,
        now=now,
        people=[invitation.invited_by_id] if invitation.invited_by_id else [],
        kind=INVITATION_ACCEPTED.name,
        subject=invitation,
        title=format_lazy(_("{person} has joined"), person=person.name),
        detail=_("Your invitation was accepted."),
        url=reverse("organisation:person", args=(person.pk,)),
        organisation_id=invitation.organisation_id,
    )


def tell_of_engagement(*, actor: Actor, now: datetime, engagement: Engagement) -> None:
    """Whoever leads operations at the client: services can be agreed on now."""
    assert engagement.provider is not None
    notifications.notify(
        actor=actor,
        now=now,
        people=people_with(organisation_id=engagement.client_id, roles=PROPOSAL_ACCEPTED.roles),
        kind=PROPOSAL_ACCEPTED.name,
        subject=engagement,
        title=format_lazy(
            _("{provider} has accepted “{name}”"), provider=engagement.provider.name, name=engagement.name
        ),
        detail=_("Say next which services they take over."),
        url=reverse("engagements:engagement", args=(engagement.pk,)),
        organisation_id=engagement.client_id,
    )


def tell_of_role(*, actor: Actor, now: datetime, membership: Membership) -> None:
    """The person whose role it is; nobody is told of the roles they came with."""
    has_ended = membership.ended_at is not None
    title = _("Your role as {role} has ended") if has_ended else _("You are now {role}")
    if actor.person_id is not None:
        notifications.notify(
            actor=actor,
            now=now,
            people=[membership.person_id],
            kind=ROLE_CHANGED.name,
            subject=membership,
            title=format_lazy(title, role=membership.get_role_display()),
            detail=format_lazy(_("Changed by {person}."), person=actor.name),
            url=reverse("organisation:person", args=(membership.person_id,)),
        )


def tell_of_absence(*, actor: Actor, now: datetime, absence: Absence) -> None:
    """Whoever leads a team the person is in: that they will be away, not why."""
    theirs = TeamMembership.objects.visible_to(actor).current().filter(person=absence.person_id)
    leads = (
        TeamMembership.objects.visible_to(actor)
        .current()
        .filter(is_lead=True, team__in=theirs.values("team_id"), team__closed_at=None)
    )
    notifications.notify(
        actor=actor,
        now=now,
        people=set(leads.values_list("person_id", flat=True)) - {absence.person_id},
        kind=ABSENCE_PLANNED.name,
        subject=absence,
        title=format_lazy(_("{person} will be away"), person=absence.person.name),
        url=reverse("organisation:absences"),
    )
