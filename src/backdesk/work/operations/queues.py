"""Counting the queues, so that nobody waits for it who looks at them."""

from __future__ import annotations

from datetime import datetime

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.work.models import QueueCount, Route
from backdesk.work.queries.queues import counted

_CHANGING = ("counted_at", "open", "taken", "overdue", "soon", "paused", "ages", "oldest_at")


@operation
def count_queues(*, actor: Actor, now: datetime) -> int:
    """All of them, by Backdesk itself, each minute; how many there are."""
    counts = counted(list(Route.objects.all()), now)
    QueueCount.objects.bulk_create(
        counts, update_conflicts=True, unique_fields=["route"], update_fields=_CHANGING, batch_size=1_000
    )
    return len(counts)
