"""An endpoint that has not answered for days is paused, and who keeps it is told: nothing is lost, all of it waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backdesk.platform import audit, notifications
from backdesk.platform.actor import system
from backdesk.platform.models import WebhookEndpoint
from backdesk.platform.notifications import BY_EMAIL, Kind
from backdesk.platform.webhooks.directory import keepers
from backdesk.platform.webhooks.policies import KEEPERS
from backdesk.platform.webhooks.posting import Answer

PATIENCE: Final = timedelta(days=5)
PAUSED: Final = Kind(
    name="platform.webhook_paused",
    title=_("A webhook was paused because it does not answer"),
    group=_("Organisation"),
    default_channels=BY_EMAIL,
    roles=KEEPERS,
    to_oneself=True,
    weighty=True,
)


def note_success(endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk, failing_since__isnull=False).update(failing_since=None)


def note_failure(endpoint: WebhookEndpoint, answer: Answer, *, at: datetime) -> None:
    one = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if one.failing_since is None:
        one.failing_since = at
    has_lasted = at - one.failing_since >= PATIENCE
    if one.paused_at is None and (answer.is_gone or has_lasted):
        _pause(one, answer, at)
    one.save(update_fields=["failing_since", "paused_at", "pause_reason"])


def _pause(endpoint: WebhookEndpoint, answer: Answer, at: datetime) -> None:
    endpoint.paused_at, endpoint.pause_reason = at, answer.error
    backdesk = system(name="webhooks", organisation_id=endpoint.organisation_id, interface="job")
    audit.record(
        actor=backdesk,
        now=at,
        verb="webhook endpoint paused",
        subject=endpoint,
        after={"reason": answer.error},
    )
    notifications.notify(
        actor=backdesk,
        now=at,
        people=keepers(endpoint.organisation_id),
        kind=PAUSED.name,
        subject=endpoint,
        title=format_lazy(_("The webhook “{name}” was paused"), name=str(endpoint)),
        detail=answer.error,
        url=reverse("web:webhook", args=[endpoint.pk]),
    )
