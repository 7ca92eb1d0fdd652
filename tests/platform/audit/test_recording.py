"""The trail of who did what: written with the deed, and by nobody rewritten."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from backdesk.platform import audit
from backdesk.platform.actor import system
from backdesk.platform.audit import Change
from backdesk.platform.audit.canonical import instant
from backdesk.platform.audit.verification import verify
from backdesk.platform.isolation import as_system, within
from backdesk.platform.isolation.roles import OWNER
from backdesk.platform.models import AuditEntry
from tests.cast import NOW, Cast, assemble
from tests.platform.audit.trails import superuser, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(cast: Cast) -> AuditEntry:
    return audit.record(
        actor=cast.lead,
        now=cast.now,
        verb="name changed",
        subject=cast.client,
        before={"name": "Old"},
        after={"name": "New"},
    )


def test_an_entry_says_who_what_when_and_from_where(entry: AuditEntry, cast: Cast) -> None:
    assert (entry.person_id, entry.organisation_id) == (cast.lead.person_id, cast.client.pk)
    assert (entry.subject_kind, entry.subject_id) == ("parties.organisation", str(cast.client.pk))
    assert (entry.interface, entry.at, entry.after) == ("web", cast.now, {"name": "New"})


def test_the_two_times_of_an_hour_that_comes_twice_are_told_apart() -> None:
    first, second = (
        datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin")) for fold in (0, 1)
    )
    assert first == second  # so that neither is found where the other is kept
    assert [instant(one) for one in (first, second)] == [
        "2026-10-25T00:30:00.000000Z",
        "2026-10-25T01:30:00.000000Z",
    ]


COLUMNS = {"entry": "verb", "values": "fields", "leaf": "hash", "node": "hash", "checkpoint": "note"}
EACH_CHANGE = [
    change
    for table, column in COLUMNS.items()
    for change in (
        f"UPDATE platform_audit{table} SET {column} = {column}",
        f"DELETE FROM platform_audit{table}",
        f"TRUNCATE platform_audit{table}",
    )
]
each_change = pytest.mark.parametrize("change", EACH_CHANGE)


@each_change
def test_the_application_may_not_rewrite_the_trail(db: None, change: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        execute("default", change)


@pytest.mark.parametrize("table", ["entry", "values", "chain", "pending", "leaf"])
def test_the_application_may_not_write_an_entry_past_the_function(db: None, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        execute("default", f"INSERT INTO platform_audit{table} DEFAULT VALUES")


@pytest.mark.django_db(transaction=True, databases=["default", OWNER])
def test_not_even_the_owner_rewrites_the_trail(transactional_db: None) -> None:
    many = Change(subject=assemble().client)
    with as_system("a long trail"):
        audit.record_many(actor=system(name="test"), now=NOW, verb="counted", changes=[many] * 300)
        audit.seal(now=NOW)
    for change in EACH_CHANGE:
        table = re.findall("platform_audit[a-z]+", change)[0]
        with transaction.atomic(using=OWNER):
            execute(OWNER, f"ALTER TABLE {table} ENABLE TRIGGER audit_no_truncate")
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using=OWNER):
                execute(OWNER, change)
            transaction.set_rollback(True, using=OWNER)


def execute(alias: str, statement: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["entry", "values", "chain", "pending"])
def test_what_the_owners_function_writes_past_the_wall_the_application_may_not_even_if_it_were_granted(
    table: str, transactional_db: None
) -> None:
    """Only the privilege is given: the wall behind it holds by itself."""
    written(assemble(), 1)
    with superuser() as cursor:
        try:
            cursor.execute(f"CREATE TEMPORARY TABLE one AS SELECT * FROM platform_audit{table}")
            cursor.execute(f"GRANT ALL ON one, platform_audit{table} TO backdesk_app")
            cursor.execute("SET ROLE backdesk_app")
            cursor.execute("SELECT set_config('backdesk.scope', 'member', true)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                cursor.execute(f"INSERT INTO platform_audit{table} SELECT * FROM one")
        finally:
            cursor.connection.rollback()


def test_an_entry_vanishes_with_the_deed_that_is_rolled_back(cast: Cast) -> None:
    with transaction.atomic():
        audit.record(actor=cast.lead, now=cast.now, verb="tried", subject=cast.client)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(verb="tried").exists()


def test_another_organisation_does_not_see_it(entry: AuditEntry, cast: Cast) -> None:
    assert entry in AuditEntry.objects.visible_to(cast.lead)
    assert entry not in AuditEntry.objects.visible_to(cast.other_lead)


def test_values_are_read_back_as_they_were_said(cast: Cast) -> None:
    said = {"amount": 1e22, "day": NOW.date(), "text": "a\0b – ü", "list": [1, {"b": 2, "a": 1.50}]}
    made = audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.client, after=said)
    read = AuditEntry.objects.get(pk=made.pk)
    assert read.after == made.after == {**said, "day": "2026-03-02"}
    assert read.before is None


def test_a_verb_on_many_objects_is_an_entry_on_each_in_one_statement(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    companies, lead = [*cast.organisations, cast.client], cast.lead
    with django_assert_num_queries(1):
        made = audit.record_many(
            actor=lead,
            now=NOW,
            verb="counted",
            changes=[Change(subject=one, after={"n": number}) for number, one in enumerate(companies)],
        )
    assert [(one.subject_id, one.sequence) for one in made] == sorted(
        (one.subject_id, one.sequence) for one in made
    )
    ends = {one.subject_id: one.sequence for one in made}
    assert ends == {str(one.pk): 1 for one in cast.organisations} | {str(cast.client.pk): 2}
    assert [one.after for one in AuditEntry.objects.order_by("id")] == [one.after for one in made]


def test_an_entry_is_written_in_one_round_trip(cast: Cast, django_assert_num_queries: Any) -> None:
    lead = cast.lead
    with django_assert_num_queries(1):
        audit.record(actor=lead, now=NOW, verb="said", subject=cast.client, after={"name": "N"})


def test_chains_go_on_from_entry_to_entry_each_object_its_own(cast: Cast) -> None:
    first, other, second = (
        audit.record(actor=cast.lead, now=NOW, verb="said", subject=one)
        for one in (cast.client, cast.provider, cast.client)
    )
    assert (first.sequence, other.sequence, second.sequence) == (1, 1, 2)
    assert bytes(first.previous) == bytes(other.previous) == bytes(32)
    assert bytes(second.previous) == bytes(first.hash)
    assert bytes(first.hash) != bytes(other.hash), "even of equal content, by its nonce"


def test_the_chain_of_a_shared_object_goes_on_across_organisations(cast: Cast) -> None:
    """Neither sees the other's entry, and yet they follow one another."""
    for number, actor in enumerate((cast.lead, cast.agent, cast.lead), start=1):
        with within(actor):
            made = audit.record(actor=actor, now=NOW, verb="agreed", subject=cast.client)
            assert made.sequence == number
            assert set(AuditEntry.objects.values_list("organisation_id")) == {(actor.organisation_id,)}


