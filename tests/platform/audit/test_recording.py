"""The trail of who did what: written with the deed, and by nobody rewritten."""

import re

import pytest
from django.db import DatabaseError, connections, transaction

from backdesk.platform import audit
from backdesk.platform.actor import system
from backdesk.platform.audit import Change
from backdesk.platform.isolation import as_system
from backdesk.platform.isolation.roles import OWNER
from backdesk.platform.models import AuditEntry
from tests.cast import NOW, Cast, assemble

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


def test_an_entry_vanishes_with_the_deed_that_is_rolled_back(cast: Cast) -> None:
    with transaction.atomic():
        audit.record(actor=cast.lead, now=cast.now, verb="tried", subject=cast.client)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(verb="tried").exists()


def test_another_organisation_does_not_see_it(entry: AuditEntry, cast: Cast) -> None:
    assert entry in AuditEntry.objects.visible_to(cast.lead)
    assert entry not in AuditEntry.objects.visible_to(cast.other_lead)
