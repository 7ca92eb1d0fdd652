"""Writing entries: in the caller's transaction, in one round trip each, or one for many."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from backdesk.platform.actor import Actor
from backdesk.platform.audit import canonical
from backdesk.platform.audit.canonical import Values
from backdesk.platform.models import AuditEntry, AuditValues
from backdesk.platform.requests import current_request_id

_AT_ONCE = 500
_APPEND_ONE = """
    SELECT id, sequence, previous, hash FROM platform_audit_append(%s, %s, %s, %s, %s, %s,
        %s, %s, decode(%s, 'hex'), %s::jsonb, %s::jsonb, convert_to(%s, 'UTF8'))
"""
# One document for all entries: as arrays of each column they would cost the driver more than the database.
_APPEND = """
    SELECT made.id, made.sequence, made.previous, made.hash
    FROM ROWS FROM (json_to_recordset(%s::json) AS
        (kind text, subject text, nonce text, digests jsonb, fields jsonb, content text))
        WITH ORDINALITY AS given (kind, subject, nonce, digests, fields, content, place)
    CROSS JOIN LATERAL platform_audit_append(%s, %s, %s, %s, %s, %s, given.kind, given.subject,
        decode(given.nonce, 'hex'), given.digests, given.fields, convert_to(given.content, 'UTF8')) AS made
    ORDER BY given.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one of many objects was and is."""

    subject: models.Model
    before: Values = None
    after: Values = None


def record(
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    subject: models.Model,
    before: Values = None,
    after: Values = None,
    organisation_id: int | None = None,
) -> AuditEntry:
    """`verb` is past tense and names what happened: "history uploaded".

    `organisation_id`: in whose trail it stands, where that is not the organisation the actor acts for.
    """
    change = Change(subject=subject, before=before, after=after)
    (entry,) = record_many(actor=actor, now=now, verb=verb, changes=[change], organisation_id=organisation_id)
    return entry


def record_many(
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    changes: Iterable[Change],
    organisation_id: int | None = None,
) -> list[AuditEntry]:
    """The same verb on many objects, an entry each, in the order of their chains."""
    where = actor.organisation_id if organisation_id is None else organisation_id
    entries = [_entry(actor, now, verb, change, where) for change in changes]
    # Two transactions that meet on several objects come to them in the same order, and so past each other.
    entries.sort(key=lambda one: (one.subject_kind, one.subject_id))
    for at in range(0, len(entries), _AT_ONCE):
        _append(entries[at : at + _AT_ONCE])
    return entries


def content_of(entry: AuditEntry) -> bytes:
    """The bytes an entry's hash is of, from its columns as they stand."""
    return canonical.content_of(
        organisation_id=entry.organisation_id,
        person_id=entry.person_id,
        interface=entry.interface,
        request_id=entry.request_id,
        at=entry.at,
        verb=entry.verb,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        digests=entry.digests,
        nonce=bytes(entry.nonce),
    )


def _entry(actor: Actor, now: datetime, verb: str, change: Change, organisation_id: int | None) -> AuditEntry:
    fields = canonical.salted(change.before, change.after)
    entry = AuditEntry(
        organisation_id=organisation_id,
        person_id=actor.person_id,
        interface=actor.interface,
        request_id=current_request_id(),
        at=now,
        verb=verb,
        subject_kind=change.subject._meta.label_lower,
        subject_id=str(change.subject.pk),
        digests=canonical.digests_of(fields),
        nonce=secrets.token_bytes(16),
    )
    entry.disclosed = AuditValues(organisation_id=organisation_id, fields=fields)
    return entry


def _append(entries: Sequence[AuditEntry]) -> None:
    """The database chains them: only it can see the end of each chain and keep others from it meanwhile."""
    one = entries[0]
    common = [one.organisation_id, one.person_id, one.interface, one.request_id, one.at, one.verb]
    with connection.cursor() as cursor:
        if len(entries) == 1:
            cursor.execute(_APPEND_ONE, [*common, *_as_arguments(one)])
        else:
            cursor.execute(_APPEND, [canonical.text_of([_given(entry) for entry in entries]), *common])
        for entry, made in zip(entries, cursor.fetchall(), strict=True):
            entry.pk, entry.sequence, entry.previous, entry.hash = made
            entry.disclosed.pk = entry.pk
            entry._state.adding = entry.disclosed._state.adding = False
            entry._state.db = entry.disclosed._state.db = connection.alias


def _given(entry: AuditEntry) -> dict[str, Any]:
    return {
        "kind": entry.subject_kind,
        "subject": entry.subject_id,
        "nonce": bytes(entry.nonce).hex(),
        "digests": entry.digests,
        "fields": entry.disclosed.fields,
        "content": content_of(entry).decode(),
    }


def _as_arguments(entry: AuditEntry) -> list[str]:
    """Past the document of many, which the planner and the reader of JSON would go through for a single row."""
    given = _given(entry)
    given["digests"], given["fields"] = (canonical.text_of(given[name]) for name in ("digests", "fields"))
    return list(given.values())
