"""An agent's page in a real browser: by keyboard, without a line, on a stale screen, without scripts, for everybody."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.work.models import Item, Step, StepDraft
from backdesk.work.operations import steps
from backdesk.work.operations.documents import add_document
from tests.cast import Cast
from tests.platform.web.browser import (  # noqa: F401  fixtures
    BrowserPage,
    assert_accessible,
    assert_fits,
    browser_page,
    chromium,
    scriptless_page,
)
from tests.work.desks import a_desk, an_invoice
from tests.work.papers import PICTURE
from tests.work.services import Work, a_process, a_service, an_item, completed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(cast: Cast) -> Work:
    made = a_desk(cast)
    an_invoice(made)
    return made


def begin(opened: BrowserPage, cast: Cast) -> Any:
    opened.sign_in(cast.person(Role.AGENT, cast.provider))
    opened.open("/work/")
    return opened.page


def saved(page: Any) -> None:
    page.wait_for_selector("[data-status]:has-text('Draft saved')")


def test_an_open_page_is_given_what_is_pushed_and_says_so(browser_page: BrowserPage, cast: Cast) -> None:  # noqa: F811
    work = a_service(cast, mode="push", limit=2)
    first, second = (an_item(work, number, now=timezone.now()) for number in ("A-1", "A-2"))
    page = begin(browser_page, cast)
    for item in (first, second):
        page.wait_for_selector(f"[aria-labelledby=held] >> text={item.title}")
    assert page.text_content("#announcer") == "2 items are given to you."
    assert page.locator("[name=held]").count() == 2, "it asks again with what it shows"
    assert_accessible(page)
    assert_fits(page)


def test_an_empty_chair_asks_for_nothing(browser_page: BrowserPage, cast: Cast) -> None:  # noqa: F811
    a_service(cast, mode="push")
    page = browser_page.page
    page.clock.install()
    with page.expect_response("**/work/presence/"):
        begin(browser_page, cast)
    page.mouse.move(10, 10)
    with page.expect_response("**/work/presence/"):
        page.clock.fast_forward(61_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(600_000)
    page.clock.run_for(120_000)
    assert not asked
    page.mouse.move(20, 20)
    with page.expect_response("**/work/presence/"):
        page.clock.fast_forward(61_000)


def test_an_item_is_done_by_keyboard_alone(browser_page: BrowserPage, cast: Cast, work: Work) -> None:  # noqa: F811
    an_invoice(work, document_number="IN-10443")
    page = begin(browser_page, cast)
    page.keyboard.press("n")
    page.wait_for_url("**/work/step/*/")
    typed = page.keyboard.type

    def enter(*texts: str) -> None:
        for text in texts:
            typed(text)
            page.keyboard.press("Tab" if text == "21" else "Enter")

    enter("70001", "2026-117", "26 Feb 2026", "", "", "NL43ABNA0417164000")
    typed("Paper")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    typed("60.00")
    page.keyboard.press("Tab")
    typed("21")
    page.focus("#in-lines-1-description")  # which came by itself
    typed("Ink")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    typed("4x")
    page.keyboard.press("Tab")
    typed("21")
    page.focus("#in-net")
    page.wait_for_selector("#in-lines-1-says .error >> text=“4x” is no number here")

    saved(page)
    page.reload()
    assert page.input_value("#in-lines-1-net") == "4x"
    page.focus("#in-lines-1-net")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "in-lines-0-net"
    page.keyboard.press("Enter")
    typed("40.00")
    page.focus("#in-net")
    enter("100.00", "21.00")
    typed("121.00")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")

    step = Step.objects.get(state=Step.State.TAKEN)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda address: f"/step/{step.pk}/" not in address)
    assert Item.objects.get(pk=step.item_id).data["output"]["lines"][1]["net"]["amount"] == "40.00"
    assert "is completed" in page.inner_text(".messages")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert "Complete and take the next" in page.inner_text("#shortcuts")


def test_who_decides_between_two_takes_what_one_of_them_keyed(
    browser_page: BrowserPage,  # noqa: F811
    cast: Cast,
) -> None:
    twice = a_service(
        cast, process=a_process('<userTask id="key" name="Key" b:kind="key"/>'), agents=3, limit=9
    )
    an_item(twice, now=timezone.now())
    for agent, total in enumerate(("8112.30", "12.80"), start=1):
        step = steps.take_next(actor=twice.agent(agent), now=timezone.now())
        assert step is not None
        values = {"total": {"amount": total, "currency": "EUR"}, "note": "paid"}
        completed(twice, step, agent=agent, values=values)
    decides = steps.take_next(actor=twice.agent(), now=timezone.now())
    assert decides is not None
    browser_page.sign_in(twice.agents[0])
    browser_page.open(f"/work/step/{decides.pk}/")
    page = browser_page.page
    assert page.input_value("[name=total]") == ""
    assert page.locator("*:focus").inner_text().split() == ["8,112.30", "EUR"], (
        "one begins where there is something to decide"
    )
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert (page.input_value("[name=total]"), page.input_value("[name=total-currency]")) == ("12.80", "EUR")
    page.keyboard.press("Enter")  # all is decided: it stands on what completes the step
    page.wait_for_url("**/work/")
    assert Item.objects.get().data["output"] == {
        "total": {"amount": "12.80", "currency": "EUR"}, "note": "paid",
    }  # fmt: skip


def test_what_is_typed_without_a_connection_is_kept_and_sent_when_it_is_back(
    browser_page: BrowserPage,  # noqa: F811
    cast: Cast,
    work: Work,
) -> None:
    page = begin(browser_page, cast)
    page.keyboard.press("n")
    page.wait_for_url("**/work/step/*/")
    page.context.set_offline(True)
    page.fill("#in-invoice_number", "2026-118")
    page.wait_for_selector("[data-status].is-offline")
    assert "No connection" in page.inner_text("[data-status]")
    page.context.set_offline(False)
    saved(page)
    assert StepDraft.objects.get().values["invoice_number"] == "2026-118"
    browser_page.complaints.clear()  # the browser told that a request failed, which was the point


def test_a_stale_screen_says_so_and_keeps_what_was_typed(
    browser_page: BrowserPage,  # noqa: F811
    cast: Cast,
    work: Work,
) -> None:
    page = begin(browser_page, cast)
    page.keyboard.press("n")
    page.wait_for_url("**/work/step/*/")
    step = Step.objects.get(state=Step.State.TAKEN)
    steps.give_back(
        actor=work.agent(), now=timezone.now(), step_id=step.pk, claim=step.claim, reason="On another screen"
    )
    page.fill("#in-invoice_number", "2026-119")
    page.wait_for_selector("[data-lost]:not([hidden])")
    assert "went back to its queue" in page.inner_text("[data-lost]")
    assert page.input_value("#in-invoice_number") == "2026-119"
    assert page.is_disabled(".work-foot .primary")


def test_an_item_is_done_without_scripts(scriptless_page: BrowserPage, cast: Cast, work: Work) -> None:  # noqa: F811
    page = begin(scriptless_page, cast)
    page.click("text=Take the next item")
    page.fill("#in-supplier", "70001")
    page.fill("#in-lines-0-description", "Paper")
    page.click("text=Add a line")
    assert page.input_value("#in-lines-0-description") == "Paper"
    page.fill("#in-lines-1-net", "4x")
    page.click(".work-foot .button:text-is('Complete')")
    assert "need another look" in page.inner_text(".error-summary")
    assert page.input_value("#in-lines-1-net") == "4x"
    with page.expect_navigation():
        page.click("button[value='remove lines-1']")
    assert page.input_value("#in-lines-1-net") == ""
    assert_fits(page)


def test_the_pages_are_for_everybody(browser_page: BrowserPage, cast: Cast, work: Work) -> None:  # noqa: F811
    item = Item.objects.get()
    add_document(
        actor=work.lead, now=timezone.now(), item_id=item.pk, stream=BytesIO(PICTURE), filename="scan.png",
        declared="image/png", limit=1_000_000,
    )  # fmt: skip
    page = begin(browser_page, cast)
    assert_accessible(page)
    page.keyboard.press("n")
    page.wait_for_url("**/work/step/*/")
    page.fill("#in-invoice_date", "3/4/2026")
    page.press("#in-invoice_date", "Control+Enter")
    page.wait_for_selector(".error-summary")
    assert_accessible(page)
    for part in ("talk", "about"):
        page.click(f"[data-shows={part}]")
        assert_accessible(page)
    browser_page.open(f"/work/items/{item.pk}/")
    assert_accessible(page)
