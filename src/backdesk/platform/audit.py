"""Writes the audit trail. Operations call `record` inside their own transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from backdesk.platform.actor import Actor
from backdesk.platform.models import AuditEntry
from backdesk.platform.requests import current_request_id


def record(
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    subject: models.Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """`verb` is past tense and names what happened: "history uploaded"."""
    return AuditEntry.objects.create(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        interface=actor.interface,
        request_id=current_request_id(),
        at=now,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: Mapping[str, Any] | None) -> Any:
    """Dates, decimals and the like as text, so that the entry says the same when read back."""
    return None if values is None else json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
