"""Mail to people who are not here yet; whoever is here is told by notifications."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from backdesk.parties.models import VALID_FOR, Engagement, Invitation, Role
from backdesk.parties.queries.recipients import language_of


def send_invitation(*, invitation: Invitation, secret: str) -> None:
    """In the language of whoever invited: of the invited, only the address is known."""
    inviter = invitation.invited_by
    with translation.override(inviter.language if inviter else "en"):
        page = {
            "organisation": invitation.organisation.name,
            "inviter": inviter.name if inviter else "",
            "roles": [str(Role(role).label) for role in invitation.roles],
            "url": f"{settings.BACKDESK_URL}{reverse('invitation', args=(secret,))}",
            "expires_at": invitation.expires_at,
        }
        mail = EmailMultiAlternatives(
            subject=_("%(organisation)s invites you to Backdesk") % page,
            body=render_to_string("parties/mail/invitation.txt", {"page": page}),
            to=[invitation.email],
        )
        mail.attach_alternative(render_to_string("parties/mail/invitation.html", {"page": page}), "text/html")
        mail.send()


def send_proposal(*, engagement: Engagement, secret: str) -> None:
    """In the language of who is asked, where they are known here; else in that of their client's people."""
    with translation.override(
        language_of(email=engagement.proposed_to, organisation_id=engagement.client_id)
    ):
        page = {
            "organisation": engagement.client.name,
            "name": engagement.name,
            "begins_at": engagement.begins_at,
            "url": f"{settings.BACKDESK_URL}{reverse('engagements:proposal', args=(secret,))}",
            "expires_at": engagement.proposed_at + VALID_FOR,
        }
        mail = EmailMultiAlternatives(
            subject=_("%(organisation)s would like to hand work to you") % page,
            body=render_to_string("parties/mail/proposal.txt", {"page": page}),
            to=[engagement.proposed_to],
        )
        mail.attach_alternative(render_to_string("parties/mail/proposal.html", {"page": page}), "text/html")
        mail.send()
