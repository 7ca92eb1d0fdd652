"""Asking people in by e-mail, and their coming."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import VALID_FOR, Invitation, Organisation, Person, Team
from backdesk.parties.operations import telling
from backdesk.parties.operations.memberships import give_role, known_role
from backdesk.parties.operations.people import acceptable_password, add_person, addressable
from backdesk.parties.operations.teams import add_to_team
from backdesk.platform import audit, jobs
from backdesk.platform.actor import Actor, system
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation

SEND = "parties.send_invitation"
_SECRET_BYTES = 32


class NoRole(Refused):
    """Somebody comes as something."""


class AlreadyMember(Refused):
    """The address is a colleague's."""

    status = 409


class AlreadyInvited(Refused):
    """One invitation an address is enough: it can be sent again."""

    status = 409


class InvitationOver(Refused):
    """It was accepted or revoked already."""

    status = 409


class InvitationUnknown(Refused):
    """Nobody was ever sent this secret, or a later mail replaced it."""

    status = 404


class InvitationExpired(Refused):
    """Its two weeks are over."""

    status = 410


class InvitedSomebodyElse(Refused):
    """Who is signed in is not whom the invitation was sent to."""

    status = 409


class HasAnAccount(Refused):
    """The invited address signs in already, so it joins instead of being made anew."""

    status = 409


@operation
def invite_person(
    *,
    actor: Actor,
    now: datetime,
    email: str,
    roles: Iterable[str],
    team: Team | None = None,
) -> Invitation:
    """The mail leaves by a job after commit."""
    policies.require(policies.may_manage(actor))
    organisation = Organisation.objects.visible_to(actor).get()
    invitation = Invitation(
        organisation=organisation,
        email=addressable(email),
        roles=[known_role(role, organisation) for role in dict.fromkeys(roles)],
        team=Team.objects.visible_to(actor).open().get(pk=team.pk) if team else None,
        invited_by_id=actor.person_id,
        invited_at=now,
        expires_at=now + VALID_FOR,
    )
    if not invitation.roles:
        raise NoRole(_("Say as what the person comes: choose at least one role."))
    if Person.objects.visible_to(actor).filter(email=invitation.email).exists():
        raise AlreadyMember(_("%(email)s belongs to a colleague already.") % {"email": invitation.email})
    _save_once(invitation)
    after = {"email": invitation.email, "roles": invitation.roles, "team": invitation.team_id}
    audit.record(actor=actor, now=now, verb="person invited", subject=invitation, after=after)
    _ask_to_send(actor, now, invitation)
    return invitation


@operation
def resend_invitation(*, actor: Actor, now: datetime, invitation: Invitation) -> Invitation:
    """Valid for two weeks from now; the link of the mail before works no more."""
    invitation = _open_one(actor, invitation)
    invitation.expires_at = now + VALID_FOR
    invitation.save(update_fields=["expires_at"])
    audit.record(actor=actor, now=now, verb="invitation sent again", subject=invitation)
    _ask_to_send(actor, now, invitation)
    return invitation


@operation
def revoke_invitation(*, actor: Actor, now: datetime, invitation: Invitation) -> Invitation:
    invitation = _open_one(actor, invitation)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    audit.record(actor=actor, now=now, verb="invitation revoked", subject=invitation)
    return invitation


@operation
def renew_secret(*, actor: Actor, now: datetime, invitation_id: int) -> tuple[Invitation, str] | None:
    """The invitation with a new secret, of which only the digest is kept; None where it was ended meanwhile.

    Made where the mail is, so that no list of jobs and no page ever holds what opens the door.
    """
    open_ones = Invitation.objects.visible_to(actor).open().select_related("organisation", "invited_by")
    invitation = open_ones.filter(pk=invitation_id).first()
    if invitation is None:
        return None
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    invitation.token_digest, invitation.sent_at = _digest(secret), None
    invitation.save(update_fields=["token_digest", "sent_at"])
    return invitation, secret


@operation
def note_sent(*, actor: Actor, now: datetime, invitation: Invitation) -> None:
    """The mail server has taken it. Who asked for it is in the trail already."""
    Invitation.objects.visible_to(actor).filter(pk=invitation.pk).update(
        sent_at=now, times_sent=F("times_sent") + 1
    )


