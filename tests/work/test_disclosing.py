"""Least disclosure: of an item everybody is shown what their part of the work needs, wherever they look."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from lxml import html

from backdesk.parties.models import Role
from backdesk.platform.audit.verification import verify
from backdesk.platform.models import AuditEntry
from backdesk.work.models import Event, Item, Step
from backdesk.work.queries import disclosed
from backdesk.work.queries.compiled import compiled
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.platform.web.markup import select, words
from tests.work.desks import ENTERED, a_desk, an_invoice, in_hand
from tests.work.services import Work

pytestmark = pytest.mark.django_db

#: What only the client sees, what is masked, and what the task of the agent does not need.
BUDGET, ORDERED_BY, COST_CENTRE = "12,000.00", "Kim Larsen", "cost_centre"


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    with making():
        made = a_desk(cast)
        an_invoice(made)
        return made


@pytest.fixture
def step(work: Work) -> Step:
    return in_hand(work)


@pytest.fixture
def agent(cast: Cast) -> Client:
    return cast.browser(Role.AGENT, cast.provider)


@pytest.fixture
def manager(cast: Cast) -> Client:
    return cast.browser(Role.DELIVERY_MANAGER, cast.provider)


@pytest.fixture
def lead(cast: Cast) -> Client:
    return cast.browser(Role.OPERATIONS_LEAD)


def everything_an_agent_is_sent(agent: Client, step: Step) -> str:
    """The pages of the step and its item, and what scripts ask for while it is worked on."""
    typed = {**ENTERED, "_claim": step.claim, "total": "122"}
    fetched = {"X-Requested-With": "fetch"}
    place = f"/work/step/{step.pk}/"
    answers = [
        agent.get(place),
        agent.get(f"/work/items/{step.item_id}/"),
        agent.post(f"{place}draft/", typed, headers=fetched),
        agent.post(f"{place}heartbeat/", {"_claim": step.claim}, headers=fetched),
        agent.post(f"{place}completion/", typed),
        agent.get(f"{place}lookup/", {"lookup": "suppliers", "q": "a"}),
        agent.get(f"{place}return/"),
        agent.get("/work/"),
    ]
    assert {answer.status_code for answer in answers} == {200, 422}
    return "".join(answer.content.decode() for answer in answers)


def test_an_agent_is_sent_nothing_their_step_does_not_need(agent: Client, step: Step) -> None:
    sent = everything_an_agent_is_sent(agent, step)
    assert "accounts@alder.example" in sent
    for secret in (BUDGET, "12000.00", ORDERED_BY, COST_CENTRE, "budget", "Cost centre"):
        assert secret not in sent, secret


def test_the_guard_is_what_keeps_them_back(
    agent: Client, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: where tasks were given all fields, and masks were off, the test above would fail."""
    monkeypatch.setattr(disclosed, "_named", lambda service, node, part: None)
    monkeypatch.setattr(disclosed, "_is_masked", lambda field: False)
    assert ORDERED_BY in everything_an_agent_is_sent(agent, step)


def test_the_client_keeps_its_fields_also_from_who_leads_at_the_provider(
    manager: Client, lead: Client, step: Step
) -> None:
    for browser, sees in ((manager, False), (lead, True)):
        sent = browser.get(f"/work/items/{step.item_id}/").content.decode()
        assert (BUDGET in sent) is sees
        assert ("Left of the budget" in sent) is sees


def test_what_the_client_keeps_does_not_even_reach_the_provider(work: Work, step: Step) -> None:
    """Were a page to show all it has: the values are not there to be shown."""
    service = compiled(actor=work.agent(), version_id=step.item.version_id).service
    assert "budget" not in {one.name for one in service.input.fields}
    assert "budget" not in json.dumps(Item.objects.get(pk=step.item_id).data)
    assert "budget" not in json.dumps(dict(disclosed.whole_data(actor=work.agent(), item=step.item)))
    assert "budget" in json.dumps(dict(disclosed.whole_data(actor=work.lead, item=step.item)))


