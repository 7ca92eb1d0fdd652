"""What one was told, worked by keyboard, and the bell that rings while a page stays open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.platform.notifications.telling import tell
from tests.platform.web.browser import BrowserPage, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

#: Once this is answered, all that the page asked for before has been heard of.
ASKED = "() => fetch('/health/live').then((answer) => answer.status)"


@pytest.fixture
def told(browser_page: BrowserPage, cast: Cast) -> BrowserPage:
    for title in ("First", "Second", "Third"):
        tell(cast.employee, cast.person("operations_lead"), title=title, detail="A word on it")
    browser_page.sign_in(cast.person("operations_lead"))
    browser_page.open("/notifications/")
    return browser_page


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent")).strip()


def unread(page: Any) -> list[str]:
    return [
        " ".join(str(title).split()) for title in page.locator(".is-unread .told-title").all_inner_texts()
    ]


def test_it_is_worked_by_keyboard(told: BrowserPage) -> None:
    page = told.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "Unread: Second"
    page.keyboard.press("e")
    page.locator(".told:not(.is-unread)").wait_for()
    assert unread(page) == ["Unread: Third", "Unread: First"]
    assert focused(page) == "Unread: First"
    assert page.locator("#bell .badge").inner_text().startswith("2")
    assert page.locator("#announcer").inner_text() == "2 unread notifications"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/style/")
    assert page.locator("#bell .badge").inner_text().startswith("1")


def test_the_bell_rings_while_the_page_stays_open(told: BrowserPage, cast: Cast) -> None:
    page = told.page
    page.clock.install()
    told.open("/style/")
    tell(cast.employee, cast.person("operations_lead"), title="Fourth")
    page.clock.fast_forward(61_000)
    page.locator("#bell[data-unread='4']").wait_for()
    assert page.locator("#announcer").inner_text() == "There is a new notification."


def test_a_page_nobody_is_at_asks_no_more(told: BrowserPage) -> None:
    page = told.page
    page.clock.install()
    told.open("/style/")
    page.clock.run_for(11 * 60_000)
    page.evaluate(ASKED)
    told.requested.clear()
    page.clock.run_for(5 * 60_000)
    page.evaluate(ASKED)
    assert [url for url in told.requested if "bell" in url] == []


def test_without_scripts_one_is_marked_and_then_all(scriptless_page: BrowserPage, cast: Cast) -> None:
    for title in ("First", "Second"):
        tell(cast.employee, cast.person("operations_lead"), title=title)
    scriptless_page.sign_in(cast.person("operations_lead"))
    scriptless_page.open("/notifications/")
    page = scriptless_page.page
    page.get_by_role("button", name="Mark as read: Second").click()
    page.locator(".told:not(.is-unread)").wait_for()
    assert unread(page) == ["Unread: First"]
    page.get_by_role("button", name="Mark all as read").click()
    page.locator(".is-unread").wait_for(state="detached")


def test_everyone_can_read_what_is_unread_and_that_nothing_is_found(told: BrowserPage) -> None:
    assert_accessible(told.page)
    told.open("/search/?q=zz")
    assert_accessible(told.page)
