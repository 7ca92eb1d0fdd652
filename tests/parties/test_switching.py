"""Belonging to two organisations: one goes from one to the other, and lands where there is something."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from backdesk.parties import operations
from backdesk.parties.models import Person, Role
from backdesk.parties.requests import SESSION_KEY
from tests.cast import BACKDESK, NOW, Cast
from tests.parties.company import opened_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(cast: Cast) -> Client:
    """The client's lead, who is an agent of the provider as well, acting for the provider."""
    lead = cast.person(Role.OPERATIONS_LEAD)
    operations.give_role(actor=BACKDESK, now=NOW, person=lead, organisation=cast.provider, role=Role.AGENT)
    browser = cast.browser()
    switched(browser, cast.provider.pk)
    return browser


def switched(browser: Client, organisation: int, **given: str) -> str:
    response = browser.post(reverse("choose-organisation"), {"organisation": organisation, **given})
    assert response.status_code == 302
    return str(response["Location"])


def test_one_lands_in_the_section_one_was_in(cast: Cast, both: Client) -> None:
    teams = reverse("organisation:teams")
    assert switched(both, cast.client.pk, **{"from": teams}) == teams
    person = reverse("organisation:person", args=(cast.person(Role.EMPLOYEE).pk,))
    assert switched(both, cast.provider.pk, **{"from": person}) == reverse("organisation:people")


def test_or_at_home_where_ones_roles_have_no_such_section(cast: Cast, both: Client) -> None:
    switched(both, cast.client.pk)
    inventory = reverse("planning:inventory")
    assert both.get(inventory).status_code == 200
    assert switched(both, cast.provider.pk, **{"from": inventory}) == "/"
    assert switched(both, cast.client.pk, **{"from": "/nowhere/"}) == "/"


def test_where_a_link_leads_nowhere_the_other_organisation_is_offered_and_the_link_then_works(
    cast: Cast, both: Client
) -> None:
    deep = reverse("organisation:team", args=(opened_team(cast).pk,))
    lost = both.get(deep)
    assert lost.status_code == 404
    form = lost.content.decode().split('aria-labelledby="elsewhere"')[0].rpartition("<form")[2]
    assert f'action="{reverse("choose-organisation")}"' in form
    assert f'name="next" value="{deep}"' in lost.content.decode()
    assert "Larch" in lost.content.decode()
    assert switched(both, cast.client.pk, next=deep) == deep
    assert both.get(deep).status_code == 200


def test_the_offer_says_nothing_of_whether_the_object_exists(cast: Cast, both: Client) -> None:
    there = both.get(reverse("organisation:team", args=(opened_team(cast).pk,))).content.decode()
    nowhere = both.get(reverse("organisation:team", args=(999_999,))).content.decode()
    assert offer_of(there) == offer_of(nowhere)


def test_who_belongs_to_one_organisation_is_offered_none(cast: Cast) -> None:
    lost = cast.browser(Role.EMPLOYEE).get(reverse("organisation:team", args=(999_999,)))
    assert 'name="organisation"' not in lost.content.decode()


def test_nobody_is_led_to_another_site(cast: Cast, both: Client) -> None:
    assert switched(both, cast.client.pk, next="https://elsewhere.example/") == "/"


def test_a_choice_outlives_the_request_and_not_the_membership(cast: Cast, both: Client) -> None:
    assert both.session[SESSION_KEY] == cast.provider.pk
    lead: Person = cast.person(Role.OPERATIONS_LEAD)
    lead.memberships.filter(organisation=cast.provider).update(ended_at=NOW.replace(year=2027))
    assert "Larch" in both.get("/").content.decode()


def offer_of(page: str) -> str:
    return (
        page.split('aria-labelledby="elsewhere"')[1]
        .split('name="next"')[1]
        .split(">", 1)[1]
        .split("</form>")[0]
    )
