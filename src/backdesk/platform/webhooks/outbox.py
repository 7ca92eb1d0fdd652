"""Sending what is due. Deliveries are claimed by putting their next turn off, so that nothing is locked while a
receiver thinks; a worker killed meanwhile sends once more when that turn comes, under the same webhook-id.

Each endpoint is served by one thread at a time, in order, within a budget: a slow one delays itself alone.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import SimpleQueue
from time import monotonic
from typing import Final

from django.db import connection, transaction

from backdesk.platform.models import WebhookDelivery, WebhookSecret
from backdesk.platform.webhooks import posting, signing
from backdesk.platform.webhooks.posting import Answer
from backdesk.platform.webhooks.suffering import note_failure, note_success

#: How long after each try the next one is due, as Standard Webhooks advises; after the last, the message is dead.
TURNS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
_SPREAD: Final = 0.2
_OF_EACH: Final = 50
_THREADS: Final = 8
_BUDGET: Final = 20.0
_LEASE: Final = timedelta(minutes=5)

_CLAIM: Final = """
UPDATE platform_webhookdelivery AS claimed SET due_at = %(lease)s
FROM platform_webhookendpoint AS endpoint CROSS JOIN LATERAL (
    SELECT id FROM platform_webhookdelivery AS waiting
    WHERE waiting.endpoint_id = endpoint.id AND waiting.due_at <= %(now)s
    ORDER BY waiting.due_at, waiting.id LIMIT %(of_each)s FOR UPDATE SKIP LOCKED
) AS due
WHERE endpoint.paused_at IS NULL AND claimed.id = due.id
RETURNING claimed.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A delivery with all that sending it needs, so that a thread asks no database."""

    delivery: WebhookDelivery
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    delivered: int = 0
    failed: int = 0


Answered = tuple[Letter, Answer | None]
"""None: there was no time left for it."""


def send_due(*, now: datetime) -> Sent:
    """One turn over all endpoints, as the whole house and outside any transaction."""
    began, good, bad = monotonic(), 0, 0
    for letter, answer in _answers(_claim(now), now):
        at = now + timedelta(seconds=monotonic() - began)
        if answer is None:
            _put_back(letter.delivery, now)
            continue
        _settle(letter.delivery, answer, at)
        good, bad = good + answer.is_good, bad + (not answer.is_good)
    return Sent(delivered=good, failed=bad)


def next_turn(*, delivery_id: int, attempt: int) -> timedelta | None:
    """How long after the try of this number the next one is due, spread so that they do not all come at once.

    By the delivery's own number instead of by chance: worked out again it is the same.
    """
    if attempt > len(TURNS):
        return None
    chance = zlib.crc32(f"{delivery_id}:{attempt}".encode()) / 2**32
    return TURNS[attempt - 1] * (1 - _SPREAD + 2 * _SPREAD * chance)


def _claim(now: datetime) -> list[Letter]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": now + _LEASE, "of_each": _OF_EACH})
        claimed = [row[0] for row in cursor.fetchall()]
    found = WebhookDelivery.objects.filter(pk__in=claimed).select_related("message", "endpoint")
    letters = list(found.order_by("endpoint_id", "message_id"))
    secrets = _secrets({one.endpoint_id for one in letters}, now)
    return [Letter(delivery=one, secrets=secrets[one.endpoint_id]) for one in letters]


def _secrets(endpoints: set[int], now: datetime) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for one in WebhookSecret.objects.in_force(now).filter(endpoint_id__in=endpoints).order_by("-id"):
        found[one.endpoint_id] += (signing.secret_of(one),)
    return found


def _answers(letters: list[Letter], now: datetime) -> Iterator[Answered]:
    """Each as it comes, so that what was delivered is noted before the next thing can go wrong."""
    by_endpoint: dict[int, list[Letter]] = defaultdict(list)
    for letter in letters:
        by_endpoint[letter.delivery.endpoint_id].append(letter)
    answered: SimpleQueue[Answered] = SimpleQueue()
    until = monotonic() + _BUDGET
    with ThreadPoolExecutor(max_workers=_THREADS) as pool:
        for batch in by_endpoint.values():
            pool.submit(_send_batch, batch, now, until, answered)
        for _ in letters:
            yield answered.get()


def _send_batch(batch: list[Letter], now: datetime, until: float, answered: SimpleQueue[Answered]) -> None:
    for letter in batch:
        answered.put((letter, _send(letter, now) if monotonic() < until else None))


def _send(letter: Letter, now: datetime) -> Answer:
    message = letter.delivery.message
    headers = signing.headers(key=message.key, at=now, body=message.body, signing=letter.secrets)
    try:
        return posting.post(url=letter.delivery.endpoint.url, body=message.body, headers=headers)
    except Exception as fault:  # a fault of ours must not leave the whole turn waiting for an answer
        return Answer(error=f"Backdesk failed at sending this ({type(fault).__name__}); it is tried again.")


def _settle(delivery: WebhookDelivery, answer: Answer, at: datetime) -> None:
    """Unless somebody had it sent anew, or another worker took it over, since it was claimed."""
    attempt = delivery.attempts + 1
    turn = None if answer.is_good else next_turn(delivery_id=delivery.pk, attempt=attempt)
    state = WebhookDelivery.State
    with transaction.atomic():
        mine = WebhookDelivery.objects.filter(
            pk=delivery.pk, due_at=delivery.due_at, attempts=delivery.attempts
        )
        if not mine.update(
            state=state.DELIVERED if answer.is_good else state.FAILED if turn else state.DEAD,
            due_at=at + turn if turn else None,
            attempts=attempt,
            tried_at=at,
            status=answer.status,
            error=answer.error,
            excerpt=answer.excerpt,
            milliseconds=round(answer.seconds * 1000),
        ):
            return
        if answer.is_good:
            note_success(delivery.endpoint)
        else:
            note_failure(delivery.endpoint, answer, at=at)


def _put_back(delivery: WebhookDelivery, now: datetime) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at).update(due_at=now)
