"""Who may open which address of work, and of what. Each part of it adds its lines at its place below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from backdesk.work.models import Step
from backdesk.work.operations import steps
from tests.cast import Cast
from tests.permissions import Route
from tests.work.services import a_lane, a_process, a_service, an_item

LEADS = frozenset({"operations_lead", "delivery_manager"})
CLIENT = frozenset({"operations_lead", "employee", "controller", "auditor"})
READERS = CLIENT | {"delivery_manager", "agent"}

WORKERS = frozenset({"operations_lead", "employee", "delivery_manager", "agent"})
EMPLOYEE = frozenset({"employee"})


def an_item_with_a_step_of_the_clients(cast: Cast) -> Step:
    """In the hands of the client's employee."""
    approve = '<userTask id="approve" name="Approve"/>'
    work = a_service(
        cast,
        key=f"approvals-{Step.objects.count()}",
        process=a_process(approve, lanes=a_lane("client", "approve")),
        agents=1,
        limit=9,
    )
    an_item(work, str(Step.objects.count()), now=timezone.now(), values={"phone": "+45 12 34 56 78"})
    step = steps.take_next(actor=cast.employee, now=timezone.now())
    assert step is not None
    return step


def an_item_in_work(cast: Cast) -> Mapping[str, Any]:
    return {"pk": an_item_with_a_step_of_the_clients(cast).item_id}


def a_step_in_hand(cast: Cast) -> Mapping[str, Any]:
    return {"pk": an_item_with_a_step_of_the_clients(cast).pk}


SERVICES: dict[str, Route] = {}
ITEMS: dict[str, Route] = {}
WORKING: dict[str, Route] = {
    "work:mine": Route(roles=WORKERS),
    "work:taking": Route(roles=WORKERS, method="post"),
    "work:step": Route(roles=EMPLOYEE, of=a_step_in_hand, personal=True),
    "work:step-draft": Route(
        roles=EMPLOYEE, of=a_step_in_hand, personal=True, method="post", data={"_claim": "1", "note": "half"}
    ),
    "work:step-heartbeat": Route(
        roles=EMPLOYEE, of=a_step_in_hand, personal=True, method="post", data={"_claim": "1"}
    ),
    "work:step-completion": Route(
        roles=EMPLOYEE,
        of=a_step_in_hand,
        personal=True,
        method="post",
        data={"_claim": "1", "total": "1", "total-currency": "EUR"},
    ),
    "work:step-return": Route(roles=EMPLOYEE, of=a_step_in_hand, personal=True),
    "work:step-lookup": Route(
        roles=EMPLOYEE, of=a_step_in_hand, personal=True, data={"lookup": "suppliers", "q": "a"}
    ),
    "work:item": Route(roles=CLIENT, of=an_item_in_work, engaged=frozenset({"delivery_manager"})),
    "work:unmasking": Route(
        roles=CLIENT,
        of=an_item_in_work,
        data={"field": "input.phone"},
        engaged=frozenset({"delivery_manager"}),
    ),
}
CLOCKS: dict[str, Route] = {}
QUALITY: dict[str, Route] = {}

ROUTES: dict[str, Route] = {**SERVICES, **ITEMS, **WORKING, **CLOCKS, **QUALITY}
