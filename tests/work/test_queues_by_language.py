"""Items of a language wait for people who know it: the client's lead says so by the form of the service."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from backdesk.parties.models import Role
from backdesk.work.models import Item, Route, Service
from backdesk.work.operations import steps
from backdesk.work.operations.services import publish_service
from tests.cast import NOW, Cast
from tests.work.service_routes import published
from tests.work.test_services import read_by_agent, skilled

pytestmark = pytest.mark.django_db

RECORD = {"record_number": "C000001", "name": "HANSEN, L.", "address": "Torvet 1\n8000 AARHUS"}


def danish(cast: Cast) -> Service:
    """A service with queues for Danish, which the agent may work on but for its language."""
    service = published(cast)
    skilled(cast)
    changed = revised(cast, service, "da Danish")
    assert changed.status_code == 302
    service = publish_service(actor=cast.lead, now=NOW, service=service)
    read_by_agent(cast, service)
    return service


def revised(cast: Cast, service: Service, languages: str) -> Any:
    lead, address = cast.browser(), reverse("work:service-revision", args=[service.pk])
    initial = lead.get(address).context["page"].form.initial
    typed = {name: "" if value is None else str(value) for name, value in initial.items()}
    return lead.post(address, {**typed, "languages": languages, "note": "By language."})


def added(cast: Cast, service: Service, language: str) -> Item:
    """By the form of the page, which offers the languages there are queues of."""
    lead, address = cast.browser(), f"{reverse('work:item-new')}?service={service.pk}"
    assert "<option>da</option>" in lead.get(address).content.decode()
    response = lead.post(address, {**RECORD, "_language": language})
    assert response.status_code == 302, response.content.decode()
    return Item.objects.get()


def test_who_knows_the_language_is_given_the_item_and_nobody_else(cast: Cast) -> None:
    item = added(cast, danish(cast), "da")
    assert steps.take_next(actor=cast.agent, now=NOW) is None
    skilled(cast, name="Danish")
    step = steps.take_next(actor=cast.agent, now=NOW)
    assert step is not None
    assert step.item_id == item.pk


@pytest.mark.parametrize("language", ["", "xx"])
def test_the_control_an_item_of_no_language_of_its_own_waits_for_everybody(cast: Cast, language: str) -> None:
    added(cast, danish(cast), language)
    assert steps.take_next(actor=cast.agent, now=NOW) is not None


def test_a_language_that_is_given_up_has_no_new_items(cast: Cast) -> None:
    service = danish(cast)
    revised(cast, service, "")
    service = publish_service(actor=cast.lead, now=NOW, service=service)
    browser = cast.browser()
    browser.post(f"{reverse('work:item-new')}?service={service.pk}", {**RECORD, "_language": "da"})
    assert Route.objects.filter(service=service, language="da").exists()
    assert steps.take_next(actor=cast.agent, now=NOW) is not None


@pytest.mark.parametrize("typed", ["Danish", "da", "dansk Danish"])
def test_what_is_no_language_and_skill_is_told_with_what_would_be(cast: Cast, typed: str) -> None:
    refused = revised(cast, published(cast), typed)
    assert refused.status_code == 422
    assert "like “da Danish”" in refused.content.decode()


def test_the_skills_of_a_language_stand_with_its_queue(cast: Cast) -> None:
    service = danish(cast)
    routes = Route.objects.filter(service=service, node="LookUp", organisation_id=cast.provider.pk)
    assert {one.language: one.skills for one in routes} == {
        "": {"Record matching": 2},
        "da": {"Record matching": 2, "Danish": 2},
    }
    shown = cast.browser(Role.AGENT, cast.provider).get(reverse("work:service", args=[service.pk]))
    assert "da (Danish)" in shown.content.decode()
