"""The audit trail is sealed every minute: what is rewritten later than that shows."""

from __future__ import annotations

from datetime import datetime

from backdesk.platform import audit
from backdesk.platform.jobs.schedule import periodic


@periodic(cron="* * * * *")
def seal_the_trail(now: datetime) -> None:
    audit.seal(now=now)
