"""What other systems are told over HTTP: where, what, and how each delivery went."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from backdesk.platform.isolation import owned, through, unowned
from backdesk.platform.lines import Line
from backdesk.platform.querysets import OwnedQuerySet


class WebhookEndpoint(models.Model):
    """An address of an organisation that is told of things. Without `kinds` it is told of every kind."""

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    url = models.CharField(max_length=2000)
    description = Line(max_length=200, blank=True)
    kinds = models.JSONField(default=list)
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)
    """The first failure since something last got through."""

    objects = OwnedQuerySet["WebhookEndpoint"].as_manager()

    class Meta:
        verbose_name = "webhook endpoint"
        indexes = [models.Index(fields=["organisation_id", "id"], name="webhook_endpoint_by_owner")]

    def __str__(self) -> str:
        return self.description or self.url


class WebhookSecretQuerySet(models.QuerySet["WebhookSecret"]):
    def in_force(self, now: object) -> Self:
        return self.filter(Q(retires_at=None) | Q(retires_at__gt=now))


class WebhookSecret(models.Model):
    """The salt a secret is made of, with Backdesk's own key: what stands here signs nothing by itself."""

    isolation = through("endpoint_id", WebhookEndpoint)

    id = models.BigAutoField(primary_key=True)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    retires_at = models.DateTimeField(null=True)

    objects = WebhookSecretQuerySet.as_manager()

    def __str__(self) -> str:
        return f"a secret of endpoint {self.endpoint_id}"


class WebhookMessage(models.Model):
    """What an organisation is told, word for word: each try sends these same bytes under the same `key`."""

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=100)
    body = models.TextField()
    subject_kind = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_index=True)

    objects = OwnedQuerySet["WebhookMessage"].as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class WebhookDelivery(models.Model):
    """A message on its way to one endpoint: `due_at` says when it is tried next; it is not, where there is none."""

    isolation = owned()

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        FAILED = "failed", "failed"
        DELIVERED = "delivered", "delivered"
        DEAD = "dead", "dead"

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    excerpt = models.TextField(blank=True)
    milliseconds = models.PositiveIntegerField(null=True)

    objects = OwnedQuerySet["WebhookDelivery"].as_manager()

    class Meta:
        verbose_name = "webhook delivery"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "failed"])
                | Q(state__in=["delivered", "dead"], due_at=None),
                name="webhook_delivery_over_is_not_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at"], condition=Q(due_at__isnull=False), name="webhook_due"
            ),
            models.Index(fields=["endpoint", "state", "-id"], name="webhook_delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} ({self.state})"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DELIVERED, self.State.DEAD)


class WebhookCursor(models.Model):
    """How far a source has been read: by transaction, and within one by number; of events above a number, up to which
    they came with a backup."""

    isolation = unowned("numbers of transactions, of nobody's")

    source = models.CharField(primary_key=True, max_length=50)
    transaction = models.BigIntegerField(default=0)
    number = models.BigIntegerField(default=0)
    above = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source} up to {self.transaction}"
