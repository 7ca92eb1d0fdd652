"""The pages of planning in a real browser: readable by everyone, worked by keyboard, quiet, asking no other host."""

# ruff: noqa: F811  (fixtures are imported, and asked for by their names)

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from backdesk.planning.models import WorkHistory
from tests.cast import NOW
from tests.planning.histories import orders, read_now
from tests.planning.served import (  # noqa: F401
    NAMES,
    OTHER_STATES,
    Site,
    apart,
    browser,
    employee,
    lead,
    newcomer,
    one_page,
    scriptless,
    site,
    var,
)
from tests.platform.web.browser import BrowserPage, assert_accessible, chromium  # noqa: F401

pytestmark = pytest.mark.django_db

EMPTY = (
    "web:home",
    "planning:inventory",
    "planning:functions",
    "planning:activity-new",
    "planning:candidates",
    "planning:histories",
    "planning:rates",
)
FILE = {"name": "orders of May.csv", "mimeType": "text/csv", "buffer": orders(6).encode()}


# -- Everyone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, *OTHER_STATES])
def test_everyone_can_read_the_page(lead: BrowserPage, site: Site, name: str) -> None:
    lead.open(site.pages[name])
    assert_accessible(lead.page)


@pytest.mark.parametrize("name", EMPTY)
def test_everyone_can_read_the_page_while_there_is_nothing_on_it(newcomer: BrowserPage, name: str) -> None:
    newcomer.open(reverse(name))
    assert_accessible(newcomer.page)


# -- By keyboard --------------------------------------------------------------------------------------------------


def test_the_inventory_is_walked_and_an_activity_opened_by_keyboard(lead: BrowserPage, site: Site) -> None:
    lead.open(reverse("planning:inventory") + "?sort=name")
    page = lead.page
    names = page.locator("#activities-rows th a").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == names[1]
    page.keyboard.press("k")
    assert focused(page) == names[0]
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=names[0]).wait_for()


def test_the_palette_and_two_keys_lead_to_the_pages_of_planning(lead: BrowserPage, site: Site) -> None:
    lead.open("/")
    page = lead.page
    page.keyboard.press("Control+k")
    page.keyboard.type("candi")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("planning:candidates"))
    page.clock.set_fixed_time(NOW)  # else the second key comes too late where the machine is busy
    for key in "gl":
        page.keyboard.press(key)
    page.wait_for_url("**" + reverse("planning:histories"))
    page.clock.resume()


def test_an_answer_is_given_by_keyboard_alone(employee: BrowserPage, site: Site) -> None:
    check = site.history.activities.get(name="Check")
    employee.open(reverse("planning:answer", args=(check.pk,)))
    page = employee.page
    page.get_by_role("group", name="How much does it hurt").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Save what I say").press("Enter")
    page.get_by_text("what you say of “Check” counts now").wait_for()
    page.get_by_text("1 person says 2 of 5").wait_for()


def test_a_wide_model_is_made_to_fit_where_one_asks(lead: BrowserPage, site: Site) -> None:
    lead.open(site.pages["a history beside a process"])
    drawing = lead.page.get_by_role("region", name="The process")
    scrolls = "e => e.scrollWidth > e.clientWidth"
    assert drawing.evaluate(scrolls), "through its own frame, at its own size"
    lead.page.get_by_label("Fit to the width").check()
    assert not drawing.evaluate(scrolls)


# -- The ranking --------------------------------------------------------------------------------------------------


def test_a_weight_that_is_moved_changes_the_ranking_without_loading_the_page(
    lead: BrowserPage, site: Site
) -> None:
    lead.open(reverse("planning:candidates"))
    page = lead.page
    before = points(page)
    page.evaluate("window.isStill = true")
    page.get_by_role("slider", name="Hurts in-house").press("End")
    page.wait_for_url("**hurts=5*")
    page.wait_for_function(
        "before => document.querySelector('#ranking .score').innerText !== before", arg=before[0]
    )
    after = points(page)
    assert page.evaluate("window.isStill"), "the page was not loaded anew"
    assert page.locator("#announcer").text_content() == "The ranking follows the weights."
    page.reload()
    assert points(page) == after, "the address holds the weights"
    assert page.get_by_role("spinbutton", name="Hurts in-house").input_value() == "5"
    page.get_by_role("link", name="As at first").click()
    page.wait_for_url("**" + reverse("planning:candidates"))
    assert points(page) == before


def test_without_javascript_the_weights_are_sent_by_a_button(scriptless: BrowserPage, site: Site) -> None:
    scriptless.open(reverse("planning:candidates"))
    page = scriptless.page
    before = points(page)
    page.get_by_role("spinbutton", name="Hurts in-house").fill("5")
    page.get_by_role("button", name="Rank").click()
    page.wait_for_url("**hurts=5*")
    assert points(page) != before


# -- By keyboard --------------------------------------------------------------------------------------------------


def test_j_walks_the_table_of_data_and_not_the_one_above_it(lead: BrowserPage, site: Site) -> None:
    lead.open(reverse("planning:inventory"))
    page = lead.page
    page.keyboard.press("j")
    table = "document.activeElement.closest('[data-controller~=table]') !== null"
    assert page.evaluate(table)
    page.locator(".functions tbody th a").first.focus()
    page.keyboard.press("j")
    assert not page.evaluate(table), "where one is in the other table already, that one is walked"


# -- The process map ----------------------------------------------------------------------------------------------


