"""What happened to an item, deed by deed: the record everything else follows from."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Func

from backdesk.platform.isolation import shared
from backdesk.platform.querysets import SharedQuerySet
from backdesk.work.models.items import Item


class _Transaction(Func):
    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """One deed. An audit entry of the same transaction holds the digest of `data`, made with `nonce`, so that what
    personal data requires can be erased here without the proof being lost.

    `transaction` is PostgreSQL's own number of it: who reads events in the order of transactions, up to the oldest one
    still running, misses none that commits late. `internal_to`: for one of the two companies alone.
    """

    isolation = replace(shared(internal="internal_to", append_only=True), by_owner="INSERT")

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="events"
    )
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    internal_to = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True, help_text="who did it; none: Backdesk")
    person_id = models.BigIntegerField(null=True)
    step_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    nonce = models.BinaryField(max_length=16)
    transaction = models.BigIntegerField(db_default=_Transaction())

    objects = SharedQuerySet["Event"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "sequence"], name="event_once_a_place")]
        indexes = [
            models.Index(fields=["transaction", "id"], name="event_by_transaction"),
            models.Index(
                fields=["organisation_id", "at"],
                condition=models.Q(kind__in=["step given back", "step returned"])
                | models.Q(data__chosen=True),
                name="event_out_of_turn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.item_id}"
