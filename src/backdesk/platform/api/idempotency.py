"""The same creation asked for twice happens once: the second request gets the answer of the first.

The key is claimed by a row in the transaction of the creation itself. A twin that comes meanwhile waits at that row
until the first is through; what failed leaves no row, and may be tried again with the same key.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from backdesk.platform.actor import Actor
from backdesk.platform.api.problems import Problematic
from backdesk.platform.models import IdempotencyKey
from backdesk.platform.models.requests import KEPT

HEADER = "Idempotency-Key"
LONGEST = 255

_CLAIM = """
INSERT INTO platform_idempotencykey AS kept
    (organisation_id, person_id, key, fingerprint, status, body, location, created_at)
VALUES (%s, %s, %s, %s, 0, '', '', %s)
ON CONFLICT (organisation_id, person_id, key) DO UPDATE SET
    fingerprint = excluded.fingerprint, status = 0, body = '', location = '', created_at = excluded.created_at
    WHERE kept.created_at < %s
RETURNING id
"""


class KeyUsedOtherwise(Problematic):
    """An Idempotency-Key came a second time, with another request than the first."""

    status = 422
    text = "This Idempotency-Key was used for another request in the last 24 hours; send a new one with a new request."


class KeyUnusable(Problematic):
    """An Idempotency-Key is up to 255 visible characters of ASCII."""

    status = 422
    text = "An Idempotency-Key is 1 to 255 visible characters of ASCII; a random UUID will do."


def is_wanted(request: HttpRequest) -> bool:
    return HEADER in request.headers


def once(
    *, request: HttpRequest, actor: Actor, now: datetime, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Carry it out, or answer as when the same came with this key before."""
    key = request.headers.get(HEADER)
    if key is None:
        return run()
    if not (0 < len(key) <= LONGEST and all("!" <= character <= "~" for character in key)):
        raise KeyUnusable
    fingerprint = _fingerprint(request)
    claimed = _claim(actor, key, fingerprint, now)
    if claimed is None:
        return _kept(actor, key, fingerprint)
    response = run()
    if response.status_code >= 400:
        return response
    assert isinstance(response, HttpResponse)
    IdempotencyKey.objects.filter(pk=claimed).update(
        status=response.status_code,
        body=response.content.decode(),
        location=response.headers.get("Location", ""),
    )
    return response


def _claim(actor: Actor, key: str, fingerprint: str, now: datetime) -> int | None:
    """None where it is taken; one that is older than a day is free again."""
    values = [actor.organisation_id, actor.person_id, key, fingerprint, now, now - KEPT]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _kept(actor: Actor, key: str, fingerprint: str) -> HttpResponse:
    kept = IdempotencyKey.objects.visible_to(actor).get(person_id=actor.person_id or 0, key=key)
    if kept.fingerprint != fingerprint:
        raise KeyUsedOtherwise
    headers = {"Idempotency-Replayed": "true", **({"Location": kept.location} if kept.location else {})}
    return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=headers)


def _fingerprint(request: HttpRequest) -> str:
    """Of what is asked for; a form is taken by its fields, since its frame differs each time."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    parts = _of_form(request) if request.content_type == "multipart/form-data" else iter((request.body,))
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _of_form(request: HttpRequest) -> Iterator[bytes]:
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield repr((name, file.name, _digest(file))).encode()


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
