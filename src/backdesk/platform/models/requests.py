"""What the API keeps of requests: answers to give again, and how many may still come."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models

from backdesk.platform.isolation import owned, unowned
from backdesk.platform.querysets import OwnedQuerySet

KEPT: Final = timedelta(hours=24)
"""For so long the answer to a creation is given again."""


class IdempotencyKey(models.Model):
    """A creation that was carried out, with its answer, so that the same request is carried out once."""

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    location = models.CharField(max_length=500)
    created_at = models.DateTimeField(db_index=True)

    objects = OwnedQuerySet["IdempotencyKey"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "person_id", "key"], name="idempotency_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class RequestAllowance(models.Model):
    """How much of a rate limit is used: the moment at which the allowance is full again."""

    isolation = unowned("counts by a token's number and by a digest of an address; says nothing of anybody's")

    name = models.CharField(max_length=80, primary_key=True)
    full_at = models.DateTimeField()  # no index: each request changes it, and would have to change that, too
    is_over = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
