"""Tables of events that are read on: each event once, also those that are committed late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F

from backdesk.platform.isolation.roles import OWNER
from backdesk.platform.models import WebhookCursor, WebhookMessage
from backdesk.platform.webhooks import Emission, Kind, Position, Source, Told, register_kinds, sources
from backdesk.platform.webhooks.operations import add_endpoint
from backdesk.platform.webhooks.sources import take_up
from tests.cast import NOW, Cast, assemble

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", OWNER])
register_kinds(Kind(name="thing.happened", title="A thing happened"))

_READ = """
SELECT transaction, id, organisation_id FROM tests_event
WHERE id > %s AND (transaction, id) > (%s, %s) AND transaction < %s AND organisation_id = ANY(%s)
ORDER BY transaction, id LIMIT %s
"""


@pytest.fixture
def events() -> Iterator[None]:
    """A table such as an app has, with the number of the transaction that wrote each row."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE tests_event (id bigserial, organisation_id bigint, "
            "transaction bigint DEFAULT pg_current_xact_id()::text::bigint)"
        )
        role = connection.settings_dict["USER"]
        cursor.execute(f'GRANT ALL ON tests_event, tests_event_id_seq TO "{role}"')
    yield
    with connections[OWNER].cursor() as cursor:
        cursor.execute("DROP TABLE tests_event")
    connections[OWNER].close()


@pytest.fixture
def listening(events: None) -> Cast:
    """A client with an endpoint, from before anything happens."""
    cast = assemble()
    add_endpoint(actor=cast.lead, now=NOW, url="https://erp.example.com/backdesk")
    assert take_up(OURS, now=NOW) == (0, False)
    return cast


def read(*, after: Position, before: int, limit: int, organisations: Collection[int]) -> Sequence[Emission]:
    with connection.cursor() as cursor:
        cursor.execute(
            _READ,
            [
                after.above,
                after.transaction,
                after.number,
                before,
                sorted(organisations),
                min(limit, sources.AT_ONCE),
            ],
        )
        return [emission(*row) for row in cursor.fetchall()]


def emission(number_of_transaction: int, number: int, organisation: int) -> Emission:
    told = Told(kind="thing.happened", at=NOW, data={organisation: {"number": number}})
    return Emission(position=Position(transaction=number_of_transaction, number=number), told=told)


def newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tests_event")
        return int(cursor.fetchone()[0])


OURS = Source(name="tests", read=read, newest=newest)


def happen(cast: Cast, *, on: BaseDatabaseWrapper = connection) -> None:
    with on.cursor() as cursor:
        cursor.execute("INSERT INTO tests_event (organisation_id) VALUES (%s)", [cast.client.pk])


def numbers() -> list[int]:
    return [int(one.body.rpartition(":")[2].strip("}")) for one in WebhookMessage.objects.order_by("id")]


@contextmanager
def another_at_work(cast: Cast) -> Iterator[None]:
    """Writes an event first and commits last."""
    other = connections["default"].copy()
    try:
        other.set_autocommit(False)
        happen(cast, on=other)
        yield
        other.commit()
    finally:
        other.close()


def test_what_happened_is_taken_up_once(listening: Cast) -> None:
    for _ in range(3):
        happen(listening)
    assert take_up(OURS, now=NOW) == (3, False)
    assert take_up(OURS, now=NOW) == (0, False)
    assert numbers() == [1, 2, 3]


def test_what_is_committed_late_is_not_passed_by(listening: Cast) -> None:
    with another_at_work(listening):
        happen(listening)
        take_up(OURS, now=NOW)
        assert numbers() == [], "nothing behind the one still at work is taken up yet"
    take_up(OURS, now=NOW)
    assert numbers() == [1, 2]


def test_without_the_horizon_it_would_be(listening: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: read up to the newest that shows, the late one is lost."""
    monkeypatch.setattr(sources, "horizon", lambda: _newest() + 1)
    with another_at_work(listening):
        happen(listening)
        take_up(OURS, now=NOW)
    take_up(OURS, now=NOW)
    assert numbers() == [2]


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(transaction) FROM tests_event")
        return int(cursor.fetchone()[0] or 0)


def came_with_a_backup(listening: Cast) -> None:
    """One event that was told and one that was not, of a server that had counted many more transactions."""
    happen(listening)
    take_up(OURS, now=NOW)
    happen(listening)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("UPDATE tests_event SET transaction = transaction + 1000000000")
    WebhookCursor.objects.update(transaction=F("transaction") + 1_000_000_000)


def test_after_a_backup_was_brought_back_what_is_new_is_told_once(
    listening: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_sources", {OURS.name: OURS})
    came_with_a_backup(listening)
    sources.begin_anew(now=NOW)
    assert numbers() == [1, 2]
    happen(listening)
    take_up(OURS, now=NOW)
    monkeypatch.setattr(sources, "horizon", lambda: 10**12)  # once this server has counted as far
    take_up(OURS, now=NOW)
    assert numbers() == [1, 2, 3]


def test_without_beginning_anew_it_would_not_be(listening: Cast) -> None:
    """The negative control."""
    came_with_a_backup(listening)
    happen(listening)
    take_up(OURS, now=NOW)
    assert numbers() == [1]


def test_more_than_a_batch_is_taken_up_batch_by_batch(
    listening: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "AT_ONCE", 2)
    with transaction.atomic():  # all of one transaction, so the number within it counts
        for _ in range(5):
            happen(listening)
    monkeypatch.setattr(sources, "_sources", {OURS.name: OURS})
    assert sources.poll(now=NOW) == 5
    assert numbers() == [1, 2, 3, 4, 5]


def test_a_batch_that_fails_leaves_the_position_where_it_was(
    listening: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(listening)
    with monkeypatch.context() as broken:
        broken.setattr(sources, "put_down", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_up(OURS, now=NOW)
    assert take_up(OURS, now=NOW) == (1, False)


def test_while_nobody_listens_events_are_passed_by(events: None) -> None:
    cast = assemble()
    take_up(OURS, now=NOW)
    happen(cast)
    take_up(OURS, now=NOW)
    add_endpoint(actor=cast.lead, now=NOW, url="https://erp.example.com/backdesk")
    assert take_up(OURS, now=NOW) == (0, False)


def test_two_workers_do_not_take_up_the_same(listening: Cast) -> None:
    happen(listening)
    other = connections["default"].copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM platform_webhookcursor FOR UPDATE")
        assert take_up(OURS, now=NOW) == (0, False)
        other.rollback()
    finally:
        other.close()
    assert take_up(OURS, now=NOW) == (1, False)
