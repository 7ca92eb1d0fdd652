"""Checkpoints by e-mail, for who asked for it among how they are told: the last one of each day, in full.

What lies in the mailboxes of both companies, nobody can reach from here to make it fit a rewritten trail.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backdesk.platform import notifications
from backdesk.platform.actor import system
from backdesk.platform.audit.directory import directory
from backdesk.platform.audit.policies import READERS
from backdesk.platform.jobs.schedule import periodic
from backdesk.platform.models import AuditCheckpoint
from backdesk.platform.notifications import Channels, Kind

CHECKPOINT = Kind(
    name="audit.checkpoint",
    title=_("The day's last checkpoint of the audit trail, to keep as evidence"),
    group=_("Audit trail"),
    default_channels=Channels(in_app=False),
    roles=READERS,
)


def register() -> None:
    notifications.register(CHECKPOINT)


@periodic(cron="5 0 * * *")
def tell_of_yesterdays_last(now: datetime) -> None:
    """A day without entries has no checkpoint: the one from before still says it all."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    last = AuditCheckpoint.objects.filter(at__lt=midnight, at__gte=midnight - timedelta(days=1))
    checkpoint = last.order_by("-size").first()
    if checkpoint is None:
        return
    for organisation_id, people in directory().readers(READERS).items():
        notifications.notify(
            actor=system(name="audit", organisation_id=organisation_id),
            now=now,
            people=people,
            kind=CHECKPOINT.name,
            title=format_lazy(_("Checkpoint {number} of the audit trail"), number=checkpoint.pk),
            detail=checkpoint.note,
            url=reverse("web:trail-checkpoint", args=[checkpoint.pk]),
            subject=checkpoint,
        )
