"""Tables of events that are read on, so that who writes an event need not think of webhooks.

What is committed late must not be passed by: an event of a long transaction has a lower number than others that were
seen before it. So a source is read in the order of transactions, and only up to the oldest that is still at work;
whatever is below that line has been decided, and nothing more can come there.

An app registers in its `AppConfig.ready`::

    webhooks.register_source(Source(name="work", read=queries.events_to_tell))

Its table has a column with `pg_current_xact_id()` of the transaction that wrote the row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.db import connection, transaction

from backdesk.platform.models import WebhookCursor, WebhookEndpoint
from backdesk.platform.webhooks.messages import Told, put_down

AT_ONCE: Final = 500
_ALL: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """Behind the event of this number in this transaction."""

    transaction: int = 0
    number: int = 0
    above: int = 0
    """Events up to this number are of another server, whose numbers of transactions say nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """An event as it is told; of one that nobody is told of, `told` is None and it only moves the position on."""

    position: Position
    told: Told | None


class Read(Protocol):
    """Events behind `after` of transactions below `before`, by position, at most `limit`; of these organisations."""

    def __call__(
        self, *, after: Position, before: int, limit: int, organisations: Collection[int]
    ) -> Sequence[Emission]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`newest`: the highest number of an event there is."""

    name: str
    read: Read
    newest: Callable[[], int]


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    _sources[source.name] = source


def poll(*, now: datetime) -> int:
    """Take up what the sources have that is new. How many deliveries came of it."""
    return sum(_take_up_all(source, now) for source in list(_sources.values()))


@transaction.atomic
def begin_anew(*, now: datetime) -> None:
    """After a backup was brought back, maybe to another server, whose transactions are numbered anew: what came with it
    is all decided and taken up as far as it was not; from then on only what is numbered above."""
    for source in list(_sources.values()):
        if WebhookCursor.objects.filter(source=source.name).exists():
            _take_up_all(source, now, before=_ALL)
            WebhookCursor.objects.filter(source=source.name).update(
                transaction=0, number=0, above=source.newest()
            )


def _take_up_all(source: Source, now: datetime, before: int | None = None) -> int:
    made, goes_on = 0, True
    while goes_on:
        some, goes_on = take_up(source, now=now, before=before)
        made += some
    return made


@transaction.atomic
def take_up(source: Source, *, now: datetime, before: int | None = None) -> tuple[int, bool]:
    """One batch, and the position behind it, together or not at all. Whether there may be more."""
    before = horizon() if before is None else before
    WebhookCursor.objects.get_or_create(source=source.name, defaults={"transaction": before})
    cursor = WebhookCursor.objects.select_for_update(skip_locked=True).filter(source=source.name).first()
    if cursor is None:  # another worker is at it
        return 0, False
    after = Position(transaction=cursor.transaction, number=cursor.number, above=cursor.above)
    organisations = set(WebhookEndpoint.objects.values_list("organisation_id", flat=True).distinct())
    found = (
        source.read(after=after, before=before, limit=AT_ONCE, organisations=organisations)
        if organisations
        else ()
    )
    made = put_down([one.told for one in found if one.told is not None], now=now)
    is_cut = len(found) >= AT_ONCE
    reached = found[-1].position if is_cut else Position(transaction=before)
    cursor.transaction, cursor.number = reached.transaction, reached.number
    cursor.save(update_fields=["transaction", "number"])
    return made, is_cut


def horizon() -> int:
    """The oldest transaction still at work: all below it are decided."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
