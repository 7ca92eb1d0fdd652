"""How many statements the bell, the pages of notifications and search send: pinned, and alike however much there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backdesk.parties.models import Team
from backdesk.planning.models import Activity, Function
from backdesk.platform.actor import Actor
from backdesk.platform.notifications import queries
from tests.cast import NOW, Cast
from tests.platform.notifications.telling import tell

pytestmark = pytest.mark.django_db

#: Beside those that every page sends to know who asks.
PINNED = {
    "/notifications/bell/": 1,
    "/notifications/": 3,  # the rows, the count of the page, the bell in the rail
    "/notifications/preferences/": 3,  # with the hours
    "/search/": 1,
    "/search/?q=ledger": 12,  # one for each of nine sources, two for items, and the bell
    "/search/?q=ledger&palette": 11,
}


@pytest.fixture
def furnished(cast: Cast) -> Cast:
    for number in range(60):
        tell(cast.lead, cast.person("auditor"), title=f"No. {number}", now=NOW + timedelta(minutes=number))
    function = Function.objects.create(organisation=cast.client, name="Ledger")
    Activity.objects.bulk_create(
        Activity(organisation=cast.client, function=function, name=f"Ledger {number}") for number in range(30)
    )
    Team.objects.create(organisation=cast.client, name="Ledger", opened_at=NOW)
    return cast


def asked(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return [str(one["sql"]) for one in captured if " FROM " in str(one["sql"])]


@pytest.mark.parametrize(("address", "pinned"), PINNED.items(), ids=PINNED)
def test_a_page_asks_as_often_as_pinned_however_much_there_is(
    address: str, pinned: int, furnished: Cast
) -> None:
    for browser in (furnished.browser("auditor"), furnished.browser("auditor", furnished.other_client)):
        known = len(asked(browser, "/style/")) - 1  # the style page asks for the bell alone
        sent = asked(browser, address)
        assert len(sent) - known == pinned, "\n".join(one[:200] for one in sent)


def test_the_bell_counts_in_one_statement_and_no_further_than_it_shows(furnished: Cast) -> None:
    for number in range(60):
        tell(furnished.lead, furnished.person("auditor"), title=f"More {number}")
    actor = furnished.actor("auditor")
    with CaptureQueriesContext(connection) as captured:
        assert queries.unread_count(actor) == queries.MOST_COUNTED
    assert sum(" FROM " in str(one["sql"]) for one in captured) == 1


def test_nobody_without_a_person_is_told_anything(furnished: Cast) -> None:
    nobody = Actor(person_id=None, organisation_id=furnished.client.pk)
    assert queries.unread_count(nobody) == 0
    assert queries.inbox(nobody, limit=9) == []
