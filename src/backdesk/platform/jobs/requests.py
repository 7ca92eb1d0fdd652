"""What the API keeps of requests goes when it says nothing any more."""

from __future__ import annotations

from datetime import datetime

from backdesk.platform.jobs.schedule import periodic
from backdesk.platform.models import IdempotencyKey, RequestAllowance
from backdesk.platform.models.requests import KEPT


@periodic(cron="17 * * * *")
def forget_requests(now: datetime) -> None:
    """Answers that are too old to be given again, and allowances that are full again."""
    IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    RequestAllowance.objects.filter(full_at__lt=now).delete()
