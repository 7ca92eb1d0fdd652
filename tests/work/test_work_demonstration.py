"""The demonstration's work is done by the verbs people use, and is there when one signs in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from backdesk.parties.models import Person, Role
from backdesk.parties.operations import add_person, found_organisation, give_role
from backdesk.parties.operations.demonstration import SIGNING_AGENT, found_provider
from backdesk.platform import documents as papers
from backdesk.platform.actor import system
from backdesk.work.models import Document, Entitlement, Item, Service, Step
from backdesk.work.operations.demonstration import PAPERS, load_work
from tests.made_once import Making, common_var, making, var  # noqa: F401

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(making: Making) -> Iterator[int]:  # noqa: F811
    with making():
        _companies()
        yield load_work(now=NOW, days=3)


def _companies() -> None:
    house = system(name="tests")
    client = found_organisation(
        actor=house, now=NOW, name="Alder", is_client=True, is_demonstration=True, zone="UTC"
    )
    people = {}
    for role in (Role.OPERATIONS_LEAD, Role.EMPLOYEE):
        people[role] = add_person(
            actor=house, now=NOW, email=f"{role}@alder.example", name=str(role.label), password=None
        )
        give_role(actor=house, now=NOW, person=people[role], organisation=client, role=role)
    found_provider(now=NOW, guest=people[Role.EMPLOYEE])


def test_both_services_are_in_use_with_people_who_may_do_them(loaded: int) -> None:
    assert set(Service.objects.values_list("key", "state")) == {
        ("invoice-entry", "active"),
        ("customer-record", "active"),
    }
    nodes = set(Entitlement.objects.values_list("route__node", flat=True))
    assert {"Enter", "Check", "Approve", "Key"} <= nodes


def test_who_signs_in_as_agent_is_given_work(loaded: int) -> None:
    jun = Person.objects.get(name=SIGNING_AGENT)
    assert {"Enter", "Check"} <= set(
        Entitlement.objects.filter(person_id=jun.pk).values_list("route__node", flat=True)
    )


def test_items_stand_where_work_leaves_them(loaded: int) -> None:
    states = set(Item.objects.values_list("state", flat=True))
    assert {"open", "delivered", "accepted"} <= states
    assert loaded == Item.objects.count() > 30
    assert Step.objects.filter(state="done", kind="key").exists()


def test_invoices_wait_with_the_page_they_came_on(loaded: int) -> None:
    found = Document.objects.filter(item__state="open", item__service__key="invoice-entry")
    assert [papers.pages(one) for one in found] == [1] * PAPERS
    assert all(str(one.pk) == one.item.data["input"]["document"] for one in found if one.item)


def test_it_is_loaded_once(loaded: int) -> None:
    assert load_work(now=NOW) == 0