def test_a_slider_shows_more_of_the_map_without_loading_the_page(lead: BrowserPage, site: Site) -> None:
    lead.open(reverse("planning:history-map", args=(site.history.pk,)) + "?paths=0&activities=100")
    page = lead.page
    few = page.locator("#map svg a").count()
    page.evaluate("window.isStill = true")
    page.get_by_role("slider", name="Paths shown").press("End")
    page.wait_for_url("**paths=100*")
    page.wait_for_function("few => document.querySelectorAll('#map svg a').length > few", arg=few)
    assert page.evaluate("window.isStill")
    page.go_back()
    page.wait_for_function("few => document.querySelectorAll('#map svg a').length === few", arg=few)


def test_without_javascript_the_map_is_asked_for_by_a_button(scriptless: BrowserPage, site: Site) -> None:
    scriptless.open(reverse("planning:history-map", args=(site.history.pk,)) + "?paths=0&activities=100")
    page = scriptless.page
    few = page.locator("#map svg a").count()
    page.get_by_role("spinbutton", name="Paths shown").fill("100")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**paths=100*")
    assert page.locator("#map svg a").count() > few


def test_a_box_of_the_map_is_reached_by_keyboard_and_leads_to_its_steps(
    lead: BrowserPage, site: Site
) -> None:
    lead.open(site.pages["planning:history-map"])
    page = lead.page
    page.locator("#map .map-drawing").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg') !== null")
    address = page.evaluate("document.activeElement.href.baseVal ?? document.activeElement.href")
    assert address.startswith(reverse("planning:history-steps", args=(site.history.pk,)))
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Steps").wait_for()
    assert page.locator("#steps-rows tr").count() > 0


# -- Tables -------------------------------------------------------------------------------------------------------


def test_the_inventory_is_sorted_filtered_and_exported_as_shown(lead: BrowserPage, site: Site) -> None:
    lead.open(reverse("planning:inventory"))
    page = lead.page
    page.locator("#activities-sort-name").click()
    page.wait_for_url("**sort=name*")
    page.get_by_role("searchbox", name="Activity contains").press_sequentially("task")
    page.wait_for_url("**name=task*")
    page.get_by_text("4 rows").first.wait_for()
    assert page.locator("#activities-rows th a").all_inner_texts() == [f"Task 00{n}" for n in range(4)]
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    with Path(coming.value.path()).open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[0] == "Activity"
    assert [row[0] for row in rows] == [f"Task 00{n}" for n in range(4)]


def test_the_offices_lead_to_their_activities(lead: BrowserPage, site: Site) -> None:
    lead.open(reverse("planning:inventory"))
    lead.page.get_by_role("main").get_by_role("link", name="Ledger").first.click()
    lead.page.get_by_text("1 row").first.wait_for()
    assert lead.page.locator("#activities-rows th a").all_inner_texts() == ["Book travel"]


# -- Bringing a work history --------------------------------------------------------------------------------------


def test_a_file_is_brought_with_progress_its_columns_settled_and_its_reading_watched(
    lead: BrowserPage, site: Site
) -> None:
    lead.open(reverse("planning:history-new"))
    page = lead.page
    network = slowed_down(page)
    page.get_by_label("File", exact=True).set_input_files(FILE)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("progressbar", name="Upload").wait_for()
    network.detach()
    page.wait_for_url("**/columns/")
    assert page.get_by_role("combobox", name="Case").input_value() == "Order"
    assert page.get_by_role("combobox", name="Start").input_value() == "Started"
    page.get_by_role("button", name="Read it with these columns").click()
    page.get_by_text("Waiting for its turn").wait_for()
    do_the_reading()
    page.get_by_role("heading", name="What was decided while reading").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "orders of May"


def test_without_javascript_a_file_is_brought_read_and_removed_all_the_same(
    scriptless: BrowserPage, site: Site
) -> None:
    scriptless.open(reverse("planning:history-new"))
    page = scriptless.page
    page.get_by_label("File", exact=True).set_input_files(FILE)
    page.get_by_label("Name").fill("Without scripts")
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/columns/")
    page.get_by_role("button", name="Read it with these columns").click()
    page.get_by_text("Waiting for its turn").wait_for()
    do_the_reading()
    page.get_by_role("heading", name="What was decided while reading").wait_for()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**" + reverse("planning:histories"))
    page.get_by_text("“Without scripts” and what was measured in it are removed.").wait_for()


def test_removing_a_work_history_is_asked_back_first(lead: BrowserPage, site: Site) -> None:
    lead.open(site.pages["planning:history"])
    page = lead.page
    page.get_by_role("button", name="Remove this work history").click()
    page.get_by_role("dialog", name="Remove this work history?").get_by_role("button", name="Close").click()
    assert not page.get_by_role("button", name="Remove it").is_visible()


def test_rates_that_are_taken_are_said_to_be_set_on_the_page_they_came_from(lead: BrowserPage) -> None:
    lead.open(reverse("planning:rates"))
    page = lead.page
    file = {
        "name": "rates.csv",
        "mimeType": "text/csv",
        "buffer": b"kind,name,rate,currency\ndefault,,41.50,EUR\n",
    }
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Set the rates").click()
    page.get_by_text("1 rate is set.").wait_for()
    page.locator("table.table td", has_text="41.50").wait_for()


def do_the_reading() -> None:
    apart(lambda: read_now(WorkHistory.objects.latest("pk")))


def slowed_down(page: Any) -> Any:
    """So that there is progress to see, until it is detached."""
    rate = {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": 400}
    session = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", rate)
    return session


def points(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#ranking .score").all_inner_texts()]


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent")).strip()
