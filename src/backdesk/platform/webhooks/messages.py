"""What is told becomes rows, in the transaction that read it: rolled back with it, and sent once it stands."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from backdesk.platform.isolation import as_system
from backdesk.platform.models import WebhookDelivery, WebhookEndpoint, WebhookMessage
from backdesk.platform.webhooks.kinds import registry

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing, as each organisation may know it. `by`: the organisation whose doing it is."""

    kind: str
    at: datetime
    data: Mapping[int, Data]
    by: int | None = None
    subject_kind: str = ""
    subject_id: str = ""


def put_down(told: Sequence[Told], *, now: datetime) -> int:
    """A message for each organisation that wants to know, a delivery for each of its endpoints. How many of these."""
    for kind in {one.kind for one in told}:
        registry.require(kind)
    with as_system("webhooks"):
        listening = _listening({organisation for one in told for organisation in one.data})
        pairs = [
            (message(told=one, organisation_id=organisation, data=data), endpoints)
            for one in told
            for organisation, data in one.data.items()
            if (endpoints := [each for each in listening[organisation] if _wants(each, one.kind)])
        ]
        WebhookMessage.objects.bulk_create(made for made, _ in pairs)
        deliveries = [delivery(made, each, now) for made, endpoints in pairs for each in endpoints]
        WebhookDelivery.objects.bulk_create(deliveries)
    return len(deliveries)


def _wants(endpoint: WebhookEndpoint, kind: str) -> bool:
    return not endpoint.kinds or kind in endpoint.kinds


def delivery(message: WebhookMessage, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Due at once; where the endpoint is paused it waits until that goes on."""
    return WebhookDelivery(
        organisation_id=endpoint.organisation_id, endpoint=endpoint, message=message, due_at=now
    )


def _listening(organisations: set[int]) -> Mapping[int, list[WebhookEndpoint]]:
    found: dict[int, list[WebhookEndpoint]] = defaultdict(list)
    for endpoint in WebhookEndpoint.objects.filter(organisation_id__in=organisations):
        found[endpoint.organisation_id].append(endpoint)
    return found


def message(*, told: Told, organisation_id: int, data: Data) -> WebhookMessage:
    return WebhookMessage(
        organisation_id=organisation_id,
        key=f"msg_{secrets.token_urlsafe(18)}",
        kind=told.kind,
        body=_body(told, data),
        subject_kind=told.subject_kind,
        subject_id=told.subject_id,
        created_at=told.at,
    )


def _body(told: Told, data: Data) -> str:
    whole = {
        "type": told.kind,
        "timestamp": told.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "organisation_id": told.by,
        "data": data,
    }
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
