"""Asking people in by e-mail."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.parties import operations, policies
from backdesk.parties.api.area import Number, parties
from backdesk.parties.api.people import RoleName
from backdesk.parties.models import Invitation, Team
from backdesk.parties.queries.invitations import invitation_rows, state_of
from backdesk.platform.api import Call, Given, Id, Listing, Named, Page, Query, Schema, Text, listed

State = Literal["waiting", "sent", "expired", "accepted", "revoked"]


class InvitationOut(Schema):
    id: int
    email: str
    roles: list[RoleName]
    team: Named | None
    state: State
    invited_at: datetime
    expires_at: datetime
    times_sent: int


class InvitationGiven(Given):
    email: Annotated[Text, Field(min_length=3, max_length=254)]
    roles: Annotated[list[RoleName], Field(min_length=1, max_length=6)]
    team_id: Number | None = None


@parties.read("/invitations", Page[InvitationOut], may=policies.may_manage)
def list_invitations(call: Call, asked: Query[Listing]) -> Any:
    """Invitations, the latest first."""
    rows = invitation_rows(actor=call.actor, now=call.now)
    return listed(call, rows, asked, shown=lambda row: _shown(call, row.invitation))


@parties.create("/invitations", InvitationOut)
def invite_person(call: Call, given: InvitationGiven) -> Any:
    """Invite somebody; the mail leaves in the background."""
    invited = operations.invite_person(
        actor=call.actor,
        now=call.now,
        email=given.email,
        roles=given.roles,
        team=None if given.team_id is None else Team(pk=given.team_id),
    )
    return _shown(call, invited)


@parties.create("/invitations/{pk}/mails", InvitationOut, status=202)
def resend_invitation(call: Call, pk: Id) -> Any:
    """Send an invitation again, valid for two weeks from now; the link of the mail before works no more."""
    sent = operations.resend_invitation(actor=call.actor, now=call.now, invitation=Invitation(pk=pk))
    return _shown(call, sent)


@parties.remove("/invitations/{pk}")
def revoke_invitation(call: Call, pk: Id) -> None:
    """Take an invitation back."""
    operations.revoke_invitation(actor=call.actor, now=call.now, invitation=Invitation(pk=pk))


def _shown(call: Call, invitation: Invitation) -> dict[str, Any]:
    names = ("email", "roles", "team", "invited_at", "expires_at", "times_sent")
    told = {name: getattr(invitation, name) for name in names}
    return {**told, "id": invitation.pk, "state": state_of(invitation, call.now)}
