"""A scorecard in a real browser: whoever doubts a figure clicks it, and has the items it counts."""

from __future__ import annotations

from typing import Any

import pytest

from backdesk.parties.models import Role
from backdesk.work.operations import recording
from tests.cast import Cast
from tests.platform.web.browser import (  # noqa: F401  fixtures
    BrowserPage,
    assert_accessible,
    assert_fits,
    browser_page,
    chromium,
)
from tests.supervision.worked import LATER, a_worked_service

pytestmark = pytest.mark.django_db(transaction=True)

LINKS = ".figure-value a"
#: What it says of March, and how many items stand behind it: behind a share, all that it is of.
BEHIND = {
    "Received": ("5", 5),
    "Delivered": ("3", 3),
    "Turnaround kept": ("50.0 %", 4),
    "First-pass yield": ("33.3 %", 3),
}


def test_each_figure_opens_the_items_behind_it(browser_page: BrowserPage, cast: Cast) -> None:  # noqa: F811
    worked = a_worked_service(cast)
    recording.refresh_current(now=LATER)
    browser_page.sign_in(cast.person(Role.OPERATIONS_LEAD))
    address, page = f"/supervise/services/{worked.service_id}/?every=month&on=2026-03-17", browser_page.page
    assert (
        cast.browser().get(address).status_code == 200
    )  # what draws is loaded once, for longer than a browser waits
    browser_page.open(address)
    assert_accessible(page)
    assert_fits(page)
    told = figures(page)
    assert set(BEHIND) <= set(told)
    leads_to = page.eval_on_selector_all(LINKS, "links => links.map(link => link.href)")
    page.locator(LINKS).first.click()
    page.wait_for_url(leads_to[0])
    for (title, value), address in zip(told.items(), leads_to, strict=True):
        page.goto(address)
        rows = page.locator("tbody th").count()
        assert rows > 0, f"{title} of {value} opens nothing"
        if title in BEHIND:
            assert (value, rows) == BEHIND[title]


def figures(page: Any) -> dict[str, str]:
    """Those that lead somewhere, in their order."""
    found: list[list[str]] = page.eval_on_selector_all(
        LINKS,
        """links => links.map(link => [link.closest(".figure").querySelector("dt").innerText, link.innerText]
            .map(text => text.replace(/\\s+/g, " ").trim()))""",
    )
    return {title.removeprefix("What is ").split("?")[0]: value for title, value in found}
