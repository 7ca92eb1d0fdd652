"""The list of items, the queues and the board, over HTTP and the real database."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.platform.actor import Actor, system
from backdesk.platform.isolation import within
from backdesk.platform.search import words_of
from backdesk.work.models import Entitlement, Item, QueueCount, Route, Service, Step
from backdesk.work.operations import pauses, questions, steps
from backdesk.work.operations import queues as counting
from backdesk.work.queries import board, item_list, queues
from backdesk.work.queries.item_list import Asked
from backdesk.work.web import search as found_by_search
from backdesk.work.web import today
from tests.cast import NOW, Cast
from tests.work.rows import fill_shared_work, the_other_way_round
from tests.work.services import Work, a_service, an_item, completed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def titles(browser: Client, **asked: Any) -> list[str]:
    return [row["Item"] for row in exported(browser, **asked)]


def exported(browser: Client, **asked: Any) -> list[dict[str, str]]:
    response = browser.get("/work/items/", {**asked, "export": "csv"})
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def three(cast: Cast) -> Work:
    """Overdue, due soon, due later: eight hours after they came."""
    work, now = a_service(cast, limit=9), timezone.now()
    for number, ago in (("late", 9), ("soon", 6), ("later", 1)):
        an_item(work, number, now=now - ago * HOUR, title=f"Invoice {number}")
    return work


# -- The list
def test_what_the_address_asks_for_is_listed_the_newest_first(cast: Cast) -> None:
    work, browser = three(cast), cast.browser()
    assert titles(browser) == ["Invoice later", "Invoice soon", "Invoice late"]
    assert titles(browser, sort="due") == ["Invoice late", "Invoice soon", "Invoice later"]
    assert titles(browser, due="overdue") == ["Invoice late"]
    assert titles(browser, due="soon") == ["Invoice soon"]
    assert titles(browser, due="later") == ["Invoice later"]
    assert titles(browser, title="voice so") == ["Invoice soon"]
    assert titles(browser, service=str(work.service.pk), state="open", title="LATE") == [
        "Invoice later",
        "Invoice late",
    ]
    assert titles(browser, state="accepted") == []


def test_a_file_says_when_items_are_due_where_the_page_says_how_long_until_then(cast: Cast) -> None:
    three(cast)
    browser = cast.browser()
    due = {row["Item"]: datetime.fromisoformat(row["Due"]) for row in exported(browser)}
    known = {item.title: item.due_at for item in Item.objects.all()}
    assert {title: one.timestamp() // 60 for title, one in due.items()} == {
        title: one.timestamp() // 60 for title, one in known.items() if one is not None
    }
    assert "Was due" in browser.get("/work/items/").content.decode()


def test_what_somebody_holds_and_what_stands_still_is_found(cast: Cast) -> None:
    work = three(cast)
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    Item.objects.filter(title="Invoice soon").update(is_paused=True, due_at=None)
    assert titles(cast.browser(), holder=str(work.agent().person_id)) == [step.item.title]
    assert titles(cast.browser(), state="paused") == ["Invoice soon"]


def test_items_are_found_by_the_beginning_of_their_key_however_old(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_list, "LOOKED_THROUGH", 0)
    monkeypatch.setattr(item_list, "_AT_LEAST_EACH", 1)
    work = a_service(cast)
    for number in ("KX-1", "KX-2", "OTHER"):
        an_item(work, number, title=f"Bill {number}")
    assert titles(cast.browser(), title="kx-") == ["Bill KX-2", "Bill KX-1"]
    assert titles(cast.browser(), title="Bill KX-1") == []  # a title among older ones is not looked for
    assert titles(cast.browser(), title="%") == []


@pytest.mark.parametrize("by_due", [False, True])
def test_walking_forth_and_back_meets_every_item_once_in_the_same_order(
    cast: Cast, by_due: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rows of each of the three services are read first, of which the busy one has more on a page."""
    monkeypatch.setattr(item_list, "_FEW", 1)
    works = [a_service(cast, key=key) for key in ("one", "two", "three")]
    for number in range(11):
        an_item(works[0 if number > 5 else number % 3], f"N{number}", now=NOW + (number * 7 % 5) * HOUR)
    Item.objects.filter(business_key__in=["N3", "N4", "N8"]).update(due_at=None, is_paused=True)
    services = item_list.services_of(cast.lead)

    def page(at: str, *, back: bool = False) -> item_list.Slice:
        asked = Asked(by_due=by_due)
        return item_list.items_of(
            actor=cast.lead, now=NOW, asked=asked, services=services, limit=3, at=at, back=back
        )

    slices = [page("")]
    while slices[-1].after:
        slices.append(page(slices[-1].after))
    forth = [[item.pk for item in one.items] for one in slices]
    every = [pk for one in forth for pk in one]
    wanted = sorted(
        Item.objects.all(),
        key=lambda one: (one.due_at is None, one.due_at or NOW, one.pk) if by_due else (-one.pk,),
    )
    assert every == [one.pk for one in wanted]
    assert [one.total for one in slices] == [11] * 4

    back = [slices[-1]]
    while back[-1].before:
        back.append(page(back[-1].before, back=True))
    assert [[item.pk for item in one.items] for one in reversed(back)][1:] == forth[1:]
    assert {pk for one in back for pk in (item.pk for item in one.items)} == set(every)


