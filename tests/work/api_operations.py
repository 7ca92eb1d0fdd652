"""Who may call which operation of work: the two companies of an item, and of these who holds a step, or leads."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from backdesk.work.models import Service, ServiceSource, Step
from backdesk.work.operations import documents, findings, gold
from tests.api.listing import ApiOperation
from tests.cast import Cast
from tests.work.routes import (
    CLIENT,
    EMPLOYEE,
    READERS,
    WORKERS,
    a_finding,
    a_pause,
    a_published_service,
    a_question_of_the_client,
    a_question_to_the_client,
    a_step_in_hand,
    an_item_in_work,
    something_delivered,
)
from tests.work.service_operations import SERVICES
from tests.work.services import (
    ENTERED,
    INPUT,
    a_lane,
    a_process,
    a_service,
    an_item,
)
from tests.work.stuck import a_stuck_step

LEAD = frozenset({"operations_lead"})
LEADS = LEAD | {"delivery_manager"}
CREATORS = LEADS | {"employee"}
WHOLE = READERS - {"agent"}
MANAGER = frozenset({"delivery_manager"})
DECIDERS = frozenset({"operations_lead", "employee"})
NOBODY: frozenset[str] = frozenset()


def a_service_in_use(cast: Cast) -> Mapping[str, Any]:
    return {"pk": a_service(cast, key=f"api-{Service.objects.count()}").service.pk}


def a_step_to_choose(cast: Cast) -> Mapping[str, Any]:
    """That waits for the client's employee, in a service that lets people choose."""
    approve = a_process('<userTask id="approve" name="Approve"/>', lanes=a_lane("client", "approve"))
    key = f"choice-{Service.objects.count()}"
    work = a_service(cast, key=key, process=approve, agents=1, may_choose=True, limit=9)
    return {"pk": Step.objects.get(item=an_item(work, key, priority=9)).pk}  # the last to be given out


def a_mailbox(cast: Cast) -> Mapping[str, Any]:
    """A service that asks for no more than an e-mail tells."""
    work = a_service(cast, key=f"mail-{Service.objects.count()}")
    known: dict[str, Any] = dict(INPUT)
    told = {name: {"type": "string"} for name in ("subject", "sender", "text")}
    asked = json.dumps({**known, "required": [], "properties": {**known["properties"], **told}})
    for source in ServiceSource.objects.filter(version=work.version):
        source.files["input.schema.json"] = base64.b64encode(asked.encode()).decode()
        source.save()
    return {"pk": work.service.pk}


def a_document(cast: Cast) -> Mapping[str, Any]:
    pk = documents.add_document(
        actor=cast.lead,
        now=timezone.now(),
        item_id=an_item_in_work(cast)["pk"],
        stream=BytesIO(b"A note."),
        filename="note.txt",
        limit=1000,
    ).pk
    return {"pk": pk}


def a_photo() -> Mapping[str, Any]:
    target = BytesIO()
    Image.new("RGB", (8, 8)).save(target, "PNG")
    return {"file": SimpleUploadedFile("photo.png", target.getvalue(), "image/png")}


def a_mail(cast: Cast) -> tuple[bytes, str]:
    raw = b"From: a@example.com\r\nSubject: Invoice\r\nMessage-ID: <1@example.com>\r\n\r\nSee attached.\r\n"
    return raw, "message/rfc822"


def a_disputed_finding(cast: Cast) -> Mapping[str, Any]:
    pk = a_finding(cast)["pk"]
    manager = cast.actor("delivery_manager", cast.provider)
    findings.dispute(actor=manager, now=timezone.now(), finding_id=pk, reason="It is the same one.")
    return {"pk": pk}


def a_gold_case(cast: Cast) -> Mapping[str, Any]:
    service = Service(pk=a_published_service(cast)["pk"])
    case = gold.add_case(
        actor=cast.lead, now=timezone.now(), service=service, values={"number": "G-1"}, truth=ENTERED
    )
    return {"pk": case.pk}


def delivered(cast: Cast) -> dict[str, Any]:
    return {"item_ids": [something_delivered(cast).pk]}


def of_a_step(**tell: Any) -> ApiOperation:
    return ApiOperation(
        roles=EMPLOYEE, of=a_step_in_hand, personal=True, tell=lambda cast: {"claim": 1, **tell}
    )


def of_an_item(**more: Any) -> ApiOperation:
    usual: dict[str, Any] = {"roles": CLIENT, "of": an_item_in_work, "engaged": MANAGER}
    return ApiOperation(**{**usual, **more})


def of_a_service(**more: Any) -> ApiOperation:
    return ApiOperation(roles=CREATORS, of=a_service_in_use, engaged=MANAGER, **more)


