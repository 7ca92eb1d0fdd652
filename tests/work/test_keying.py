"""Blind double keying: two people, neither sees the other's, a third decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backdesk.platform.isolation import within
from backdesk.work.models import Event, Finding, Inspection, Item, ItemPrivate, Step
from backdesk.work.operations import events, keying, sampling, steps
from backdesk.work.operations.taking import NotEntitled
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import Work, a_process, a_service, an_item, completed

pytestmark = pytest.mark.django_db

KEY = '<userTask id="key" name="Key" b:kind="key"/>'
ONE: dict[str, Any] = {"total": {"amount": "8112.30", "currency": "EUR"}, "note": "paid"}
OTHER: dict[str, Any] = {"total": {"amount": "12.80", "currency": "EUR"}, "note": "paid"}


@pytest.fixture
def work(cast: Cast) -> Work:
    made = a_service(cast, process=a_process(KEY), limit=9, agents=3)
    an_item(made)
    return made


def keyed(work: Work, agent: int, values: dict[str, Any]) -> steps.Completed:
    step = steps.take_next(actor=work.agent(agent), now=NOW)
    assert step is not None
    return completed(work, step, agent=agent, values=values)


def test_two_who_agree_let_the_item_go_on(work: Work) -> None:
    first = keyed(work, 0, ONE)
    assert (first.item.state, first.item.data["output"]) == (Item.State.OPEN, {})
    done = keyed(work, 1, ONE)
    assert done.item.state == Item.State.DELIVERED
    assert done.item.data["output"] == ONE
    assert [(look.kind, look.errors) for look in Inspection.objects.all()] == [("keying", 0)] * 2
    assert events.rebuild(done.item) == as_it_stands(done.item)


def test_nobody_keys_the_same_twice(work: Work) -> None:
    keyed(work, 0, ONE)
    assert steps.take_next(actor=work.agent(), now=NOW) is None
    left = Step.objects.get(state=Step.State.OPEN)
    with pytest.raises(NotEntitled):
        steps.reassign(actor=work.manager, now=NOW, step_id=left.pk, to_person=work.agents[0].pk)


def test_two_who_differ_are_decided_between_by_a_third_and_each_is_told_their_errors(work: Work) -> None:
    keyed(work, 0, ONE)
    (decides,) = keyed(work, 1, OTHER).steps
    assert (decides.kind, decides.avoid) == (Step.Kind.ADJUDICATE, sorted(p.pk for p in work.agents[:2]))
    item = Item.objects.get()
    assert item.data["output"] == {"note": "paid"}
    done = keyed(work, 2, OTHER)
    assert (done.item.state, done.item.data["output"]) == (Item.State.DELIVERED, OTHER)
    looks = {look.person_id: look.errors for look in Inspection.objects.all()}
    assert looks == {work.agents[0].pk: 1, work.agents[1].pk: 0}
    found = Finding.objects.get()
    assert (found.field, found.is_critical, found.inspection.inspector_id) == (
        "total", True, work.agents[2].pk,
    )  # fmt: skip
    assert events.rebuild(done.item) == as_it_stands(done.item)


def test_the_adjudicator_is_shown_where_the_two_differ(work: Work) -> None:
    keyed(work, 0, ONE)
    keyed(work, 1, OTHER)
    every = list(Step.objects.order_by("pk"))
    both = keying.keyed_with(every[-1], every)
    service = compiled(actor=work.agent(2), version_id=work.version.pk).service
    (found,) = keying.apart(service, both)
    assert (found.path, found.ours, found.theirs) == ("total", ONE["total"], OTHER["total"])


def test_neither_keyer_can_decide(work: Work) -> None:
    keyed(work, 0, ONE)
    keyed(work, 1, OTHER)
    for agent in (0, 1):
        assert steps.take_next(actor=work.agent(agent), now=NOW) is None


def test_a_share_of_it_is_keyed_twice_and_the_rest_once(cast: Cast) -> None:
    work = a_service(cast, process=a_process(KEY), limit=9)
    for share, copies in (("0", [1]), ("1", [1, 2])):
        sampling.set_rate(actor=work.lead, now=NOW, service=work.service, kind="key", share=Decimal(share))
        item = an_item(work, f"S-{share}")
        assert list(Step.objects.filter(item=item).order_by("copy").values_list("copy", flat=True)) == copies
    first = Step.objects.filter(copy=1).order_by("pk").first()
    assert first is not None
    alone = steps.take_next(actor=work.agent(), now=NOW)
    assert alone is not None
    assert completed(work, alone, values=ONE).item.state == Item.State.DELIVERED


@pytest.mark.parametrize(("said", "copies"), [("", 2), ("keyed_share = 0", 1)])
def test_a_service_that_says_none_is_keyed_once(cast: Cast, said: str, copies: int) -> None:
    work = a_service(cast, key="said", process=a_process(KEY), limit=9, quality=said)
    assert Step.objects.filter(item=an_item(work)).count() == copies


def test_what_one_keyed_is_in_no_row_the_item_shows_before_both_are_done(work: Work) -> None:
    keyed(work, 0, ONE)
    with within(work.agent(1)):
        item = Item.objects.get()
        assert "8112.30" not in str(item.data)
        assert not ItemPrivate.objects.exists()
        told = Event.objects.filter(item=item).exclude(kind="step completed")
        assert not any("8112.30" in str(event.data) for event in told)


@pytest.mark.parametrize(
    ("apart", "left"),
    [
        (set(), {"name": "Alder", "address": {"street": "Quay 1", "city": "Delft"}, "lines": [{"net": 1}]}),
        ({"address.street"}, {"name": "Alder", "address": {"city": "Delft"}, "lines": [{"net": 1}]}),
        ({"address", "name"}, {"lines": [{"net": 1}]}),
        ({"lines[0].net"}, {"name": "Alder", "address": {"street": "Quay 1", "city": "Delft"}}),
    ],
)
def test_who_decides_is_spared_what_both_keyed_alike_also_within_a_group(
    apart: set[str], left: dict[str, Any]
) -> None:
    keyed = {"name": "Alder", "address": {"street": "Quay 1", "city": "Delft"}, "lines": [{"net": 1}]}
    assert keying.alike(keyed, apart) == left
