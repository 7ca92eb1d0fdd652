"""Messages that Backdesk sends: believed once their signature holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class NotFromBackdesk(ValueError):
    """The signature is by none of the secrets, or the message is too old to be answered to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`id` stays the same at every try: what was taken in under it needs nothing more."""

    id: str
    kind: str
    at: datetime
    by: int | None
    data: Mapping[str, Any]


def read_message(body: bytes, headers: Mapping[str, str], *, secrets: Iterable[str]) -> Message:
    """The message, if it is from there. `secrets`: while one is renewed the new and the old."""
    names = {name.lower(): value for name, value in headers.items()}
    if not any(_holds(body, names, secret) for secret in secrets):
        raise NotFromBackdesk(
            "The signature of this message does not hold, or it is more than five minutes old."
        )
    told = json.loads(body)
    return Message(
        id=names["webhook-id"],
        kind=told["type"],
        at=datetime.fromisoformat(told["timestamp"]),
        by=told["organisation_id"],
        data=told["data"],
    )


def _holds(body: bytes, headers: dict[str, str], secret: str) -> bool:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
