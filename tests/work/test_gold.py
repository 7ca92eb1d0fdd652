"""Gold: items whose answer is known, that nobody at the provider can tell from any other."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from backdesk.evidence.statistics.sampling import sampled
from backdesk.parties.models import Role
from backdesk.parties.policies import NotAllowed
from backdesk.platform.isolation import within
from backdesk.work.models import Draw, Event, Finding, GoldCase, Inspection, Item, ServiceSecret, Step
from backdesk.work.operations import gold, intake, items, sampling, steps
from tests.api.calling import Program
from tests.cast import NOW, Cast
from tests.work.services import BACKDESK, ENTERED, Work, a_service, an_item, completed

pytestmark = pytest.mark.django_db

TRUTH = {"total": {"amount": "9.99", "currency": "EUR"}}


@pytest.fixture
def work(cast: Cast) -> Work:
    made = a_service(cast, limit=9)
    sampling.set_rate(actor=made.lead, now=NOW, service=made.service, kind="gold", share=Decimal(1))
    return made


def a_case(work: Work, number: str = "G-1", **given: Any) -> GoldCase:
    values = {"number": number, "supplier": "Birch"}
    return gold.add_case(
        actor=work.lead, now=NOW, service=work.service, **{"values": values, "truth": TRUTH, **given}
    )


def test_a_case_comes_in_after_an_item_as_that_item_did(work: Work) -> None:
    case = a_case(work)
    usual = two_items(work, source="api")
    case.refresh_from_db()
    assert case.item is not None
    same = ("source", "priority", "language", "received_at", "state", "sequence", "provider_id")
    assert [getattr(case.item, name) for name in same] == [
        getattr(Item.objects.get(pk=usual.pk), name) for name in same
    ]
    told = [
        [(one.kind, one.at, one.person_id, one.organisation_id, sorted(one.data), sorted(one.data["item"])) for one in
         Event.objects.filter(item=item)] for item in (usual, case.item)
    ]  # fmt: skip
    assert told[0] == told[1]


def test_after_an_item_brought_alone_it_comes_in_a_little_later(work: Work) -> None:
    case = a_case(work)
    usual = an_item(work)
    case.refresh_from_db()
    assert case.item is not None
    apart = case.item.received_at - usual.received_at
    assert timedelta(0) < apart < timedelta(seconds=5)
    assert Event.objects.get(item=case.item).at == case.item.received_at


def test_after_an_item_that_a_program_brought_it_comes_in_too(work: Work) -> None:
    case = a_case(work)
    Program(work.lead).post(f"/work/services/{work.service.pk}/items", {"values": {"number": "A-1"}})
    case.refresh_from_db()
    assert case.item is not None
    assert case.item.source == "api"


def test_only_as_many_come_in_as_there_are_and_each_once(work: Work) -> None:
    a_case(work)
    an_item(work, "A-1")
    an_item(work, "A-2")
    assert Item.objects.count() == 3
    assert GoldCase.objects.exclude(item=None).count() == 1


def test_one_comes_in_after_each_item_the_seed_draws(work: Work) -> None:
    for number in range(20):
        a_case(work, f"G-{number}")
    sampling.set_rate(actor=work.lead, now=NOW, service=work.service, kind="gold", share=Decimal("0.3"))
    rows = [items.NewItem(values={"number": f"A-{number}"}) for number in range(20)]
    items.create_items(actor=work.lead, now=NOW, service=work.service, rows=rows)
    seed = bytes(ServiceSecret.objects.get().seed)
    usual = Item.objects.filter(business_key__startswith="A-").values_list("pk", flat=True)
    drawn = {item for item in usual if sampled(f"gold {item}", seed=seed, share=0.3)}
    assert set(Draw.objects.filter(kind="gold", is_drawn=True).values_list("item_id", flat=True)) == drawn
    assert Draw.objects.filter(kind="gold").count() == 20
    assert GoldCase.objects.exclude(item=None).count() == len(drawn)


def test_what_was_entered_is_compared_later_and_for_the_client_alone(work: Work) -> None:
    case = a_case(work)
    an_item(work)
    case.refresh_from_db()
    finish_all(work)
    before = list(Event.objects.filter(item=case.item_id).values_list("pk", flat=True))
    assert not Inspection.objects.exists()
    assert gold.compare_all(actor=BACKDESK, now=NOW) == 1
    assert gold.compare_all(actor=BACKDESK, now=NOW) == 0
    assert list(Event.objects.filter(item=case.item_id).values_list("pk", flat=True)) == before
    look, found = Inspection.objects.get(), Finding.objects.get()
    assert (look.kind, look.errors, look.critical, look.person_id) == ("gold", 1, 1, work.agents[0].pk)
    assert (found.field, found.dispute_until) == ("total", None)
    with within(work.manager):
        assert not Inspection.objects.exists()
        assert not Finding.objects.exists()
        assert not GoldCase.objects.exists()
    with within(work.lead):
        assert Finding.objects.count() == 1


def test_nothing_of_a_gold_item_says_so_to_the_provider(work: Work) -> None:
    """Every row the provider's scope shows of the two, but for what any two items differ in, is the same."""
    case = a_case(work)
    usual = two_items(work)
    case.refresh_from_db()
    assert case.item is not None
    finish_all(work)
    gold.compare_all(actor=BACKDESK, now=NOW)
    with within(work.manager):
        assert shown(usual) == shown(case.item)