def invitation_of(*, secret: str, now: datetime) -> Invitation:
    """The open invitation this secret opens, asked before anybody is known."""
    known = Invitation.objects.select_related("organisation").filter(token_digest=_digest(secret)).first()
    if known is None:
        raise InvitationUnknown(_("This link is not known here. Use the one in the latest mail, whole."))
    if known.accepted_at is not None or known.revoked_at is not None:
        raise InvitationOver(
            _("This invitation was used or taken back. If you miss access, ask for a new one.")
        )
    if known.expires_at <= now:
        raise InvitationExpired(_("This invitation has expired. Ask whoever invited you to send it again."))
    return known


def accept_as_newcomer(
    *, now: datetime, secret: str, name: str, password: str, language: str = "en", zone: str = ""
) -> Person:
    """Somebody without an account: makes theirs, which the mail's arrival vouches for."""
    with as_system("an invitation is accepted"), transaction.atomic():
        invitation = _locked(secret, now)
        if has_account(invitation):
            raise HasAnAccount(
                _("%(email)s has an account here: sign in to accept.") % {"email": invitation.email}
            )
        person = add_person(
            actor=_backdesk(invitation),
            now=now,
            email=invitation.email,
            name=name,
            password=acceptable_password(password, email=invitation.email, name=name),
            language=language,
            zone=zone or invitation.organisation.zone,
        )
        _join(now, invitation, person)
    return person


def accept_as_member(*, actor: Actor, now: datetime, secret: str) -> Invitation:
    """Somebody signed in, of another organisation or of none: joins this one, too."""
    with as_system("an invitation is accepted"), transaction.atomic():
        invitation = _locked(secret, now)
        person = Person.objects.get(pk=policies.person(actor))
        if person.email != invitation.email:
            raise InvitedSomebodyElse(
                _("This invitation was sent to %(invited)s; you are signed in as %(present)s.")
                % {"invited": invitation.email, "present": person.email}
            )
        _join(now, invitation, person)
    return invitation


def has_account(invitation: Invitation) -> bool:
    return Person.objects.filter(email=invitation.email).exists()


def _join(now: datetime, invitation: Invitation, person: Person) -> None:
    actor = _backdesk(invitation)
    for role in invitation.roles:
        give_role(actor=actor, now=now, person=person, organisation=invitation.organisation, role=role)
    if invitation.team is not None and invitation.team.closed_at is None:
        add_to_team(actor=actor, now=now, team=invitation.team, person=person)
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    joined = replace(actor, person_id=person.pk, interface="web")
    audit.record(actor=joined, now=now, verb="invitation accepted", subject=invitation)
    telling.tell_of_acceptance(actor=joined, now=now, invitation=invitation, person=person)


def _backdesk(invitation: Invitation) -> Actor:
    """It does what whoever invited said should be done, in their organisation."""
    return system(name="invitation", organisation_id=invitation.organisation_id, interface="web")


def _locked(secret: str, now: datetime) -> Invitation:
    """Two clicks at once are one acceptance."""
    found = invitation_of(secret=secret, now=now)
    Invitation.objects.select_for_update().get(pk=found.pk)
    return invitation_of(secret=secret, now=now)


def _open_one(actor: Actor, invitation: Invitation) -> Invitation:
    policies.require(policies.may_manage(actor))
    invitation = Invitation.objects.visible_to(actor).select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise InvitationOver(_("This invitation was accepted or revoked meanwhile."))
    return invitation


def _save_once(invitation: Invitation) -> None:
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        if "one_open_invitation_an_address" not in str(error):
            raise
        raise AlreadyInvited(
            _("%(email)s is invited already. Send that invitation again instead.")
            % {"email": invitation.email}
        ) from error


def _ask_to_send(actor: Actor, now: datetime, invitation: Invitation) -> None:
    arguments = {"invitation": invitation.pk}
    jobs.enqueue(actor=actor, now=now, kind=SEND, subject=invitation, arguments=arguments)


def _digest(secret: str) -> str:
    """Plain SHA-256 does: a secret of 256 random bits cannot be guessed, so it needs no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()
