"""Accepted, returned, or accepted in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backdesk.parties.policies import NotAllowed
from backdesk.platform.actor import system
from backdesk.work.models import Event, Finding, Inspection, Item, Step
from backdesk.work.operations import acceptance, events, steps
from backdesk.work.operations.items import change_priority
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import ENTERED, Work, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db

BACKDESK = system(name="tests", interface="job")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def work(cast: Cast) -> Work:
    return a_service(cast, limit=9, quality="accept_after_days = 2")


def delivered(work: Work, *numbers: str) -> list[Item]:
    return [completed(work, taken(work, number)).item for number in numbers or ("A-1",)]


def test_many_are_accepted_at_once(work: Work) -> None:
    items = acceptance.accept(actor=work.lead, now=LATER, items=delivered(work, "A-1", "A-2"))
    assert {(item.state, item.closed_at) for item in items} == {(Item.State.ACCEPTED, LATER)}
    assert all(events.rebuild(item) == as_it_stands(item) for item in items)


def test_what_is_returned_begins_anew_for_the_same_person_with_what_was_entered(work: Work) -> None:
    (item,) = acceptance.give_back(
        actor=work.lead, now=LATER, items=delivered(work), reason="The total is that of another invoice."
    )
    assert (item.state, item.round, item.delivered_at) == (Item.State.OPEN, 1, None)
    assert item.data["output"] == ENTERED
    step = Step.objects.get(state=Step.State.OPEN)
    assert (step.node, step.prefer_id) == ("enter", work.agents[0].pk)
    look, found = Inspection.objects.get(), Finding.objects.get()
    assert (look.kind, look.is_sent_back, look.person_id) == ("return", True, work.agents[0].pk)
    assert found.note == "The total is that of another invoice."
    told = Event.objects.get(item=item, kind="item returned")
    assert told.data["reason"] == "The total is that of another invoice."
    assert events.rebuild(item) == as_it_stands(item)
    again = steps.take_next(actor=work.agent(), now=LATER)
    assert again is not None
    assert completed(work, again, now=LATER).item.state == Item.State.DELIVERED


def returned_beside_urgent(work: Work) -> tuple[Item, Item]:
    """An item that came back, and a new one of the first priority."""
    back = delivered(work)
    urgent = an_item(work, "A-2", priority=1)
    (item,) = acceptance.give_back(actor=work.lead, now=LATER, items=back, reason="Not ours.")
    return item, urgent


def given_to(work: Work) -> list[int | None]:
    found = [steps.take_next(actor=work.agent(), now=LATER) for _ in range(2)]
    return [step.item_id if step else None for step in found]


def test_what_is_returned_is_done_before_all_that_is_new(work: Work) -> None:
    item, urgent = returned_beside_urgent(work)
    assert events.rebuild(item) == as_it_stands(item)
    assert given_to(work) == [item.pk, urgent.pk]


def test_unless_who_leads_says_otherwise(work: Work) -> None:
    item, urgent = returned_beside_urgent(work)
    change_priority(actor=work.manager, now=LATER, items=[item], priority=2)
    assert given_to(work) == [urgent.pk, item.pk]


def test_what_waited_for_the_client_is_due_so_much_later(work: Work) -> None:
    (item,) = delivered(work)
    due = item.due_at
    assert due is not None
    hour = timedelta(hours=1)
    acceptance.give_back(actor=work.lead, now=NOW + hour, items=[item], reason="The total is wrong.")
    item.refresh_from_db()
    assert item.due_at == Step.objects.get(state=Step.State.OPEN).due_at == due + hour


def test_all_or_none_are_accepted_or_returned(work: Work) -> None:
    done, under_way = delivered(work)[0], an_item(work, "A-2")
    with pytest.raises(acceptance.NotDelivered, match="A-2"):
        acceptance.accept(actor=work.lead, now=LATER, items=[done, under_way])
    with pytest.raises(acceptance.NotDelivered, match="A-2"):
        acceptance.give_back(actor=work.lead, now=LATER, items=[done, under_way], reason="Wrong.")
    done.refresh_from_db()
    assert done.state == Item.State.DELIVERED


def test_nothing_is_returned_without_a_reason(work: Work) -> None:
    with pytest.raises(acceptance.ReasonMissing):
        acceptance.give_back(actor=work.lead, now=LATER, items=delivered(work), reason=" ")


def test_only_the_clients_lead_accepts(work: Work, cast: Cast) -> None:
    items = delivered(work)
    for actor in (work.manager, work.agent(), cast.employee):
        with pytest.raises(NotAllowed):
            acceptance.accept(actor=actor, now=LATER, items=items)
    with pytest.raises(Item.DoesNotExist):
        acceptance.accept(actor=cast.other_lead, now=LATER, items=items)


def test_what_is_let_stand_for_so_many_days_is_accepted_and_says_so(work: Work) -> None:
    (item,) = delivered(work)
    end = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) + timedelta(days=3)
    assert acceptance.accept_silently(actor=BACKDESK, now=end - timedelta(minutes=1)) == 0
    assert acceptance.accept_silently(actor=BACKDESK, now=end) == 1
    assert acceptance.accept_silently(actor=BACKDESK, now=end) == 0
    item.refresh_from_db()
    assert item.state == Item.State.ACCEPTED
    event = Event.objects.get(item=item, kind="item accepted")
    assert (event.data["silent"], event.person_id) == (True, None)
    page = work.cast.browser().get(f"/work/items/{item.pk}/").content.decode()
    assert "took the item for accepted: nothing was said of it in time" in page
    with pytest.raises(acceptance.NotDelivered, match="is accepted; nothing was changed"):
        acceptance.give_back(actor=work.lead, now=end, items=[item], reason="It is wrong after all.")


def test_without_a_word_in_the_service_nothing_is_accepted_in_silence(cast: Cast) -> None:
    work = a_service(cast)
    delivered(work)
    assert acceptance.accept_silently(actor=BACKDESK, now=NOW + timedelta(days=400)) == 0
