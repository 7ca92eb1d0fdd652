"""Many items written together are what they would be one after the other, and the trail holds them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.forms.models import model_to_dict

from backdesk.platform.audit.verification import verify
from backdesk.platform.isolation import within
from backdesk.platform.models import AuditEntry, AuditValues
from backdesk.work.models import Event, Item, ItemPrivate, Step
from backdesk.work.operations import events, items
from backdesk.work.operations.items import NewItem
from backdesk.work.queries import rows
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import Work, a_service, an_item

pytestmark = pytest.mark.django_db
#: What no two items share.
OWN = {"id", "item", "item_id", "business_key", "title", "nonce", "transaction", "data"}


def created(work: Work, *numbers: str) -> list[Item | None]:
    given = [NewItem(values={"number": one, "supplier": "Alder Paper"}) for one in numbers]
    made = items.create_items(actor=work.lead, now=NOW, service=work.service, rows=given, source="form")
    return [one.item for one in made]


def shared(row: Any) -> dict[str, Any]:
    return {name: value for name, value in model_to_dict(row).items() if name not in OWN}


def test_together_they_are_what_they_are_one_by_one(cast: Cast) -> None:
    work = a_service(cast)
    alone, (one, other) = an_item(work, "A-1"), created(work, "A-2", "A-3")
    for item in (one, other):
        assert item is not None
        assert shared(Item.objects.get(pk=item.pk)) == shared(Item.objects.get(pk=alone.pk))
        assert shared(Step.objects.get(item=item)) == shared(Step.objects.get(item=alone))
        assert shared(Event.objects.get(item=item)) == shared(Event.objects.get(item=alone))
        assert Event.objects.get(item=item).data.keys() == Event.objects.get(item=alone).data.keys()
        assert events.rebuild(item) == as_it_stands(item)
    entries = AuditEntry.objects.filter(subject_kind="work.item").order_by("pk")
    assert [shared(entry).get("verb") for entry in entries] == ["item created"] * 3
    after = [entry.after or {} for entry in entries]
    assert all(one.keys() == {"event", "sha256"} and one["event"] == 1 for one in after)
    assert verify().holds


def test_what_the_client_keeps_to_itself_is_written_beside_them(cast: Cast) -> None:
    work = a_service(cast)
    budgets = {"A-1": "10.00", "A-2": None, "A-3": "30.00", "A-4": "40.00"}
    created(work, "A-3")  # so that one of them is there already
    rows = [NewItem(values=_with_budget(number, amount)) for number, amount in budgets.items()]
    made = items.create_items(actor=work.lead, now=NOW, service=work.service, rows=rows)
    assert [one.item is not None for one in made] == [True, True, False, True]
    new = [one.item for one in made if one.item]
    assert [one.sequence for one in new] == [2, 1, 2]
    with within(work.lead):
        kept = dict(ItemPrivate.objects.values_list("item__business_key", "data__input__budget__amount"))
        assert kept == {"A-1": "10.00", "A-4": "40.00"}
        assert all(events.rebuild(one) == as_it_stands(one) for one in new)
    assert verify().holds


def _with_budget(number: str, amount: str | None) -> dict[str, Any]:
    return {"number": number} | ({"budget": {"amount": amount, "currency": "EUR"}} if amount else {})


def test_no_two_of_them_draw_the_same_random_bytes(cast: Cast) -> None:
    work = a_service(cast)
    created(work, "A-1", "A-2")
    created(work, "A-3", "A-4")
    told = AuditEntry.objects.filter(subject_kind="work.item")
    salts = [
        salt
        for values in AuditValues.objects.filter(entry__in=told)
        for salt, _ in values.fields["after"].values()
    ]
    drawn = [*(bytes(one.nonce) for one in Event.objects.all()), *(bytes(one.nonce) for one in told)]
    drawn += [bytes.fromhex(salt) for salt in salts]
    assert len(drawn) == len(set(drawn)) == 4 * 4
    assert {len(one) for one in drawn} == {16}


def test_of_several_those_that_are_there_already_are_left_as_they_are(cast: Cast) -> None:
    work = a_service(cast)
    (first,) = created(work, "A-1")
    again = created(work, "A-2", "A-1", "A-3")
    assert [one is not None for one in again] == [True, False, True]
    assert first is not None
    assert Event.objects.filter(item=first).count() == 1
    assert set(created(work, "A-1", "A-2", "A-3")) == {None}
    assert Item.objects.count() == Step.objects.count() == 3
    assert verify().holds


def test_nobody_begins_entries_in_the_name_of_somebody_else(cast: Cast) -> None:
    sql = "SELECT platform_audit_begin('{1}', %s, '', '', now(), 'x', 'y', '{z}', '{a}', '{null}', '{null}', '{b}')"
    with within(cast.lead), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="in the name of who acts"), transaction.atomic():
            cursor.execute(sql, [(cast.lead.person_id or 0) + 1])
        with pytest.raises(DatabaseError, match="null value in column"), transaction.atomic():
            cursor.execute(sql, [cast.lead.person_id])  # their own would be written, were it whole


def test_a_fresh_row_is_what_its_model_makes(cast: Cast) -> None:
    for model, values in ((Step, {"kind": "key", "node": "enter"}), (Item, {"title": "A", "service_id": 7})):
        ours, theirs = vars(rows.fresh(model, **values)), vars(model(**values))
        assert {name: ours[name] for name in ours if name != "_state"} == {
            name: theirs[name] for name in theirs if name != "_state"
        }
    assert rows.fresh(Step).avoid is not rows.fresh(Step).avoid
