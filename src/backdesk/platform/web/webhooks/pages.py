"""The page objects of webhooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from backdesk.platform.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from backdesk.platform.web.parts import Empty, Kind, Status
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.webhooks.forms import EndpointForm, SinceForm
from backdesk.platform.webhooks.kinds import registry

State = WebhookDelivery.State
_STATES: dict[str, tuple[Kind, Any]] = {
    State.PENDING: ("neutral", gettext_lazy("waiting")),
    State.FAILED: ("warn", gettext_lazy("tried again")),
    State.DELIVERED: ("good", pgettext_lazy("message", "delivered")),
    State.DEAD: ("bad", gettext_lazy("given up")),
}


def status_of(delivery: WebhookDelivery) -> Status:
    kind, word = _STATES[delivery.state]
    return Status(kind=kind, word=word)


def status_of_endpoint(endpoint: WebhookEndpoint) -> Status:
    if endpoint.paused_at is not None:
        return Status(kind="bad" if endpoint.pause_reason else "neutral", word=_("paused"))
    if endpoint.failing_since is not None:
        return Status(kind="warn", word=_("failing"))
    return Status(kind="good", word=_("listening"))


def kinds_of(endpoint: WebhookEndpoint) -> str:
    return ", ".join(endpoint.kinds) or _("everything")


def answer_of(delivery: WebhookDelivery) -> str:
    """In short: the status, or that there was none."""
    if delivery.status is not None:
        return str(delivery.status)
    return _("none") if delivery.attempts else ""


ENDPOINTS = (
    Column(
        key="name",
        title=gettext_lazy("Endpoint"),
        value=str,
        href=lambda row: reverse("web:webhook", args=[row.pk]),
        detail=lambda row: row.url if row.description else "",
    ),
    Column(key="state", title=gettext_lazy("State"), kind="status", value=status_of_endpoint),
    Column(key="kinds", title=gettext_lazy("Told of"), value=kinds_of, sortable=False),
    Column(
        key="delivered_at",
        title=gettext_lazy("Last delivered"),
        kind="time",
        reason=gettext_lazy("nothing was delivered yet"),
    ),
    Column(key="waiting", title=gettext_lazy("Waiting"), kind="number"),
    Column(
        key="dead",
        title=gettext_lazy("Given up"),
        kind="number",
        definition=gettext_lazy(
            "Messages that were tried for three days in vain. They are kept for 30 days and can be sent again."
        ),
    ),
)
NO_ENDPOINTS = Empty(
    title=gettext_lazy("No other system is told yet"),
    text=gettext_lazy("Give an address, and what happens here is sent there within seconds, signed."),
    action=gettext_lazy("Add an endpoint"),
)
DELIVERIES = (
    Column(
        key="kind",
        title=gettext_lazy("Message"),
        value=lambda row: row.message.kind,
        field="message__kind",
        href=lambda row: reverse("web:webhook-delivery", args=[row.pk]),
        filter="contains",
        language="en",
    ),
    Column(
        key="at",
        title=gettext_lazy("Happened"),
        kind="time",
        value=lambda row: row.message.created_at,
        field="message__created_at",
    ),
    Column(
        key="state",
        title=gettext_lazy("State"),
        kind="status",
        value=status_of,
        filter="choice",
        choices=tuple((value, word) for value, (_kind, word) in _STATES.items()),
    ),
    Column(key="attempts", title=gettext_lazy("Tries"), kind="number"),
    Column(
        key="answer",
        title=gettext_lazy("Answer"),
        value=answer_of,
        field="status",
        reason=gettext_lazy("not tried yet"),
    ),
    Column(
        key="due_at",
        title=gettext_lazy("Next try"),
        kind="time",
        reason=gettext_lazy("it is over"),
    ),
)
NO_DELIVERIES = Empty(
    title=gettext_lazy("Nothing was told yet"),
    text=gettext_lazy("Send a test to see whether it arrives and its signature holds."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointsPage:
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    since: datetime
    retires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPage:
    """`since`: the form that sends again what was given up, where anything was."""

    id: int
    name: str
    url: str
    created_at: datetime
    status: Status
    is_paused: bool
    pause_reason: str
    kinds: tuple[str, ...]
    secrets: tuple[Secret, ...]
    dead: int
    since: SinceForm | None
    table: Table

    @property
    def dead_text(self) -> str:
        return ngettext("%(count)s message was given up", "%(count)s messages were given up", self.dead) % {
            "count": self.dead
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    form: EndpointForm
    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPage:
    id: int
    name: str
    secret: str
    is_renewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    id: int
    endpoint_id: int
    endpoint: str
    kind: str
    title: str
    key: str
    happened_at: datetime
    status: Status
    attempts: int
    tried_at: datetime | None
    due_at: datetime | None
    answer: str
    error: str
    excerpt: str
    milliseconds: int | None
    body: str
    is_over: bool


def endpoint_page(
    endpoint: WebhookEndpoint,
    *,
    secrets: list[WebhookSecret],
    dead: int,
    since: SinceForm | None,
    table: Table,
) -> EndpointPage:
    return EndpointPage(
        id=endpoint.pk,
        name=str(endpoint),
        url=endpoint.url,
        created_at=endpoint.created_at,
        status=status_of_endpoint(endpoint),
        is_paused=endpoint.paused_at is not None,
        pause_reason=endpoint.pause_reason,
        kinds=tuple(endpoint.kinds),
        secrets=tuple(Secret(since=one.created_at, retires_at=one.retires_at) for one in secrets),
        dead=dead,
        since=since,
        table=table,
    )


def delivery_page(delivery: WebhookDelivery) -> DeliveryPage:
    message = delivery.message
    return DeliveryPage(
        id=delivery.pk,
        endpoint_id=delivery.endpoint_id,
        endpoint=str(delivery.endpoint),
        kind=message.kind,
        title=str(next((kind.title for kind in registry if kind.name == message.kind), "")),
        key=message.key,
        happened_at=message.created_at,
        status=status_of(delivery),
        attempts=delivery.attempts,
        tried_at=delivery.tried_at,
        due_at=delivery.due_at,
        answer=answer_of(delivery),
        error=delivery.error,
        excerpt=delivery.excerpt,
        milliseconds=delivery.milliseconds,
        body=json.dumps(json.loads(message.body), indent=2, ensure_ascii=False),
        is_over=delivery.is_over,
    )