def test_nobody_writes_an_entry_in_the_name_of_another(cast: Cast) -> None:
    with (
        within(cast.employee),
        pytest.raises(DatabaseError, match="in the name of who acts"),
        transaction.atomic(),
    ):
        audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.client)


def test_after_writing_the_scope_is_what_it_was(cast: Cast) -> None:
    """The function looks at the whole chain for a moment; no other statement may."""
    with within(cast.lead), transaction.atomic():
        audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.client)
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT current_setting('backdesk.scope')")
            assert cursor.fetchone() == ("member",)


def test_a_deed_that_is_rolled_back_leaves_no_gap(cast: Cast) -> None:
    audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.client)
    with transaction.atomic():
        audit.record(actor=cast.lead, now=NOW, verb="tried", subject=cast.client)
        transaction.set_rollback(True)
    assert audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.client).sequence == 2
    with as_system("verifying"):
        assert verify().holds


@pytest.mark.django_db(transaction=True)
def test_many_who_write_on_one_object_at_once_make_one_unbroken_chain(transactional_db: None) -> None:
    company = assemble().client

    def write(number: int) -> None:
        try:
            for turn in range(10):
                with as_system("a test"), transaction.atomic():
                    audit.record(
                        actor=system(name="test"), now=NOW, verb="said", subject=company, after={"n": turn}
                    )
                    transaction.set_rollback(turn % 3 == 1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    found = verify()
    assert found.holds, [str(one) for one in found.broken]
    assert (found.entries, found.chains) == (56, 1)
