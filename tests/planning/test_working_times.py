"""When people work: found in a work history, shown beside what is reckoned with, and reckoned with on request."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backdesk.planning import operations, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.working_times import working_time_of
from backdesk.platform import jobs
from backdesk.platform.actor import Actor
from backdesk.platform.models import AuditEntry
from tests.api.calling import Program
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.histories import COLUMNS, confirmed, early, read, read_now

pytestmark = pytest.mark.django_db

FOUND = "Mon-Fri 02:00-05:00,07:00-10:00"
"""On the clock of Copenhagen, where it is winter: the one of the night is more than a fifth of the three by day."""


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def history(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    with making():
        return read(cast.lead, text=early())


@pytest.fixture(scope="module")
def short(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    """Of two people."""
    with making():
        return read(cast.lead)


def shown(browser: Client, history: WorkHistory, **asked: str) -> Any:
    return browser.get(reverse("planning:history-working-time", args=(history.pk,)), asked)


def asked_for(browser: Client, history: WorkHistory) -> Any:
    return browser.post(reverse("planning:history-reckonings", args=(history.pk,)), follow=True)


def test_the_page_says_what_was_found_and_how_sure_that_is(cast: Cast, history: WorkHistory) -> None:
    page = shown(cast.browser(), history)
    assert page.context["page"].told.found.calendar == FOUND
    assert {one.title: one.value for one in page.context["page"].figures} == {
        "Working time found": 30.0,
        "Support": 1.0,
        "Confidence": 1.0,
    }
    assert "reckoned with Mon-Fri 09:00-17:00" in page.content.decode()
    assert "<svg" in str(page.context["page"].pictures[0].svg)


def test_teams_and_people_are_listed_those_first_who_do_most_outside(cast: Cast) -> None:
    many = read(cast.lead, text=crowded())
    rows = shown(cast.browser(), many).context["page"].table.rows
    assert [(row["name"], row["departs"]) for row in rows[:2]] == [("Night", True), ("Dee", True)]
    assert rows[0]["calendar"] == "Mon-Fri 02:00-05:00"
    assert not any(row["departs"] for row in rows[2:])
    steps = cast.browser().get(shown(cast.browser(), many).context["page"].table.columns[0].href(rows[1]))
    assert steps.context["page"].table.total == 75, "each number opens its steps"


def test_the_steps_of_a_team_are_not_those_of_one_whose_name_begins_alike(cast: Cast) -> None:
    alike = read(cast.lead, text=early().replace("Cy,Office", "Cy,Office 2"))
    table = shown(cast.browser(), alike, level="team").context["page"].table
    opened = {
        row["name"]: cast.browser().get(table.columns[0].href(row)).context["page"] for row in table.rows
    }
    totals = {name: page.table.total for name, page in opened.items()}
    assert totals == {"Office": 150, "Office 2": 75, "Night": 75}
    assert opened["Office"].told == "Done in the team “Office”."


def test_a_colleague_sees_teams_and_nobody_by_name(cast: Cast, history: WorkHistory) -> None:
    page = shown(cast.browser("employee"), history)
    assert {row["name"] for row in page.context["page"].table.rows} == {"Office", "Night"}
    assert "Dee" not in page.content.decode()
    assert "Reckon with this" not in page.content.decode()
    names = {row["name"] for row in shown(cast.browser("controller"), history).context["page"].table.rows}
    assert {"Ada", "Dee"} <= names, "the negative control"


def test_the_table_is_exported_as_shown(cast: Cast, history: WorkHistory) -> None:
    sent = shown(cast.browser(), history, level="person", export="csv").content.decode()
    assert sent.count("\n") == 1 + 4
    assert "Office" not in sent


def test_one_button_reckons_with_it_and_keeps_the_holidays(cast: Cast) -> None:
    mine = confirmed(cast.lead, text=early())
    read_now(mine)
    operations.confirm_columns(
        actor=cast.lead, now=NOW, history=mine, mapping=COLUMNS, zone="Europe/Copenhagen",
        calendar="Mon-Fri 09:00-17:00; holidays DK; closed 2026-05-15",
    )  # fmt: skip
    mine = read_now(WorkHistory.objects.get(pk=mine.pk))
    before = mine.summary["touch_hours"]
    page = asked_for(cast.browser(), mine)
    assert page.redirect_chain[-1][0] == reverse("planning:history", args=(mine.pk,)), "where the progress is"
    mine = WorkHistory.objects.get(pk=mine.pk)
    assert mine.calendar == f"{FOUND}; holidays DK; closed 2026-05-15"
    settled = AuditEntry.objects.filter(verb="history columns settled", subject_id=str(mine.pk))
    assert settled.count() == 3, "one for each time that somebody said it"
    mine = read_now(mine)
    assert (before, mine.summary["touch_hours"]) == (62.5, 250.0), "of four hours a day, one was after nine"
    assert working_time_of(mine).proposed is None
    assert "The figures are reckoned with it." in shown(cast.browser(), mine).content.decode()


def test_nothing_is_applied_by_itself(cast: Cast, history: WorkHistory) -> None:
    shown(cast.browser(), history)
    assert WorkHistory.objects.get(pk=history.pk).calendar == "Mon-Fri 09:00-17:00"


def test_a_record_of_two_people_says_that_it_cannot_tell(cast: Cast, short: WorkHistory) -> None:
    page = shown(cast.browser(), short)
    text = " ".join(page.content.decode().split())
    assert "When people work cannot be told from the record: it names 2 people only." in text
    assert "Reckon with this" not in text
    assert page.context["page"].figures == ()
    refused = asked_for(cast.browser(), short).content.decode()
    assert "shows no working time other than what is reckoned with" in refused
    assert WorkHistory.objects.get(pk=short.pk).calendar == "Mon-Fri 09:00-17:00"


def test_while_it_is_read_nothing_is_changed(cast: Cast) -> None:
    mine = read(cast.lead, text=early())
    operations.reckon_with_found(actor=cast.lead, now=NOW, history=mine)
    with pytest.raises(operations.HistoryBusy):
        operations.reckon_with_found(actor=cast.lead, now=NOW, history=mine)
    assert "is being read" in asked_for(cast.browser(), mine).content.decode()
    assert "Reckon with this" not in shown(cast.browser(), mine).content.decode()
    assert "The figures are reckoned with it." not in shown(cast.browser(), mine).content.decode(), "not yet"


def test_a_reading_that_fails_leaves_the_working_time_of_the_figures_there_are(cast: Cast) -> None:
    mine = read(cast.lead, text=early())
    mine = operations.reckon_with_found(actor=cast.lead, now=NOW, history=mine)
    assert (mine.calendar, mine.reckoned_with) == (FOUND, "Mon-Fri 09:00-17:00"), "until it is read"
    assert mine.job is not None
    jobs.request_cancel(actor=cast.lead, now=NOW, job=mine.job)
    page = shown(cast.browser(), mine).content.decode()
    assert "reckoned with Mon-Fri 09:00-17:00" in page
    assert "Reckon with this" in page, "it can be tried again"
    mine = read_now(operations.reckon_with_found(actor=cast.lead, now=NOW, history=mine))
    assert mine.reckoned_with == FOUND


def test_another_company_finds_no_such_history(cast: Cast, history: WorkHistory) -> None:
    elsewhere = cast.browser(organisation=cast.other_client)
    assert shown(elsewhere, history).status_code == 404
    assert asked_for(elsewhere, history).status_code == 404
    stranger: Actor = cast.actor("operations_lead", cast.other_client)
    with pytest.raises(WorkHistory.DoesNotExist):
        operations.reckon_with_found(actor=stranger, now=NOW, history=history)


def test_what_was_measured_by_other_definitions_is_found_anew(cast: Cast) -> None:
    mine = read(cast.lead, text=early())
    kept = records.working_times(mine)
    shutil.rmtree(records.folder(mine) / records.edition())
    assert records.working_times(mine).equals(kept)


def test_live_work_keeps_the_time_agreed_for_its_service(history: WorkHistory) -> None:
    assert working_time_of(history).proposed == FOUND
    live = WorkHistory.objects.get(pk=history.pk)
    live.file_id = None
    assert working_time_of(live).proposed is None


def test_the_api_says_the_same(cast: Cast, history: WorkHistory, short: WorkHistory) -> None:
    program = Program(cast.lead)
    told = program.get(f"/histories/{history.pk}/working-time").json()
    assert (told["calendar"], told["proposed"], told["problem"]) == (FOUND, FOUND, None)
    assert program.get(f"/histories/{short.pk}/working-time").json()["problem"] == "it names 2 people only"
    teams = program.get(f"/histories/{history.pk}/working-times?level=team").json()
    assert {one["name"] for one in teams["items"]} == {"Office", "Night"}
    assert program.post(f"/histories/{short.pk}/reckonings", {}).status_code == 409


def crowded() -> str:
    """With six more of the office by day, beside whom the one of the night is less than a fifth."""
    head, *rows = early().splitlines()
    more = [row.replace(",Ada,", f",Eve {number},") for number in range(6) for row in rows if ",Ada," in row]
    return "\n".join([head, *rows, *more]) + "\n"
