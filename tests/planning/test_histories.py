"""A work history is brought, its columns settled, read in the background, and its figures stand in the inventory."""

from __future__ import annotations

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backdesk.evidence.eventlog import Mapping
from backdesk.evidence.measures.forecasting import FEWEST_ARRIVALS, FEWEST_WEEKS
from backdesk.planning import operations, records
from backdesk.planning.models import Activity, Function, WorkHistory
from backdesk.planning.queries.pictures import TOO_LITTLE
from backdesk.platform.files import path_of
from backdesk.platform.models import AuditEntry, Job, StoredFile
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.planning.histories import (
    COLUMNS,
    HEAD,
    OFFICE,
    confirmed,
    file_of,
    orders,
    read,
    read_now,
    received,
)

pytestmark = pytest.mark.django_db


def test_a_lead_uploads_a_file_sees_its_columns_confirms_and_finds_its_activities_in_the_inventory(
    cast: Cast,
) -> None:
    browser = cast.browser()
    upload = SimpleUploadedFile("orders.csv", orders().encode())
    response = browser.post(reverse("planning:history-new"), {"file": upload}, follow=True)
    history = WorkHistory.objects.get()
    assert history.name == "orders"
    page = response.content.decode()
    assert "Which column is which?" in page
    assert "A-000" in page, "the first rows are shown"

    offered = {name: field.initial for name, field in response.context["page"].form.fields.items()}
    initial = {**offered, **response.context["page"].form.initial}
    given = {name: value for name, value in initial.items() if value}
    response = browser.post(reverse("planning:history-columns", args=(history.pk,)), given)
    assert response.status_code == 302
    history.refresh_from_db()
    read_now(history)

    page = browser.get(reverse("planning:inventory")).content.decode()
    assert "Enter" in page
    assert "Check" in page
    names = set(Activity.objects.visible_to(cast.lead).values_list("name", flat=True))
    assert names == {"Enter", "Check"}


def test_figures_come_from_the_rows(cast: Cast) -> None:
    history = read(cast.lead)
    assert history.summary["cases"] == 30
    assert history.summary["steps"] == 70
    enter = history.activities.get(name="Enter")
    assert enter.figures["steps"] == 40
    assert enter.figures["rework_share"] == pytest.approx(10 / 40)
    assert enter.figures["touch_minutes_median"] == pytest.approx(20)
    assert enter.people == 1
    check = history.activities.get(name="Check")
    assert check.figures["waiting_hours_median"] == pytest.approx(1.0)
    assert ["Enter", "Check", 30] in history.edges


def test_rows_that_cannot_be_used_are_listed_with_line_and_reason_and_the_others_are_read(cast: Cast) -> None:
    bad = (
        orders()
        + "A-900,Enter,2026-03-02T10:00:00+00:00,2026-03-02T09:00:00+00:00,Ada,Office\n,Enter,,,Ada,Office\n"
    )
    history = read(cast.lead, text=bad)
    assert (history.rows_read, history.rows_accepted, history.rows_rejected) == (72, 70, 2)
    page = cast.browser().get(reverse("planning:history-rejects", args=(history.pk,))).content.decode()
    assert "72" in page
    assert "ends before it starts" in page


def test_rejected_rows_are_downloaded_without_formulas(cast: Cast) -> None:
    history = read(cast.lead, text=orders() + '"=HYPERLINK(1)",Enter,nonsense,=1+1,Ada,Office\n')
    response = cast.browser().get(reverse("planning:history-rejects", args=(history.pk,)), {"export": "csv"})
    text = response.content.decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(","))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "\n", "no"),
        ("<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a 'b'>]><log>&a;</log>", "entit"),
        (gzip.compress(orders(300).encode(), mtime=0)[:30], ""),
    ],
    ids=["no rows", "an entity bomb", "a cut archive"],
)
def test_a_file_that_cannot_be_read_gives_a_plain_reason_and_loses_nothing(
    cast: Cast, text: str | bytes, words: str
) -> None:
    before = read(cast.lead)
    failed = read(cast.lead, text=text)
    job = failed.job
    assert job is not None
    assert job.state == Job.State.FAILED
    assert words in job.message.lower()
    assert "Traceback" not in job.message
    assert "foresaw" not in job.message, "an anticipated failure, not a fault of ours"
    page = cast.browser().get(reverse("planning:history", args=(failed.pk,))).content.decode()
    assert "This did not work" in page
    before.refresh_from_db()
    assert before.activities.count() == 2


