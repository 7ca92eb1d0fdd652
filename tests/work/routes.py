"""Who may open which address of work, and of what. Each part of it adds its lines at its place below."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.utils import timezone

from backdesk.work.models import Document, Finding, ImportBatch, Item, Service, Step
from backdesk.work.operations import acceptance, documents, imports, pauses, questions, steps
from tests.cast import Cast
from tests.permissions import Route
from tests.work.papers import PICTURE
from tests.work.service_routes import SERVICES
from tests.work.services import a_lane, a_process, a_service, an_item, completed
from tests.work.stuck import a_stuck_step

LEADS = frozenset({"operations_lead", "delivery_manager"})
CLIENT = frozenset({"operations_lead", "employee", "controller", "auditor"})
READERS = CLIENT | {"delivery_manager", "agent"}

WHOLE = CLIENT | {"delivery_manager"}
CREATORS = frozenset({"operations_lead", "employee", "delivery_manager"})
LEAD = frozenset({"operations_lead"})
MANAGER = frozenset({"delivery_manager"})
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


def a_queue_to_choose_from(cast: Cast) -> Mapping[str, Any]:
    queue = an_item_with_a_step_of_the_clients(cast).route
    assert queue is not None
    queue.may_choose = True
    queue.save(update_fields=["may_choose"])
    return {"pk": queue.pk}


def an_import(cast: Cast) -> Mapping[str, Any]:
    """Looked through, so that it can be brought in."""
    work = a_service(cast, key=f"imports-{Step.objects.count()}-{ImportBatch.objects.count()}")
    batch = imports.receive_import(
        actor=cast.lead,
        now=timezone.now(),
        service=work.service,
        stream=BytesIO(b"number,supplier\nI-1,Alder Paper\n,nobody\n"),
        filename="items.csv",
        limit=1_000,
    )
    return {"pk": batch.pk}


def a_document(cast: Cast) -> Document:
    step = an_item_with_a_step_of_the_clients(cast)
    return documents.add_document(
        actor=cast.lead,
        now=timezone.now(),
        item_id=step.item_id,
        stream=BytesIO(PICTURE),
        filename="receipt.png",
        limit=10_000,
    )


def a_document_of_an_item(cast: Cast) -> Mapping[str, Any]:
    return {"pk": a_document(cast).pk}


def a_page_of_a_document(cast: Cast) -> Mapping[str, Any]:
    return {"pk": a_document(cast).pk, "page": 1}


def a_deed(cast: Cast) -> Mapping[str, Any]:
    return {"key": "priority"}


def a_pause(cast: Cast) -> Mapping[str, Any]:
    """That waits for the client."""
    item_id = an_item_with_a_step_of_the_clients(cast).item_id
    manager = cast.actor("delivery_manager", cast.provider)
    pause = pauses.propose_pause(actor=manager, now=timezone.now(), item_id=item_id, reason="Illegible")
    return {"pk": pause.pk}


def a_question_to_the_client(cast: Cast) -> Mapping[str, Any]:
    item_id = an_item_with_a_step_of_the_clients(cast).item_id
    manager = cast.actor("delivery_manager", cast.provider)
    asked = questions.ask(actor=manager, now=timezone.now(), item_id=item_id, text="Which one?")
    return {"pk": asked.pk}


def a_question_of_the_client(cast: Cast) -> Mapping[str, Any]:
    item_id = an_item_with_a_step_of_the_clients(cast).item_id
    asked = questions.ask(actor=cast.lead, now=timezone.now(), item_id=item_id, text="When will it come?")
    return {"pk": asked.pk}


def a_service_in_use(cast: Cast) -> Mapping[str, Any]:
    step = an_item_with_a_step_of_the_clients(cast)
    return {"pk": step.service_id}


ITEMS: dict[str, Route] = {
    "work:items": Route(roles=WHOLE),
    "work:queues": Route(roles=WHOLE),
    "work:choosing": Route(roles=LEAD | EMPLOYEE, of=a_queue_to_choose_from),
    "work:board": Route(roles=LEADS),
    "work:giving": Route(roles=LEADS, method="post"),
    "work:item-new": Route(roles=CREATORS),
    "work:items-bulk": Route(roles=LEADS, of=a_deed, method="post", shared=True),
    "work:item-documents": Route(roles=CLIENT, of=an_item_in_work, method="post", engaged=MANAGER),
    "work:document": Route(roles=CLIENT, of=a_document_of_an_item, engaged=MANAGER),
    "work:document-page": Route(roles=CLIENT, of=a_page_of_a_document, engaged=MANAGER),
    "work:imports": Route(roles=CREATORS),
    "work:import-new": Route(roles=CREATORS),
    "work:import": Route(roles=CREATORS, of=an_import),
    "work:import-run": Route(roles=CREATORS, of=an_import, method="post"),
    "work:import-rejects": Route(roles=CREATORS, of=an_import),
}
WORKING: dict[str, Route] = {
    "work:mine": Route(roles=WORKERS),
    "work:presence": Route(roles=WORKERS, method="post"),
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
    "work:machine-step": Route(roles=LEAD, of=a_stuck_step),
    "work:machine-step-retrials": Route(roles=LEAD, of=a_stuck_step, method="post"),
    "work:item": Route(roles=CLIENT, of=an_item_in_work, engaged=frozenset({"delivery_manager"})),
    "work:unmasking": Route(
        roles=CLIENT,
        of=an_item_in_work,
        data={"field": "input.phone"},
        engaged=frozenset({"delivery_manager"}),
    ),
}
CLOCKS: dict[str, Route] = {
    "work:item-clock": Route(roles=CLIENT, of=an_item_in_work, engaged=MANAGER),
    "work:item-pauses": Route(
        roles=frozenset(), of=an_item_in_work, method="post", data={"reason": "Illegible"}, engaged=MANAGER
    ),
    "work:pause-end": Route(roles=frozenset(), of=a_pause, method="post", engaged=MANAGER),
    "work:pause-withdrawal": Route(roles=frozenset(), of=a_pause, method="post", engaged=MANAGER),
    "work:pauses": Route(roles=frozenset({"operations_lead", "employee"})),
    "work:questions": Route(roles=WORKERS),
    "work:question-new": Route(
        roles=frozenset({"operations_lead", "employee"}), of=an_item_in_work, engaged=MANAGER
    ),
    "work:question-answer": Route(
        roles=frozenset({"operations_lead", "employee"}),
        of=a_question_to_the_client,
        method="post",
        data={"text": "The first."},
    ),
    "work:question-withdrawal": Route(
        roles=frozenset({"operations_lead", "employee"}), of=a_question_of_the_client, method="post"
    ),
    "work:service-terms": Route(roles=CLIENT, of=a_service_in_use, engaged=MANAGER),
}


def something_delivered(cast: Cast) -> Item:
    """In a service of its own, by the provider's agent, whatever else waits for them."""
    key = f"delivered-{Service.objects.count()}"
    work = a_service(cast, key=key)
    step = Step.objects.get(item=an_item(work, key))
    agent = cast.person("agent", cast.provider).pk
    step = steps.reassign(actor=work.manager, now=timezone.now(), step_id=step.pk, to_person=agent)
    return completed(work, step).item


def a_finding(cast: Cast) -> Mapping[str, Any]:
    """Found by the client, of the work of the provider's agent."""
    item = something_delivered(cast)
    acceptance.give_back(actor=cast.lead, now=timezone.now(), items=[item], reason="Another invoice.")
    return {"pk": Finding.objects.get(item=item).pk}


def a_published_service(cast: Cast) -> Mapping[str, Any]:
    return {"pk": a_service(cast, key=f"gold-{Service.objects.count()}").service.pk}


QUALITY: dict[str, Route] = {
    "work:quality": Route(roles=READERS),
    "work:quality-items": Route(roles=WHOLE),
    "work:quality-finding": Route(roles=CLIENT, of=a_finding, engaged=MANAGER | {"agent"}),
    "work:quality-acceptance": Route(roles=LEAD),
    "work:quality-sampling": Route(roles=LEAD),
    "work:quality-gold": Route(roles=LEAD),
    "work:quality-gold-withdrawals": Route(roles=LEAD, method="post"),
    "work:quality-gold-new": Route(roles=LEAD, of=a_published_service),
}

ROUTES: dict[str, Route] = {**SERVICES, **ITEMS, **WORKING, **CLOCKS, **QUALITY}
