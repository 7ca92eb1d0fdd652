"""Personal data goes out of the trail; what is proven stays proven."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connections, transaction

from backdesk.platform import audit
from backdesk.platform.audit.verification import verify
from backdesk.platform.isolation import as_system, within
from backdesk.platform.isolation.roles import OWNER
from backdesk.platform.models import AuditEntry, AuditValues
from tests.cast import NOW, Cast, assemble
from tests.platform.audit.trails import proven, says, sealed, superuser, written

pytestmark = pytest.mark.django_db


def test_erased_values_are_gone_and_every_proof_still_holds(cast: Cast) -> None:
    first, *_ = written(cast, 2)
    other = audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.provider, after={"name": "Kept"})
    before = audit.seal(now=NOW)
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, fields=["name"], reason="asked to")
    audit.seal(now=NOW)
    read = AuditEntry.objects.get(pk=first.pk)
    assert (read.before, read.after) == ({}, {"zone": "Europe/Copenhagen"})
    assert AuditEntry.objects.get(pk=other.pk).after == {"name": "Kept"}
    assert "Name 0" not in json.dumps(list(AuditValues.objects.values_list("fields", flat=True)))
    found = verify()
    assert found.holds, [str(one) for one in found.broken]
    assert (found.erased, found.checkpoints) == (4, 2)
    assert before is not None


def test_the_salt_goes_with_the_value_so_nobody_can_guess_it(cast: Cast) -> None:
    (entry,) = written(cast, 1)
    salt = entry.values_of("after")["name"][0]
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked to")
    assert salt not in json.dumps(list(AuditValues.objects.values_list("fields", flat=True)))
    assert AuditEntry.objects.get(pk=entry.pk).digests["after"].keys() == {"name", "zone"}


def test_an_erasure_says_by_whom_why_and_how_much_and_cannot_be_erased_itself(cast: Cast) -> None:
    written(cast, 2)
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked to")
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked again")
    first, second = AuditEntry.objects.filter(verb="values erased").order_by("id")
    assert first.person_id == cast.lead.person_id
    assert first.after == {"entries": 2, "fields": None, "reason": "asked to"}
    assert second.after == {"entries": 0, "fields": None, "reason": "asked again"}
    assert verify().holds


def test_an_erasure_that_is_rolled_back_took_nothing(cast: Cast) -> None:
    (entry,) = written(cast, 1)
    with transaction.atomic():
        audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked to")
        transaction.set_rollback(True)
    assert AuditEntry.objects.get(pk=entry.pk).after == entry.after


def test_an_organisation_erases_its_own_entries_and_the_house_all(cast: Cast) -> None:
    (own,) = written(cast, 1)
    other = audit.record(
        actor=cast.agent, now=NOW, verb="said", subject=cast.client, after={"name": "Of the provider"}
    )
    with within(cast.lead):
        audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked to")
    assert AuditEntry.objects.get(pk=own.pk).after == {}
    assert AuditEntry.objects.get(pk=other.pk).after == {"name": "Of the provider"}
    with as_system("erasing"):
        audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked to")
    assert AuditEntry.objects.get(pk=other.pk).after == {}
    assert verify().holds


@pytest.mark.django_db(transaction=True, databases=["default", OWNER])
def test_values_go_no_other_way_not_even_by_the_owner(transactional_db: None) -> None:
    written(assemble(), 1)
    with (
        connections[OWNER].cursor() as cursor,
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(using=OWNER),
    ):
        cursor.execute("UPDATE platform_auditvalues SET fields = '{}'")


@pytest.mark.django_db(transaction=True)
def test_after_an_erasure_a_value_put_back_in_its_place_is_found(transactional_db: None) -> None:
    cast = assemble()
    (entry,) = written(cast, 1)
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, reason="asked to")
    sealed()
    forged = json.dumps({"before": None, "after": {"name": ["00" * 16, '"Other"']}})
    with superuser() as cursor:
        cursor.execute("UPDATE platform_auditvalues SET fields = %s WHERE entry_id = %s", [forged, entry.pk])
    assert "the value of name (after) was changed" in says(proven())[0]
