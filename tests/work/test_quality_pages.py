"""Second eyes over HTTP: the review on the page of the step, disputes, samples, gold, acceptance."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from backdesk.desks.services.examples import example
from backdesk.parties.models import Role
from backdesk.work.models import Finding, GoldCase, Inspection, Item, SamplingRate, Step
from backdesk.work.operations import acceptance, findings, steps
from backdesk.work.queries.disclosed import Disclosed
from backdesk.work.web.quality import second_look
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.platform.web.markup import select, words
from tests.work.services import ENTER, ENTERED, Work, a_process, a_service, an_item, completed
from tests.work.test_keying import KEY, ONE, OTHER
from tests.work.test_reviews import REVIEW, WRONG, reviewed, reviewed_process

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    with making():
        return a_service(cast, process=a_process(ENTER, REVIEW), limit=9)


@pytest.fixture
def lead(cast: Cast) -> Client:
    return cast.browser()


@pytest.fixture
def checker(cast: Cast) -> Client:
    """The provider's agent of the cast, who checks what the second agent did."""
    return cast.browser(Role.AGENT, cast.provider)


def delivered(work: Work, number: str = "A-1") -> Item:
    entered(work, number)
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    outcome = {"wrong": False, "findings": []}
    return completed(work, step, now=timezone.now(), values={}, outcome=outcome).item


def entered(work: Work, number: str = "A-1") -> Item:
    """By the second agent, so that the first may check it."""
    an_item(work, number, now=timezone.now())
    step = steps.take_next(actor=work.agent(1), now=timezone.now())
    assert step is not None
    return completed(work, step, now=timezone.now(), agent=1, values=ENTERED).item


def to_check(work: Work) -> Step:
    entered(work)
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    return step


def page(response: Any) -> Any:
    return html.fromstring(response.content.decode())


def finish(browser: Client, step: Step, **typed: str) -> Any:
    return browser.post(f"/work/step/{step.pk}/completion/", {"_claim": step.claim, **typed})


def test_a_checker_sees_what_was_entered_and_says_what_is_wrong(work: Work, checker: Client) -> None:
    step = to_check(work)
    node = page(checker.get(f"/work/step/{step.pk}/"))
    assert "12.30" in words(select(node, ".review")[0])
    response = finish(
        checker, step,
        **{
            "_verdict": "wrong", "_finding-2-category": "amount",
            "_finding-2-field": "total", "_finding-2-note": "It says 13.20.",
        },
    )  # fmt: skip
    assert response.status_code == 302
    found = Finding.objects.get()
    assert (found.category, found.field, found.note) == ("amount", "total", "It says 13.20.")
    assert Inspection.objects.get().is_sent_back


def test_a_review_that_is_half_said_comes_back_as_it_was_typed(work: Work, checker: Client) -> None:
    step = to_check(work)
    response = finish(checker, step, **{"_verdict": "wrong", "_finding-1-note": "Somehow odd."})
    assert response.status_code == 422
    node = page(response)
    assert select(node, "#finding-1-note")[0].get("value") == "Somehow odd."
    assert "Choose what kind of error" in words(select(node, "#finding-1-problem")[0])
    assert select(node, "#verdict-wrong")[0].get("checked") is not None
    assert finish(checker, step).status_code == 422
    assert not Inspection.objects.exists()


def test_a_verdict_is_kept_as_it_is_said_like_any_draft(work: Work, checker: Client) -> None:
    step = to_check(work)
    said = {"_claim": step.claim, "_verdict": "wrong", "_finding-4-field": "total", "_finding-4-note": "Odd."}
    kept = checker.post(f"/work/step/{step.pk}/draft/", said, headers={"X-Requested-With": "fetch"})
    assert kept.status_code == 200
    node = page(checker.get(f"/work/step/{step.pk}/"))
    assert select(node, "#verdict-wrong")[0].get("checked") is not None
    assert select(node, "#finding-4-note")[0].get("value") == "Odd."
    assert select(node, "#finding-4-field option[selected]")[0].get("value") == "total"
    assert select(node, ".findings details")[0].get("open") is not None
    assert select(node, "form[data-draft] #verdict-wrong")  # whose every change is sent


def test_an_error_in_a_table_is_found_in_one_of_its_lines() -> None:
    service = example("invoice-entry")
    lines = [{"net": {"amount": amount, "currency": "EUR"}} for amount in ("1.00", "2.00")]
    shown = Disclosed(
        fields={"input": (), "output": service.output.fields},
        values={"input": {}, "output": {"lines": lines}},
        masked=frozenset(),
    )
    review = second_look.review_of(Step(kind=Step.Kind.REVIEW), service, shown)
    assert review is not None
    named = dict(review.fields)
    table, net = (service.output.find(path) for path in ("lines", "lines[].net"))
    assert table is not None
    assert net is not None
    assert [named[f"lines[{number}].net"] for number in (0, 1)] == [
        f"{table.title}, line {number}: {net.title}" for number in (1, 2)
    ]
    assert "lines[2].net" not in named
    assert "lines[].net" not in named


