"""Engagements: a client proposes to hand work to a provider, the provider accepts, and either may end it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import (
    VALID_FOR,
    Engagement,
    Membership,
    Organisation,
    Participant,
    Person,
    Role,
)
from backdesk.parties.operations.people import addressable
from backdesk.parties.operations.telling import tell_of_engagement
from backdesk.platform import audit, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation

SEND_PROPOSAL = "parties.send_proposal"
_SECRET_BYTES = 32


class EngagementUnnamed(Refused):
    """An engagement has a name, under which both companies know it."""


class ProposalOver(Refused):
    """It was accepted already."""

    status = 409


class ProposalUnknown(Refused):
    """Nobody was ever sent this secret, or a later mail replaced it."""

    status = 404


class ProposalExpired(Refused):
    """Its two weeks are over."""

    status = 410


class ProposedToSomebodyElse(Refused):
    """Who is signed in is not whom it was sent to, or does not lead delivery at a provider."""

    status = 409


class EngagementNotRunning(Refused):
    """It has not been accepted, or has ended."""

    status = 409


class EndsBeforeToday(Refused):
    """What has happened cannot be undone by ending it earlier."""


@operation
def propose_engagement(
    *, actor: Actor, now: datetime, name: str, email: str, begins_at: datetime | None = None
) -> Engagement:
    """To whoever leads delivery at the provider. The mail leaves by a job after commit."""
    policies.require(policies.may_engage(actor))
    if not name.strip():
        raise EngagementUnnamed(_("Name the engagement, so that both companies know what is meant."))
    engagement = Engagement.objects.create(
        client_id=policies.company(actor),
        name=name.strip()[:200],
        proposed_to=addressable(email),
        proposed_at=now,
        begins_at=begins_at or now,
    )
    after = {
        "name": engagement.name,
        "to": engagement.proposed_to,
        "begins_at": engagement.begins_at.isoformat(),
    }
    audit.record(actor=actor, now=now, verb="engagement proposed", subject=engagement, after=after)
    _ask_to_send(actor, now, engagement)
    return engagement


@operation
def resend_proposal(*, actor: Actor, now: datetime, engagement: Engagement) -> Engagement:
    """Valid for two weeks from now; the link of the mail before works no more."""
    engagement = _proposed_one(actor, engagement)
    engagement.proposed_at = now
    engagement.save(update_fields=["proposed_at"])
    audit.record(actor=actor, now=now, verb="proposal sent again", subject=engagement)
    _ask_to_send(actor, now, engagement)
    return engagement


@operation
def withdraw_proposal(*, actor: Actor, now: datetime, engagement: Engagement) -> None:
    """One that nobody has accepted."""
    engagement = _proposed_one(actor, engagement)
    before = {"name": engagement.name, "to": engagement.proposed_to}
    audit.record(actor=actor, now=now, verb="proposal withdrawn", subject=engagement, before=before)
    engagement.delete()


@operation
def renew_proposal_secret(
    *, actor: Actor, now: datetime, engagement_id: int
) -> tuple[Engagement, str] | None:
    """The proposal with a new secret, of which only the digest is kept; None where it was ended meanwhile.

    Made where the mail is, so that no list of jobs and no page ever holds what opens the door.
    """
    proposed = Engagement.objects.visible_to(actor).filter(accepted_at=None).select_related("client")
    engagement = proposed.filter(pk=engagement_id).first()
    if engagement is None:
        return None
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    engagement.token_digest = _digest(secret)
    engagement.save(update_fields=["token_digest"])
    return engagement, secret


def proposal_of(*, secret: str, now: datetime) -> Engagement:
    """The proposal this secret opens, asked before anybody is known."""
    with as_system("a proposal is opened"):
        known = Engagement.objects.select_related("client").filter(token_digest=_digest(secret)).first()
    if known is None:
        raise ProposalUnknown(_("This link is not known here. Use the one in the latest mail, whole."))
    if known.accepted_at is not None:
        raise ProposalOver(_("This engagement has been accepted already."))
    if known.proposed_at + VALID_FOR <= now:
        raise ProposalExpired(_("This proposal has expired. Ask the client to send it again."))
    return known


@operation
def accept_proposal(*, actor: Actor, now: datetime, secret: str) -> Engagement:
    """For the provider the actor leads delivery at. Both companies' leads are named to each other from now on."""
    with as_system("a proposal is accepted"):
        found = proposal_of(secret=secret, now=now)
        Engagement.objects.select_for_update().get(pk=found.pk)
        engagement = proposal_of(secret=secret, now=now)
        _require_addressee(actor, engagement)
        engagement.provider_id = policies.company(actor)
        engagement.accepted_at, engagement.token_digest = now, None
        engagement.save(update_fields=["provider", "accepted_at", "token_digest"])
        _name_leads(engagement, policies.person(actor), now)
        tell_of_engagement(actor=actor, now=now, engagement=engagement)
    after = {"provider": engagement.provider_id}
    audit.record(actor=actor, now=now, verb="engagement accepted", subject=engagement, after=after)
    return engagement


