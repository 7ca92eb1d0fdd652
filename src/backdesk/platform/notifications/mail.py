"""One e-mail of what a person was told: plain text and simple HTML, in their language and on their clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from backdesk.platform.models import Notification
from backdesk.platform.notifications import unsubscribing
from backdesk.platform.notifications.directory import Recipient
from backdesk.platform.notifications.kinds import registry

ANSWER_MARK = "-----8<-----"
"""Above it stands what somebody answers to an e-mail, whatever language the words beside it are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    title: str
    detail: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the templates of an e-mail are given. Nobody unsubscribes from what cannot be turned off."""

    subject: str
    recipient: Recipient
    lines: tuple[Line, ...]
    preferences_url: str
    unsubscribe_url: str
    reply_to: str
    answer_mark: str = ANSWER_MARK


def compose(recipient: Recipient, told: Sequence[Notification]) -> EmailMultiAlternatives:
    """Of one thing or of several; sent again, it has the same Message-ID, by which mail systems know it."""
    with translation.override(recipient.language), timezone.override(recipient.timezone):
        letter = _letter(recipient, told)
        message = EmailMultiAlternatives(
            subject=letter.subject,
            body=render_to_string("notifications/mail.txt", {"letter": letter}),
            to=[recipient.email],
            headers=_headers(letter, told),
            reply_to=[letter.reply_to] if letter.reply_to else None,
        )
        message.attach_alternative(
            render_to_string("notifications/mail.html", {"letter": letter}), "text/html"
        )
    return message


def absolute(path: str) -> str:
    """The address under which people reach this Backdesk, for where there is no request to take it from."""
    return f"{settings.BACKDESK_URL}{path}"


def _letter(recipient: Recipient, told: Sequence[Notification]) -> Letter:
    return Letter(
        subject=_subject(recipient, told),
        recipient=recipient,
        lines=tuple(
            Line(
                title=one.title,
                detail=one.detail,
                url=absolute(reverse("web:notification", args=[one.pk])),
                at=one.created_at,
            )
            for one in told
        ),
        preferences_url=absolute(reverse("web:notification-preferences")),
        unsubscribe_url=_unsubscribe_url(told),
        reply_to=_reply_to(told),
    )


def _subject(recipient: Recipient, told: Sequence[Notification]) -> str:
    """On one line, whatever somebody called the thing it is about."""
    if len(told) == 1:
        what = " ".join(told[0].title.split())
    else:
        what = ngettext("%(count)s notification", "%(count)s notifications", len(told)) % {"count": len(told)}
    return f"{what} · {recipient.organisation}" if recipient.organisation else what


def _unsubscribe_url(told: Sequence[Notification]) -> str:
    kinds = [one.kind for one in told if (kind := registry.get(one.kind)) and not kind.always]
    if not kinds:
        return ""
    first = told[0]
    token = unsubscribing.token(person_id=first.person_id, organisation_id=first.organisation_id, kinds=kinds)
    return absolute(reverse("web:unsubscription", args=[token]))


def _reply_to(told: Sequence[Notification]) -> str:
    """An answer belongs to one thing: of an e-mail on several nobody could say to which."""
    kinds = [(one, registry.get(one.kind)) for one in told]
    addresses = {kind.reply_to(one) if kind and kind.reply_to else "" for one, kind in kinds}
    return addresses.pop() if len(addresses) == 1 else ""


def _headers(letter: Letter, told: Sequence[Notification]) -> dict[str, str]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    newest = max(told, key=lambda one: one.pk)
    headers = {
        "Message-ID": f"<notification-{newest.pk}-{newest.created_at:%Y%m%d%H%M%S}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
