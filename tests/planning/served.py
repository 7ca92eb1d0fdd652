"""The pages of planning served once for a whole module of tests in the browser, over a company with some of everything.

What is served is committed before the first test and emptied after the last. A test has a transaction of its own
around it, which the server does not see: it changes things through the pages, or `apart`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.http import urlencode
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from backdesk.parties.models import Person, Role
from backdesk.planning import operations
from backdesk.planning.models import Activity, Function, Rate, WorkHistory
from backdesk.planning.queries.maps import ModelAsked, found_process
from backdesk.platform.isolation import as_system
from backdesk.platform.models import Job
from tests.cast import NOW, Cast, assemble
from tests.planning.histories import chain, confirmed, drifting, orders, read, received
from tests.planning.pages import PAGES, Subjects, addresses
from tests.planning.processes import compared
from tests.platform.web.browser import BrowserPage, opened_page

T = TypeVar("T")

CANNOT_BE_READ = b"\0\1\2 photo"
ONE_BAD_ROW = ",Enter,2026-03-02T10:00:00+00:00,2026-03-02T10:10:00+00:00,Ada,Office\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`pages` are of the client's lead; the other client has nothing yet."""

    address: str
    cast: Cast
    history: WorkHistory
    pages: Mapping[str, str]
    cookies: Mapping[str, Mapping[str, str]]

    def sign_in(self, opened: BrowserPage, role: str, *, newcomer: bool = False) -> None:
        where = self.cast.other_client if newcomer else self.cast.client
        cookie = {**self.cookies[self.cast.person(role, where).email], "url": self.address}
        opened.page.context.add_cookies([cookie])


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("served")
    with django_db_blocker.unblock(), override_settings(VAR=var):
        server = LiveServer("localhost")
        try:
            yield _furnished(assemble(), server.url)
        finally:
            server.stop()
            call_command("flush", verbosity=0, interactive=False)
            connections.close_all()


@pytest.fixture(autouse=True)
def var() -> None:
    """The module's own, instead of one a test."""


@pytest.fixture(scope="module")
def one_page(site: Site, chromium: Any) -> Iterator[BrowserPage]:
    with opened_page(chromium, site.address) as opened:
        yield opened


@pytest.fixture
def browser(one_page: BrowserPage) -> Iterator[BrowserPage]:
    """One for the module, since opening it takes longer than most tests."""
    yield one_page
    complaints = [*one_page.complaints]
    one_page.complaints.clear()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def lead(site: Site, browser: BrowserPage) -> BrowserPage:
    site.sign_in(browser, Role.OPERATIONS_LEAD)
    return browser


@pytest.fixture
def newcomer(site: Site, browser: BrowserPage) -> BrowserPage:
    """The lead of a company that has nothing yet."""
    site.sign_in(browser, Role.OPERATIONS_LEAD, newcomer=True)
    return browser


@pytest.fixture
def employee(site: Site, browser: BrowserPage) -> BrowserPage:
    site.sign_in(browser, Role.EMPLOYEE)
    return browser


@pytest.fixture
def scriptless(site: Site, chromium: Any) -> Iterator[BrowserPage]:
    """The lead, in a browser that runs no JavaScript."""
    with opened_page(chromium, site.address, java_script_enabled=False) as opened:
        site.sign_in(opened, Role.OPERATIONS_LEAD)
        yield opened


def apart(work: Callable[[], T]) -> T:
    """Do it on a connection of its own, so that the server sees it."""

    def done() -> T:
        try:
            with as_system("a test"):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()


NAMES = tuple(name for name in PAGES if name != "planning:history-report")
OTHER_STATES = (
    "weights by which nothing is a candidate",
    "the map with what is proposed to hand over",
    "an activity entered by hand",
    "a history beside a process",
    "a history that changed",
    "a reading that goes on",
    "a reading that failed",
    "a file that cannot be read",
)


def _furnished(cast: Cast, address: str) -> Site:
    history = read(cast.lead, text=orders(7) + ONE_BAD_ROW)
    read(cast.lead, text=chain(length=4))
    subjects = Subjects(
        history=history,
        received=received(cast.lead),
        measured=history.activities.get(name="Enter"),
        entered=_entered_by_hand(cast),
        function=Function.objects.get(name="Ledger"),
    )
    _spoken_of(cast, history)
    own = addresses(subjects)
    pages = {name: f"{own[name]}?{urlencode(PAGES[name].data)}" for name in NAMES}
    states = dict(zip(OTHER_STATES, _other_states(cast, subjects), strict=True))
    cookies = {person.email: _cookie(person) for people in cast.people.values() for person in people.values()}
    return Site(address=address, cast=cast, history=history, pages={**pages, **states}, cookies=cookies)


def _entered_by_hand(cast: Cast) -> Activity:
    function = operations.add_function(
        actor=cast.lead, now=NOW, name="Ledger", office=Function.Office.BACK, description="Keeps the books."
    )
    return operations.add_activity(
        actor=cast.lead, now=NOW, function=function, name="Book travel", steps_per_month=40, minutes_each=25
    )


def _spoken_of(cast: Cast, history: WorkHistory) -> None:
    for role, comment in (("employee", "Nights before month end."), ("operations_lead", "")):
        operations.answer_activity(
            actor=cast.actor(role),
            now=NOW,
            activity=history.activities.get(name="Enter"),
            grades={"hurts": 5, "value": 2},
            comment=comment,
        )
    Rate.objects.create(organisation=cast.client, kind=Rate.Kind.DEFAULT, rate=35, currency="EUR")


def _other_states(cast: Cast, subjects: Subjects) -> Iterator[str]:
    """Their addresses, in the order of `OTHER_STATES`."""
    speaking_for = ("no_hands", "no_know_how", "no_experience", "hurts", "size")
    yield f"{reverse('planning:candidates')}?{urlencode(dict.fromkeys(speaking_for, 0))}"
    yield reverse("planning:history-map", args=(subjects.history.pk,)) + "?handed_over=on"
    assert subjects.entered is not None
    yield reverse("planning:activity", args=(subjects.entered.pk,))
    long = read(cast.lead, text=chain(length=12, prefix="Part"))
    beside = compared(cast.lead, long, data=found_process(long, ModelAsked()))
    yield reverse("planning:history-comparison", args=(beside.pk,))
    changed = read(cast.lead, text=drifting())
    yield reverse("planning:history-changes", args=(changed.pk,))
    going_on = confirmed(cast.lead)
    assert going_on.job is not None
    Job.objects.filter(pk=going_on.job.pk).update(
        state=Job.State.RUNNING, progress=0.4, phase="measuring", started_at=NOW
    )
    yield reverse("planning:history", args=(going_on.pk,))
    failed = read(cast.lead, text="Order,Task\n")
    yield reverse("planning:history", args=(failed.pk,))
    yield reverse("planning:history-columns", args=(received(cast.lead, text=CANNOT_BE_READ).pk,))


def _cookie(person: Person) -> dict[str, str]:
    browser = Client()
    browser.force_login(person)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value}