@operation
def end_engagement(*, actor: Actor, now: datetime, engagement: Engagement, ends_at: datetime) -> Engagement:
    """By who leads at either company. No item comes in from then on; those that are open are worked to their end."""
    policies.require(policies.may_manage(actor))
    engagement = Engagement.objects.visible_to(actor).select_for_update().get(pk=engagement.pk)
    _require_running(engagement, now)
    if ends_at < now or ends_at <= engagement.begins_at:
        raise EndsBeforeToday(_("It can end today or later, after it has begun."))
    before = {"ends_at": engagement.ends_at.isoformat() if engagement.ends_at else None}
    engagement.ends_at = ends_at
    engagement.save(update_fields=["ends_at"])
    after = {"ends_at": ends_at.isoformat()}
    audit.record(
        actor=actor, now=now, verb="engagement ended", subject=engagement, before=before, after=after
    )
    return engagement


@operation
def name_participant(*, actor: Actor, now: datetime, engagement: Engagement, person_id: int) -> Participant:
    """Show a colleague's name to the other company. Who is named already stays."""
    policies.require(policies.may_manage(actor))
    engagement = Engagement.objects.visible_to(actor).get(pk=engagement.pk)
    _require_running(engagement, now)
    colleague = Person.objects.visible_to(actor).get(pk=person_id)
    participant, is_new = _named(engagement, colleague, policies.company(actor), now)
    if is_new:
        after = {"engagement": engagement.pk, "person": colleague.pk}
        audit.record(actor=actor, now=now, verb="participant named", subject=participant, after=after)
    return participant


@operation
def unname_participant(*, actor: Actor, now: datetime, participant: Participant) -> None:
    """The other company is no longer shown the name; in what they did it stays."""
    policies.require(policies.may_manage(actor))
    own = Participant.objects.visible_to(actor).filter(organisation_id=policies.company(actor))
    participant = own.get(pk=participant.pk)
    before = {"engagement": participant.engagement_id, "person": participant.person_id}
    audit.record(actor=actor, now=now, verb="participant unnamed", subject=participant, before=before)
    participant.delete()


def _name_leads(engagement: Engagement, accepted_by: int, now: datetime) -> None:
    leads = Membership.objects.current().filter(
        organisation_id=engagement.client_id, role=Role.OPERATIONS_LEAD, person__is_active=True
    )
    for lead in leads.select_related("person"):
        _named(engagement, lead.person, engagement.client_id, now)
    assert engagement.provider_id is not None
    _named(engagement, Person.objects.get(pk=accepted_by), engagement.provider_id, now)


def _named(
    engagement: Engagement, person: Person, organisation_id: int, now: datetime
) -> tuple[Participant, bool]:
    assert engagement.provider_id is not None
    return Participant.objects.get_or_create(
        engagement=engagement,
        person=person,
        organisation_id=organisation_id,
        defaults={
            "client_id": engagement.client_id,
            "provider_id": engagement.provider_id,
            "name": person.name,
            "since": now,
        },
    )


def _require_addressee(actor: Actor, engagement: Engagement) -> None:
    person = Person.objects.get(pk=policies.person(actor))
    if person.email != engagement.proposed_to:
        raise ProposedToSomebodyElse(
            _("This proposal was sent to %(to)s; you are signed in as %(present)s.")
            % {"to": engagement.proposed_to, "present": person.email}
        )
    here = Organisation.objects.get(pk=policies.company(actor))
    if not here.is_provider or not actor.has(Role.DELIVERY_MANAGER) or here.pk == engagement.client_id:
        raise ProposedToSomebodyElse(
            _("Only who leads delivery at a provider can accept; at %(organisation)s you do not.")
            % {"organisation": here.name}
        )


def _require_running(engagement: Engagement, now: datetime) -> None:
    if engagement.accepted_at is None or (engagement.ends_at is not None and engagement.ends_at <= now):
        raise EngagementNotRunning(_("This engagement has not been accepted yet, or has ended."))


def _proposed_one(actor: Actor, engagement: Engagement) -> Engagement:
    policies.require(policies.may_engage(actor))
    engagement = Engagement.objects.visible_to(actor).select_for_update().get(pk=engagement.pk)
    if engagement.accepted_at is not None:
        raise ProposalOver(_("This engagement has been accepted already."))
    return engagement


def _ask_to_send(actor: Actor, now: datetime, engagement: Engagement) -> None:
    arguments = {"engagement": engagement.pk}
    jobs.enqueue(actor=actor, now=now, kind=SEND_PROPOSAL, subject=engagement, arguments=arguments)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
