"""The pages of the trail in a real browser: everyone can read them, in light and dark, wide and narrow."""

# ruff: noqa: F811  (fixtures are imported, and asked for by their names)

from __future__ import annotations

import pytest

from backdesk.platform import audit
from tests.cast import NOW, Cast
from tests.platform.audit.trails import sealed, written
from tests.platform.web.browser import BrowserPage, assert_accessible, browser_page, chromium  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lead(cast: Cast, browser_page: BrowserPage) -> BrowserPage:
    browser_page.sign_in(cast.person("operations_lead"))
    return browser_page


def test_everyone_can_read_the_pages_of_the_trail(lead: BrowserPage, cast: Cast) -> None:
    entries = written(cast, 55)
    sealed()
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, fields=["name"], reason="asked to")
    sealed()
    for address in ("/audit/?verb=never+done", f"/audit/entries/{entries[1].pk}/"):
        lead.open(address)
        assert_accessible(lead.page)


def test_everyone_can_read_them_while_there_is_nothing_on_them(lead: BrowserPage) -> None:
    for address in ("/audit/", "/audit/checkpoints/"):
        lead.open(address)
        assert_accessible(lead.page)


def test_entries_are_walked_and_opened_by_keyboard(lead: BrowserPage, cast: Cast) -> None:
    written(cast, 3)
    lead.open("/audit/")
    lead.page.keyboard.press("j")
    lead.page.keyboard.press("Enter")
    lead.page.get_by_role("heading", level=1, name="Name changed").wait_for()
