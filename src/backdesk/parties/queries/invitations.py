"""The invitations of an organisation, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from backdesk.parties.models import Invitation, Role
from backdesk.platform.actor import Actor

SOON = timedelta(days=3)
State = Literal["waiting", "sent", "expired", "accepted", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    invitation: Invitation
    roles: tuple[str, ...]
    state: State

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "sent", "expired")


def invitation_rows(*, actor: Actor, now: datetime) -> list[InvitationRow]:
    """The latest first."""
    found = Invitation.objects.visible_to(actor).select_related("team", "invited_by", "accepted_by")
    return [
        InvitationRow(
            invitation=one,
            roles=tuple(str(Role(role).label) for role in one.roles),
            state=state_of(one, now),
        )
        for one in found.order_by("-invited_at", "-pk")
    ]


def open_invitations(actor: Actor) -> int:
    return Invitation.objects.visible_to(actor).open().count()


def invitations_running_out(*, actor: Actor, now: datetime) -> list[Invitation]:
    """Open ones that expire within three days, or have."""
    found = Invitation.objects.visible_to(actor).open().filter(expires_at__lt=now + SOON)
    return list(found.order_by("expires_at"))


def state_of(invitation: Invitation, now: datetime) -> State:
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.revoked_at is not None:
        return "revoked"
    if invitation.expires_at <= now:
        return "expired"
    return "sent" if invitation.sent_at is not None else "waiting"
