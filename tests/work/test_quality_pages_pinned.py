"""The pages of second eyes: each with every filter, and how many statements it sends, however much there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.work.models import Finding, Inspection, Item
from backdesk.work.operations import acceptance, gold
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.pinned import assert_sends, statements
from tests.work.routes import something_delivered
from tests.work.services import Work, a_service

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("quality_sql_counts.json").read_text())
PAGES = {
    "findings": "/work/quality/",
    "findings of a month": "/work/quality/?every=month&on=2026-03-02",
    "finding": "/work/quality/findings/{finding}/",
    "items": "/work/quality/items/",
    "acceptance": "/work/quality/acceptance/",
    "sampling": "/work/quality/sampling/",
    "gold": "/work/quality/gold/",
    "new gold": "/work/quality/gold/{service}/new/",
}
FILTERS = {
    "item": ("", "invoice"),
    "is_critical": ("", "True"),
    "kind": ("", "return"),
    "state": ("", "stands"),
    "sort": ("", "-kind"),
}


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    with making():
        return a_service(cast, limit=9)


@pytest.fixture(scope="module")
def found(cast: Cast, work: Work, making: Making) -> Finding:  # noqa: F811
    with making():
        return a_finding(cast, work)


def a_finding(cast: Cast, work: Work) -> Finding:
    """And an item that awaits its client, a case of gold, and a look at the first."""
    item = something_delivered(cast)
    acceptance.give_back(actor=cast.lead, now=timezone.now(), items=[item], reason="Another invoice.")
    something_delivered(cast)
    number = f"G-{Item.objects.count()}"
    truth = {"note": "paid"}
    gold.add_case(
        actor=cast.lead, now=timezone.now(), service=work.service, values={"number": number}, truth=truth
    )
    return Finding.objects.get(item=item)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_what_is_pinned_and_no_more_for_more_of_it(
    name: str, cast: Cast, work: Work, found: Finding
) -> None:
    browser = cast.browser()
    address = PAGES[name].format(finding=found.pk, service=work.service.pk)
    browser.get(address)  # what a process keeps once it has read it
    few = statements(browser, address, {})
    assert_sends(name, few, PINNED[name])
    for _ in range(2):
        a_finding(cast, work)
    browser.get(address)
    assert len(statements(browser, address, {})) == len(few)


@pytest.mark.parametrize("role", [Role.OPERATIONS_LEAD, Role.AGENT])
def test_findings_are_shown_by_every_filter_in_every_combination(
    role: str, cast: Cast, found: Finding
) -> None:
    browser = cast.browser(role, cast.client if role == Role.OPERATIONS_LEAD else cast.provider)
    for values in product(*FILTERS.values()):
        asked: dict[str, Any] = {name: value for name, value in zip(FILTERS, values, strict=True) if value}
        assert browser.get("/work/quality/", asked).status_code == 200, asked
    assert browser.get("/work/quality/", {"export": "csv", "state": "stands"}).status_code == 200


def test_a_filter_shows_what_it_asks_for(cast: Cast, found: Finding) -> None:
    browser = cast.browser()
    for asked, is_shown in (("kind=return", True), ("kind=review", False), ("state=disputed", False)):
        text = browser.get(f"/work/quality/?{asked}").content.decode()
        assert (f"/work/quality/findings/{found.pk}/" in text) is is_shown, asked
    assert Inspection.objects.filter(kind="return").exists()
