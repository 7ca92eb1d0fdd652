"""The API of work, as programs of both companies call it: what each is told, what is refused, what repeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backdesk.parties.models import Organisation, Role, Token
from backdesk.work.models import Event, Item, Step
from backdesk.work.operations.items import NewItem, create_items
from tests.api.calling import ROOT, Program, problem
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.work.api_operations import a_mail, a_mailbox, a_photo
from tests.work.services import ENTERED, Work, a_process, a_service, an_item

pytestmark = pytest.mark.django_db

VALUES = {
    "number": "A-1",
    "supplier": "Alder Paper",
    "phone": "+45 12 34 56 78",
    "budget": {"amount": "99.00", "currency": "EUR"},
}


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    with making():
        return a_service(cast, limit=9)


@pytest.fixture(scope="module")
def lead(cast: Cast, making: Making) -> Program:  # noqa: F811
    return _program(cast, making, "operations_lead", cast.client)


@pytest.fixture(scope="module")
def agent(cast: Cast, making: Making) -> Program:  # noqa: F811
    return _program(cast, making, "agent", cast.provider)


@pytest.fixture(scope="module")
def manager(cast: Cast, making: Making) -> Program:  # noqa: F811
    return _program(cast, making, "delivery_manager", cast.provider)


def _program(cast: Cast, making: Making, role: str, where: Organisation) -> Program:  # noqa: F811
    with making():
        program = Program(cast.actor(role, where))
        # What is told once a minute of a token's use is told before, for however long these tests take.
        program.get("/me")
        Token.objects.filter(pk=program.token.pk).update(last_used_at=timezone.now() + timedelta(hours=1))
    return program


def created(lead: Program, work: Work, values: Any = None, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = lead.post(
        f"/work/services/{work.service.pk}/items", {"values": VALUES if values is None else values, **more}
    ).json()
    return told


def taken(agent: Program) -> dict[str, Any]:
    told: dict[str, Any] = agent.post("/work/taking", {}).json()["work"]
    return told


def test_the_client_is_told_its_item_whole_but_for_what_is_masked(lead: Program, work: Work) -> None:
    told = created(lead, work)
    shown = {name: value for name, value in VALUES.items() if name != "phone"}
    assert told["values"]["input"] == shown
    assert told["masked"] == ["input.phone"]
    assert lead.get(f"/work/items/{told['id']}").json() == told


def test_the_provider_is_not_told_what_the_client_keeps_to_itself(
    lead: Program, manager: Program, work: Work
) -> None:
    told = manager.get(f"/work/items/{created(lead, work)['id']}").json()
    assert set(told["values"]["input"]) == {"number", "supplier"}


def test_an_agent_is_told_what_the_step_in_hand_needs_and_of_no_other_item(
    cast: Cast, lead: Program, agent: Program
) -> None:
    narrow = a_process('<userTask id="enter" name="Enter" b:shows="number" b:fields="total"/>')
    work = a_service(cast, key="narrow", process=narrow, limit=9)
    first, second = created(lead, work), created(lead, work, {**VALUES, "number": "A-2"})
    held = taken(agent)
    assert held["item"]["id"] == first["id"]
    assert held["item"]["values"] == {"input": {"number": "A-1"}, "output": {}}
    assert list(held["asks"]["properties"]) == ["total"]
    problem(agent.get(f"/work/items/{second['id']}"), status=404, code="not-found")


def test_a_masked_value_is_told_once_a_reason_is_given(lead: Program, agent: Program, work: Work) -> None:
    number = created(lead, work)["id"]
    asked = {"field": "input.phone", "reason": "To ask for the year."}
    problem(agent.post(f"/work/items/{number}/unmaskings", asked), status=404, code="not-found")
    taken(agent)
    assert agent.post(f"/work/items/{number}/unmaskings", asked).json()["value"] == VALUES["phone"]
    problem(
        agent.post(f"/work/items/{number}/unmaskings", {**asked, "field": "input.budget"}),
        status=404,
        code="not-found",
    )
    *_, told = lead.get(f"/work/items/{number}/events").json()
    assert (told["kind"], told["facts"]) == ("field unmasked", asked)


def test_the_history_tells_deeds_and_no_values(lead: Program, agent: Program, work: Work) -> None:
    number = created(lead, work)["id"]
    step = taken(agent)["step"]
    agent.post(f"/work/steps/{step['id']}/completion", {"claim": step["claim"], "values": ENTERED})
    told = lead.get(f"/work/items/{number}/events")
    assert [one["kind"] for one in told.json()] == [
        "item created", "kept private", "step taken", "step completed", "item delivered",
    ]  # fmt: skip
    assert b'"12.30"' not in told.content
    assert b'"99.00"' not in told.content


def test_what_is_wrong_is_told_where_it_stands(lead: Program, agent: Program, work: Work) -> None:
    refused = lead.post(f"/work/services/{work.service.pk}/items", {"values": {"budget": {"amount": 9.5}}})
    faults = problem(refused, status=422, code="invalid")["errors"]
    assert {one["pointer"] for one in faults} == {"/values/number", "/values/budget"}
    created(lead, work)
    step = taken(agent)["step"]
    large = {"total": {"amount": "20000.00", "currency": "EUR"}}
    at = f"/work/steps/{step['id']}/completion"
    warned = agent.post(at, {"claim": step["claim"], "values": large})
    (fault,) = problem(warned, status=422, code="checks-warn")["errors"]
    assert fault["pointer"] == "/values/total"
    done = agent.post(at, {"claim": step["claim"], "values": large, "confirmed": True}).json()
    assert done["item"]["state"] == "delivered"
    assert [one["check"] for one in done["warnings"]] == ["large"]


def test_what_is_not_received_yet_cannot_be_brought_in(lead: Program, work: Work) -> None:
    """Its clock would start when it suits whoever is to be in time."""
    at = f"/work/services/{work.service.pk}/items"
    soon, later = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (2, 60))
    refused = lead.post(at, {"values": {"number": "1"}, "received_at": later.isoformat()})
    (fault,) = problem(refused, status=422, code="invalid")["errors"]
    assert "in the future" in fault["detail"]
    assert lead.post(at, {"values": {"number": "1"}, "received_at": soon.isoformat()}).status_code == 201


def test_of_a_batch_good_rows_are_kept_beside_bad_ones(lead: Program, work: Work) -> None:
    rows = [{"values": {"number": "1"}}, {"values": {}}, {"values": {"number": "1"}}]
    told = lead.post(f"/work/services/{work.service.pk}/item-batches", {"items": rows}).json()
    assert (told["created"], told["rejected"], told["duplicate"]) == (1, 1, 1)
    made, wrong, twice = told["outcomes"]
    assert twice["item_id"] == made["item_id"]
    assert wrong["errors"] == [{"pointer": "/values/number", "detail": "Fill this in."}]
    (long,) = lead.post(
        f"/work/services/{work.service.pk}/item-batches", {"items": [{"values": {"number": "1" * 201}}]}
    ).json()["outcomes"]
    assert long["errors"][0]["pointer"] == "/values/number"
    assert "201 characters; it may have 200" in long["errors"][0]["detail"]


def test_a_repeated_call_gives_the_same_step(lead: Program, agent: Program, work: Work) -> None:
    for number in ("1", "2"):
        created(lead, work, {"number": number})
    first, again, next_one = (
        agent.post("/work/taking", {}, Idempotency_Key=key).json()["work"]["step"]["id"]
        for key in ("a", "a", "b")
    )
    assert first == again != next_one


def test_no_step_is_lost_with_an_answer_that_never_came(
    lead: Program, agent: Program, work: Work, cast: Cast
) -> None:
    for number in ("1", "2"):
        created(lead, work, {"number": number})
    lost = agent.post("/work/taking", {}, Idempotency_Key="lost")  # kept by us; of the answer nobody heard
    again = agent.post("/work/taking", {}, Idempotency_Key="lost")
    assert (again.status_code, again.content) == (lost.status_code, lost.content)
    (taken,) = Event.objects.filter(kind="step taken")
    mine = cast.browser(Role.AGENT, cast.provider).get("/work/").context["page"]
    assert [one["step"]["id"] for one in agent.get("/work/steps").json()] == [taken.step_id], (
        "also without the key"
    )
    assert [one.url for one in mine.held] == [f"/work/step/{taken.step_id}/"]


def test_the_control_without_a_key_another_step_is_taken(lead: Program, agent: Program, work: Work) -> None:
    for number in ("1", "2"):
        created(lead, work, {"number": number})
    assert taken(agent)["step"]["id"] != taken(agent)["step"]["id"]


def test_taking_is_a_transaction_of_its_own_but_with_a_key(lead: Program, agent: Program, work: Work) -> None:
    for number in ("1", "2"):
        created(lead, work, {"number": number})
    begun = []
    for key in ({}, {"Idempotency_Key": "a"}):
        with CaptureQueriesContext(connection) as sent:
            agent.post("/work/taking", {}, **key)
        begun.append([one["sql"].split()[0] for one in sent.captured_queries].count("SAVEPOINT"))
    assert begun == [0, 1], "the test's own is around it; the key is kept in one with the taking"


def test_a_late_word_on_a_step_is_refused(lead: Program, agent: Program, work: Work) -> None:
    created(lead, work)
    step = taken(agent)["step"]
    at, held = f"/work/steps/{step['id']}", {"claim": step["claim"]}
    assert agent.post(f"{at}/heartbeat", {**held, "touch_seconds": 5}).status_code == 200
    agent.post(f"{at}/return", {**held, "reason": "Illegible."})
    for path, tell in (("heartbeat", held), ("completion", {**held, "values": ENTERED})):
        problem(agent.post(f"{at}/{path}", tell), status=409, code="claim-lost")
    problem(agent.get(at), status=404, code="not-found")


def test_documents_go_with_an_item_and_are_read_by_both(
    lead: Program, manager: Program, agent: Program, work: Work
) -> None:
    brought = lead.client.post(f"{ROOT}/work/services/{work.service.pk}/documents", a_photo()).json()
    problem(manager.get(f"/work/documents/{brought['id']}"), status=404, code="not-found")
    number = created(lead, work, documents=[brought["id"]])["id"]
    (told,) = manager.get(f"/work/items/{number}/documents").json()
    assert (told["name"], told["kind"], told["item_id"]) == ("photo.png", "image/png", number)
    content = manager.get(f"/work/documents/{told['id']}/content")
    assert content.getvalue().startswith(b"\x89PNG")
    assert content.headers["Content-Disposition"].startswith("attachment")
    problem(agent.get(f"/work/documents/{told['id']}"), status=404, code="not-found")


def test_a_document_of_ones_own_company_the_other_does_not_see(
    lead: Program, manager: Program, work: Work
) -> None:
    number = created(lead, work)["id"]
    at = f"{ROOT}/work/items/{number}/documents"
    own = lead.client.post(at, {**a_photo(), "is_internal": "yes"}).json()
    assert own["is_internal"]
    assert manager.get(f"/work/items/{number}/documents").json() == []
    problem(manager.get(f"/work/documents/{own['id']}/content"), status=404, code="not-found")


def test_a_program_is_no_document(lead: Program, work: Work) -> None:
    program = SimpleUploadedFile("invoice.pdf", b"MZ\x90\x00" + bytes(100), "application/pdf")
    refused = lead.client.post(f"{ROOT}/work/services/{work.service.pk}/documents", {"file": program})
    problem(refused, status=415, code="not-accepted")


def test_a_mail_is_an_item_once(cast: Cast, lead: Program) -> None:
    at = f"{ROOT}/work/services/{a_mailbox(cast)['pk']}/mails"
    raw, kind = a_mail(cast)
    first, again = (lead.client.post(at, raw, kind).json() for _ in range(2))
    assert first["title"] == "Invoice"
    assert first["values"]["input"]["text"] == "See attached."
    assert again["id"] == first["id"]
    problem(lead.client.post(at, b"no mail", kind), status=422, code="unreadable-mail")


def test_a_list_goes_on_behind_its_last_one_whatever_comes_meanwhile(lead: Program, work: Work) -> None:
    for number in range(5):
        created(lead, work, {"number": str(number)})
    first = lead.get("/work/items", limit=2).json()
    created(lead, work, {"number": "new"})
    second = lead.get("/work/items", limit=2, after=first["after"]).json()
    assert [one["business_key"] for one in (*first["items"], *second["items"])] == ["4", "3", "2", "1"]
    assert lead.get("/work/items", limit=9, after=second["after"]).json()["after"] == ""
    assert lead.get("/work/items", text="ne").json()["items"][0]["business_key"] == "new"


def test_what_is_moved_and_called_off_is_told_so(lead: Program, agent: Program, work: Work) -> None:
    number = created(lead, work)["id"]
    assert lead.put(f"/work/items/{number}/priority", {"priority": 1}).json()["priority"] == 1
    step = taken(agent)["step"]
    assert (
        lead.post(f"/work/items/{number}/cancellation", {"reason": "Twice."}).json()["state"] == "cancelled"
    )
    late = agent.post(f"/work/steps/{step['id']}/completion", {"claim": step["claim"], "values": ENTERED})
    problem(late, status=409, code="claim-lost")
    assert Step.objects.get(pk=step["id"]).state == Step.State.CANCELLED


#: With those that every call sends to know who asks.
PINNED = {"/work/items": 8, "/work/items/{item}": 7, "/work/queues": 5}


@pytest.mark.parametrize("path", PINNED)
def test_a_call_asks_the_database_as_often_however_much_there_is(
    path: str, lead: Program, work: Work
) -> None:
    """More than a page already with the few."""
    item = an_item(work, "first")
    sent = []
    for first in (0, 60):
        rows = [NewItem(values={"number": str(first + number)}) for number in range(60)]
        create_items(actor=work.lead, now=NOW, service=work.service, rows=rows)
        sent.append(_sent(lead, path.format(item=item.pk)))
    assert sent == [PINNED[path]] * 2
    assert Item.objects.count() == 121


def _sent(program: Program, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert program.get(path).status_code == 200
    return len(captured.captured_queries)