def test_the_page_leads_on_and_counts_no_further_than_it_must(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_list, "COUNTED", 52)
    work = a_service(cast)
    for number in range(54):
        an_item(work, f"N{number:02}")
    first = cast.browser().get("/work/items/").context["page"].table
    assert (len(first.rows), first.range_text) == (50, "50 of more than 52 rows")
    second = cast.browser().get("/work/items/" + first.next_url).context["page"].table
    assert [row.item.business_key for row in second.rows] == ["N03", "N02", "N01", "N00"]
    assert not second.next_url
    again = cast.browser().get("/work/items/" + second.previous_url).context["page"].table
    assert [row.item.pk for row in again.rows] == [row.item.pk for row in first.rows]


@pytest.mark.parametrize("place", ["x", "~x", "2026~1", "~99999999999999999999", "2026-01-01~1"])
def test_a_place_nobody_gave_shows_a_page_all_the_same(cast: Cast, place: str) -> None:
    three(cast)
    for sort in ("due", "-received"):
        assert cast.browser().get("/work/items/", {"after": place, "sort": sort}).status_code == 200


def test_both_companies_list_their_items_and_others_none(cast: Cast) -> None:
    three(cast)
    assert len(titles(cast.browser(Role.DELIVERY_MANAGER, cast.provider))) == 3
    assert titles(cast.browser(Role.DELIVERY_MANAGER, cast.other_provider)) == []
    assert titles(cast.browser(organisation=cast.other_client)) == []


def test_search_finds_items_by_key_and_title(cast: Cast) -> None:
    three(cast)
    hits = list(found_by_search.items(actor=cast.lead, words=words_of("soon"), limit=5))
    assert [hit.title for hit in hits] == ["Invoice soon"]
    assert list(found_by_search.items(actor=cast.other_lead, words=words_of("soon"), limit=5)) == []


# -- Many at once
def test_what_would_change_is_seen_before_it_is_done(cast: Cast) -> None:
    work = three(cast)
    rows = [one.pk for one in Item.objects.order_by("pk")]
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    completed(work, step, now=timezone.now())
    browser = cast.browser()
    shown = browser.post("/work/items/changes/priority/", {"row": rows})
    page = shown.context["page"]
    assert [row.item.pk for row in page.staying] == [step.item_id]
    assert page.staying[0].stays == "it is delivered already"
    assert not Item.objects.filter(priority=2).exists()

    browser.post("/work/items/changes/priority/", {"row": rows, "confirmed": "yes", "priority": "2"})
    assert set(Item.objects.filter(priority=2).values_list("pk", flat=True)) == set(rows) - {step.item_id}
    assert set(Step.objects.filter(state="open").values_list("priority", flat=True)) == {2}


