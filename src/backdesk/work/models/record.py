"""What of the record of the work is kept for good."""

from __future__ import annotations

from django.db import models

from backdesk.platform.isolation import shared
from backdesk.platform.querysets import SharedQuerySet
from backdesk.work.models.services import Service


class RecordSnapshot(models.Model):
    """A month of a service's record, as one file that is never changed.

    Where something of a closed month changes after all, as when a dispute is decided late, a further `revision` is
    written beside it. `fingerprint` is of what the database held; `path` lies below BACKDESK_VAR/record.
    """

    isolation = shared(append_only=True, internal="internal_to")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    internal_to = models.BigIntegerField(null=True)
    table = models.CharField(max_length=10, help_text="steps, items, looks, pauses or gold")
    month = models.DateField(help_text="its first day, in UTC")
    revision = models.PositiveSmallIntegerField(default=1)
    path = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    schema_version = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    objects = SharedQuerySet["RecordSnapshot"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "table", "month", "revision"], name="record_snapshot_once"
            ),
        ]

    def __str__(self) -> str:
        return self.path
