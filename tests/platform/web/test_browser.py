"""The shell in a real browser: readable by everyone, worked by keyboard, quiet, and asking no other host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from backdesk.parties.models import Role
from backdesk.platform.models import Job
from backdesk.platform.web import navigation
from backdesk.platform.web.navigation import Entry, Stage
from tests.cast import NOW, Cast
from tests.platform.web.browser import BrowserPage, assert_accessible, assert_fits


@pytest.fixture
def signed_in(browser_page: BrowserPage, cast: Cast) -> BrowserPage:
    browser_page.sign_in(cast.person(Role.OPERATIONS_LEAD))
    return browser_page


def test_everyone_can_read_that_there_is_no_such_page(signed_in: BrowserPage) -> None:
    signed_in.open("/nowhere/")
    assert_accessible(signed_in.page)


def test_what_one_cannot_read_is_told_with_the_width_and_the_theme_it_shows_in(
    browser_page: BrowserPage,
) -> None:
    browser_page.page.set_content("""
        <html lang="en"><title>Ledger</title><style>
            @media (prefers-color-scheme: dark) { p { color: #999; background: #aaa } }
            @media (min-width: 400px) { input { display: none } }
        </style><main><h1>Ledger</h1><p>Too pale</p><input><svg role="img"></svg></main></html>
    """)
    with pytest.raises(AssertionError) as told:
        assert_accessible(browser_page.page)
    found = {line.partition(" (")[0] for line in str(told.value).splitlines()[1:]}
    assert found == {
        "1280 px, light: svg-img-alt", "1280 px, dark: color-contrast",
        "360 px, light: svg-img-alt", "360 px, light: label",
    }  # fmt: skip


def test_everyone_can_read_why_one_is_not_signed_in(browser_page: BrowserPage) -> None:
    browser_page.open("/sign-in/")
    browser_page.page.get_by_role("button", name="Sign in", exact=True).click()
    browser_page.page.locator(".error-summary").wait_for()
    assert_accessible(browser_page.page)


def test_the_smallest_screen_is_enough(signed_in: BrowserPage) -> None:
    signed_in.page.set_viewport_size({"width": 320, "height": 640})
    signed_in.open("/style/")
    assert_fits(signed_in.page)


def test_the_theme_is_remembered(signed_in: BrowserPage) -> None:
    page = signed_in.page
    signed_in.open("/")
    choose_theme(page, "Dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    signed_in.open("/style/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    choose_theme(page, "As the system")
    signed_in.open("/")
    assert page.locator("html").get_attribute("data-theme") is None


def choose_theme(page: Page, name: str) -> None:
    page.locator("[popovertarget=account]").click()
    page.get_by_role("button", name=name).click()


def test_the_first_key_skips_to_the_content(signed_in: BrowserPage) -> None:
    signed_in.open("/")
    signed_in.page.keyboard.press("Tab")
    assert focused(signed_in) == "Skip to content"
    signed_in.page.keyboard.press("Enter")
    assert signed_in.page.evaluate("document.activeElement.id") == "main"


def test_rows_are_walked_selected_and_opened_by_keyboard(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    page = signed_in.page
    page.evaluate("document.activeElement.blur()")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    assert focused(signed_in) == "Match invoice to order"
    page.keyboard.press("x")
    assert page.get_by_text("1 row selected").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/style/#specimen-1")


def test_filtering_keeps_the_focus_and_says_what_is_left(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    page = signed_in.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("approve")
    page.wait_for_url("**/style/?activity=approve")
    page.get_by_text("24 rows").first.wait_for()
    assert page.evaluate("document.activeElement.name") == "activity"
    assert page.locator("#announcer").text_content() == "24 rows, by Touch, descending"
    page.locator("#specimens-sort-touch").click()
    page.wait_for_url("**/style/?sort=touch&activity=approve")
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert page.locator("#specimens-rows tr").count() == 24


def test_a_filter_without_a_match_offers_the_way_back(signed_in: BrowserPage) -> None:
    signed_in.open("/style/?activity=zzz")
    signed_in.page.get_by_role("main").get_by_role("link", name="Clear the filters").last.click()
    signed_in.page.get_by_text("1–50 of 120").wait_for()


def test_a_definition_opens_on_press_and_on_hover(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    page = signed_in.page
    term = page.locator("#status").get_by_role("button", name="Touch time")
    meaning = page.locator("#status").get_by_text("Working time from start to end of a step.")
    assert not meaning.is_visible()
    term.press("Enter")
    assert meaning.is_visible()
    page.keyboard.press("Escape")
    assert not meaning.is_visible()
    term.hover()
    meaning.wait_for(state="visible")


def test_the_palette_goes_to_a_place_by_its_name(signed_in: BrowserPage, style_in_the_rail: None) -> None:
    signed_in.open("/")
    page = signed_in.page
    page.keyboard.press("Control+k")
    page.keyboard.type("sty")
    assert page.get_by_role("option", selected=True).inner_text().split()[:3] == ["Plan", "/", "Style"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/style/")
    page.clock.set_fixed_time(NOW)  # else the second key comes too late where the machine is busy
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(signed_in.address + "/")


@pytest.fixture
def style_in_the_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = navigation.Registry()
    registry.register(Entry(stage=Stage.PLAN, title="Style", url_name="web:style", key="y"))
    monkeypatch.setattr(navigation, "registry", registry)


def test_without_scripts_the_table_sorts_filters_and_explains(
    scriptless_page: BrowserPage, cast: Cast
) -> None:
    scriptless_page.sign_in(cast.person(Role.OPERATIONS_LEAD))
    scriptless_page.open("/style/")
    page = scriptless_page.page
    page.locator("#specimens-sort-touch").click()
    page.wait_for_url("**/style/?sort=touch")
    page.locator("#specimens-filter-activity").fill("approve")
    page.keyboard.press("Enter")
    page.wait_for_url("**/style/?sort=touch&activity=approve*")
    assert page.locator("#specimens-rows tr").count() == 24
    page.locator("#status").get_by_role("button", name="Touch time").click()
    assert page.locator("#status").get_by_text("Working time from start to end of a step.").is_visible()
    assert page.get_by_role("button", name="Remove", exact=True).is_visible()  # in a dialog nothing opens
    assert not page.get_by_role("button", name="Open a dialog").is_visible()
    page.get_by_role("link", name="Search or go to…").click()
    page.wait_for_url("**/search/")


def test_without_scripts_the_menu_of_a_phone_opens_and_the_theme_is_kept(
    scriptless_page: BrowserPage, cast: Cast
) -> None:
    scriptless_page.sign_in(cast.person(Role.OPERATIONS_LEAD))
    page = scriptless_page.page
    page.set_viewport_size({"width": 375, "height": 740})
    scriptless_page.open("/style/")
    choose_theme(page, "Dark")
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.url.endswith("/style/")


def test_a_file_over_the_limit_is_refused_before_it_is_sent(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    page = signed_in.page
    page.locator("[data-drop]").evaluate("drop => drop.dataset.limit = 3")
    page.set_input_files(
        "#upload input[type=file]", {"name": "log.csv", "mimeType": "text/csv", "buffer": b"1234"}
    )
    page.locator("#upload").get_by_role("button", name="Upload").click()
    assert page.get_by_text("Nothing was sent.").is_visible()


def test_an_upload_the_network_loses_says_that_nothing_was_saved(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    page = signed_in.page
    page.route(
        "**/style/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.set_input_files(
        "#upload input[type=file]", {"name": "log.csv", "mimeType": "text/csv", "buffer": b"1234"}
    )
    page.locator("#upload").get_by_role("button", name="Upload").click()
    page.get_by_text("The connection broke").wait_for()
    assert page.locator("#upload input[type=file]").evaluate("input => input.files[0].name") == "log.csv"
    assert page.locator("#upload").get_by_role("button", name="Upload").is_enabled()
    signed_in.complaints.clear()  # the browser rightly names the broken request


def upload_to(opened: BrowserPage, address: str, **fields: str) -> None:
    """Send the specimen form to another address of ours, with more fields."""
    form = opened.page.locator("#upload form")
    form.evaluate("(form, address) => form.setAttribute('action', address)", address)
    for name, value in fields.items():
        form.evaluate(
            "(form, [name, value]) =>"
            " form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}))",
            [name, value],
        )
    opened.page.set_input_files(
        "#upload input[type=file]", {"name": "log.csv", "mimeType": "text/csv", "buffer": b"1234"}
    )
    form.get_by_role("button", name="Upload").click()


@pytest.mark.parametrize("next_page", ["/", "/nowhere/"])
def test_a_file_that_was_taken_leads_to_the_next_page_whatever_it_says(
    signed_in: BrowserPage, next_page: str
) -> None:
    signed_in.open("/style/")
    upload_to(signed_in, "/theme/", theme="light", next=next_page)
    signed_in.page.wait_for_url(signed_in.address + next_page)


def test_a_file_that_was_refused_says_why(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    upload_to(signed_in, "/jobs/0/cancellation/")
    signed_in.page.get_by_text("The address leads nowhere").wait_for()
    assert signed_in.page.locator("#upload").get_by_role("button", name="Upload").is_enabled()


def test_slider_and_number_move_together(signed_in: BrowserPage) -> None:
    signed_in.open("/style/")
    number = signed_in.page.get_by_role("spinbutton", name="No hands for it")
    slider = signed_in.page.get_by_role("slider", name="No hands for it")
    number.fill("0.9")
    assert slider.input_value() == "0.9"
    slider.press("ArrowLeft")
    assert number.input_value() == "0.8"


def test_a_job_is_watched_until_it_is_done(signed_in: BrowserPage, cast: Cast) -> None:
    job = running_job(cast)
    signed_in.open(f"/jobs/{job.pk}/?next=/style/")
    assert signed_in.page.get_by_text("Pairing starts with ends").is_visible()
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=NOW, progress=1.0)
    signed_in.page.wait_for_url("**/style/")


def test_a_job_is_called_off(signed_in: BrowserPage, cast: Cast) -> None:
    job = running_job(cast)
    signed_in.open(f"/jobs/{job.pk}/")
    signed_in.page.get_by_role("button", name="Cancel").click()
    signed_in.page.get_by_text("Cancelling…").wait_for()
    job.refresh_from_db()
    assert job.is_cancelling


def running_job(cast: Cast) -> Job:
    return Job.objects.create(
        organisation_id=cast.client.pk,
        kind="tests.write_number",
        state=Job.State.RUNNING,
        progress=0.4,
        phase="pairing starts with ends",
        enqueued_at=NOW,
        started_at=NOW,
    )


def focused(opened: BrowserPage) -> str:
    return str(opened.page.evaluate("document.activeElement.textContent")).strip()