def test_the_comparison_of_rows_can_fail(work: Work) -> None:
    one, other = an_item(work, "A-1"), an_item(work, "A-2", priority=2)
    with within(work.manager):
        assert shown(one) != shown(other)


def test_only_the_clients_lead_adds_or_withdraws_a_case(work: Work, cast: Cast) -> None:
    case = a_case(work)
    for actor in (work.manager, work.agent(), cast.employee, cast.actor(Role.CONTROLLER)):
        with pytest.raises(NotAllowed):
            gold.add_case(actor=actor, now=NOW, service=work.service, values={"number": "1"}, truth=TRUTH)
    with pytest.raises(GoldCase.DoesNotExist):
        gold.withdraw_case(actor=cast.other_lead, now=NOW, case_id=case.pk)
    gold.withdraw_case(actor=work.lead, now=NOW, case_id=case.pk)
    an_item(work)
    assert Item.objects.count() == 1


def test_what_has_come_in_stays(work: Work) -> None:
    case = a_case(work)
    an_item(work)
    with pytest.raises(gold.SeededAlready):
        gold.withdraw_case(actor=work.lead, now=NOW, case_id=case.pk)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"values": {"supplier": "no number"}}, "input"),
        ({"truth": {"total": {"amount": "x", "currency": "EUR"}}}, "output"),
        ({"truth": {"colour": "red"}}, "output"),
        ({"truth": {}}, "output"),
    ],
)
def test_a_case_that_could_not_be_is_refused_by_field(work: Work, given: dict[str, Any], part: str) -> None:
    with pytest.raises(gold.InvalidCase) as wrong:
        a_case(work, **given)
    assert wrong.value.problems[part]


def test_what_a_provider_brings_in_draws_no_gold(work: Work) -> None:
    a_case(work)
    intake.create_item(
        actor=work.manager, now=NOW, service=work.service, values={"number": "P-1", "supplier": "Alder"}
    )
    assert Item.objects.count() == 1


def two_items(work: Work, source: str = "import") -> Item:
    """Brought in together; the first of them."""
    rows = [items.NewItem(values={"number": number, "supplier": "Alder"}) for number in ("A-1", "A-2")]
    first, _ = items.create_items(actor=work.lead, now=NOW, service=work.service, rows=rows, source=source)
    assert first.item is not None
    return first.item


def finish_all(work: Work) -> None:
    while step := steps.take_next(actor=work.agent(), now=NOW):
        completed(work, step, values=ENTERED)


def shown(item: Item) -> dict[str, Any]:
    """All the provider's scope shows of an item, without numbers, names and the values of its fields."""
    fields = [one.attname for one in Item._meta.concrete_fields]
    own = {"id", "business_key", "title", "data"}
    row = Item.objects.values(*fields).get(pk=item.pk)
    steps_ = Step.objects.filter(item=item).order_by("pk")
    told = Event.objects.filter(item=item).order_by("sequence")
    return {
        "item": {name: value for name, value in row.items() if name not in own},
        "steps": [(one.node, one.kind, one.state, one.claim, one.touch_seconds) for one in steps_],
        "events": [(one.kind, one.sequence, one.at, one.person_id) for one in told],
        "looks": Inspection.objects.filter(item=item).count() + Finding.objects.filter(item=item).count(),
    }
