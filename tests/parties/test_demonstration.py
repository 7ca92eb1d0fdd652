"""The demonstration's provider: founded by the same verbs as any other, and richly enough to look at."""

from __future__ import annotations

import pytest
from django.test import Client

from backdesk.parties import queries
from backdesk.parties.models import Absence, Organisation, Person, Role
from backdesk.parties.operations.demonstration import PROVIDER, SignIn, found_provider
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_ins(cast: Cast) -> tuple[SignIn, ...]:
    return found_provider(now=NOW, guest=cast.person(Role.EMPLOYEE))


def test_it_has_a_delivery_manager_and_agents_who_sign_in_with_what_is_told(
    sign_ins: tuple[SignIn, ...],
) -> None:
    assert [one.role for one in sign_ins] == [f"delivery_manager of {PROVIDER}", f"agent of {PROVIDER}"]
    for one in sign_ins:
        assert Client().login(username=one.email, password=one.password)


def test_its_people_are_in_teams_with_skills_and_absences(sign_ins: tuple[SignIn, ...]) -> None:
    provider = Organisation.objects.get(name=PROVIDER)
    manager = Person.objects.get(email=sign_ins[0].email)
    actor = queries.actor_for(person=manager, organisation_id=provider.pk, interface="web")
    assert {row.name for row in queries.team_rows(actor)} == {"Accounts desk", "Content desk", "Data desk"}
    assert all(row.leads for row in queries.team_rows(actor))
    assert any(queries.matrix(actor).fluent)
    assert Absence.objects.visible_to(actor).count() == 3


def test_somebody_belongs_to_both_companies(sign_ins: tuple[SignIn, ...], cast: Cast) -> None:
    guest = cast.person(Role.EMPLOYEE)
    places = {place.organisation.name: place.roles for place in queries.places_of(guest)}
    assert places == {"Larch & Sons": {"employee"}, PROVIDER: {"agent"}}


def test_the_cast_of_the_demonstration_is_marked_as_one(sign_ins: tuple[SignIn, ...]) -> None:
    assert Organisation.objects.get(name=PROVIDER).is_demonstration
