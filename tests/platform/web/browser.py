"""A real browser for tests of pages, and what every page has to withstand in it.

A test module or `conftest.py` imports the fixtures it uses::

    from tests.platform.web.browser import assert_accessible, browser_page, chromium

    def test_the_inventory_can_be_read_by_everyone(browser_page: BrowserPage, cast: Cast) -> None:
        browser_page.sign_in(cast.person("operations_lead"))
        browser_page.open("/plan/inventory/")
        assert_accessible(browser_page.page)

The page fails its test at the end if the browser complained (of the content security policy, of a script) or asked
another host for anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from backdesk.parties.models import Person

CHROMIUM = Path("/usr/bin/chromium")
_PATIENCE_MS = 60_000
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOUR_RULES = ("color-contrast", "link-in-text-block")
_ALL = {"runOnly": {"type": "tag", "values": list(RULES)}}
_COLOURS = {"runOnly": {"type": "rule", "values": list(COLOUR_RULES)}}
_BUT_COLOURS = {**_ALL, "rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}


@dataclass(kw_only=True)
class BrowserPage:
    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Until all is loaded and the scripts, being modules, have run."""
        self.page.goto(self.address + path)

    def sign_in(self, person: Person) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])

    @property
    def other_hosts(self) -> set[str]:
        ours = urlsplit(self.address).netloc
        return {urlsplit(url).netloc for url in self.requested if url.startswith("http")} - {ours}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One for a module: each that imports this has its own, and two at once do not go together."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would take its database calls for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(chromium: Any, live_server: Any) -> Iterator[BrowserPage]:
    with opened_page(chromium, live_server.url) as opened:
        yield opened


@pytest.fixture
def scriptless_page(chromium: Any, live_server: Any) -> Iterator[BrowserPage]:
    """A browser that runs no JavaScript."""
    with opened_page(chromium, live_server.url, java_script_enabled=False) as opened:
        yield opened


@contextmanager
def opened_page(chromium: Any, address: str, **options: Any) -> Iterator[BrowserPage]:
    """A page in a browser that knows nothing yet; `options` are those of its context."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, **options)
    context.set_default_timeout(_PATIENCE_MS)
    opened = BrowserPage(page=context.new_page(), address=address)
    _listen(opened)
    try:
        yield opened
    finally:
        context.close()
    assert not opened.complaints, "the browser complained:\n" + "\n".join(opened.complaints)
    assert not opened.other_hosts, f"asked other hosts: {sorted(opened.other_hosts)}"


def assert_accessible(page: Any) -> None:
    """Without a finding of axe by the rules of WCAG 2.2 AA and good practice, in both themes and on a phone.

    A theme changes colours alone, a width all but the colours; what cannot have changed is not looked at again.
    """
    wide = page.viewport_size
    found = []
    for width, scheme, rules in (
        (wide["width"], "light", _ALL),
        (wide["width"], "dark", _COLOURS),
        (360, "light", _BUT_COLOURS),
    ):
        page.set_viewport_size({"width": width, "height": wide["height"]})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} px, {scheme}: {line}" for line in _findings(page, rules)]
        assert_fits(page)
    page.set_viewport_size(wide)
    assert not found, "axe found:\n" + "\n".join(found)


_TOO_WIDE = """[...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 8)"""


def assert_fits(page: Any) -> None:
    """Only what is in a scrolling frame of its own is wider than the screen."""
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], (
        f"the page is {widths[0]} px wide on a screen of {widths[1]} px: {page.evaluate(_TOO_WIDE)}"
    )


def _findings(page: Any, rules: dict[str, Any]) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {**rules, "resultTypes": ["violations"]}
    violations = page.evaluate("options => axe.run(options).then((found) => found.violations)", options)
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]


def _listen(opened: BrowserPage) -> None:
    page = opened.page
    page.on("console", lambda message: _heard(opened, message))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", lambda request: opened.requested.append(request.url))


def _heard(opened: BrowserPage, message: Any) -> None:
    # A test that asks for a missing page hears of it in the answer, not here.
    is_about_status = message.text.startswith(
        "Failed to load resource: the server responded with a status of"
    )
    if message.type in ("error", "warning") and not is_about_status:
        opened.complaints.append(message.text)
