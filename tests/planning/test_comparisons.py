"""A process is brought, the cases of a history are laid beside it, and changes over time are found."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from backdesk.parties.policies import NotAllowed
from backdesk.planning import operations, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries import pictures
from backdesk.platform.files import path_of
from backdesk.platform.models import AuditEntry, StoredFile
from backdesk.platform.web import formats
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.histories import COLUMNS, HEAD, drifting, read, read_now
from tests.planning.processes import ENTER_CHECK, compared, compared_now

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def history(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    """Thirty orders, every third entered anew at the end; compared with Enter, Check."""
    with making():
        return compared(cast.lead, read(cast.lead))


def shown(browser: Client, history: WorkHistory, name: str = "comparison", **asked: str) -> Any:
    return browser.get(reverse(f"planning:history-{name}", args=(history.pk,)), asked)


def bring(browser: Client, history: WorkHistory, data: bytes) -> Any:
    upload = SimpleUploadedFile("orders.bpmn", data)
    address = reverse("planning:history-comparisons", args=(history.pk,))
    return browser.post(address, {"file": upload})


def test_a_lead_brings_a_process_and_reads_where_cases_depart(cast: Cast) -> None:
    browser, history = cast.browser(), read(cast.lead)
    assert "Bring a process" in shown(browser, history).content.decode()
    assert bring(browser, history, ENTER_CHECK).status_code == 302
    history.refresh_from_db()
    assert "Bring a process" not in shown(browser, history).content.decode(), "it is under way"
    compared_now(history)

    page = shown(browser, history).content.decode()
    assert "The cases of orders beside orders." in page
    assert "Done too often" in page
    assert "<svg" in page
    entry = AuditEntry.objects.get(verb="history compared")
    assert (entry.after or {})["process"] == "orders.bpmn"


def test_each_way_that_is_compared_is_progress(cast: Cast, history: WorkHistory) -> None:
    told: list[tuple[float, str]] = []
    operations.find_deviations(
        actor=cast.lead,
        history_id=history.pk,
        progress=lambda fraction, phase: told.append((fraction, phase)),
    )
    comparing = [fraction for fraction, phase in told if phase == "comparing"]
    assert comparing == sorted(comparing)
    assert len({one for one in comparing if one > 0}) == 1, "orders went two ways: one after the first"
    assert told[-1][1] == "keeping what was found"


def test_figures_come_from_the_cases(cast: Cast, history: WorkHistory) -> None:
    page = shown(cast.browser(), history).context["page"]
    fitness, precision, fitting = page.figures
    assert fitness.value == 1 - 10 / (20 * 4 + 10 * 5)
    assert precision.value == 1
    assert fitting.value == 20 / 30
    (row,) = page.table.rows
    assert (row["kind"], row["activity"], row["cases"], row["share"]) == ("repeated", "Enter", 10, 1 / 3)
    assert row["cycle_s"] > row["other_cycle_s"]


def test_a_deviation_leads_to_its_cases_and_a_case_tells_it_in_words(
    cast: Cast, history: WorkHistory
) -> None:
    browser = cast.browser()
    drawing = shown(browser, history).context["page"].drawing
    assert "Enter: Done too often: 10 cases" in drawing
    assert f"/histories/{history.pk}/cases/?deviation=repeated&amp;of=Enter" in drawing
    cases = shown(browser, history, "cases", deviation="repeated", of="Enter").context["page"].table
    assert cases.total == 10
    departed = shown(browser, history, "case", case="A-003").content.decode()
    assert "“Enter” was done 2 times, the process has it once here." in departed
    assert "Not in the process here" in departed
    assert "It went as the process says." in shown(browser, history, "case", case="A-001").content.decode()


def test_deviations_are_exported_as_shown(cast: Cast, history: WorkHistory) -> None:
    response = shown(cast.browser(), history, export="csv")
    assert b"".join(response).count(b"\n") == 2


def test_without_a_process_a_case_is_shown_alone(cast: Cast) -> None:
    page = shown(cast.browser(), read(cast.lead), "case", case="A-003")
    assert page.context["page"].compared is None
    assert (
        shown(cast.browser(), read(cast.lead), "cases", deviation="repeated", of="Enter").status_code == 200
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<bpmn", "cannot be read as a process"),
        (
            b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"/></definitions>',
            "There is no start event",
        ),
        (ENTER_CHECK + b" " * 4_000_000, "larger than 4 MB"),
    ],
    ids=["no XML", "nothing in it", "too large"],
)
def test_what_is_no_process_is_refused_and_nothing_is_kept(
    cast: Cast, history: WorkHistory, data: bytes, said: str
) -> None:
    before = StoredFile.objects.count()
    response = bring(cast.browser(), history, data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert StoredFile.objects.count() == before
    assert shown(cast.browser(), history).context["page"].table.total == 1, "what was found before stays"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<definitions xmlns="{BPMN}"/>', "ZEILE 1: THE FILE HOLDS 0 PROCESSES"),
        (b'<definitions xmlns="{BPMN}"><process id="p"/></definitions>', "THERE IS NO START EVENT"),
        (
            b'<definitions xmlns="{BPMN}"><process id="p"><scriptTask id="x"/></process></definitions>',
            "ZEILE 1, x: “scriptTask” IS NOT IN THE SUBSET; USE A SERVICETASK",
        ),
    ],
)
def test_what_is_wrong_with_it_is_said_in_the_language_of_the_reader(
    cast: Cast, history: WorkHistory, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A language of the test's own: names stay as they are."""
    translated = {"line {}": "ZEILE {}"}
    monkeypatch.setattr(formats, "_", lambda text: translated.get(text, text.upper()))
    data = data.replace(b"{BPMN}", b"http://www.omg.org/spec/BPMN/20100524/MODEL")
    with pytest.raises(operations.NoProcess, match=said):
        operations.compare_history(
            actor=cast.lead, now=NOW, history=history, stream=io.BytesIO(data), filename="orders.bpmn"
        )


