"""Whose rows are follows from the engagement; also to who writes past our own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from backdesk.parties.models import Engagement
from backdesk.platform.isolation import as_system, within
from backdesk.work.models import Document, Event, Item, QueueCount, Service, ServiceSource, Step
from backdesk.work.operations import documents
from tests.backend.base import as_owner
from tests.cast import NOW, Cast, assemble
from tests.work.papers import PICTURE
from tests.work.services import LONG_AGO, Work, a_service, an_item

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(transactional_db: None) -> Work:
    return a_service(assemble())


def an_item_of_another_client(work: Work, item: Item) -> None:
    """The provider's own people put it in that company's name: the walls let them, since they are its provider."""
    item.pk, item.client_id, item.business_key = 1_000_000, work.cast.other_client.pk, ""
    Item.objects.bulk_create([item])


def a_step_of_another_client(work: Work, item: Item) -> None:
    Step.objects.filter(item=item).update(client_id=work.cast.other_client.pk)


def an_event_of_another_client(work: Work, item: Item) -> None:
    both = {"client_id": work.cast.other_client.pk, "provider_id": item.provider_id}
    Event.objects.create(item=item, sequence=99, kind="made up", at=NOW, nonce=b"n" * 16, **both)


def a_document_of_another_service(work: Work, item: Item) -> None:
    """Put under a service with another client, while its item stays one of this."""
    photo = documents.add_document(
        actor=work.manager,
        now=NOW,
        item_id=item.pk,
        stream=BytesIO(PICTURE),
        filename="page.png",
        limit=99_999,
    )
    with as_system("a test"):
        other = Engagement.objects.create(
            client=work.cast.other_client, provider=work.cast.provider, name="Other",
            begins_at=LONG_AGO, proposed_at=LONG_AGO, accepted_at=LONG_AGO,
        )  # fmt: skip
        both = {"client_id": other.client_id, "provider_id": other.provider_id}
        service = Service.objects.create(**both, engagement=other, key="other", name="Other", created_at=NOW)
    Document.objects.filter(pk=photo.pk).update(service=service, **both)


def a_source_of_another_client(work: Work, item: Item) -> None:
    both = {"client_id": work.cast.other_client.pk, "provider_id": item.provider_id}
    ServiceSource.objects.create(version=work.version, files={}, internal_to=item.provider_id, **both)


def a_count_of_another_client(work: Work, item: Item) -> None:
    both = {"client_id": work.cast.other_client.pk, "provider_id": item.provider_id}
    counts = {"open": 0, "taken": 0, "overdue": 0, "soon": 0, "paused": 0}
    QueueCount.objects.create(route=work.routes["enter"], counted_at=NOW, **both, **counts)


Write = Callable[[Work, Item], None]
WRITES = [
    an_item_of_another_client,
    a_step_of_another_client,
    an_event_of_another_client,
    a_document_of_another_service,
    a_source_of_another_client,
    a_count_of_another_client,
]


@pytest.mark.parametrize("write", WRITES)
def test_a_row_names_no_company_that_has_no_part_in_it(work: Work, write: Write) -> None:
    with pytest.raises(IntegrityError, match="between_the_same"):
        written(work, write)


@pytest.mark.parametrize("write", WRITES)
def test_control_without_the_constraints_the_walls_alone_let_it(work: Work, write: Write) -> None:
    with unguarded():
        written(work, write)


def written(work: Work, write: Write) -> None:
    """By the provider; the constraints look at it when it is kept."""
    item, provider = an_item(work), work.manager
    with transaction.atomic(), within(provider), connection.cursor() as cursor:
        write(work, item)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.parametrize("side", ["client", "provider"])
def test_nobody_writes_an_engagement_with_who_has_not_agreed(work: Work, side: str) -> None:
    cast: Cast = work.cast
    own = work.manager if side == "provider" else work.lead
    other = cast.other_client if side == "provider" else cast.provider
    both = {"client": other, "provider": cast.provider} if side == "provider" else {
        "client": cast.client, "provider": other,
    }  # fmt: skip
    with within(own), pytest.raises(DatabaseError, match="between who proposed it"):
        Engagement.objects.create(
            name="Ours", begins_at=LONG_AGO, proposed_at=LONG_AGO, accepted_at=LONG_AGO, **both
        )
    with within(own), pytest.raises(DatabaseError, match="between who proposed it"):
        Engagement.objects.filter(pk=work.engagement.pk).update(client=cast.other_client)


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the constraints for a while."""
    tables = ("item", "step", "event", "servicesource", "queuecount")
    names = {f"work_{table}_between_the_same": f"work_{table}" for table in tables}
    names["work_document_between_the_same_item"] = "work_document"
    with as_owner() as owner:
        for name, table in names.items():
            owner.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT ENFORCED")
        try:
            yield
        finally:
            for name, table in names.items():
                owner.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} ENFORCED")