def test_items_are_cancelled_with_the_reason_they_were_asked_for(cast: Cast) -> None:
    three(cast)
    rows = [one.pk for one in Item.objects.all()]
    refused = cast.browser().post("/work/items/changes/cancellation/", {"row": rows, "confirmed": "yes"})
    assert refused.status_code == 422
    data = {"row": rows, "confirmed": "yes", "reason": "Sent twice"}
    cast.browser().post("/work/items/changes/cancellation/", data)
    assert set(Item.objects.values_list("state", flat=True)) == {"cancelled"}
    event = Item.objects.all()[0].events.get(kind="item cancelled")
    assert event.data["reason"] == "Sent twice"


def test_how_many_of_those_selected_are_not_there_is_said(cast: Cast) -> None:
    three(cast)
    foreign = fill_shared_work(the_other_way_round(cast))
    own = Item.objects.exclude(pk=foreign.pk).order_by("pk")[0]
    rows = [own.pk, foreign.pk, 987_654_321]
    address = "/work/items/changes/priority/"
    shown = cast.browser().post(address, {"row": rows})
    assert "2 of 3 items were not found." in shown.content.decode()
    done = cast.browser().post(address, {"row": rows, "confirmed": "yes", "priority": "2"}, follow=True)
    assert "2 of 3 items were not found." in done.content.decode()
    assert list(Item.objects.filter(priority=2)) == [own]
    control = cast.browser().post(address, {"row": [own.pk]})
    assert "not found" not in control.content.decode()


def test_items_of_others_and_no_items_are_left_alone(cast: Cast) -> None:
    three(cast)
    rows = [one.pk for one in Item.objects.all()]
    browser = cast.browser(organisation=cast.other_client)
    data = {"row": [*rows, "x", "9" * 30], "confirmed": "yes", "reason": "Mine"}
    assert browser.post("/work/items/changes/cancellation/", data).status_code == 302
    assert not Item.objects.filter(state="cancelled").exists()
    assert browser.post("/work/items/changes/nothing/", {}).status_code == 404


# -- The queues
def test_a_queue_says_what_waits_is_late_stands_and_is_in_hand(cast: Cast) -> None:
    work = three(cast)
    route = work.routes["enter"]
    route.standard_minutes = Decimal(30)
    route.save()
    Item.objects.filter(title="Invoice later").update(is_paused=True)
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    (queue,) = queues.queues_of(actor=work.manager, now=timezone.now())
    count = queue.count
    assert (count.open, count.taken, count.overdue, count.soon, count.paused) == (2, 1, 0, 1, 1)
    assert (queue.hours, queue.people) == (Decimal(1), 2)
    assert sum(count.ages) == 2
    page = cast.browser().get("/work/queues/").context["page"]
    assert page.table.rows[0].people is None  # the client is not told who works at the provider


