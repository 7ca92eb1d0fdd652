"""How many statements each page of an organisation sends: pinned, and the same for many people as for few."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backdesk.parties import operations
from backdesk.parties.models import Absence, Engagement, Organisation, Person, Role
from backdesk.platform.actor import Actor
from tests.cast import BACKDESK, NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.parties import company
from tests.pinned import assert_sends, statements

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("sql_counts.json").read_text())
PAGES = [name for name, route in company.ROUTES.items() if route.method == "get" and not route.public]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    lead: Client
    addresses: Mapping[str, str]


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def small(cast: Cast, making: Making) -> Company:  # noqa: F811
    with making():
        return furnished(cast, cast.client, size=2)


@pytest.fixture(scope="module")
def large(cast: Cast, making: Making) -> Company:  # noqa: F811
    with making():
        return furnished(cast, cast.other_client, size=7)


def test_every_page_is_pinned() -> None:
    assert set(PINNED) == set(PAGES)


@pytest.mark.parametrize(("name", "pinned"), PINNED.items(), ids=PINNED)
def test_a_page_asks_the_database_as_often_as_pinned_however_many_people_there_are(
    name: str, pinned: int, small: Company, large: Company
) -> None:
    for one in (small, large):
        assert_sends(name, statements(one.lead, one.addresses[name], {}), pinned)


@pytest.mark.parametrize("change", [-1, 1])
def test_a_page_that_asks_more_or_fewer_is_told(change: int, small: Company) -> None:
    """The negative control."""
    name = "organisation:people"
    with pytest.raises(AssertionError, match=name):
        assert_sends(name, statements(small.lead, small.addresses[name], {}), PINNED[name] + change)


def furnished(cast: Cast, where: Organisation, *, size: int) -> Company:
    """As many people, teams, skills, absences and invitations, all of them with all of it."""
    lead = cast.actor(Role.OPERATIONS_LEAD, where)
    people = [_joined(where, number) for number in range(size)]
    for number in range(size):
        _work_together(lead, people, number)
    begins_at = timezone.now() + timedelta(days=1)
    for person in people:
        operations.plan_absence(
            actor=lead,
            now=NOW,
            person=person,
            begins_at=begins_at,
            ends_at=begins_at + timedelta(days=2),
            kind="holiday",
        )
    operations.offboard_person(actor=lead, now=NOW + timedelta(days=1), person=_joined(where, size))
    for number in range(size):
        _engaged(cast, where, people, number)
    return Company(
        lead=cast.browser(organisation=where),
        addresses={name: _address(lead, people[0], name) for name in PAGES},
    )


def _joined(where: Organisation, number: int) -> Person:
    person = operations.add_person(
        actor=BACKDESK, now=NOW, email=f"{where.pk}-{number}@example.org", name=f"P {number}", password=None
    )
    operations.give_role(actor=BACKDESK, now=NOW, person=person, organisation=where, role=Role.EMPLOYEE)
    return person


def _work_together(lead: Actor, people: list[Person], number: int) -> None:
    team = operations.open_team(actor=lead, now=NOW, name=f"Team {number}")
    skill = operations.add_skill(actor=lead, now=NOW, name=f"Skill {number}")
    operations.invite_person(actor=lead, now=NOW, email=f"i{number}@example.org", roles=["employee"])
    for person in people:
        operations.join_team(actor=lead, now=NOW, team=team, person=person, is_lead=True)
        operations.grade_skill(actor=lead, now=NOW, person=person, skill=skill, level=3)


def _engaged(cast: Cast, where: Organisation, people: list[Person], number: int) -> None:
    made = Engagement.objects.create(
        client=where,
        provider=cast.provider,
        name=f"Accounts {number}",
        begins_at=NOW,
        proposed_at=NOW,
        accepted_at=NOW,
    )
    for person in people:
        operations.name_participant(
            actor=cast.actor(Role.OPERATIONS_LEAD, where), now=NOW, engagement=made, person_id=person.pk
        )


def _address(lead: Actor, person: Person, name: str) -> str:
    keys: Mapping[Any, Callable[[], int]] = {
        company.a_person: lambda: person.pk,
        company.a_team: lambda: person.team_memberships.earliest("pk").team_id,
        company.a_skill: lambda: person.graded_skills.earliest("pk").skill_id,
        company.an_absence: lambda: Absence.objects.get(person=person).pk,
        company.an_engagement: lambda: (
            Engagement.objects.filter(client_id=lead.organisation_id).earliest("pk").pk
        ),
        company.somebody_who_left: lambda: Person.objects.known_to(lead).latest("pk").pk,
    }
    key = keys.get(company.ROUTES[name].of)
    return reverse(name, kwargs={"pk": key()} if key else {})
