"""How many statements the lists, queues, board and intake send: pinned, and the same however much there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.work.models import Service
from backdesk.work.operations import steps
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.pinned import assert_sends, statements
from tests.work.services import a_service, an_item

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("lists_sql_counts.json").read_text())
PAGES = {
    "items": "/work/items/",
    "items by due time": "/work/items/?sort=due&due=later",
    "items by text": "/work/items/?title=N1",
    "queues": "/work/queues/",
    "board": "/work/board/",
    "imports": "/work/items/imports/",
    "adding an item": "/work/items/new/?service={service}",
}


@pytest.fixture(scope="module")
def some(making: Making) -> Cast:  # noqa: F811
    """Two services with a few items each, some in hand."""
    with making():
        cast, now = assemble(), timezone.now()
        for key in ("one", "two"):
            work = a_service(cast, key=key, limit=9)
            for number in range(4):
                an_item(work, f"N{number}", now=now)
            for agent in (0, 1):
                steps.take_next(actor=work.agent(agent), now=now)
    return cast


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_what_is_pinned_and_no_more_for_more_of_it(name: str, some: Cast) -> None:

    browser = some.browser(Role.DELIVERY_MANAGER, some.provider)
    address = PAGES[name].format(service=Service.objects.earliest("pk").pk)
    browser.get(address)  # what a process keeps once it has read it
    few = statements(browser, address, {})
    assert_sends(name, few, PINNED[name])
    work = a_service(some, key="three", limit=9)
    for number in range(6):
        an_item(work, f"N{number}", now=timezone.now())
    steps.take_next(actor=work.agent(1), now=timezone.now())
    assert len(statements(browser, address, {})) == len(few)
