"""What goes wrong, what is sent twice, what comes in parts: the same for every operation."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from backdesk.parties.operations import revoke_token
from backdesk.planning import operations
from backdesk.planning.models import Function, WorkHistory
from backdesk.platform.api import serving
from backdesk.platform.jobs.requests import forget_requests
from backdesk.platform.models import AuditEntry, IdempotencyKey
from tests.api.calling import PROBLEM, ROOT, Program, problem, program
from tests.cast import NOW, Cast, assemble
from tests.planning.histories import orders

pytestmark = pytest.mark.django_db

LEDGER = {"name": "Ledger", "office": "back"}


@pytest.fixture
def lead(cast: Cast) -> Program:
    return program(cast)


def functions_of(cast: Cast) -> list[str]:
    return [one.name for one in Function.objects.visible_to(cast.lead)]


class TestSigningIn:
    def test_programs_come_past_what_is_for_people_at_browsers(self, lead: Program) -> None:
        answer = lead.client.get(
            f"{ROOT}/me", headers={"Accept-Language": "de", "Cookie": "sessionid=guessed"}
        )
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert (answer.headers["X-Frame-Options"], answer.headers["Content-Length"]) == (
            "DENY",
            str(len(answer.content)),
        )
        assert "Content-Language" not in answer.headers
        assert "form-action" in Client().get("/api/").headers["Content-Security-Policy"]

    def test_a_host_that_is_not_ours_is_told_so(self, lead: Program) -> None:
        problem(
            lead.client.get(f"{ROOT}/me", headers={"Host": "elsewhere.example"}),
            status=400,
            code="unreadable",
        )

    def test_a_token_acts_for_its_person_with_the_roles_they_have_now(
        self, cast: Cast, lead: Program
    ) -> None:
        me = lead.get("/me").json()
        assert me["person"]["name"] == "operations lead of Larch & Sons"
        assert me["organisation"] == {"id": cast.client.pk, "name": "Larch & Sons"}
        assert (me["roles"], me["scopes"]) == (["operations_lead"], ["read", "write"])

    def test_what_is_done_with_it_stands_in_the_trail_as_done_through_the_api(
        self, cast: Cast, lead: Program
    ) -> None:
        lead.post("/functions", LEDGER)
        entry = AuditEntry.objects.latest("pk")
        assert (entry.verb, entry.interface) == ("function added", "api")
        assert entry.person_id == cast.lead.person_id

    def test_the_token_says_when_it_was_used_last(self, lead: Program) -> None:
        before = timezone.now()
        lead.get("/me")
        lead.token.refresh_from_db()
        assert lead.token.last_used_at is not None
        assert lead.token.last_used_at >= before

    def test_a_token_that_was_revoked_opens_nothing(self, cast: Cast, lead: Program) -> None:
        revoke_token(actor=cast.lead, now=timezone.now(), token=lead.token)
        told = problem(lead.get("/me"), status=401, code="unauthenticated")
        assert "revoked" in told["detail"]

    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer bd_ünknown", "Bearer " + "x" * 9000]
    )
    def test_what_is_no_token_is_asked_for_one(self, header: str) -> None:
        response = Client(headers={"Authorization": header}).get(f"{ROOT}/me")
        problem(response, status=401, code="unauthenticated")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")

    def test_a_session_does_not_open_the_api(self, cast: Cast) -> None:
        problem(cast.browser().get(f"{ROOT}/me"), status=401, code="unauthenticated")

    def test_a_scope_of_one_area_opens_that_area_alone(self, cast: Cast) -> None:
        narrow = program(cast, scopes=["planning:read"])
        assert narrow.get("/functions").status_code == 200
        problem(narrow.get("/people"), status=403, code="scope-missing")
        problem(narrow.post("/functions", LEDGER), status=403, code="scope-missing")


class TestProblems:
    def test_an_address_that_does_not_exist(self, lead: Program) -> None:
        problem(lead.get("/nothing/here"), status=404, code="not-found")

    def test_a_method_that_an_address_does_not_take(self, lead: Program) -> None:
        response = lead.call("PATCH", "/functions", {}, {})
        problem(response, status=405, code="method-not-allowed")
        assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}

    def test_a_body_that_is_no_json(self, lead: Program) -> None:
        for body in ("{", '{"name": NaN}', '{"name": "A", "name": "B"}', "[" * 100_000, "\udcff"):
            raw = body.encode("utf-8", "surrogateescape")
            response = lead.client.post(f"{ROOT}/functions", raw, content_type="application/json")
            problem(response, status=400, code="unreadable")

    def test_a_body_of_another_kind(self, lead: Program) -> None:
        response = lead.client.post(f"{ROOT}/functions", "name=Ledger", content_type="text/plain")
        told = problem(response, status=415, code="unsupported-media-type")
        assert "application/json" in told["detail"]

    def test_values_that_are_wrong_are_named_one_by_one(self, lead: Program) -> None:
        told = problem(
            lead.post("/functions", {"name": " Ledger", "office": "side", "colour": "red"}),
            status=422,
            code="invalid",
        )
        assert [(one["source"], one["pointer"]) for one in told["errors"]] == [
            ("body", "/name"),
            ("body", "/office"),
            ("body", "/colour"),
        ]
        assert told["errors"][1]["detail"] == "This must be one of 'front', 'middle' or 'back'."

    @pytest.mark.parametrize(
        "tell", [{**LEDGER, "name": 5}, {**LEDGER, "name": "a\0b"}, {**LEDGER, "name": ""}, [], "x"]
    )
    def test_nothing_is_guessed(self, lead: Program, tell: Any) -> None:
        problem(lead.post("/functions", tell), status=422, code="invalid")

    def test_what_an_operation_refuses_is_told_in_its_own_words(self, lead: Program) -> None:
        lead.post("/functions", LEDGER)
        told = problem(lead.post("/functions", LEDGER), status=409, code="name-taken")
        assert told["detail"] == "There is “Ledger” already; choose another name."

    def test_words_are_english_whatever_the_browser_speaks(self, lead: Program) -> None:
        lead.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
        lead.post("/functions", LEDGER)
        assert "already" in problem(lead.post("/functions", LEDGER), status=409, code="name-taken")["detail"]

    def test_a_fault_of_ours_says_its_request_and_nothing_else(
        self, lead: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(**values: Any) -> None:
            raise ZeroDivisionError("a secret of the house")

        monkeypatch.setattr(operations, "add_function", fail)
        told = problem(lead.post("/functions", LEDGER), status=500, code="failed")
        assert "secret" not in json.dumps(told)
        assert "a secret of the house" in caplog.text

    def test_an_upload_that_is_too_large(self, lead: Program, settings: Any) -> None:
        settings.BACKDESK_UPLOAD_LIMIT_MB = 1
        large = SimpleUploadedFile("large.csv", b"x" * 1_100_000)
        problem(lead.client.post(f"{ROOT}/histories", {"file": large}), status=413, code="too-large")
        assert not WorkHistory.objects.exists()

    def test_an_upload_that_says_at_once_that_it_is_too_large(self, lead: Program, settings: Any) -> None:
        settings.BACKDESK_UPLOAD_LIMIT_MB = 1
        large = SimpleUploadedFile("large.csv", b"x" * 2_100_000)
        problem(lead.client.post(f"{ROOT}/histories", {"file": large}), status=413, code="too-large")

    def test_a_form_that_breaks_off(self, lead: Program) -> None:
        kind = "multipart/form-data; boundary=x" * 1
        response = lead.client.generic("POST", f"{ROOT}/histories", b"--x\r\nContent", kind)
        assert response.status_code in {400, 422}
        assert response.headers["Content-Type"] == PROBLEM

    def test_beneath_another_address_nothing_changes(self, cast: Cast) -> None:
        assert cast.browser().get("/nothing/here/").headers["Content-Type"].startswith("text/html")


class TestParts:
    def test_a_list_comes_in_parts_that_name_the_next(self, cast: Cast, lead: Program) -> None:
        for number in range(5):
            lead.post("/functions", {"name": f"Function {number}", "office": "back"})
        names, address = [], "/functions?sort=-name&limit=2"
        while address:
            part = lead.get(address.removeprefix(ROOT)).json()
            assert part["total"] == 5
            names += [one["name"] for one in part["items"]]
            address = part["next"]
        assert names == [f"Function {number}" for number in (4, 3, 2, 1, 0)]

    def test_a_filter_stays_in_the_address_of_the_next_part(self, lead: Program) -> None:
        for name in ("Ledger & Co", "Ledger & Sons", "Payroll"):
            lead.post("/functions", {"name": name, "office": "back"})
        part = lead.get("/functions", name="ledger &", limit=1).json()
        assert part["total"] == 2
        assert lead.get(part["next"].removeprefix(ROOT)).json()["total"] == 2

    @pytest.mark.parametrize(
        "asked",
        [
            {"limit": 201},
            {"limit": 0},
            {"limit": 10**30},
            {"offset": -1},
            {"offset": 10**30},
            {"sort": "secret"},
        ],
    )
    def test_what_a_list_cannot_give_is_refused(self, lead: Program, asked: dict[str, Any]) -> None:
        told = problem(lead.get("/functions", **asked), status=422, code="invalid")
        assert [one["source"] for one in told["errors"]] == ["query"]

    def test_who_misspells_a_sort_is_told_what_there_is(self, lead: Program) -> None:
        (wrong,) = problem(lead.get("/functions", sort="nmae"), status=422, code="invalid")["errors"]
        assert wrong["pointer"] == "/sort"
        assert wrong["detail"].startswith("This must be one of name, ")
        assert wrong["detail"].endswith(", with a minus before it for the other way round.")


class TestTags:
    def test_a_change_bound_to_what_was_read_goes_through_once(self, lead: Program) -> None:
        made = lead.post("/functions", LEDGER)
        address = made.headers["Location"].removeprefix(ROOT)
        tag = lead.get(address).headers["ETag"]
        changed = lead.put(address, {**LEDGER, "office": "front"}, If_Match=tag)
        assert changed.status_code == 200
        assert changed.headers["ETag"] == lead.get(address).headers["ETag"] != tag
        late = lead.put(address, {**LEDGER, "office": "middle"}, If_Match=tag)
        problem(late, status=412, code="changed-meanwhile")
        problem(lead.delete(address, If_Match=tag), status=412, code="changed-meanwhile")
        assert lead.get(address).json()["office"] == "front"
        assert lead.delete(address, If_Match=late.headers["ETag"]).status_code == 204

    def test_a_cost_reads_back_as_it_was_given(self, lead: Program) -> None:
        function = lead.post("/functions", LEDGER).json()["id"]
        given = {
            "name": "Book travel", "function_id": function, "steps_per_month": 40, "minutes_each": 25,
            "cost_per_month": "1250", "currency": "EUR",
        }  # fmt: skip
        made = lead.post("/activities", given)
        address = made.headers["Location"].removeprefix(ROOT)
        changed = lead.put(address, {**given, "cost_per_month": "99.5"})
        assert changed.json()["cost_per_month"] == "99.50"
        assert changed.headers["ETag"] == lead.get(address).headers["ETag"]

    def test_a_cost_needs_its_currency(self, lead: Program) -> None:
        function = lead.post("/functions", LEDGER).json()["id"]
        given = {
            "name": "Book travel", "function_id": function, "steps_per_month": 40, "minutes_each": 25,
            "cost_per_month": "1250",
        }  # fmt: skip
        problem(lead.post("/activities", given), status=422, code="currency-missing")


class TestSentTwice:
    def test_the_same_request_is_answered_again_and_done_once(self, cast: Cast, lead: Program) -> None:
        first = lead.post("/functions", LEDGER, Idempotency_Key="a-1")
        again = lead.post("/functions", LEDGER, Idempotency_Key="a-1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert again.headers["Location"] == first.headers["Location"]
        assert again.headers["Idempotency-Replayed"] == "true"
        assert functions_of(cast) == ["Ledger"]

    def test_another_request_with_the_same_key_is_refused(self, cast: Cast, lead: Program) -> None:
        lead.post("/functions", LEDGER, Idempotency_Key="a-1")
        other = lead.post("/functions", {**LEDGER, "name": "Payroll"}, Idempotency_Key="a-1")
        problem(other, status=422, code="key-used-otherwise")
        elsewhere = lead.post("/teams", {"name": "Ledger"}, Idempotency_Key="a-1")
        problem(elsewhere, status=422, code="key-used-otherwise")
        assert functions_of(cast) == ["Ledger"]

    def test_a_key_is_of_one_person_in_one_organisation(self, cast: Cast, lead: Program) -> None:
        lead.post("/functions", LEDGER, Idempotency_Key="a-1")
        other = program(cast, organisation=cast.other_client).post(
            "/functions", LEDGER, Idempotency_Key="a-1"
        )
        assert other.status_code == 201
        assert "Idempotency-Replayed" not in other.headers

    def test_what_failed_may_be_tried_again_with_its_key(self, cast: Cast, lead: Program) -> None:
        lead.post("/functions", LEDGER)
        problem(lead.post("/functions", LEDGER, Idempotency_Key="a-1"), status=409, code="name-taken")
        Function.objects.all().delete()
        assert lead.post("/functions", LEDGER, Idempotency_Key="a-1").status_code == 201

    def test_after_a_day_a_key_is_free_again(
        self, cast: Cast, lead: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lead.post("/functions", LEDGER, Idempotency_Key="a-1")
        tomorrow = timezone.now() + timedelta(hours=24, seconds=1)
        monkeypatch.setattr(serving, "clock", lambda: tomorrow)
        payroll = lead.post("/functions", {**LEDGER, "name": "Payroll"}, Idempotency_Key="a-1")
        assert payroll.status_code == 201
        forget_requests(tomorrow)
        assert IdempotencyKey.objects.exists()
        forget_requests(tomorrow + timedelta(days=2))
        assert not IdempotencyKey.objects.exists()

    @pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
    def test_a_key_that_is_none_is_refused(self, lead: Program, key: str) -> None:
        problem(lead.post("/functions", LEDGER, Idempotency_Key=key), status=422, code="key-unusable")

    def test_a_file_is_taken_in_once(self, cast: Cast, lead: Program) -> None:
        def send(content: str) -> Any:
            file = SimpleUploadedFile("orders.csv", content.encode())
            headers = {"Idempotency-Key": "file-1"}
            return lead.client.post(f"{ROOT}/histories", {"file": file}, headers=headers)

        first, again = send(orders(3)), send(orders(3))
        assert (first.status_code, again.status_code) == (201, 201), first.content
        assert again.json() == first.json()
        problem(send(orders(4)), status=422, code="key-used-otherwise")
        assert WorkHistory.objects.visible_to(cast.lead).count() == 1


@pytest.mark.django_db(transaction=True)
class TestTwins:
    """Requests at the same time, each on a connection of its own."""

    def test_two_that_come_together_with_one_key_have_one_effect(self) -> None:
        cast = assemble()
        lead = program(cast)
        answers = list(_together(8, lambda: lead.post("/functions", LEDGER, Idempotency_Key="twin")))
        assert [one.status_code for one in answers] == [201] * 8
        assert len({one.content for one in answers}) == 1
        assert sum("Idempotency-Replayed" not in one.headers for one in answers) == 1
        assert functions_of(cast) == ["Ledger"]
        assert IdempotencyKey.objects.count() == 1

    def test_without_a_key_only_the_name_stands_between_them(self) -> None:
        """The negative control."""
        cast = assemble()
        lead = program(cast)
        answers = list(_together(4, lambda: lead.post("/functions", LEDGER)))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]

    def test_of_two_changes_bound_to_one_reading_one_goes_through(self) -> None:
        cast = assemble()
        lead = program(cast)
        function = operations.add_function(
            actor=cast.lead, now=NOW, name="Ledger", office=Function.Office.BACK
        )
        address = f"/functions/{function.pk}"
        tag = lead.get(address).headers["ETag"]
        numbers = iter(range(6))
        answers = list(
            _together(6, lambda: lead.put(address, {**LEDGER, "name": f"L{next(numbers)}"}, If_Match=tag))
        )
        assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412, 412]


def _together(count: int, work: Any) -> Iterator[Any]:
    gate, answers = threading.Barrier(count), []

    def one() -> None:
        gate.wait()
        try:
            answers.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from answers


def test_the_counts_of_requests_are_written_without_a_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'platform_requestallowance'")
        assert cursor.fetchone() == ("u",)
