"""What is told where, and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from backdesk.platform.actor import Actor
from backdesk.platform.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from backdesk.platform.querysets import OwnedQuerySet

State = WebhookDelivery.State
WAITING: Sequence[str] = (State.PENDING, State.FAILED)


def endpoints_of(actor: Actor) -> OwnedQuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.visible_to(actor)


def endpoints_with_figures(actor: Actor) -> QuerySet[WebhookEndpoint]:
    """With `waiting`, `dead` and `delivered_at` of their deliveries."""
    return endpoints_of(actor).annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__state=State.DEAD)),
        delivered_at=Max("deliveries__tried_at", filter=Q(deliveries__state=State.DELIVERED)),
    )


def endpoint_of(actor: Actor, pk: int) -> WebhookEndpoint:
    """`WebhookEndpoint.DoesNotExist` where there is none that this actor may see."""
    return endpoints_of(actor).get(pk=pk)


def deliveries_of(actor: Actor, *, endpoint: int | None = None) -> QuerySet[WebhookDelivery]:
    found = WebhookDelivery.objects.visible_to(actor).select_related("message", "endpoint")
    return found if endpoint is None else found.filter(endpoint_id=endpoint)


def delivery_of(actor: Actor, pk: int) -> WebhookDelivery:
    return deliveries_of(actor).get(pk=pk)


def secrets_in_force(actor: Actor, endpoint: WebhookEndpoint, *, now: datetime) -> list[WebhookSecret]:
    """The newest first."""
    visible = WebhookSecret.objects.filter(endpoint__in=endpoints_of(actor), endpoint=endpoint)
    return list(visible.in_force(now).order_by("-id"))
