"""The trail of who did what: written with the deed, and by nobody rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from backdesk.platform import audit
from backdesk.platform.models import AuditEntry
from tests.cast import Cast

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


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE platform_auditentry SET verb = 'nothing happened'",
        "DELETE FROM platform_auditentry",
        "TRUNCATE platform_auditentry",
    ],
)
def test_nobody_rewrites_the_trail(entry: AuditEntry, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE platform_auditentry ENABLE TRIGGER audit_no_truncate")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(change)
    assert AuditEntry.objects.filter(pk=entry.pk, verb="name changed").exists()


def test_an_entry_vanishes_with_the_deed_that_is_rolled_back(cast: Cast) -> None:
    with transaction.atomic():
        audit.record(actor=cast.lead, now=cast.now, verb="tried", subject=cast.client)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(verb="tried").exists()


def test_another_organisation_does_not_see_it(entry: AuditEntry, cast: Cast) -> None:
    assert entry in AuditEntry.objects.visible_to(cast.lead)
    assert entry not in AuditEntry.objects.visible_to(cast.other_lead)
