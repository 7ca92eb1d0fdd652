"""What comes round by the clock: e-mails leave within a minute, and what was read long ago goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from backdesk.platform.jobs.schedule import periodic
from backdesk.platform.models import Notification
from backdesk.platform.notifications import outbox

KEPT_AFTER_READING = timedelta(days=180)


@periodic(cron="* * * * *")
def send_emails(now: datetime) -> None:
    outbox.send_due(now=now)


@periodic(cron="23 3 * * *")
def drop_what_was_read_long_ago(now: datetime) -> None:
    Notification.objects.filter(read_at__lt=now - KEPT_AFTER_READING).delete()
