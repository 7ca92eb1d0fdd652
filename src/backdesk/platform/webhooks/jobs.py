"""What comes round by the clock: what happened is taken up and sent within seconds, and what is old goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from backdesk.platform.jobs.schedule import periodic
from backdesk.platform.models import WebhookMessage
from backdesk.platform.webhooks import outbox, sources

KEPT: Final = timedelta(days=30)


@periodic(cron="* * * * * */10")
def send_webhooks(now: datetime) -> None:
    sources.poll(now=now)
    outbox.send_due(now=now)


@periodic(cron="41 3 * * *")
def drop_old_messages(now: datetime) -> None:
    """With their deliveries, also those that were given up, or still wait for an endpoint that is paused."""
    WebhookMessage.objects.filter(created_at__lt=now - KEPT).delete()