def test_reading_again_with_other_working_time_keeps_what_people_said(cast: Cast) -> None:
    history = read(cast.lead)
    activity = history.activities.get(name="Check")
    operations.answer_activity(actor=cast.employee, now=NOW, activity=activity, grades={"value": 5})
    settled = operations.confirm_columns(
        actor=cast.lead, now=NOW, history=history, mapping=COLUMNS, zone="UTC", calendar="Mon-Fri 10:00-11:00"
    )
    read_now(settled)
    again = history.activities.get(name="Check")
    assert again.pk == activity.pk
    assert again.answers.count() == 1
    assert again.figures["waiting_hours_median"] != activity.figures["waiting_hours_median"]


def test_activities_not_found_any_more_go_unless_people_spoke_of_them(cast: Cast) -> None:
    history = read(cast.lead)
    operations.answer_activity(
        actor=cast.employee, now=NOW, activity=history.activities.get(name="Check"), grades={"value": 5}
    )
    by_team = Mapping(case="Order", activity="Team", started_at="Started", ended_at="Done", resource="Who")
    settled = operations.confirm_columns(
        actor=cast.lead, now=NOW, history=history, mapping=by_team, zone="UTC", calendar=OFFICE
    )
    read_now(settled)
    assert set(history.activities.values_list("name", flat=True)) == {"Office", "Check"}
    assert history.activities.get(name="Check").figures == {}


def test_the_function_somebody_chose_stays_when_the_log_is_read_again(cast: Cast) -> None:
    history = read(cast.lead)
    ledger = operations.add_function(actor=cast.lead, now=NOW, name="Ledger", office=Function.Office.BACK)
    operations.change_activity(
        actor=cast.lead, now=NOW, activity=history.activities.get(name="Enter"), function=ledger
    )
    settled = operations.confirm_columns(
        actor=cast.lead, now=NOW, history=history, mapping=COLUMNS, zone="UTC", calendar=OFFICE
    )
    read_now(settled)
    assert history.activities.get(name="Enter").function == ledger


