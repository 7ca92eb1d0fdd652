"""Bringing organisations and people in: what is refused, and what is written down."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backdesk.parties import operations, queries
from backdesk.parties.models import Membership, Organisation, Person, Role
from backdesk.platform.models import AuditEntry
from tests.cast import BACKDESK, NOW, Cast

pytestmark = pytest.mark.django_db


def test_an_address_is_one_person_whatever_its_case(cast: Cast) -> None:
    taken = cast.person(Role.EMPLOYEE).email.upper()
    with pytest.raises(operations.EmailTaken, match=r"belongs to somebody already"):
        operations.add_person(actor=BACKDESK, now=NOW, email=taken, name="Twin", password=None)


def test_not_even_past_the_operation(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="Upper@example.org", name="", created_at=NOW)


def test_a_zone_that_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(operations.UnknownZone, match="Europe/Copenhagen"):
        operations.found_organisation(actor=BACKDESK, now=NOW, name="X", is_client=True, zone="Mars/Olympus")


def test_an_unknown_role_is_refused_and_the_known_ones_named(cast: Cast) -> None:
    with pytest.raises(operations.UnknownRole, match="operations_lead, employee"):
        operations.give_role(
            actor=cast.lead, now=NOW, person=cast.person(Role.AUDITOR), organisation=cast.client, role="king"
        )


def test_an_organisation_is_client_or_provider_or_both(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="organisation_has_a_side"), transaction.atomic():
        operations.found_organisation(actor=BACKDESK, now=NOW, name="Neither")


def test_giving_a_role_twice_gives_it_once(cast: Cast) -> None:
    person = cast.person(Role.EMPLOYEE)
    first, again = (
        operations.give_role(
            actor=cast.lead, now=NOW, person=person, organisation=cast.client, role=Role.CONTROLLER
        )
        for _ in range(2)
    )
    assert first == again
    assert AuditEntry.objects.filter(verb="role given", subject_id=str(again.pk)).count() == 1


def test_without_a_password_nobody_signs_in(cast: Cast) -> None:
    person = operations.add_person(actor=BACKDESK, now=NOW, email="n@example.org", name="N", password=None)
    assert not person.has_usable_password()


def test_everybody_sees_their_own_organisation_its_people_and_no_other(cast: Cast) -> None:
    actors = {organisation: cast.actor(next(iter(cast.people[organisation.pk])), organisation)
              for organisation in cast.organisations}  # fmt: skip
    for organisation, actor in actors.items():
        people = {person.pk for person in cast.people[organisation.pk].values()}
        assert list(Organisation.objects.visible_to(actor)) == [organisation]
        assert {person.pk for person in Person.objects.visible_to(actor)} == people
        assert {m.person_id for m in Membership.objects.visible_to(actor)} == people
        assert {m.person_id for m in queries.members(actor)} == people


def founded(**changed: Any) -> Person:
    given: dict[str, Any] = {
        "company": "Alder & Daughters",
        "zone": "Europe/Copenhagen",
        "name": "Inge Sand",
        "email": "inge@alder.example",
        "password": "nine green bottles",
    }
    return operations.found_company(actor=BACKDESK, now=NOW, **{**given, **changed})


def test_a_company_is_founded_with_a_lead_who_signs_in_and_finds_the_next_step() -> None:
    founded()
    browser = Client()
    assert browser.login(username="inge@alder.example", password="nine green bottles")
    page = browser.get("/").content.decode()
    assert "Alder" in page
    assert "Upload a work history" in page


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"password": "short"}, operations.PasswordTooWeak),
        ({"zone": "Mars/Olympus"}, operations.UnknownZone),
        ({"email": "EMPLOYEE@larch.example"}, operations.EmailTaken),
        ({"email": "inge"}, operations.NoEmail),
    ],
)
def test_what_is_refused_founds_nothing(
    cast: Cast, changed: dict[str, str], refusal: type[Exception]
) -> None:
    before = Organisation.objects.count()
    with pytest.raises(refusal):
        founded(**changed)
    assert Organisation.objects.count() == before
