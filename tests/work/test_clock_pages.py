"""The pages of clocks, pauses, questions and terms, over HTTP as each of the two companies has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml.html import document_fromstring

from backdesk.parties.models import Role
from backdesk.work.models import Item, Pause, Question, Step, TermsChange
from backdesk.work.operations import pauses, questions, reclocking
from backdesk.work.web.views import clocks, terms
from tests.cast import Cast
from tests.platform.web import markup
from tests.work.agreeing import agreed_anew
from tests.work.services import BACKDESK, Work, a_service, an_item, taken

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_the_client_sees_what_waits_and_decides_on_some_of_it(cast: Cast) -> None:
    work = a_service(cast)
    waiting = [proposed(work, number) for number in ("A-1", "A-2", "A-3")]
    browser = cast.browser()
    shown = page(browser, "/work/pauses/")
    assert all(title in shown for title in ("A-1", "A-2", "A-3"))
    assert "A scan is missing." in shown

    refused = browser.post("/work/pauses/", {"row": [waiting[0].pk, waiting[1].pk], "decision": "refuse"})
    assert refused.status_code == 422
    assert "Say why you refuse it" in words(refused)
    assert refused.content.decode().count(" checked>") == 2, "what was chosen stays chosen"

    browser.post("/work/pauses/", {"row": [waiting[0].pk], "decision": "refuse", "reason": "It is there."})
    browser.post("/work/pauses/", {"row": [waiting[1].pk], "decision": "approve"})
    assert "1 pause is approved." in page(browser, "/work/pauses/")
    states = list(Pause.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["refused", "approved", "proposed"]
    assert "Choose the pauses" in words(browser.post("/work/pauses/", {"decision": "approve"}))


def test_all_that_were_shown_are_decided_and_nothing_that_came_meanwhile(cast: Cast) -> None:
    work = a_service(cast)
    shown = [proposed(work, number).pk for number in ("A-1", "A-2")]
    later = proposed(work, "A-3")
    cast.browser().post("/work/pauses/", {"shown": shown, "all": "yes", "decision": "approve"})
    assert list(Pause.objects.filter(state="proposed")) == [later]


def test_where_nothing_waits_the_page_says_what_would(cast: Cast) -> None:
    assert "No pause waits for you" in page(cast.browser(), "/work/pauses/")
    assert "Nobody is waiting for your answer." in page(cast.browser(), "/work/questions/")


def test_the_clock_is_told_stretch_by_stretch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work = a_service(cast)
    now = timezone.now()
    monkeypatch.setattr(clocks, "clock", lambda: now)
    item = an_item(work, now=now - 5 * HOUR)
    for began, ended, approve in ((4, 3, True), (2.5, 2, False)):
        pause = pauses.propose_pause(
            actor=work.manager, now=now, item_id=item.pk, reason="Illegible",
            began_at=now - began * HOUR, ended_at=now - ended * HOUR,
        )  # fmt: skip
        pauses.decide_pauses(
            actor=work.lead, now=now, pause_ids=[pause.pk], approve=approve, reason="It can be read."
        )
    shown = page(cast.browser(), f"/work/items/{item.pk}/clock/")
    for told in (
        "8 h of working time",
        "4 h of 8 h",
        "Left4 h",
        "1 h of working time",
        "Approved pause: Illegible.",
        "A pause was refused, so the clock ran: Illegible.",
        "It can be read.",
    ):
        assert told in shown
    assert "Propose a pause" not in shown


def test_new_terms_are_told_beside_those_before(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work = a_service(cast)
    now = timezone.now()
    for page_of in (clocks, terms):
        monkeypatch.setattr(page_of, "clock", lambda: now)
    item = an_item(work, now=now - 3 * HOUR)
    stricter = agreed_anew(work, targets="turnaround = { hours = 2 }")
    asked = {"version": stricter.pk, "since": "", "reason": "The year ends."}
    browser = cast.browser()
    browser.post(f"/work/services/{work.service.pk}/terms/", asked)
    assert TermsChange.objects.get().reason == "The year ends."
    reclocking.apply_terms(actor=BACKDESK, now=now)
    shown = page(browser, f"/work/items/{item.pk}/clock/")
    assert "More than this target had counted already: due when the terms changed." in shown
    assert "3 h had counted before." in shown
    assert "in force" in page(browser, f"/work/services/{work.service.pk}/terms/")
    wrong = browser.post(f"/work/services/{work.service.pk}/terms/", {**asked, "reason": ""})
    assert wrong.status_code == 422
    manager = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    assert manager.post(f"/work/services/{work.service.pk}/terms/", asked).status_code == 403


def test_the_provider_proposes_ends_and_withdraws_on_the_clocks_page(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work, now=timezone.now() - HOUR)
    browser = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    clock = f"/work/items/{item.pk}/clock/"
    assert "Propose a pause" in page(browser, clock)
    wrong = browser.post(f"/work/items/{item.pk}/pauses/", {"reason": "Lunch", "note": "Back soon."})
    assert wrong.status_code == 422
    assert 'value="Back soon."' in wrong.content.decode()
    browser.post(f"/work/items/{item.pk}/pauses/", {"reason": "Illegible"})
    pause = Pause.objects.get()
    assert "proposed Illegible" in page(browser, clock)
    browser.post(f"/work/pauses/{pause.pk}/end/")
    browser.post(f"/work/pauses/{pause.pk}/withdrawal/")
    pause.refresh_from_db()
    assert (pause.state, pause.ended_at is None) == ("withdrawn", False)


def test_an_agent_asks_for_the_step_in_hand_and_the_client_answers(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work, now=timezone.now())
    agent = cast.browser(Role.AGENT, cast.provider)
    ask = f"/work/items/{step.item_id}/questions/new/?step={step.pk}"
    assert "The step waits for the answer" in page(agent, ask)
    given = {"step": step.pk, "_claim": step.claim, "reason": "Illegible"}
    empty = agent.post(ask, {**given, "text": ""})
    assert "Write something before you send it." in words(empty)
    agent.post(ask, {**given, "text": "Which date is it?"})
    assert Step.objects.get(pk=step.pk).state == Step.State.WAITING
    assert "Which date is it?" in page(agent, "/work/questions/")
    again = agent.post(ask, {**given, "text": "Once more?"})
    assert again.status_code == 409
    question = Question.objects.get()

    employee = cast.browser(Role.EMPLOYEE)
    inbox = page(employee, "/work/questions/")
    assert ("Which date is it?" in inbox, "pause proposed" in inbox) == (True, True)
    Pause.objects.update(state=Pause.State.APPROVED, decided_at=timezone.now())
    assert "clock stopped" in page(employee, "/work/questions/")
    silent = employee.post(f"/work/questions/{question.pk}/answer/", {"text": " "})
    assert "Write something before you send it." in words(silent)
    employee.post(f"/work/questions/{question.pk}/answer/", {"text": "The second of March."})
    assert "The second of March." in page(employee, f"/work/items/{step.item_id}/clock/")
    gone = employee.post(f"/work/questions/{question.pk}/answer/", {"text": "The third."})
    assert gone.status_code == 409


def test_a_question_is_withdrawn_from_the_inbox(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work, now=timezone.now())
    asked = questions.ask(actor=work.lead, now=timezone.now(), item_id=item.pk, text="When will it come?")
    browser = cast.browser()
    inbox = page(browser, "/work/questions/")
    assert ("When will it come?" in inbox, "pause proposed" in inbox, "clock stopped" in inbox) == (
        True,
        False,
        False,
    )
    browser.post(f"/work/questions/{asked.pk}/withdrawal/")
    assert "When will it come?" not in page(browser, "/work/questions/")
    assert Item.objects.get().state == "open"


def proposed(work: Work, number: str) -> Pause:
    now = timezone.now()
    item = an_item(work, number, now=now)
    return pauses.propose_pause(
        actor=work.manager, now=now, item_id=item.pk, reason="Illegible", note="A scan is missing."
    )


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return words(response)


def words(response: Any) -> str:
    return markup.words(document_fromstring(response.content.decode()))
