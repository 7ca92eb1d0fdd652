"""How many statements the pages of clocks send: pinned, and the same however much there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.work.models import Item, Service
from backdesk.work.operations import pauses, questions
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.pinned import assert_sends, statements
from tests.work.services import Work, a_service, an_item

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("clocks_sql_counts.json").read_text())
PAGES = {
    "clock": "/work/items/{item}/clock/",
    "pauses": "/work/pauses/",
    "questions": "/work/questions/",
    "asking": "/work/items/{item}/questions/new/",
    "terms": "/work/services/{service}/terms/",
}


@pytest.fixture(scope="module")
def some(making: Making) -> tuple[Cast, Work]:  # noqa: F811
    with making():
        cast = assemble()
        work = a_service(cast)
        asked(work, "A-1")
        asked(work, "A-2")
    return cast, work


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_what_is_pinned_and_no_more_for_more_of_it(name: str, some: tuple[Cast, Work]) -> None:
    cast, work = some
    browser = cast.browser(Role.OPERATIONS_LEAD)
    address = PAGES[name].format(item=Item.objects.earliest("pk").pk, service=Service.objects.get().pk)
    browser.get(address)  # what a process keeps once it has read it
    few = statements(browser, address, {})
    assert_sends(name, few, PINNED[name])
    for number in range(5):
        asked(work, f"B-{number}")
    assert len(statements(browser, address, {})) == len(few)


def asked(work: Work, number: str) -> None:
    """An item with a question that is to stop its clock, and one the other way."""
    now = timezone.now()
    item = an_item(work, number, now=now)
    pauses.propose_pause(actor=work.manager, now=now, item_id=item.pk, reason="Illegible")
    questions.ask(actor=work.manager, now=now, item_id=item.pk, text="Which one?")
    questions.ask(actor=work.lead, now=now, item_id=item.pk, text="When?")