def test_findings_are_listed_disputed_and_decided(work: Work, lead: Client, cast: Cast) -> None:
    item = delivered(work)
    acceptance.give_back(actor=work.lead, now=timezone.now(), items=[item], reason="Another invoice.")
    found = Finding.objects.get()
    address = f"/work/quality/findings/{found.pk}/"
    manager = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    assert "Another invoice." in words(select(page(manager.get("/work/quality/")), "table")[0])
    assert not select(page(lead.get(address)), "main form")
    assert manager.post(address, {"reason": " "}).status_code == 422
    assert manager.post(address, {"reason": "It is the same one."}).status_code == 302
    assert not select(page(manager.get(address)), "main form")
    assert "It is the same one." in words(select(page(lead.get(address)), "main")[0])
    assert lead.post(address, {"upheld": "no", "answer": "You are right."}).status_code == 302
    assert Finding.objects.get().state == Finding.State.WITHDRAWN
    assert lead.post(address, {"upheld": "no", "answer": "Again."}).status_code == 409


def test_delivered_items_are_accepted_and_returned_many_at_once(work: Work, lead: Client) -> None:
    items = [delivered(work, f"A-{number}") for number in range(3)]
    node = page(lead.get("/work/quality/acceptance/"))
    assert [one.get("formaction") for one in select(node, "button[formaction]")] == [
        "/work/items/changes/acceptance/", "/work/items/changes/return/",
    ]  # fmt: skip
    rows = [str(item.pk) for item in items[:2]]
    assert lead.post("/work/items/changes/acceptance/", {"row": rows}).status_code == 200
    done = lead.post("/work/items/changes/acceptance/", {"row": rows, "confirmed": "yes"})
    assert done["Location"] == "/work/quality/acceptance/", "back to what is still to accept"
    lead.post(
        "/work/items/changes/return/",
        {"row": str(items[2].pk), "confirmed": "yes", "reason": "Another invoice."},
    )
    states = dict(Item.objects.values_list("pk", "state"))
    assert [states[item.pk] for item in items] == ["accepted", "accepted", "open"]


def test_a_rate_is_set_in_per_cent_and_taken_back(work: Work, lead: Client) -> None:
    said = {"service": str(work.service.pk), "kind": "review", "person": "", "share": "12.5"}
    assert lead.post("/work/quality/sampling/", said).status_code == 302
    assert str(SamplingRate.objects.get().share) == "0.1250"
    assert "12.5 %" in words(select(page(lead.get("/work/quality/sampling/")), "main")[0])
    assert lead.post("/work/quality/sampling/", {**said, "share": "120"}).status_code == 422
    assert lead.post("/work/quality/sampling/", {**said, "share": ""}).status_code == 302
    assert not SamplingRate.objects.exists()


def test_a_gold_case_is_added_in_two_steps_and_withdrawn(work: Work, lead: Client) -> None:
    address = f"/work/quality/gold/{work.service.pk}/new/"
    assert lead.post(address, {"supplier": "Birch"}).status_code == 422
    node = page(lead.post(address, {"number": "G-1", "supplier": "Birch", "_title": "Birch 1"}))
    given = select(node, "input[name=_given]")[0].get("value")
    kept = {"_given": given, "_title": "Birch 1"}
    refused = lead.post(address, kept)
    assert (refused.status_code, GoldCase.objects.count()) == (422, 0)
    assert lead.post(address, {**kept, "total": "9.99", "total-currency": "EUR"}).status_code == 302
    case = GoldCase.objects.get()
    assert (case.title, case.truth) == ("Birch 1", {"total": {"amount": "9.99", "currency": "EUR"}})
    assert "Birch 1" in words(select(page(lead.get("/work/quality/gold/")), "table")[0])
    GoldCase.objects.update(client_id=work.cast.other_client.pk)
    assert lead.post("/work/quality/gold/withdrawals/", {"row": str(case.pk)}).status_code == 404
    assert GoldCase.objects.get().withdrawn_at is None, "another company's is none"
    GoldCase.objects.update(client_id=work.cast.client.pk)
    lead.post("/work/quality/gold/withdrawals/", {"row": str(case.pk)})
    assert GoldCase.objects.get().withdrawn_at is not None


