"""What search finds of planning, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from backdesk.parties.models import Organisation
from backdesk.planning.models import Activity, Function, Rate
from backdesk.planning.web import search as sources
from backdesk.platform.querysets import OwnedQuerySet
from backdesk.platform.search import words_of
from tests.cast import Cast
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.histories import read, received
from tests.platform.web.markup import select, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def furnished(cast: Cast) -> Cast:
    """Each client has its own of everything, under names that begin alike."""
    for where in (cast.client, cast.other_client):
        function = Function.objects.create(
            organisation=where, name=f"Ledger of {where.name}", description="Books and closings"
        )
        Activity.objects.create(organisation=where, function=function, name=f"Post ledger of {where.name}")
        Rate.objects.create(
            organisation=where,
            kind=Rate.Kind.RESOURCE,
            name=f"Ledger Ada of {where.name}",
            rate=31,
            currency="EUR",
        )
        received(cast.actor("operations_lead", where), filename=f"Ledger log of {where.name}.csv")
    return cast


def titles(cast: Cast, role: str, where: Organisation, text: str = "ledger") -> list[str]:
    page = html.fromstring(cast.browser(role, where).get("/search/", {"q": text}).content)
    return sorted(words(link) for link in select(page, "section li.found a"))


def ledgers(where: Organisation) -> list[str]:
    return sorted(f"{kind} of {where.name}" for kind in ("Ledger", "Ledger Ada", "Ledger log", "Post ledger"))


def test_a_lead_finds_all_of_their_own_company_and_nothing_of_another(furnished: Cast) -> None:
    for where in (furnished.client, furnished.other_client):
        assert titles(furnished, "operations_lead", where) == ledgers(where)


def test_an_employee_does_not_find_whose_hour_has_a_rate(furnished: Cast) -> None:
    assert titles(furnished, "employee", furnished.client) == [
        name for name in ledgers(furnished.client) if "Ada" not in name
    ]


@pytest.mark.parametrize("role", ["delivery_manager", "agent"])
def test_a_provider_finds_nothing_of_its_clients(role: str, furnished: Cast) -> None:
    assert titles(furnished, role, furnished.provider) == []


def test_every_hit_opens_for_everyone_who_finds_it(furnished: Cast) -> None:
    for role in ("operations_lead", "employee", "controller", "auditor"):
        browser = furnished.browser(role)
        page = html.fromstring(browser.get("/search/", {"q": "ledger"}).content)
        for link in select(page, "section li.found a"):
            assert browser.get(link.get("href")).status_code < 400, (role, link.get("href"))


def test_what_is_said_of_a_function_is_looked_through_too(furnished: Cast) -> None:
    assert titles(furnished, "employee", furnished.client, "books") == ["Ledger of Larch & Sons"]


def test_a_case_is_found_by_the_beginning_of_its_number(cast: Cast) -> None:
    read(cast.lead)
    hits = list(sources.cases(actor=cast.lead, words=words_of("a-00"), limit=4))
    assert [hit.title for hit in hits] == ["A-000", "A-001", "A-002", "A-003"]
    assert cast.browser("employee").get(hits[3].url).status_code == 200
    assert list(sources.cases(actor=cast.other_lead, words=words_of("a-00"), limit=4)) == []
    assert list(sources.cases(actor=cast.lead, words=words_of("a"), limit=4)) == []


SOURCES: Iterable[Callable[..., object]] = (
    sources.activities,
    sources.functions,
    sources.histories,
    sources.rates,
)


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_asks_the_database_once(source: Callable[..., Iterable[object]], furnished: Cast) -> None:
    lead = furnished.lead
    with CaptureQueriesContext(connection) as captured:
        assert len(list(source(actor=lead, words=words_of("ledger"), limit=9))) == 1
    assert sum(" FROM " in query["sql"] for query in captured) == 1


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_forgot_to_look_whose_it_is_would_be_seen(
    source: Callable[..., Iterable[object]], furnished: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(OwnedQuerySet, "visible_to", lambda self, actor: self.all())
    assert len(list(source(actor=furnished.lead, words=words_of("ledger"), limit=9))) == 2
