"""Secrets and signatures, as Standard Webhooks has them (https://www.standardwebhooks.com, version 1).

A secret is made of a random salt, which is kept, and Backdesk's SECRET_KEY, which is not in the database: who reads
the tables alone can sign nothing.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

from backdesk.platform.models import WebhookSecret

PREFIX: Final = "whsec_"
_PURPOSE: Final = "backdesk.webhooks"


def new_salt() -> str:
    return secrets.token_hex(32)


def secret_of(secret: WebhookSecret) -> str:
    """As it is shown to a person, once, and as their program takes it."""
    key = salted_hmac(_PURPOSE, secret.salt, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(key).decode()


def headers(*, key: str, at: datetime, body: str, signing: Iterable[str]) -> dict[str, str]:
    """One signature for each secret in force: a receiver that holds any of them believes the message."""
    signatures = (Webhook(secret).sign(msg_id=key, timestamp=at, data=body) for secret in signing)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
