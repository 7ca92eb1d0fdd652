"""How long the queues are."""

from __future__ import annotations

from django.db import models

from backdesk.platform.isolation import shared
from backdesk.platform.querysets import SharedQuerySet
from backdesk.work.models.services import Route


class QueueCount(models.Model):
    """A queue as it was counted last: each minute, since nobody waits for a million rows to be counted."""

    isolation = shared()

    route = models.OneToOneField(Route, primary_key=True, on_delete=models.CASCADE, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    counted_at = models.DateTimeField()
    open = models.PositiveIntegerField(help_text="nobody has them")
    taken = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    soon = models.PositiveIntegerField(help_text="due within the next hours")
    paused = models.PositiveIntegerField(help_text="their clock stands: the client has been asked")
    ages = models.JSONField(default=list, help_text="of the open ones, how many fall in each of `AGES`")
    oldest_at = models.DateTimeField(null=True, help_text="since when the oldest could be done")

    objects = SharedQuerySet["QueueCount"].as_manager()

    def __str__(self) -> str:
        return f"count of {self.route_id}"