def test_a_reading_that_ran_half_way_and_runs_again_ends_as_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker killed before the last transaction leaves files, and no row of it."""
    history = confirmed(cast.lead)

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("backdesk.planning.operations.readings._take_stock", die)
        with pytest.raises(KeyboardInterrupt):
            operations.read_history(
                actor=cast.lead, now=NOW, history_id=history.pk, progress=lambda fraction, phase: None
            )
    history.refresh_from_db()
    assert history.generation == 0
    assert not Activity.objects.exists()
    assert records.folder(history, generation=1).exists(), "the half that was there"
    history = read_now(history)
    assert history.generation == 1
    assert history.activities.count() == 2


def test_the_plots_are_drawn_after_the_figures_are_there_so_that_no_page_waits_for_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = read(cast.lead)
    (drawing,) = do_waiting_jobs()
    assert drawing.state == Job.State.DONE
    monkeypatch.setattr("backdesk.planning.queries.pictures._draw", _nothing_is_left_to_draw)
    browser = cast.browser()
    overview = browser.get(reverse("planning:history", args=(history.pk,))).context["page"].overview
    missing = [one.problem for one in overview.pictures if not one.svg]
    assert missing == [TOO_LITTLE]
    assert len(overview.pictures) == 6
    for least in (FEWEST_WEEKS, FEWEST_ARRIVALS):
        assert f" {least} " in TOO_LITTLE
    for activity in history.activities.all():
        charts = browser.get(reverse("planning:activity", args=(activity.pk,))).context["page"].charts
        assert [one.svg[:4] for one in charts] == ["<svg"] * 3


def _nothing_is_left_to_draw(*args: object) -> str:
    raise AssertionError("a page drew")


def test_while_it_is_read_its_columns_cannot_be_changed_nor_can_it_be_removed(cast: Cast) -> None:
    history = confirmed(cast.lead)
    with pytest.raises(operations.HistoryBusy, match="being read"):
        operations.confirm_columns(
            actor=cast.lead, now=NOW, history=history, mapping=COLUMNS, zone="", calendar=OFFICE
        )
    cast.browser().post(reverse("planning:history-removal", args=(history.pk,)))
    assert WorkHistory.objects.filter(pk=history.pk).exists()


def test_removing_takes_activities_and_files_and_leaves_the_trail(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    history = read(cast.lead)
    kept, brought = records.folder(history).parent, path_of(file_of(history))
    assert kept.exists()
    assert brought.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        cast.browser().post(reverse("planning:history-removal", args=(history.pk,)))
    assert not Activity.objects.exists()
    assert not kept.exists()
    assert not brought.exists()
    assert not StoredFile.objects.exists()
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[0] == "history received"
    assert verbs[-1] == "history removed"


def test_a_file_that_was_brought_twice_stays_until_both_are_removed(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    first, second = received(cast.lead), received(cast.lead)
    brought = path_of(file_of(first))
    assert brought == path_of(file_of(second))
    for history, stays in ((first, True), (second, False)):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            operations.remove_history(actor=cast.lead, now=NOW, history=history)
        assert brought.exists() is stays


def test_every_step_on_the_way_stands_in_the_trail(cast: Cast) -> None:
    read(cast.lead)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["history received", "history columns settled", "history read"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("zone", "Europe/Amsterdamm", "no time zone"),
        ("calendar", "Mon-Fri nine to five", "nine to five"),
        ("case", "", "Choose the column"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    cast: Cast, field: str, value: str, words: str
) -> None:
    history = received(cast.lead)
    given = {
        "case": "Order",
        "activity": "Task",
        "ended_at": "Done",
        "calendar": OFFICE,
        "zone": "",
        field: value,
    }
    response = cast.browser().post(reverse("planning:history-columns", args=(history.pk,)), given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Job.objects.exists()
    assert response.context["page"].form[field].value() == value


def test_a_file_over_the_limit_is_refused_and_nothing_is_kept(cast: Cast, settings: object) -> None:
    settings.BACKDESK_UPLOAD_LIMIT_MB = 1  # type: ignore[attr-defined]
    upload = SimpleUploadedFile("orders.csv", b"x" * 3_000_000)
    response = cast.browser().post(reverse("planning:history-new"), {"file": upload})
    assert response.status_code == 413
    assert not WorkHistory.objects.exists()


def test_an_employee_sees_no_names_of_people_in_the_steps_and_no_cost(cast: Cast) -> None:
    history = read(cast.lead)
    employee = cast.browser("employee")
    assert "Ada" not in employee.get(reverse("planning:history-steps", args=(history.pk,))).content.decode()
    assert "Ada" in cast.browser().get(reverse("planning:history-steps", args=(history.pk,))).content.decode()
    assert "Cost a month" not in employee.get(reverse("planning:inventory")).content.decode()


def test_a_figure_opens_the_steps_behind_it(cast: Cast) -> None:
    history = read(cast.lead)
    activity = history.activities.get(name="Enter")
    page = cast.browser().get(reverse("planning:activity", args=(activity.pk,))).context["page"]
    rework = next(one for one in page.figures if one.title == "Rework")
    assert rework.value == pytest.approx(0.25)
    table = cast.browser().get(rework.href).context["page"].table
    assert table.total == 10
    assert all(row["is_rework"] and row["activity"] == "Enter" for row in table.rows)


def test_a_case_is_shown_step_by_step_and_an_unknown_one_is_not_found(cast: Cast) -> None:
    history = read(cast.lead)
    address = reverse("planning:history-case", args=(history.pk,))
    table = cast.browser().get(address, {"case": "A-003"}).context["page"].table
    assert [row["activity"] for row in table.rows] == ["Enter", "Check", "Enter"]
    assert cast.browser().get(address, {"case": "A-999"}).status_code == 404


def test_a_report_of_each_kind_is_made_in_the_background_and_downloaded(cast: Cast) -> None:
    history = read(cast.lead)
    browser = cast.browser("controller")
    begins = {"html": b"<!doctype html>", "pdf": b"%pdf"}
    addresses = {kind: reverse("planning:history-report", args=(history.pk, kind)) for kind in begins}
    for kind, address in addresses.items():
        assert browser.get(address).status_code == 404
        browser.post(reverse("planning:history-reports", args=(history.pk,)), {"kind": kind})
    do_waiting_jobs()
    page = browser.get(reverse("planning:history", args=(history.pk,))).content.decode()
    for kind, address in addresses.items():
        assert address in page
        made = browser.get(address)
        assert made["Content-Disposition"] == f'attachment; filename="orders.{kind}"'
        assert made.getvalue().lower().startswith(begins[kind])