A_ROW = {"values": {"number": "API-1"}}
API_OPERATIONS = {
    "list_items": ApiOperation(roles=WHOLE),
    "create_item": of_a_service(tell=lambda cast: A_ROW),
    "create_items": of_a_service(tell=lambda cast: {"items": [A_ROW]}),
    "get_item": of_an_item(),
    "cancel_item": of_an_item(roles=LEAD, engaged=frozenset(), tell=lambda cast: {"reason": "Twice."}),
    "change_priority": of_an_item(roles=LEAD, tell=lambda cast: {"priority": 1}),
    "unmask_field": of_an_item(tell=lambda cast: {"field": "input.phone", "reason": "To call back."}),
    "list_events": of_an_item(),
    "list_queues": ApiOperation(roles=WORKERS),
    "list_own_steps": ApiOperation(roles=WORKERS),
    "be_there": ApiOperation(roles=WORKERS),
    "take_next": ApiOperation(roles=WORKERS, tell=lambda cast: {}),
    "get_step": ApiOperation(roles=EMPLOYEE, of=a_step_in_hand, personal=True),
    "beat": of_a_step(),
    "save_draft": of_a_step(values={"note": "half"}),
    "complete_step": of_a_step(values=ENTERED),
    "take_step": ApiOperation(roles=LEAD | EMPLOYEE, of=a_step_to_choose),
    "retry_step": ApiOperation(roles=LEAD, of=a_stuck_step),
    "override_step": ApiOperation(
        roles=LEAD, of=a_stuck_step, tell=lambda cast: {"reason": "As the paper says."}
    ),
    "reassign_step": ApiOperation(
        roles=LEAD, of=a_step_in_hand, tell=lambda cast: {"person_id": cast.person("employee").pk}
    ),
    "give_step_back": of_a_step(reason="Not mine."),
    "bring_document": of_a_service(files=a_photo),
    "list_documents": of_an_item(),
    "add_document": of_an_item(files=a_photo),
    "get_document": of_an_item(of=a_document),
    "get_content": of_an_item(of=a_document),
    "get_clock": of_an_item(),
    "list_pauses_of_item": of_an_item(),
    "propose_pause": of_an_item(roles=NOBODY, tell=lambda cast: {"reason": "Illegible"}),
    "list_pauses_to_decide": ApiOperation(roles=DECIDERS),
    "decide_pauses": ApiOperation(roles=DECIDERS, tell=lambda cast: {"pause_ids": [1], "approve": True}),
    "end_pause": of_an_item(of=a_pause, roles=NOBODY),
    "withdraw_pause": of_an_item(of=a_pause, roles=NOBODY),
    "list_terms": of_an_item(of=a_service_in_use),
    "change_terms": ApiOperation(
        roles=LEAD, of=a_service_in_use, tell=lambda cast: {"version": 1, "reason": "Agreed."}
    ),
    "list_questions": ApiOperation(roles=WORKERS),
    "list_questions_of_item": of_an_item(),
    "ask_question": of_an_item(roles=DECIDERS, tell=lambda cast: {"text": "When will it come?"}),
    "answer_question": of_an_item(
        of=a_question_to_the_client, roles=DECIDERS, engaged=NOBODY, tell=lambda cast: {"text": "The first."}
    ),
    "withdraw_question": of_an_item(of=a_question_of_the_client, roles=DECIDERS, engaged=NOBODY),
    "drop_mail": ApiOperation(roles=CREATORS, of=a_mailbox, engaged=MANAGER, raw=a_mail),
}
GOLD = {"values": {"number": "G-2"}, "truth": ENTERED}
RATE = {"kind": "review", "share": 0.25}
QUALITY = {
    "list_inspections": ApiOperation(roles=READERS),
    "list_findings": ApiOperation(roles=READERS),
    "get_finding": of_an_item(of=a_finding, engaged=MANAGER | {"agent"}),
    "dispute_finding": of_an_item(
        of=a_finding,
        roles=NOBODY,
        engaged=MANAGER | {"agent"},
        tell=lambda cast: {"reason": "It is the same."},
    ),
    "answer_dispute": of_an_item(
        of=a_disputed_finding,
        roles=LEAD,
        engaged=NOBODY,
        tell=lambda cast: {"upheld": False, "answer": "You are right."},
    ),
    "accept_items": ApiOperation(roles=LEAD, tell=delivered),
    "return_items": ApiOperation(
        roles=LEAD, tell=lambda cast: {**delivered(cast), "reason": "Another invoice."}
    ),
    "list_gold_cases": ApiOperation(roles=LEAD),
    "add_gold_case": ApiOperation(roles=LEAD, of=a_published_service, tell=lambda cast: GOLD),
    "withdraw_gold_case": ApiOperation(roles=LEAD, of=a_gold_case),
    "list_sampling_rates": ApiOperation(roles=LEAD, of=a_published_service),
    "set_sampling_rate": ApiOperation(roles=LEAD, of=a_published_service, tell=lambda cast: RATE),
    "list_draws": ApiOperation(roles=LEAD),
}
API_OPERATIONS |= SERVICES | QUALITY