def test_another_process_takes_the_place_of_the_one_before(cast: Cast, history: WorkHistory) -> None:
    assert history.process is not None
    before = history.process.pk
    again = compared(cast.lead, history, data=ENTER_CHECK.replace(b'name="Check"', b'name="Prove"'))
    assert not StoredFile.objects.filter(pk=before).exists()
    kinds = {row["kind"] for row in shown(cast.browser(), again).context["page"].table.rows}
    assert {"unknown", "stopped"} <= kinds


def test_while_it_is_compared_no_other_process_is_taken(cast: Cast, history: WorkHistory) -> None:
    browser = cast.browser()
    assert bring(browser, history, ENTER_CHECK).status_code == 302
    assert "is being compared" in bring(browser, history, ENTER_CHECK).content.decode()


def test_a_new_reading_is_compared_anew(cast: Cast, history: WorkHistory) -> None:
    columns = operations.confirm_columns(
        actor=cast.lead,
        now=NOW,
        history=history,
        mapping=COLUMNS,
        zone="Europe/Copenhagen",
        calendar=history.calendar,
    )
    read_now(columns)
    assert shown(cast.browser(), history).context["page"].table is None


def test_a_process_goes_with_its_history(cast: Cast) -> None:
    history = compared(cast.lead, read(cast.lead))
    assert history.process is not None
    file, folder = path_of(history.process), records.folder(history)
    assert folder.exists()
    operations.remove_history(actor=cast.lead, now=NOW, history=history)
    assert not StoredFile.objects.filter(pk=history.process.pk).exists()
    assert file.name not in {path.name for path in records.folder(history).parent.glob("**/*")}


def test_who_only_reads_brings_no_process(cast: Cast, history: WorkHistory) -> None:
    assert shown(cast.browser("auditor"), history).context["page"].forms is None
    with pytest.raises(NotAllowed):
        compared(cast.actor("auditor"), history)


def test_a_change_of_the_work_is_told_with_its_day_and_found_before_a_page_asks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = read(cast.lead, text=drifting())
    monkeypatch.setattr(pictures, "draw_all", lambda *_: None)
    operations.draw_history(actor=cast.lead, history_id=history.pk, progress=lambda fraction, phase: None)
    monkeypatch.setattr("backdesk.evidence.process.drift.drift", _nothing_is_left_to_find)
    page = shown(cast.browser(), history, "changes")
    (found,) = page.context["page"].changes
    assert f"{found.change.at:%Y-%m-%d}" == "2026-01-25"
    assert found.picture.svg in page.content.decode(), "to be looked at beside what is said"
    said = dict(found.shifts)
    assert any(one.startswith("“Check” is done in 20") for one in said)
    assert any("after=Enter" in address for address in said.values())
    again = shown(cast.browser(), history, "changes").context["page"]
    assert [one.change for one in again.changes] == [found.change], "as it was kept"


def _nothing_is_left_to_find(*args: object, **kwargs: object) -> None:
    raise AssertionError("a page looked for changes")


def test_a_short_history_says_so(cast: Cast, history: WorkHistory) -> None:
    history = read(cast.lead, text="\n".join([HEAD, *drifting().splitlines()[1:40]]) + "\n")
    assert "8 days or more" in shown(cast.browser(), history, "changes").content.decode()
