"""How many statements an agent's pages send: pinned, and the same however much there is; and how large they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.work.models import Step
from backdesk.work.operations import steps
from tests.cast import assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.pinned import assert_sends, statements
from tests.work.desks import ENTERED, a_desk, an_invoice, in_hand
from tests.work.services import Work, a_service, an_item

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("doing_sql_counts.json").read_text())
LARGEST = 150_000


@pytest.fixture(scope="module")
def work(making: Making) -> Work:  # noqa: F811
    with making():
        made = a_desk(assemble())
        an_invoice(made)
        return made


@pytest.fixture
def step(work: Work) -> Step:
    return in_hand(work)


@pytest.fixture
def agent(work: Work) -> Client:
    return work.cast.browser(Role.AGENT, work.cast.provider)


def more_of_everything(work: Work, step: Step) -> None:
    """Other work in hand and in queues, and fifty lines in the draft."""
    other = a_service(work.cast, key="other", limit=9)
    for number in range(5):
        an_item(other, f"N{number}", now=timezone.now())
    for _number in range(2):
        steps.take_next(actor=work.agent(), now=timezone.now())
    lines = [
        {"description": f"Line {number}", "net": {"amount": "1.00", "currency": "EUR"}}
        for number in range(50)
    ]
    steps.save_draft(
        actor=work.agent(), now=timezone.now(), step_id=step.pk, claim=step.claim, values={"lines": lines}
    )


@pytest.mark.parametrize(
    ("name", "place"), [("mine", "/work/"), ("step", "/work/step/{0}/"), ("item", "/work/items/{1}/")]
)
def test_a_page_sends_what_is_pinned_and_no_more_for_more_of_it(
    name: str, place: str, work: Work, step: Step, agent: Client
) -> None:
    address = place.format(step.pk, step.item_id)
    agent.get(address)  # what a process keeps once it has read it
    few = statements(agent, address, {})
    assert_sends(name, few, PINNED[name])
    more_of_everything(work, step)
    assert len(statements(agent, address, {})) == len(few)
    assert len(agent.get(address).content) < LARGEST


def test_a_draft_sends_what_is_pinned(step: Step, agent: Client) -> None:
    agent.get(f"/work/step/{step.pk}/")
    typed = {**ENTERED, "_claim": step.claim}
    with CaptureQueriesContext(connection) as captured:
        agent.post(f"/work/step/{step.pk}/draft/", typed, headers={"X-Requested-With": "fetch"})
    assert_sends("draft", [str(one["sql"]) for one in captured.captured_queries], PINNED["draft"])
