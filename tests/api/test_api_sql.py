"""How many statements each list of the API sends to the database: pinned, and the same however much there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backdesk.config.api import interface
from backdesk.conversations import operations as conversations
from backdesk.parties import operations as parties
from backdesk.parties.models import Organisation, Role
from backdesk.platform.webhooks import operations as webhooks
from tests.api.calling import ROOT, Program
from tests.cast import NOW, Cast, assemble
from tests.conversations.matters import own_thread, said
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.test_queries_pinned import Company, furnished

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("sql_counts.json").read_text())
LISTS = {
    told["operationId"]: path.removeprefix(ROOT)
    for path, methods in interface.document()["paths"].items()
    for method, told in methods.items()
    if method == "get" and "offset" in {one["name"] for one in told["parameters"]}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    program: Program
    history: str
    others: Mapping[str, str]
    """By operation, what its path names where that is no history."""


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def callers(cast: Cast, making: Making) -> tuple[Caller, Caller]:  # noqa: F811
    """One of a company with little, one of a company with much."""
    with making():
        little = furnished(cast, cast.client, histories=1, activities=2, functions=1)
        much = furnished(cast, cast.other_client, histories=3, activities=20, functions=12)
        return _caller(cast, cast.client, little, each=1), _caller(cast, cast.other_client, much, each=9)


def _caller(cast: Cast, where: Organisation, company: Company, *, each: int) -> Caller:
    actor = cast.actor(Role.OPERATIONS_LEAD, where)
    for number in range(each):
        team = parties.open_team(actor=actor, now=NOW, name=f"Team {number}")
        person = cast.person(Role.EMPLOYEE, where)
        parties.join_team(actor=actor, now=NOW, team=team, person=person, is_lead=True)
        skill = parties.add_skill(actor=actor, now=NOW, name=f"Skill {number}")
        parties.grade_skill(actor=actor, now=NOW, person=person, skill=skill, level=2)
        parties.plan_absence(
            actor=actor, now=NOW, person=person, kind="holiday",
            begins_at=NOW.replace(year=2030 + number), ends_at=NOW.replace(year=2030 + number, month=5),
        )  # fmt: skip
        parties.invite_person(
            actor=actor, now=NOW, email=f"{number}@{where.pk}.example", roles=["employee"]
        )  # fmt: skip
        made = webhooks.add_endpoint(actor=actor, now=NOW, url="https://erp.example.com/backdesk")
        webhooks.send_test(actor=actor, now=NOW, endpoint=made.endpoint)
        conversation = own_thread(cast, where)
        said(cast.actor(Role.EMPLOYEE, where), conversation)
        conversations.follow(actor=actor, now=NOW, thread=conversation)
    history = company.addresses["planning:history"].strip("/").rpartition("/")[2]
    program = Program(actor)
    program.get("/me")  # what is told once a minute of a token's use is told before
    return Caller(program=program, history=history, others={"list_messages": str(conversation.pk)})


def test_every_list_is_pinned() -> None:
    assert set(PINNED) == set(LISTS)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_asks_the_database_as_often_as_pinned_however_much_there_is(
    name: str, callers: tuple[Caller, Caller]
) -> None:
    sent = [_statements(name, caller) for caller in callers]
    assert [len(one) for one in sent] == [PINNED[name]] * 2, "\n".join(one[:200] for one in sent[1])


@pytest.mark.parametrize("change", [-1, 1])
def test_a_list_that_asks_more_or_fewer_is_told(change: int, callers: tuple[Caller, Caller]) -> None:
    """The negative control."""
    assert len(_statements("list_functions", callers[0])) != PINNED["list_functions"] + change


def _statements(name: str, caller: Caller) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = caller.program.get(LISTS[name].format(pk=caller.others.get(name, caller.history)))
        assert response.status_code == 200, response.content
    return [str(one["sql"]) for one in captured.captured_queries]
