"""Opening a conversation beside a thing."""

from __future__ import annotations

from datetime import datetime

from backdesk.conversations import policies, subjects
from backdesk.conversations.models import Thread
from backdesk.conversations.subjects import About
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation


@operation
def open_thread(*, actor: Actor, now: datetime, about: About) -> Thread:
    """The thread on this thing: a new one, or the one that is there already."""
    subjects.named(about.kind)
    policies.require(policies.may_open(actor, client_id=about.client_id, provider_id=about.provider_id))
    thread, is_new = Thread.objects.get_or_create(
        subject_kind=about.kind,
        subject_id=about.id,
        defaults={
            "title": about.title,
            "client_id": about.client_id,
            "provider_id": about.provider_id,
            "created_at": now,
        },
    )
    if is_new:
        after = {"kind": about.kind, "subject": about.id, "title": about.title}
        audit.record(actor=actor, now=now, verb="thread opened", subject=thread, after=after)
    return thread