def again(work: Work) -> Step:
    """The next step of the cast's agent, who did it before."""
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    return step


def came_back(browser: Client, step: Step) -> str:
    found = select(page(browser.get(f"/work/step/{step.pk}/")), ".work-scroll .notice-warn")
    return words(found[0]) if found else ""


def test_who_does_it_again_is_told_what_the_checker_found_and_where(cast: Cast, checker: Client) -> None:
    work = a_service(cast, key="reviewed", process=reviewed_process(), limit=9, quality="dispute_days = 5")
    an_item(work, "A-1", now=timezone.now())
    first = again(work)
    assert came_back(checker, first) == ""
    completed(work, first, now=timezone.now())
    reviewed(work, WRONG)
    step = again(work)
    assert "Wrong amount: Total. It says 13.20." in came_back(checker, step)
    (link,) = select(page(checker.get(f"/work/step/{step.pk}/")), ".work-scroll .notice-warn a")
    assert link.get("href") == "#in-total"
    found = Finding.objects.get().pk
    findings.dispute(actor=work.agent(), now=NOW, finding_id=found, reason="It says 12.30.")
    findings.answer_dispute(actor=work.manager, now=NOW, finding_id=found, upheld=False, answer="So it does.")
    assert came_back(checker, step) == ""


def test_who_does_it_again_is_told_why_the_client_returned_it(work: Work, checker: Client) -> None:
    item = delivered(work)
    acceptance.give_back(actor=work.lead, now=timezone.now(), items=[item], reason="Not <ours>.")
    steps.take_next(actor=work.agent(1), now=timezone.now())  # kept a while for the second agent
    step = Step.objects.get(item=item, state=Step.State.TAKEN)
    Step.objects.filter(pk=step.pk).update(holder_id=work.agents[0].pk)
    assert "Not <ours>." in came_back(checker, step)


def deeds(browser: Client, item: Item) -> list[str]:
    """What the item's own page lets its reader do with it."""
    forms = select(page(browser.get(f"/work/items/{item.pk}/")), "form")
    return [one.get("action").split("/")[-2] for one in forms if "/changes/" in one.get("action", "")]


def test_on_its_own_page_a_delivered_item_is_accepted_or_returned_by_its_client_alone(
    work: Work, lead: Client, cast: Cast
) -> None:
    item = delivered(work)
    assert deeds(lead, item) == ["acceptance", "return"]
    assert deeds(cast.browser(Role.EMPLOYEE), item) == []
    assert deeds(cast.browser(Role.DELIVERY_MANAGER, cast.provider), item) == []
    lead.post("/work/items/changes/acceptance/", {"row": item.pk, "confirmed": "1"})
    assert deeds(lead, item) == []


def test_on_its_own_page_an_open_item_is_moved_cancelled_or_given_to_somebody_by_who_leads(
    work: Work, lead: Client, cast: Cast
) -> None:
    item = an_item(work, "A-1", now=timezone.now())
    manager = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    assert deeds(lead, item) == ["priority", "cancellation"]
    assert deeds(manager, item) == ["priority"]
    address = f"/work/items/{item.pk}/"
    assert "Give Enter to somebody" in manager.get(address).content.decode()
    assert "Give Enter to somebody" not in lead.get(address).content.decode(), "the provider's people do it"


def decided_between(cast: Cast) -> Finding:
    """The agent of the cast and a second key the same differently; a third decides that the second was right."""
    work = a_service(cast, key="keyed", process=a_process(KEY), limit=9, agents=3)
    an_item(work)
    for agent, values in enumerate((ONE, OTHER, OTHER)):
        step = steps.take_next(actor=work.agent(agent), now=NOW)
        assert step is not None
        completed(work, step, agent=agent, values=values)
    return Finding.objects.get()


def test_a_finding_of_double_keying_shows_what_both_entered_and_what_was_decided(
    cast: Cast, lead: Client, checker: Client
) -> None:
    found = decided_between(cast)
    for browser in (lead, checker):
        shown = words(page(browser.get(f"/work/quality/findings/{found.pk}/")))
        assert "Entered here8,112.30 EUR By the other12.80 EUR What was decided12.80 EUR" in shown


def test_it_is_not_shown_to_who_may_key_the_same_again_which_is_as_blind(
    cast: Cast, lead: Client, checker: Client
) -> None:
    found = decided_between(cast)
    acceptance.give_back(actor=cast.lead, now=NOW, items=[found.item], reason="Key it again.")
    shown = (words(page(one.get(f"/work/quality/findings/{found.pk}/"))) for one in (lead, checker))
    assert ["What was keyed" in one for one in shown] == [True, False]
