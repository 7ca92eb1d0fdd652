"""Endpoints registered, changed, paused and removed; secrets renewed; messages sent again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.platform.models import WebhookDelivery, WebhookEndpoint, WebhookMessage, WebhookSecret
from backdesk.platform.webhooks import addresses, messages, signing
from backdesk.platform.webhooks.kinds import TEST, registry
from backdesk.platform.webhooks.messages import Told
from backdesk.platform.webhooks.policies import require_keeper
from backdesk.platform.webhooks.queries import WAITING, deliveries_of, endpoints_of

MOST_ENDPOINTS: Final = 50
OVERLAP: Final = timedelta(hours=24)
"""How long a secret that was replaced still signs, beside the new one."""


class TooManyEndpoints(Refused):
    """An organisation has so many endpoints, and no more."""

    status = 409


class StillOnItsWay(Refused):
    """What has not been delivered or given up yet is tried again by itself."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The one moment at which the secret is shown."""

    endpoint: WebhookEndpoint
    secret: str


@operation
def add_endpoint(
    *, actor: Actor, now: datetime, url: str, kinds: Collection[str] = (), description: str = ""
) -> Made:
    """Without `kinds` it is told of everything there is, also of kinds that come later."""
    require_keeper(actor)
    if endpoints_of(actor).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(
            _("There are %(most)s endpoints already. Remove one that is not needed.")
            % {"most": MOST_ENDPOINTS}
        )
    values = _values(url=url, kinds=kinds, description=description)
    assert actor.organisation_id is not None  # a keeper has one
    endpoint = WebhookEndpoint.objects.create(organisation_id=actor.organisation_id, created_at=now, **values)
    audit.record(actor=actor, now=now, verb="webhook endpoint added", subject=endpoint, after=values)
    return Made(endpoint=endpoint, secret=_new_secret(endpoint, now))


@operation
def change_endpoint(
    *,
    actor: Actor,
    now: datetime,
    endpoint: WebhookEndpoint,
    url: str,
    kinds: Collection[str] = (),
    description: str = "",
) -> WebhookEndpoint:
    """What is on its way already goes to the new address."""
    endpoint = _locked(actor, endpoint)
    before = {name: getattr(endpoint, name) for name in ("url", "kinds", "description")}
    after = _values(url=url, kinds=kinds, description=description)
    if before != after:
        _set(endpoint, **after)
        audit.record(
            actor=actor,
            now=now,
            verb="webhook endpoint changed",
            subject=endpoint,
            before=before,
            after=after,
        )
    return endpoint


@operation
def remove_endpoint(*, actor: Actor, now: datetime, endpoint: WebhookEndpoint) -> None:
    """With what it was told, and what it still was to be told."""
    endpoint = _locked(actor, endpoint)
    audit.record(
        actor=actor, now=now, verb="webhook endpoint removed", subject=endpoint, before={"url": endpoint.url}
    )
    endpoint.delete()


@operation
def renew_secret(*, actor: Actor, now: datetime, endpoint: WebhookEndpoint) -> Made:
    """Messages are signed with the old one as well for a day, so that no receiver is caught between the two."""
    endpoint = _locked(actor, endpoint)
    endpoint.secrets.filter(retires_at=None).update(retires_at=now + OVERLAP)
    audit.record(actor=actor, now=now, verb="webhook secret renewed", subject=endpoint)
    return Made(endpoint=endpoint, secret=_new_secret(endpoint, now))


@operation
def pause_endpoint(*, actor: Actor, now: datetime, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """What is told meanwhile waits. One that is paused stays so."""
    endpoint = _locked(actor, endpoint)
    if endpoint.paused_at is None:
        _set(endpoint, paused_at=now, pause_reason="")
        audit.record(actor=actor, now=now, verb="webhook endpoint paused", subject=endpoint)
    return endpoint


@operation
def resume_endpoint(*, actor: Actor, now: datetime, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """All that waits is due at once."""
    endpoint = _locked(actor, endpoint)
    if endpoint.paused_at is not None:
        _set(endpoint, paused_at=None, pause_reason="", failing_since=None)
        endpoint.deliveries.filter(state__in=WAITING).update(due_at=now)
        audit.record(actor=actor, now=now, verb="webhook endpoint resumed", subject=endpoint)
    return endpoint


@operation
def send_test(*, actor: Actor, now: datetime, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """A message of the kind `webhook.test`, to this endpoint alone, whatever kinds it wants."""
    endpoint = _locked(actor, endpoint)
    told = Told(kind=TEST.name, at=now, data={}, by=actor.organisation_id)
    message = messages.message(
        told=told, organisation_id=endpoint.organisation_id, data={"endpoint_id": endpoint.pk}
    )
    message.save()
    delivery = messages.delivery(message, endpoint, now)
    delivery.save()
    audit.record(actor=actor, now=now, verb="webhook test sent", subject=endpoint)
    return delivery


@operation
def replay(*, actor: Actor, now: datetime, delivery: WebhookDelivery) -> WebhookDelivery:
    """The same message under the same id, once more from the beginning; a receiver that had it knows it again."""
    require_keeper(actor)
    delivery = deliveries_of(actor).select_for_update(of=("self",)).get(pk=delivery.pk)
    if not delivery.is_over:
        raise StillOnItsWay(_("This message is still on its way: it is tried again by itself."))
    before = {"state": delivery.state}
    delivery.state, delivery.due_at, delivery.attempts = WebhookDelivery.State.PENDING, now, 0
    delivery.save(update_fields=["state", "due_at", "attempts"])
    audit.record(
        actor=actor,
        now=now,
        verb="webhook message replayed",
        subject=delivery.endpoint,
        before=before,
        after={"message": delivery.message.key},
    )
    return delivery


@operation
def replay_dead(*, actor: Actor, now: datetime, endpoint: WebhookEndpoint, since: datetime) -> int:
    """Every message of that time or later that was given up. How many there were."""
    endpoint = _locked(actor, endpoint)
    told = WebhookMessage.objects.visible_to(actor).filter(created_at__gte=since)
    dead = endpoint.deliveries.filter(state=WebhookDelivery.State.DEAD, message__in=told)
    count = dead.update(state=WebhookDelivery.State.PENDING, due_at=now, attempts=0)
    if count:
        audit.record(
            actor=actor,
            now=now,
            verb="webhook messages replayed",
            subject=endpoint,
            after={"since": since, "messages": count},
        )
    return count


def _values(*, url: str, kinds: Collection[str], description: str) -> dict[str, Any]:
    addresses.check(url)
    return {"url": url, "kinds": registry.require_known(kinds), "description": description}


def _locked(actor: Actor, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    require_keeper(actor)
    return endpoints_of(actor).select_for_update().get(pk=endpoint.pk)


def _set(endpoint: WebhookEndpoint, **values: Any) -> None:
    for name, value in values.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=list(values))


def _new_secret(endpoint: WebhookEndpoint, now: datetime) -> str:
    made = WebhookSecret.objects.create(endpoint=endpoint, salt=signing.new_salt(), created_at=now)
    return signing.secret_of(made)
