"""Clocks of items: pauses that are approved, refused, reported afterwards; terms that change; rows that follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backdesk.parties.models import Role
from backdesk.parties.policies import NotAllowed
from backdesk.platform.models import Notification
from backdesk.work.models import Event, Item, Pause, Step, TermsChange
from backdesk.work.operations import acceptance, events, pauses, reclocking, steps
from backdesk.work.queries.clocks import clock_of
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.agreeing import agreed_anew, in_use, utc
from tests.work.services import BACKDESK, Work, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_an_approved_pause_stops_the_clock_from_when_it_began(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    assert item.due_at == NOW + 8 * HOUR
    pause = proposed(work, item, now=NOW + HOUR)
    assert stands(item) == (NOW + 8 * HOUR, False)

    decided = pauses.decide_pauses(actor=work.lead, now=NOW + 3 * HOUR, pause_ids=[pause.pk], approve=True)
    assert [one.pk for one in decided.decided] == [pause.pk]
    assert stands(item) == (None, True)

    pauses.end_pause(actor=work.manager, now=NOW + 5 * HOUR, pause_id=pause.pk)
    assert stands(item) == (NOW + 12 * HOUR, False)
    assert kinds(item)[-3:] == ["pause proposed", "pause approved", "pause ended"]
    assert events.rebuild(item) == as_it_stands(item)


def test_what_is_done_while_its_clock_stands_is_due_when_its_history_says_and_waits_for_nothing_more(
    cast: Cast,
) -> None:
    work = a_service(cast)
    step = taken(work)
    pause = proposed(work, step.item, now=NOW + HOUR)
    pauses.decide_pauses(actor=work.lead, now=NOW + 2 * HOUR, pause_ids=[pause.pk], approve=True)
    item = completed(work, step, now=NOW + 3 * HOUR).item
    clock = clock_of(actor=work.lead, item=item, now=NOW + 4 * HOUR)
    assert stands(item) == (clock.due_at, clock.is_paused) == (NOW + 10 * HOUR, False)
    assert kinds(item)[-2:] == ["item delivered", "pause ended"]
    assert events.rebuild(item) == as_it_stands(item)
    acceptance.give_back(actor=work.lead, now=NOW + 4 * HOUR, items=[item], reason="Wrong")
    assert steps.take_next(actor=work.agent(), now=NOW + 4 * HOUR) is not None


def test_a_pause_that_is_approved_after_the_delivery_is_over_with_it(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    pause = proposed(work, step.item, now=NOW + HOUR)
    item = completed(work, step, now=NOW + 3 * HOUR).item
    pauses.decide_pauses(actor=work.lead, now=NOW + 4 * HOUR, pause_ids=[pause.pk], approve=True)
    pause.refresh_from_db()
    assert pause.ended_at == NOW + 3 * HOUR
    assert stands(item) == (NOW + 10 * HOUR, False)
    assert events.rebuild(item) == as_it_stands(item)


def test_a_refused_pause_stops_nothing_and_the_reason_is_told(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    pause = proposed(work, item, now=NOW + HOUR)
    with pytest.raises(pauses.WhyRefused, match="Say why you refuse"):
        pauses.decide_pauses(actor=work.lead, now=NOW, pause_ids=[pause.pk], approve=False)
    pauses.decide_pauses(
        actor=work.lead, now=NOW + 2 * HOUR, pause_ids=[pause.pk], approve=False, reason="It can be read."
    )
    assert stands(item) == (NOW + 8 * HOUR, False)
    told = Notification.objects.get(kind=pauses.DECIDED)
    assert (told.person_id, told.detail) == (work.manager.person_id, "It can be read.")
    assert "was refused" in told.title


def test_the_clients_leads_are_told_that_a_pause_waits_and_no_more_once_it_is_decided(cast: Cast) -> None:
    work = a_service(cast)
    pause = proposed(work, an_item(work))
    told = Notification.objects.get(kind=pauses.PROPOSED)
    assert (told.person_id, told.read_at) == (work.lead.person_id, None)
    pauses.decide_pauses(actor=cast.employee, now=NOW, pause_ids=[pause.pk], approve=True)
    told.refresh_from_db()
    assert told.read_at == NOW


def test_a_pause_reported_afterwards_moves_the_due_time_when_it_is_approved(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    pause = proposed(work, item, now=NOW + 9 * HOUR, began_at=NOW + HOUR, ended_at=NOW + 4 * HOUR)
    clock = clock_of(actor=work.lead, item=item, now=NOW + 9 * HOUR)
    assert clock.is_overdue
    assert clock.due_if_approved == NOW + 11 * HOUR
    pauses.decide_pauses(actor=work.lead, now=NOW + 10 * HOUR, pause_ids=[pause.pk], approve=True)
    assert stands(item) == (NOW + 11 * HOUR, False)


def test_of_a_delivered_item_too(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    completed(work, step, now=NOW + 9 * HOUR)
    item = step.item
    with pytest.raises(pauses.ImpossiblePause, match="say when the pause was over"):
        proposed(work, item, now=NOW + 10 * HOUR, began_at=NOW + HOUR)
    pause = proposed(work, item, now=NOW + 10 * HOUR, began_at=NOW + HOUR, ended_at=NOW + 4 * HOUR)
    pauses.decide_pauses(actor=work.lead, now=NOW + 11 * HOUR, pause_ids=[pause.pk], approve=True)
    assert stands(item) == (NOW + 11 * HOUR, False)
    clock = clock_of(actor=work.lead, item=Item.objects.get(pk=item.pk), now=NOW + 50 * HOUR)
    assert not clock.is_overdue


def test_where_the_service_wants_no_approval_the_clock_stands_at_once(cast: Cast) -> None:
    work = a_service(cast)
    in_use(work, agreed_anew(work, pauses='reasons = ["Illegible"]\napproval = "none"'))
    item = an_item(work)
    pause = proposed(work, item)
    assert (pause.state, pause.decided_by_id) == (Pause.State.APPROVED, None)
    assert stands(item) == (None, True)
    assert not Notification.objects.filter(kind=pauses.PROPOSED).exists()


def test_many_are_decided_at_once_and_those_decided_meanwhile_are_named(cast: Cast) -> None:
    work = a_service(cast)
    waiting = [proposed(work, an_item(work, f"A-{number}")) for number in range(4)]
    ids = [pause.pk for pause in waiting]
    pauses.withdraw_pause(actor=work.manager, now=NOW, pause_id=ids[0])
    decided = pauses.decide_pauses(actor=work.lead, now=NOW + HOUR, pause_ids=ids, approve=True)
    assert [one.pk for one in decided.decided] == ids[1:]
    assert [one.pk for one in decided.passed_over] == ids[:1]
    assert Item.objects.filter(is_paused=True, due_at=None).count() == 3


def test_the_steps_under_way_are_due_when_their_item_is(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    pause = proposed(work, step.item, by_agent=True)
    pauses.decide_pauses(actor=work.lead, now=NOW, pause_ids=[pause.pk], approve=True)
    assert Step.objects.get(pk=step.pk).due_at is None
    pauses.end_pause(actor=work.agent(), now=NOW + HOUR, pause_id=pause.pk)
    assert Step.objects.get(pk=step.pk).due_at == NOW + 9 * HOUR


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"reason": "Lunch"}, pauses.UnknownReason, "Choose one of the reasons .* Illegible"),
        ({"began_at": NOW - HOUR}, pauses.ImpossiblePause, "between the receipt of the item and now"),
        ({"began_at": NOW + HOUR}, pauses.ImpossiblePause, "between the receipt of the item and now"),
        ({"ended_at": NOW}, pauses.ImpossiblePause, "ends after it begins"),
    ],
)
def test_pauses_that_cannot_be_are_refused(
    cast: Cast, given: dict[str, Any], error: type[Exception], said: str
) -> None:
    work = a_service(cast)
    with pytest.raises(error, match=said):
        proposed(work, an_item(work), **given)
    assert not Pause.objects.exists()


def test_one_lasts_at_a_time_and_what_is_over_stays_over(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    pause = proposed(work, item)
    with pytest.raises(pauses.PausedAlready, match="lasts already"):
        proposed(work, item)
    pauses.end_pause(actor=work.manager, now=NOW + HOUR, pause_id=pause.pk)
    with pytest.raises(pauses.NotUnderWay, match="over already"):
        pauses.end_pause(actor=work.manager, now=NOW + HOUR, pause_id=pause.pk)
    pauses.decide_pauses(actor=work.lead, now=NOW + HOUR, pause_ids=[pause.pk], approve=True)
    with pytest.raises(pauses.NotUnderWay, match="decided already"):
        pauses.withdraw_pause(actor=work.manager, now=NOW + HOUR, pause_id=pause.pk)


def test_the_provider_says_and_the_client_decides(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    with pytest.raises(NotAllowed):
        proposed(work, item, actor=work.lead)
    with pytest.raises(Item.DoesNotExist):
        proposed(work, item, by_agent=True)  # who has never held it
    pause = proposed(work, item)
    with pytest.raises(NotAllowed):
        pauses.decide_pauses(actor=work.manager, now=NOW, pause_ids=[pause.pk], approve=True)
    with pytest.raises(NotAllowed):
        pauses.decide_pauses(actor=cast.actor(Role.AUDITOR), now=NOW, pause_ids=[pause.pk], approve=True)
    others = pauses.decide_pauses(actor=cast.other_lead, now=NOW, pause_ids=[pause.pk], approve=True)
    assert others.decided == others.passed_over == ()
    with pytest.raises(Item.DoesNotExist):
        proposed(work, item, actor=cast.actor(Role.DELIVERY_MANAGER, cast.other_provider))


def test_terms_change_for_what_is_under_way_and_what_has_counted_stays_counted(cast: Cast) -> None:
    work = a_service(cast)
    completed(work, taken(work, "A-0"), now=NOW + HOUR)
    an_item(work, "A-1"), an_item(work, "A-2")
    wider = agreed_anew(
        work, targets="turnaround = { hours = 20 }", calendar='calendar = "Mon-Fri 09:00-17:00"'
    )
    change = reclocking.change_terms(
        actor=work.lead, now=NOW, since=NOW + 4 * HOUR, service=work.service, version=wider, reason="Holidays"
    )
    assert reclocking.apply_terms(actor=BACKDESK, now=NOW + 3 * HOUR) == 0
    open_items = list(Item.objects.filter(state=Item.State.OPEN))
    assert reclocking.apply_terms(actor=BACKDESK, now=NOW + 5 * HOUR) == len(open_items)
    # Four hours had counted by 13:00; 16 of the new ones remain: 4 on Monday, 8 on Tuesday, 4 on Wednesday.
    assert {stands(one) for one in open_items} == {(utc("03-04 13:00"), False)}
    change.refresh_from_db()
    assert change.applied_at == NOW + 5 * HOUR
    assert reclocking.apply_terms(actor=BACKDESK, now=NOW + 6 * HOUR) == 0
    assert kinds(open_items[0])[-1] == "terms changed"
    assert events.rebuild(open_items[0]) == as_it_stands(open_items[0])


def test_a_worker_killed_in_the_middle_of_new_terms_leaves_the_rest_to_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_service(cast)
    for number in range(5):
        an_item(work, f"A-{number}")
    wider = agreed_anew(work, targets="turnaround = { hours = 10 }")
    reclocking.change_terms(
        actor=work.lead, now=NOW + HOUR, service=work.service, version=wider, reason="Agreed"
    )
    monkeypatch.setattr(reclocking, "AT_ONCE", 2)
    later = NOW + HOUR
    assert reclocking._apply_chunk(actor=BACKDESK, now=later, change_id=TermsChange.objects.get().pk) == 2
    assert Item.objects.filter(due_at=NOW + 10 * HOUR).count() == 2
    assert reclocking.apply_terms(actor=BACKDESK, now=later) == 3
    assert Item.objects.filter(due_at=NOW + 10 * HOUR).count() == 5


@pytest.mark.parametrize("wrong", ["past", "unpublished", "unsaid", "twice", "not the client"])
def test_terms_that_cannot_be_agreed_are_refused(cast: Cast, wrong: str) -> None:
    work = a_service(cast)
    version = agreed_anew(work)
    asked: dict[str, Any] = {
        "actor": work.lead, "now": NOW, "service": work.service, "version": version, "reason": "Agreed"
    }  # fmt: skip
    if wrong == "past":
        with pytest.raises(reclocking.TermsBeforeNow, match="still to come"):
            reclocking.change_terms(**asked, since=NOW - HOUR)
    elif wrong in ("unpublished", "unsaid"):
        version.published_at = None
        with pytest.raises(reclocking.NotToBeAgreed):
            reclocking.change_terms(**{**asked, "reason": " "} if wrong == "unsaid" else asked)
    elif wrong == "twice":
        reclocking.change_terms(**asked)
        with pytest.raises(reclocking.AgreedAlready):
            reclocking.change_terms(**asked)
    else:
        with pytest.raises(NotAllowed):
            reclocking.change_terms(**{**asked, "actor": work.manager})


MINUTES = st.integers(0, 3000)
PAUSES = st.lists(
    st.tuples(MINUTES, st.integers(1, 600), st.sampled_from(["approve", "refuse", "leave"])), max_size=4
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=PAUSES)
def test_whatever_was_paused_the_rows_say_what_the_history_says(
    cast: Cast, drawn: list[tuple[int, int, str]]
) -> None:
    """On Amsterdam's calendar, over the night in which its clocks go forward."""
    work = a_service(cast, key=f"k{len(Event.objects.all())}")
    in_use(work, agreed_anew(work, calendar='calendar = "Mon-Sun 22:00-06:00"'))
    received = utc("03-28 18:00")
    item, now = an_item(work, now=received), received + timedelta(minutes=4000)
    for begin, long, what in drawn:
        began_at = received + timedelta(minutes=begin)
        pause = proposed(work, item, now=now, began_at=began_at, ended_at=began_at + timedelta(minutes=long))
        if what != "leave":
            pauses.decide_pauses(
                actor=work.lead, now=now, pause_ids=[pause.pk], approve=what == "approve", reason="So it is."
            )
    clock = clock_of(actor=work.lead, item=item, now=now)
    assert stands(item) == (clock.due_at, clock.is_paused)
    assert events.rebuild(item) == as_it_stands(item)


def proposed(work: Work, item: Item, *, now: datetime = NOW, by_agent: bool = False, **given: Any) -> Pause:
    actor = given.pop("actor", work.agent() if by_agent else work.manager)
    given.setdefault("reason", "Illegible")
    return pauses.propose_pause(actor=actor, now=now, item_id=item.pk, **given)


def stands(item: Item) -> tuple[datetime | None, bool]:
    found = Item.objects.get(pk=item.pk)
    return found.due_at, found.is_paused


def kinds(item: Item) -> list[str]:
    return list(Event.objects.filter(item=item).order_by("sequence").values_list("kind", flat=True))
