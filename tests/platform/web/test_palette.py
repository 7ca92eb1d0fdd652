"""The palette in a real browser: places, actions, what the server finds, and where one was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from backdesk.parties.models import Membership
from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.search import Hit, Registry, Source, Words
from tests.cast import NOW, Cast
from tests.platform.web.browser import BrowserPage, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


def things(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
    if str(words) != "thing":
        return []
    return [Hit(title=f"Thing {number}", detail="somewhere", url=f"/style/?{number}") for number in (1, 2)]


@pytest.fixture
def palette(browser_page: BrowserPage, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> BrowserPage:
    registry = Registry()
    registry.register(Source(kind="thing", title="Things", function=things))
    monkeypatch.setattr(search, "registry", registry)
    browser_page.sign_in(cast.person("operations_lead"))
    browser_page.open("/notifications/")
    return browser_page


def shown(page: Any) -> list[str]:
    options = page.get_by_role("option").filter(visible=True)
    return [option.locator(".palette-text").inner_text().strip() for option in options.all()]


def chosen(page: Any) -> str:
    return str(page.get_by_role("option", selected=True).locator(".palette-text").inner_text())


def look_for(page: Any, text: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(text)
    page.locator("[data-found] [role=option]").first.wait_for()


def test_what_the_server_finds_stands_below_and_opens_by_keyboard(palette: BrowserPage) -> None:
    page = palette.page
    look_for(page, "thing")
    assert shown(page) == ["Thing 1 somewhere", "Thing 2 somewhere", "Show all that is found “thing”"]
    assert page.locator("[data-told]").inner_text() == "3 entries"
    assert chosen(page).startswith("Thing 1")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("combobox").get_attribute("aria-activedescendant") == "found-thing-2"
    page.keyboard.press("Enter")
    page.wait_for_url("**/style/?2")


def test_all_that_is_found_is_one_key_further(palette: BrowserPage) -> None:
    page = palette.page
    look_for(page, "thing")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=thing")
    assert page.get_by_role("heading", name="Things 2").is_visible()


def test_only_the_answer_to_what_was_typed_last_counts(palette: BrowserPage) -> None:
    page = palette.page
    page.route("**/search/?q=thing&*", lambda route: page.wait_for_timeout(600) or route.continue_())
    page.keyboard.press("Control+k")
    page.keyboard.type("thing")
    page.wait_for_timeout(250)
    page.keyboard.type("x")
    page.wait_for_timeout(900)
    assert page.locator("[data-found] [role=option]").count() == 0


def test_colours_change_without_leaving_the_page(palette: BrowserPage) -> None:
    page = palette.page
    page.keyboard.press("Control+k")
    page.keyboard.type("dark col")
    page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert not page.get_by_role("dialog").is_visible()


def test_one_signs_out_by_name(palette: BrowserPage) -> None:
    palette.page.keyboard.press("Control+k")
    palette.page.keyboard.type("sign out")
    palette.page.keyboard.press("Enter")
    palette.page.wait_for_url("**/sign-in/**")


def test_one_goes_to_work_for_another_organisation(palette: BrowserPage, cast: Cast) -> None:
    Membership.objects.create(
        person=cast.person("operations_lead"), organisation=cast.provider, role="agent", began_at=NOW
    )
    palette.open("/notifications/")
    palette.page.keyboard.press("Control+k")
    palette.page.keyboard.type("work steady")
    palette.page.keyboard.press("Enter")
    palette.page.locator(".organisation-word", has_text="Steady Hands").wait_for()


def test_where_one_was_comes_first_until_the_tab_closes(palette: BrowserPage) -> None:
    palette.open("/plan/inventory/")
    palette.open("/style/")
    palette.page.keyboard.press("Control+k")
    assert shown(palette.page)[:2] == ["Inventory of the work", "Notifications"]
    palette.page.keyboard.press("Enter")
    palette.page.wait_for_url("**/plan/inventory/")


def test_everyone_can_use_it(palette: BrowserPage) -> None:
    look_for(palette.page, "thing")
    assert_accessible(palette.page)


def test_without_scripts_the_link_leads_to_the_search_page(scriptless_page: BrowserPage, cast: Cast) -> None:
    scriptless_page.sign_in(cast.person("operations_lead"))
    scriptless_page.open("/notifications/")
    page = scriptless_page.page
    page.get_by_role("link", name="Search or go to…").click()
    page.get_by_label("Words to look for").fill("inventory")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Inventory").last.click()
    page.wait_for_url("**/plan/inventory/")
