"""Whose rows are follows from the engagement; also to who writes past our own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from backdesk.parties.models import Engagement
from backdesk.platform import audit
from backdesk.platform.isolation import as_system, within
from backdesk.work.models import (
    Document,
    Entitlement,
    Event,
    Item,
    QueueCount,
    Route,
    Service,
    ServiceSource,
    Step,
)
from backdesk.work.operations import documents
from tests.backend.base import as_owner
from tests.cast import NOW, Cast, assemble
from tests.work.papers import PICTURE
from tests.work.rows import fill_shared_work, the_other_way_round
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


def an_event_of_no_item(work: Work, item: Item) -> None:
    both = {"client_id": item.client_id, "provider_id": item.provider_id}
    Event.objects.create(item_id=1_000_000, sequence=99, kind="made up", at=NOW, nonce=b"n" * 16, **both)


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
    an_event_of_no_item,
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


STAYING = {
    "work_item": ("id", "client_id", "provider_id"),
    "parties_person": ("id",),
    "parties_organisation": ("id",),
}


@pytest.mark.parametrize("table", STAYING)
def test_what_events_and_entries_name_stays_also_for_the_owner(work: Work, table: str) -> None:
    """So nothing that is written of it need be locked for it. The control is the last line."""
    item = an_item(work)
    row = {
        "work_item": item.pk,
        "parties_person": work.manager.person_id,
        "parties_organisation": work.cast.provider.pk,
    }[table]
    changes = [f"UPDATE {table} SET {key} = 1000000 WHERE id = %s" for key in STAYING[table]]
    with as_owner() as owner:
        owner.execute("SET backdesk.scope = 'system'")
        for statement in (f"DELETE FROM {table} WHERE id = %s", *changes):
            with pytest.raises(psycopg.errors.RestrictViolation, match="stay as who they are"):
                owner.execute(statement, [row])
        assert owner.execute(f"UPDATE {table} SET id = id WHERE id = %s", [row]).rowcount == 1
    with (
        within(work.manager),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="stay as who"),
    ):
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row])


def test_a_step_is_in_the_hands_of_somebody_who_is_there(work: Work) -> None:
    step = Step.objects.filter(item=an_item(work))
    held = {"state": "taken", "taken_at": NOW, "started_at": NOW, "lease_until": NOW}
    with within(work.manager):
        with pytest.raises(IntegrityError, match="no person 1000000"):
            step.update(holder_id=1_000_000, **held)
        assert step.update(holder_id=work.manager.person_id, **held) == 1


def test_somebody_who_is_not_there_is_entitled_to_nothing(work: Work) -> None:
    route = Route.objects.first()
    assert route is not None
    with as_system("a test"), pytest.raises(IntegrityError, match="of_a_person"), transaction.atomic():
        Entitlement.objects.create(person_id=1_000_000, organisation_id=route.organisation_id, route=route)


def test_an_entry_stands_in_the_trail_of_a_company_that_is_there(work: Work) -> None:
    told: dict[str, Any] = {"now": NOW, "verb": "made up", "subject": work.service}
    with within(work.manager):
        with pytest.raises(IntegrityError, match="no organisation 1000000"), transaction.atomic():
            audit.record(actor=work.manager, organisation_id=1_000_000, **told)
        audit.record(actor=work.manager, organisation_id=work.cast.client.pk, **told)


TAKE = "SELECT id FROM work_take_next(%s, %s, NULL, 'api', 'a request', %s)"


def test_the_function_that_gives_work_gives_it_to_who_acts(work: Work) -> None:
    an_item(work)
    agent, other = work.agents[0], work.agents[1]
    company = work.cast.provider.pk
    actor = work.agent()
    assert actor.person_id == agent.pk
    with within(actor), connection.cursor() as cursor:
        for person, organisation in ((other.pk, company), (agent.pk, work.cast.client.pk)):
            with pytest.raises(DatabaseError, match="Work is given to who acts"), transaction.atomic():
                cursor.execute(TAKE, [person, organisation, NOW])
        cursor.execute(TAKE, [agent.pk, company, NOW])
        assert cursor.fetchone() is not None


def test_it_gives_nothing_in_which_ones_company_has_no_part(work: Work) -> None:
    """Two others put their step into our queue: no constraint forbids it, and the function sees all rows."""
    ours = Step.objects.filter(item=an_item(work))
    with as_system("a test"):
        item = fill_shared_work(the_other_way_round(work.cast))
        theirs = ours.get()
        theirs.pk, theirs.item, theirs.priority = 1_000_000, item, 1
        theirs.client_id, theirs.provider_id = item.client_id, item.provider_id
        Step.objects.bulk_create([theirs])
    actor = work.agent()
    with within(actor), connection.cursor() as cursor:
        cursor.execute(TAKE, [actor.person_id, actor.organisation_id, NOW])
        assert cursor.fetchone() == (ours.get().pk,)


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
    tables = ("item", "step", "servicesource", "queuecount")
    names = {f"work_{table}_between_the_same": f"work_{table}" for table in tables}
    names["work_document_between_the_same_item"] = "work_document"
    with as_owner() as owner:
        for name, table in names.items():
            owner.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT ENFORCED")
        owner.execute("ALTER TABLE work_event DISABLE TRIGGER work_event_between_the_same")
        try:
            yield
        finally:
            for name, table in names.items():
                owner.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} ENFORCED")
            owner.execute("ALTER TABLE work_event ENABLE TRIGGER work_event_between_the_same")
