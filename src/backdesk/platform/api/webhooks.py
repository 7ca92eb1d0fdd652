"""Webhooks: which systems are told of what, how each message went, and sending it again."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.platform.api import (
    Area,
    By,
    Call,
    Given,
    Id,
    Listing,
    Moment,
    Page,
    Query,
    Schema,
    Text,
    listed,
    sorts,
)
from backdesk.platform.models import WebhookDelivery, WebhookEndpoint
from backdesk.platform.webhooks import operations, queries
from backdesk.platform.webhooks.addresses import LONGEST
from backdesk.platform.webhooks.kinds import registry
from backdesk.platform.webhooks.policies import may_keep

webhooks = Area("webhooks", title="Webhooks")

State = Literal["pending", "failed", "delivered", "dead"]
KindName = Annotated[Text, Field(max_length=100)]


class KindOut(Schema):
    name: str
    title: str


class EndpointOut(Schema):
    id: int
    url: str
    description: str
    kinds: list[str] = Field(description="What it is told of; empty: everything.")
    created_at: datetime
    paused_at: datetime | None
    pause_reason: str = Field(description="Why Backdesk paused it; empty where a person did.")
    failing_since: datetime | None = Field(description="The first failure since something last got through.")


class MadeEndpointOut(Schema):
    """The one answer that tells the secret."""

    id: int
    endpoint: EndpointOut
    secret: str


class EndpointGiven(Given):
    url: Annotated[Text, Field(min_length=1, max_length=LONGEST)]
    kinds: Annotated[list[KindName], Field(max_length=100)] = []
    description: Annotated[Text, Field(max_length=200)] = ""


class DeliveryOut(Schema):
    id: int
    endpoint_id: int
    state: State
    key: str = Field(description="What the receiver gets as webhook-id, the same at every try.")
    kind: str
    happened_at: datetime
    attempts: int
    tried_at: datetime | None
    due_at: datetime | None = Field(description="The next try; null where it is over.")
    status: int | None = Field(description="Of the last answer; null where there was none.")
    error: str = Field(description="What was wrong with the last try, in words.")
    excerpt: str = Field(description="The beginning of the last answer.")
    milliseconds: int | None


class DeliveriesAsked(Listing):
    sort: str = sorts("id", first="-id")
    endpoint_id: Annotated[Id | None, By("endpoint_id")] = None
    state: Annotated[State | None, By("state")] = None
    kind: Annotated[KindName | None, By("message__kind")] = None
    since: Annotated[Moment | None, By("message__created_at__gte")] = None


class ReplaysGiven(Given):
    since: Moment = Field(description="Messages of then or later.")


class ReplaysOut(Schema):
    replayed: int


@webhooks.read("/webhook-kinds", list[KindOut], may=may_keep)
def list_webhook_kinds(call: Call) -> Any:
    """What can be told."""
    return [{"name": kind.name, "title": str(kind.title)} for kind in registry]


@webhooks.read("/webhooks", Page[EndpointOut], may=may_keep)
def list_webhooks(call: Call, asked: Query[Listing]) -> Any:
    """The endpoints of the organisation, the oldest first."""
    return listed(call, queries.endpoints_of(call.actor).order_by("id"), asked)


@webhooks.create("/webhooks", MadeEndpointOut)
def add_webhook(call: Call, given: EndpointGiven) -> Any:
    """Add an endpoint. Its secret is told by this answer alone."""
    return _made(operations.add_endpoint(actor=call.actor, now=call.now, **given.model_dump()))


@webhooks.read("/webhooks/{pk}", EndpointOut, may=may_keep)
def get_webhook(call: Call, pk: Id) -> Any:
    """One endpoint."""
    return queries.endpoint_of(call.actor, pk)


@webhooks.change("/webhooks/{pk}", EndpointOut)
def change_webhook(call: Call, pk: Id, given: EndpointGiven) -> Any:
    """Say anew where it is and what it is told of; what is on its way goes to the new address."""
    endpoint = WebhookEndpoint(pk=pk)
    return operations.change_endpoint(actor=call.actor, now=call.now, endpoint=endpoint, **given.model_dump())


@webhooks.remove("/webhooks/{pk}")
def remove_webhook(call: Call, pk: Id) -> None:
    """Remove an endpoint with its messages."""
    operations.remove_endpoint(actor=call.actor, now=call.now, endpoint=WebhookEndpoint(pk=pk))


@webhooks.create("/webhooks/{pk}/secrets", MadeEndpointOut, status=200)
def renew_webhook_secret(call: Call, pk: Id) -> Any:
    """Make a new secret; messages are signed with the old one as well for 24 hours."""
    return _made(operations.renew_secret(actor=call.actor, now=call.now, endpoint=WebhookEndpoint(pk=pk)))


@webhooks.create("/webhooks/{pk}/pause", EndpointOut, status=200)
def pause_webhook(call: Call, pk: Id) -> Any:
    """Stop sending; what is told meanwhile waits."""
    return operations.pause_endpoint(actor=call.actor, now=call.now, endpoint=WebhookEndpoint(pk=pk))


@webhooks.create("/webhooks/{pk}/resumption", EndpointOut, status=200)
def resume_webhook(call: Call, pk: Id) -> Any:
    """Go on sending, with all that waited."""
    return operations.resume_endpoint(actor=call.actor, now=call.now, endpoint=WebhookEndpoint(pk=pk))


@webhooks.create("/webhooks/{pk}/tests", DeliveryOut, status=202)
def test_webhook(call: Call, pk: Id) -> Any:
    """Send a message of the kind `webhook.test`; how it went is told by its delivery."""
    sent = operations.send_test(actor=call.actor, now=call.now, endpoint=WebhookEndpoint(pk=pk))
    return _delivery(sent)


@webhooks.create("/webhooks/{pk}/replays", ReplaysOut, status=202)
def replay_dead_deliveries(call: Call, pk: Id, given: ReplaysGiven) -> Any:
    """Send again what was given up, of a time or later."""
    endpoint = WebhookEndpoint(pk=pk)
    count = operations.replay_dead(actor=call.actor, now=call.now, endpoint=endpoint, since=given.since)
    return {"replayed": count}


@webhooks.read("/webhook-deliveries", Page[DeliveryOut], may=may_keep)
def list_deliveries(call: Call, asked: Query[DeliveriesAsked]) -> Any:
    """Messages to endpoints, the latest first."""
    return listed(call, queries.deliveries_of(call.actor), asked, shown=_delivery)


@webhooks.read("/webhook-deliveries/{pk}", DeliveryOut, may=may_keep)
def get_delivery(call: Call, pk: Id) -> Any:
    """One message to one endpoint."""
    return _delivery(queries.delivery_of(call.actor, pk))


@webhooks.create("/webhook-deliveries/{pk}/replay", DeliveryOut, status=202)
def replay_delivery(call: Call, pk: Id) -> Any:
    """Send one again that was delivered or given up, under its own id."""
    return _delivery(operations.replay(actor=call.actor, now=call.now, delivery=WebhookDelivery(pk=pk)))


def _made(made: operations.Made) -> dict[str, Any]:
    return {"id": made.endpoint.pk, "endpoint": made.endpoint, "secret": made.secret}


def _delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    own = {"key", "kind", "happened_at"}
    told = {name: getattr(delivery, name) for name in DeliveryOut.model_fields if name not in own}
    message = delivery.message
    return {**told, "key": message.key, "kind": message.kind, "happened_at": message.created_at}
