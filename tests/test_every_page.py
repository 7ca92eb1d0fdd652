"""Every page there is, as a browser sees it: readable by everyone, quiet, asking no other host, in either language.

Generated from the tables of the permission matrix, so a new page is here by being listed there. The pages of planning
are walked in tests/planning, over a company that has some of everything.
"""

# ruff: noqa: F811  (fixtures are imported, and asked for by their names)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from lxml import html
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from backdesk.desks import services
from backdesk.parties.models import Person, Role
from tests.cast import Cast, assemble
from tests.permissions import Route, listed
from tests.planning.served import NAMES as OF_PLANNING
from tests.platform.web.browser import BrowserPage, assert_accessible, chromium, opened_page  # noqa: F401
from tests.work.services import SETTINGS

pytestmark = pytest.mark.django_db

NO_PAGES = (
    "api:",
    "conversations:people",  # names to choose from, fetched while one types
    "operating:",
    "openid_connect",
    "planning:",
    "web:notifications-bell",
    "web:search-results",
    "work:document-page",  # pictures
    "work:service-picture",
)
PAGES: Mapping[str, Route] = {
    name: route
    for name, route in listed().items()
    if route.method == "get" and not name.startswith(NO_PAGES) and "download" not in name
}


#: What stands in a link somebody was sent; these links are of nobody.
FROM_A_MAIL: Mapping[str, Mapping[str, str]] = {
    "web:unsubscription": {"token": "unknown"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "unknown"},
    "invitation": {"secret": "unknown"},
    "engagements:proposal": {"secret": "unknown"},
}


#: Where what stands on the page was said before, or is a word of the machine: each says why it may stay English.
SAID_BEFORE = {
    "conversations:thread": "what was said stays as it was said",
    "conversations:threads": "what was said stays as it was said",
    "web:style": "is for those who build pages",
    "web:notifications": "what was told stays as it was told",
    "web:notification": "what was told stays as it was told",
    "web:notification-preferences": "the tests' own kinds of notification are in English",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A company whose lead has one of each thing that an address names."""

    address: str
    cast: Cast
    paths: Mapping[str, str]
    files: frozenset[str]
    """What is downloaded, and nothing to look at."""


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    var = tmp_path_factory.mktemp("every-page")
    with django_db_blocker.unblock(), override_settings(VAR=var):
        server = LiveServer("localhost")
        try:
            cast = assemble()
            paths = _paths(cast)
            yield House(address=server.url, cast=cast, paths=paths, files=_files(cast, paths))
        finally:
            server.stop()
            call_command("flush", verbosity=0, interactive=False)
            connections.close_all()


@pytest.fixture(autouse=True)
def var() -> None:
    """The module's own, instead of one a test."""


def _paths(cast: Cast) -> Mapping[str, str]:
    makers = {route.of for route in PAGES.values() if route.of}
    named: dict[Any, Mapping[str, Any]] = {of: of(cast) for of in makers}
    return {
        name: f"{reverse(name, kwargs=dict(FROM_A_MAIL.get(name) or named.get(route.of, {})))}?{urlencode(route.data)}"
        for name, route in PAGES.items()
    }


@pytest.fixture(scope="module")
def at_work(house: House, chromium: Any) -> Iterator[BrowserPage]:
    with opened_page(chromium, house.address) as opened:
        opened.sign_in(house.cast.person(Role.OPERATIONS_LEAD))
        yield opened


@pytest.fixture(scope="module")
def outside(house: House, chromium: Any) -> Iterator[BrowserPage]:
    """Nobody is signed in."""
    with opened_page(chromium, house.address) as opened:
        yield opened


@pytest.fixture
def page(at_work: BrowserPage, outside: BrowserPage, name: str) -> Iterator[BrowserPage]:
    opened = outside if PAGES[name].public else at_work
    yield opened
    complaints = [*opened.complaints]
    opened.complaints.clear()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_read_the_page(name: str, page: BrowserPage, house: House) -> None:
    if name in house.files:
        return
    page.open(house.paths[name])
    assert page.page.locator("h1").count() == 1
    assert_accessible(page.page)
    assert not page.other_hosts


@pytest.mark.parametrize("name", [name for name in PAGES if name not in SAID_BEFORE])
def test_the_page_is_in_german_for_who_reads_german(name: str, house: House) -> None:
    english, german = (_said(house, name, language) for language in ("en", "de"))
    names = {person.name for people in house.cast.people.values() for person in people.values()}
    left = {
        text for text in german & english if _is_prose(_without(names, text)) and not _is_of_a_service(text)
    }
    assert not left, f"still in English: {sorted(left)}"


def test_what_is_left_in_english_is_noticed(house: House) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translation._trans, "gettext", lambda message: message)  # type: ignore[attr-defined]
        with pytest.raises(AssertionError, match="still in English"):
            test_the_page_is_in_german_for_who_reads_german("web:home", house)


def test_every_page_of_planning_is_walked_there() -> None:
    known = {
        name for name, route in listed().items() if name.startswith("planning:") and route.method == "get"
    }
    no_pages = {"planning:history-report": "is a file", "planning:plan": "leads to the first of them"}
    assert known - set(OF_PLANNING) == no_pages.keys()


def _files(cast: Cast, paths: Mapping[str, str]) -> frozenset[str]:
    browser = cast.browser()
    answers = {name: browser.get(path) for name, path in paths.items() if not PAGES[name].public}
    for answer in answers.values():
        if answer.streaming:
            answer.getvalue()  # until then it holds its file open
    return frozenset(
        name
        for name, answer in answers.items()
        if "attachment" in answer.headers.get("Content-Disposition", "")
    )


def _said(house: House, name: str, language: str) -> set[str]:
    """What stands on the page, text by text, but what says of itself that it is English."""
    lead = house.cast.person(Role.OPERATIONS_LEAD)
    Person.objects.filter(pk=lead.pk).update(language=language)
    browser = Client() if PAGES[name].public else house.cast.browser()
    with translation.override("en"):  # a request leaves its own behind
        answer = browser.get(house.paths[name], headers={"accept-language": language})
    content = answer.getvalue()  # a file is open until it was read
    if "attachment" in answer.headers.get("Content-Disposition", "") or answer.status_code == 302:
        return set()
    root = html.document_fromstring(content)
    assert root.get("lang") == language
    said: Any = root.xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::*[@lang='en'][not(self::html)])]"
    )
    return {" ".join(text.replace("*", "").split()) for text in said} - {""}


def _is_of_a_service(text: str) -> bool:
    """What its client wrote of a service stays as it was written."""
    return all(part in _services() for part in text.split(", "))


@cache
def _services() -> str:
    """The words of those that come with Backdesk, and of the tests' own."""
    written = [
        content.decode()
        for key in services.example_keys()
        for path, content in services.example_files(key).items()
        if not path.startswith("pictures/")
    ]
    return " ".join(" ".join([*written, SETTINGS]).replace("*", "").split())


def _without(names: set[str], text: str) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


def _is_prose(text: str) -> bool:
    """Three words or more in small letters: names, keys and numbers are alike in every language."""
    return sum(word.isalpha() and word.islower() for word in text.split()) >= 3