def test_long_queues_are_counted_beforehand_and_shown_as_they_were(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = three(cast)
    counting.count_queues(actor=system(name="tests"), now=timezone.now())
    an_item(work, "new", now=timezone.now())
    monkeypatch.setattr(queues, "COUNTED_AT_ONCE", 2)
    (queue,) = queues.queues_of(actor=work.manager, now=timezone.now())
    assert queue.count.open == 3
    counting.count_queues(actor=system(name="tests"), now=timezone.now())
    (queue,) = queues.queues_of(actor=work.manager, now=timezone.now())
    assert queue.count.open == 4


def test_counts_nobody_makes_any_more_say_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    three(cast)
    counting.count_queues(actor=system(name="tests"), now=timezone.now() - HOUR)
    assert b"These counts are old" not in cast.browser().get("/work/queues/").content
    monkeypatch.setattr(queues, "COUNTED_AT_ONCE", 2)
    assert b"These counts are old" in cast.browser().get("/work/queues/").content
    assert QueueCount.objects.count() == 1


# -- The board
def test_the_board_shows_the_load_of_each_and_what_was_picked_or_given_back(cast: Cast) -> None:
    now = timezone.now()
    work = a_service(cast, limit=9, may_choose=True)
    for number in range(5):
        an_item(work, f"N{number}", now=now - 5 * HOUR)
    done = steps.take_next(actor=work.agent(), now=now - timedelta(seconds=90))
    assert done is not None
    steps.heartbeat(actor=work.agent(), now=now, step_id=done.pk, claim=done.claim, touch_seconds=90)
    completed(work, done, now=now)
    back = steps.take_next(actor=work.agent(), now=now)
    assert back is not None
    steps.give_back(actor=work.agent(), now=now, step_id=back.pk, claim=back.claim, reason="Illegible")
    picked = Step.objects.filter(state="open").last()
    assert picked is not None
    steps.take(actor=work.agent(1), now=now, step_id=picked.pk)

    found = board.board(actor=work.manager, now=now, day_began_at=now - HOUR)
    loads = {load.person.person_id: load for load in found.loads}
    first, second = (loads[work.agent(place).person_id or 0] for place in (0, 1))
    assert (len(first.held), first.done, first.touch_seconds, first.given_back, first.chosen) == (
        0,
        1,
        90,
        1,
        0,
    )
    assert (len(second.held), second.done, second.chosen) == (1, 0, 1)
    assert len(found.soon) == 4
    assert found.by_hour == (0, 1)


def test_selected_steps_are_given_to_somebody(cast: Cast) -> None:
    work, now = three(cast), timezone.now()
    step = steps.take_next(actor=work.agent(), now=now)
    assert step is not None
    browser = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    rows = list(Step.objects.values_list("pk", flat=True))
    shown = browser.post("/work/board/giving/", {"row": rows})
    assert len(shown.context["page"].steps) == 3
    other = work.agent(1).person_id
    browser.post("/work/board/giving/", {"row": rows, "person": other})
    assert set(Step.objects.values_list("holder_id", "state")) == {(other, "taken")}


def test_a_step_done_meanwhile_is_named_and_holds_up_no_other(cast: Cast) -> None:
    work, now = three(cast), timezone.now()
    rows = list(Step.objects.values_list("pk", flat=True))
    step = steps.take_next(actor=work.agent(), now=now)
    assert step is not None
    completed(work, step, now=now)
    browser, other = cast.browser(Role.DELIVERY_MANAGER, cast.provider), work.agent(1).person_id
    shown = browser.post("/work/board/giving/", {"row": rows, "person": other}, follow=True).content.decode()
    assert "This step is no longer to be done" in shown
    assert Step.objects.filter(holder_id=other, state="taken").count() == 2


def test_a_lead_of_another_company_gives_nothing_to_anybody(cast: Cast) -> None:
    work = three(cast)
    rows = list(Step.objects.values_list("pk", flat=True))
    data = {"row": rows, "person": work.agent(1).person_id}
    for where in (cast.client, cast.other_client):
        assert cast.browser(organisation=where).post("/work/board/giving/", data).status_code == 404
    assert set(Step.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize("stray", ["999999", "-1", "x", "9" * 30])
def test_with_one_that_is_not_there_none_is_given(cast: Cast, stray: str) -> None:
    work = three(cast)
    rows = [*Step.objects.values_list("pk", flat=True), stray]
    data = {"row": rows, "person": work.agent(1).person_id}
    manager = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    assert manager.post("/work/board/giving/", data).status_code == 404
    assert set(Step.objects.values_list("state", flat=True)) == {"open"}


def test_the_board_says_where_it_has_not_counted_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    three(cast)
    manager = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    shown = manager.get("/work/board/").content.decode()
    assert "at least: the first are counted" not in shown
    assert ('href="#in-hand"' in shown, 'id="in-hand"' in shown) == (True, True)
    monkeypatch.setattr(board, "SHOWN", 1)
    assert "at least: the first are counted" in manager.get("/work/board/").content.decode()


# -- Home
def test_home_says_what_is_late_and_what_nobody_can_be_given(cast: Cast) -> None:
    work = three(cast)
    now = timezone.now()
    assert [one.title for one in today.queues_to_look_at(actor=work.manager, now=now)] == [
        "1 step is overdue"
    ]

    Entitlement.objects.all().delete()
    said = [one.title for one in today.queues_to_look_at(actor=work.manager, now=now)]
    assert said == ["1 step is overdue", "Nobody can be given “Enter” of Invoices"]
    Step.objects.update(state="done", ended_at=now)
    Route.objects.update(skills={"Invoice capture": 2})
    (before,) = today.queues_to_look_at(actor=work.manager, now=now)
    assert "It asks for Invoice capture" in str(before.detail), "before the first item comes in"
    Service.objects.update(state="retired")
    assert list(today.queues_to_look_at(actor=work.manager, now=now)) == []
    assert list(today.queues_to_look_at(actor=work.agent(), now=now)) == []


@pytest.mark.parametrize(
    ("role", "leads_to"), [(Role.DELIVERY_MANAGER, "/work/board/"), (Role.AGENT, "/work/")]
)
def test_home_of_a_provider_with_work_does_not_say_that_none_has_come(
    role: Role, leads_to: str, cast: Cast
) -> None:
    browser = cast.browser(role, cast.provider)
    assert f'href="{leads_to}"' not in _beginning(browser)
    a_service(cast)
    assert f'href="{leads_to}"' in _beginning(browser)


def test_home_of_an_agent_says_what_waits_and_what_is_in_hand(cast: Cast) -> None:
    work, browser = three(cast), cast.browser(Role.AGENT, cast.provider)
    assert "3 items wait in your queues" in _beginning(browser)
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    shown = browser.get("/").content.decode()
    assert "1 item is in your hands" in shown
    assert f'href="/work/step/{step.pk}/"' in shown


def _beginning(browser: Client) -> str:
    whole = browser.get("/").content.decode()
    return whole.partition('class="empty')[2].partition("</a>")[0]


def test_home_says_what_waits_for_a_word_to_who_can_say_it(cast: Cast) -> None:
    work, now = a_service(cast, limit=9), timezone.now()

    def said(actor: Actor) -> list[tuple[str, str]]:
        with within(actor):
            return [(str(one.title), str(one.detail)) for one in today.words_waiting(actor=actor, now=now)]

    for number in ("A-1", "A-2", "A-3", "A-4"):
        item = an_item(work, number, now=now)
        pauses.propose_pause(actor=work.manager, now=now, item_id=item.pk, reason="Illegible")
    questions.ask(actor=work.manager, now=now, item_id=item.pk, text="Which one?")
    pauses_ = ("4 pauses wait for your decision", "A-1, A-2, A-3, …")
    question = ("1 question waits for your answer", "A-4")
    assert said(work.lead) == [pauses_, question]
    assert said(work.manager) == said(work.agent()) == said(cast.other_lead) == []


def test_who_leads_is_offered_the_skills_that_services_ask_for(cast: Cast) -> None:
    a_service(cast)
    Route.objects.update(skills={"Invoice <capture>": 2})
    browser, address = cast.browser(Role.DELIVERY_MANAGER, cast.provider), reverse("organisation:skills")
    assert 'value="Invoice &lt;capture&gt;"' in browser.get(address).content.decode()
    browser.post(reverse("organisation:skill-new"), {"name": "Invoice <capture>"})
    assert "asked-for" not in browser.get(address).content.decode()
    others = cast.browser(Role.DELIVERY_MANAGER, cast.other_provider).get(address)
    assert "capture" not in others.content.decode()
