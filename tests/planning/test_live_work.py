"""Live work on a service is read as a work history like any other, and laid beside the process it is to follow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from backdesk.evidence.process.bpmn import read_bpmn
from backdesk.evidence.sentences import from_data
from backdesk.parties.policies import NotAllowed
from backdesk.planning import operations
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.comparisons import process_of
from backdesk.planning.queries.histories import FileUnreadable, proposal_of, state_of
from backdesk.planning.queries.live_work import NothingRecorded
from backdesk.planning.queries.logs import cases_of, rejects_of, steps_of
from backdesk.platform.files import path_of
from backdesk.platform.models import AuditEntry, Job
from backdesk.work.records import keeping
from backdesk.work.records.keeping import AsOf
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.histories import COLUMNS, read, read_now
from tests.planning.live_work import a_recorded_service, read_live
from tests.planning.processes import compared_now
from tests.work.services import a_service

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def service_id(cast: Cast, making: Making) -> int:  # noqa: F811
    with making():
        return a_recorded_service(cast)


@pytest.fixture(scope="module")
def live(cast: Cast, service_id: int, making: Making) -> WorkHistory:  # noqa: F811
    with making():
        return read_live(cast, service_id)


def page(browser: Client, history: WorkHistory, name: str) -> Any:
    return browser.get(reverse(f"planning:history{name}", args=(history.pk,)))


def test_live_work_is_read_and_measured_like_a_file(cast: Cast, live: WorkHistory) -> None:
    assert state_of(live) == "read"
    assert (live.rows_read, live.rows_accepted, live.rows_rejected) == (28, 28, 0)
    assert (live.summary["cases"], live.summary["steps"]) == (12, 28)
    assert {one.name for one in live.activities.all()} == {"Enter", "Check"}
    assert steps_of(cast.lead, live.pk).collect()["party"].unique().to_list() == ["Steady Hands"]
    assert cases_of(cast.lead, live.pk).collect().height == 12
    assert rejects_of(cast.lead, live.pk).collect().is_empty()
    assert any("As recorded up to 2026-03-02 09:00 UTC" in str(from_data(note)) for note in live.notes)
    assert AuditEntry.objects.filter(verb="live work read").count() == 1


@pytest.mark.parametrize(
    "name", ["", "-map", "-model", "-steps", "-cases", "-handovers", "-comparison", "-changes"]
)
def test_every_page_of_a_history_shows_it(cast: Cast, live: WorkHistory, name: str) -> None:
    assert page(cast.browser(), live, name).status_code == 200


def test_a_lead_reads_it_and_reads_it_anew(cast: Cast, service_id: int, live: WorkHistory) -> None:
    browser = cast.browser()
    assert "Read Invoices anew" in browser.get(reverse("planning:history-new")).content.decode()
    assert "live work" in browser.get(reverse("planning:histories")).content.decode()
    address = reverse("planning:live-history", args=(service_id,))
    assert browser.post(address)["Location"] == reverse("planning:history", args=(live.pk,))
    assert "is being read" in browser.post(address, follow=True).content.decode()
    again = read_now(WorkHistory.objects.get(service_id=service_id))
    assert (again.pk, again.generation) == (live.pk, live.generation + 1)
    assert "Read it anew" in page(browser, again, "").content.decode()


def test_the_search_finds_it(cast: Cast, live: WorkHistory) -> None:
    found = cast.browser().get(reverse("web:search"), {"q": "Invoic"}).content.decode()
    assert reverse("planning:history", args=(live.pk,)) in found


def test_it_has_no_columns_to_choose(cast: Cast, live: WorkHistory) -> None:
    assert page(cast.browser(), live, "-columns").status_code == 404
    with pytest.raises(FileUnreadable, match="is live work"):
        proposal_of(live)
    with pytest.raises(ObjectDoesNotExist):
        operations.confirm_columns(
            actor=cast.lead, now=NOW, history=live, mapping=COLUMNS, zone="UTC", calendar="24/7"
        )


def test_a_history_is_of_a_file_or_of_live_work(cast: Cast, live: WorkHistory) -> None:
    for wrong in ({"service": None}, {"file_id": read(cast.lead).file_id}):
        with pytest.raises(IntegrityError, match="of_a_file_or_of_live_work"), transaction.atomic():
            WorkHistory.objects.filter(pk=live.pk).update(**wrong)


def test_only_a_lead_reads_it_and_only_of_services_of_the_company(cast: Cast, service_id: int) -> None:
    with pytest.raises(NotAllowed):
        operations.read_live_work(actor=cast.actor("auditor"), now=NOW, service_id=service_id)
    with pytest.raises(ObjectDoesNotExist):
        operations.read_live_work(actor=cast.other_lead, now=NOW, service_id=service_id)


def test_where_nothing_is_recorded_yet_that_is_said(cast: Cast, live: WorkHistory) -> None:
    service = a_service(cast, key="new").service
    browser, address = cast.browser(), reverse("planning:live-history", args=(service.pk,))
    (Path(settings.VAR) / "record-current" / "as-of.json").unlink()  # as before the first turn of the record
    with pytest.raises(NothingRecorded, match="has been recorded yet"):
        operations.read_live_work(actor=cast.lead, now=NOW, service_id=service.pk)
    assert "has been recorded yet" in browser.post(address, follow=True).content.decode()

    keeping.put_current([], AsOf(at=datetime(2026, 3, 1, tzinfo=UTC), event=1, begins=None))
    failed = read_live(cast, service.pk)
    assert failed.job is not None
    assert (failed.job.state, failed.generation) == (Job.State.FAILED, 0)
    assert "has been finished yet" in failed.job.message
    assert "Read it anew" in page(browser, failed, "").content.decode()


def test_it_is_laid_beside_the_process_of_its_service(cast: Cast, service_id: int, live: WorkHistory) -> None:
    browser, address = cast.browser(), reverse("planning:history-comparisons", args=(live.pk,))
    assert "The process of a service" in page(browser, live, "-comparison").content.decode()
    assert browser.post(address, {"service": service_id}).status_code == 302
    beside = compared_now(WorkHistory.objects.get(pk=live.pk))
    assert beside.process is not None
    assert beside.process.name == "Invoices, v1.bpmn"
    (row,) = page(browser, beside, "-comparison").context["page"].table.rows
    assert (row["kind"], row["activity"], row["cases"]) == ("repeated", "Enter", 4)


def test_any_history_is_laid_beside_the_model_found_in_it(cast: Cast) -> None:
    browser, history = cast.browser(), read(cast.lead)
    address = reverse("planning:history-comparisons", args=(history.pk,))
    assert browser.post(address, {"noise": "0"}).status_code == 302
    beside = compared_now(WorkHistory.objects.get(pk=history.pk))
    assert beside.process is not None
    assert "noise 0" in beside.process.name
    fitness, *_ = page(browser, beside, "-comparison").context["page"].figures
    assert fitness.value == 1, "a model that leaves nothing aside fits all"
    names = {task.name for task in read_bpmn(path_of(beside.process).read_bytes()).of_kind("user")}
    assert names == {task.name for task in process_of(beside).of_kind("user")} == {"Enter", "Check"}


@pytest.mark.parametrize("asked", [{"service": "999999"}, {"noise": "101"}, {"noise": "much"}, {}])
def test_what_is_there_not_is_refused_beside_its_field(
    cast: Cast, live: WorkHistory, asked: dict[str, str]
) -> None:
    response = cast.browser().post(reverse("planning:history-comparisons", args=(live.pk,)), asked)
    assert response.status_code == 422
