"""What search finds of the parties, and for whom."""

from __future__ import annotations

import pytest
from lxml import html

from backdesk.parties.models import Organisation, Skill, Team
from tests.cast import NOW, Cast
from tests.platform.web.markup import select, words

pytestmark = pytest.mark.django_db


def found(cast: Cast, role: str, where: Organisation, text: str) -> list[str]:
    page = html.fromstring(cast.browser(role, where).get("/search/", {"q": text}).content)
    return [words(link) for link in select(page, "section li.found a")]


@pytest.fixture
def furnished(cast: Cast) -> Cast:
    for where in cast.organisations:
        Team.objects.create(organisation=where, name=f"Ledger team of {where.name}", opened_at=NOW)
        Team.objects.create(organisation=where, name="Ledger of old", opened_at=NOW, closed_at=NOW)
        Skill.objects.create(organisation=where, name=f"Ledger skill of {where.name}")
    return cast


@pytest.mark.parametrize("role", ["operations_lead", "employee"])
def test_one_finds_the_teams_and_skills_of_ones_own_company_that_are_open(role: str, furnished: Cast) -> None:
    assert found(furnished, role, furnished.client, "ledger") == [
        "Ledger team of Larch & Sons",
        "Ledger skill of Larch & Sons",
    ]


def test_one_finds_ones_colleagues_by_name_and_by_address_and_nobody_else(furnished: Cast) -> None:
    assert found(furnished, "agent", furnished.provider, "agent") == ["agent of Steady Hands"]
    assert found(furnished, "employee", furnished.client, "aud larch") == ["auditor of Larch & Sons"]
    assert found(furnished, "employee", furnished.client, "steady") == []
    assert found(furnished, "employee", furnished.other_client, "larch") == []


def test_every_hit_opens_for_everyone_who_finds_it(furnished: Cast) -> None:
    for where, role in ((furnished.client, "employee"), (furnished.provider, "agent")):
        browser = furnished.browser(role, where)
        page = html.fromstring(browser.get("/search/", {"q": where.name.split()[0]}).content)
        links = select(page, "section li.found a")
        assert len(links) >= 3
        for link in links:
            assert browser.get(link.get("href")).status_code == 200, link.get("href")