def test_a_field_for_the_clients_eyes_is_left_out_though_the_providers_service_had_it(
    work: Work, step: Step
) -> None:
    whole = compiled(actor=work.lead, version_id=step.item.version_id).service
    shown = disclosed.disclosed(actor=work.manager, item=step.item, service=whole)
    assert "budget" not in {one.name for one in shown.fields["input"]}


def test_a_masked_value_is_dots_until_one_says_why(manager: Client, step: Step) -> None:
    page = html.fromstring(manager.get(f"/work/items/{step.item_id}/").content.decode())
    assert ORDERED_BY not in words(page)
    (link,) = [one for one in select(page, "a") if "Ordered by" in words(one)]
    asked = manager.get(link.get("href"))
    assert "Why do you need to see “Ordered by”?" in words(html.fromstring(asked.content.decode()))

    def ask(reason: str, **headers: Any) -> Any:
        data = {"field": "input.ordered_by", "reason": reason}
        return manager.post(f"/work/items/{step.item_id}/unmasking/", data, headers=headers)

    refused = ask("  ")
    assert (refused.status_code, ORDERED_BY in refused.content.decode()) == (422, False)
    shown = ask("The supplier asks for a name.", **{"HX-Request": "true"})
    assert ORDERED_BY in shown.content.decode()
    event = Event.objects.get(item=step.item_id, kind="field unmasked")
    assert event.data == {"field": "input.ordered_by", "reason": "The supplier asks for a name."}
    assert ORDERED_BY not in json.dumps(event.data)
    assert AuditEntry.objects.filter(verb="field unmasked").exists()
    assert verify().holds
    told = words(html.fromstring(manager.get(f"/work/items/{step.item_id}/").content.decode()))
    assert "looked at “Ordered by”, which is masked: The supplier asks for a name." in told
    assert ORDERED_BY not in told


def test_an_agent_cannot_unmask_what_their_step_does_not_show(agent: Client, step: Step) -> None:
    data = {"field": "input.ordered_by", "reason": "curious"}
    assert agent.post(f"/work/items/{step.item_id}/unmasking/", data).status_code == 404


@pytest.mark.parametrize("path", ["input.sender", "input.budget", "output.total", "input", "nothing.at", ""])
def test_nothing_else_can_be_asked_for_by_its_path(manager: Client, step: Step, path: str) -> None:
    data = {"field": path, "reason": "curious"}
    assert manager.post(f"/work/items/{step.item_id}/unmasking/", data).status_code == 404


def test_after_the_step_an_agent_still_sees_what_it_showed_and_no_more(agent: Client, step: Step) -> None:
    done = agent.post(
        f"/work/step/{step.pk}/completion/", {**ENTERED, "_claim": step.claim, "_confirmed": "1"}
    )
    assert done.status_code == 302, words(html.fromstring(done.content.decode()))
    sent = agent.get(f"/work/items/{step.item_id}/").content.decode()
    assert "121.00" in sent
    assert ORDERED_BY not in sent
    assert "Ordered by" not in sent


def test_a_reviewers_verdict_is_kept_before_it_is_complete(work: Work, cast: Cast) -> None:
    """And an agent who reviews sees what was entered, and still nothing else."""
    an_invoice(work, document_number="IN-10500")
    made = Step.objects.create(
        item=Item.objects.get(business_key="IN-10500"), service_id=work.service.pk, client_id=cast.client.pk,
        provider_id=cast.provider.pk, organisation_id=cast.provider.pk, node="Check", kind=Step.Kind.REVIEW,
        route=next(one for one in work.routes.values() if one.node == "Check"), enabled_at=work.version.made_at,
        priority=1,
    )  # fmt: skip
    step = in_hand(work)
    assert step.pk == made.pk
    agent = cast.browser(Role.AGENT, cast.provider)
    typed = {"_claim": step.claim, "_verdict": "wrong", "_finding-1-note": "half a"}
    assert (
        agent.post(f"/work/step/{step.pk}/draft/", typed, headers={"X-Requested-With": "fetch"}).status_code
        == 200
    )
    node = html.fromstring(agent.get(f"/work/step/{step.pk}/").content.decode())
    assert select(node, "#verdict-wrong")[0].get("checked") is not None
    assert "half a" in html.tostring(node).decode()
    assert ORDERED_BY not in html.tostring(node).decode()
