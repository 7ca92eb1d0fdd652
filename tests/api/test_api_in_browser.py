"""The reference of the API as a browser sees it."""

# ruff: noqa: F811  (fixtures are imported, and asked for by their names)

from __future__ import annotations

import pytest

from tests.platform.web.browser import (  # noqa: F401
    BrowserPage,
    assert_accessible,
    assert_fits,
    browser_page,
    chromium,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_everyone_can_read_the_reference_wide_and_on_a_phone(browser_page: BrowserPage) -> None:
    """With every fortieth operation unfolded: they are all drawn by one template."""
    browser_page.open("/api/")
    operations = browser_page.page.locator("details")
    operations.evaluate_all("all => all.forEach((one, place) => { one.open = place % 40 === 0 })")
    assert operations.locator("table").first.is_visible()
    assert_accessible(browser_page.page)
    browser_page.page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(browser_page.page)
