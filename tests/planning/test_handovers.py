"""Who hands work to whom: a page for those who may see it, each figure with its steps."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from backdesk.planning.models import WorkHistory
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.histories import HEAD, MONDAY, read

pytestmark = pytest.mark.django_db

#: Ada of Sales enters, Bo of Office checks; of every second order Ada has to mend it; Cy of Office books it.
HANDS = {
    "Enter": ("Ada", "Sales"),
    "Check": ("Bo", "Office"),
    "Mend": ("Ada", "Sales"),
    "Book": ("Cy", "Office"),
}


def handing(orders: int = 20) -> str:
    rows = [HEAD]
    for number in range(orders):
        at = MONDAY + timedelta(days=number)
        for task in ("Enter", "Check", "Mend", "Book") if number % 2 else ("Enter", "Check", "Book"):
            until = at + timedelta(minutes=10)
            who, team = HANDS[task]
            rows.append(f"A-{number:03},{task},{at.isoformat()},{until.isoformat()},{who},{team}")
            at = until + timedelta(minutes=30)
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def history(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    with making():
        return read(cast.lead, text=handing())


def shown(browser: Client, history: WorkHistory, **asked: str) -> Any:
    return browser.get(reverse("planning:history-handovers", args=(history.pk,)), asked)


def pairs(page: Any) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (row["giver"], row["taker"]): (row["handovers"], row["returned"])
        for row in page.context["page"].table.rows
    }


def test_those_who_may_see_people_see_who_hands_to_whom(cast: Cast, history: WorkHistory) -> None:
    page = shown(cast.browser(), history)
    assert pairs(page) == {
        ("Ada", "Bo"): (20, 10),
        ("Bo", "Ada"): (10, 0),
        ("Bo", "Cy"): (10, 0),
        ("Ada", "Cy"): (10, 0),
    }
    handed, returned, share = (figure.value for figure in page.context["page"].figures)
    assert (handed, returned, share) == (50, 10, 0.2)
    waited = page.context["page"].table.rows[0]["handover_hours_median"]
    assert waited == 0.5, "half an hour lies between the steps"


def test_between_teams_it_is_for_everybody_and_people_are_not(cast: Cast, history: WorkHistory) -> None:
    page = shown(cast.browser("employee"), history, between="resource")
    assert [one for one, _ in page.context["page"].form["between"].field.choices] == ["team"]
    assert page.context["page"].table is None, "what may not be asked for is not answered"
    page = shown(cast.browser("employee"), history)
    assert pairs(page) == {("Sales", "Office"): (30, 10), ("Office", "Sales"): (10, 10)}
    assert not {"Ada", "Bo", "Cy"} & set(page.content.decode().split())


def test_nor_does_the_list_of_steps_tell_who_gave_them(cast: Cast, history: WorkHistory) -> None:
    steps = reverse("planning:history-steps", args=(history.pk,))
    page = cast.browser("employee").get(steps, {"between": "resource", "giver": "Ada", "taker": "Bo"})
    assert page.context["page"].table.total == 70, "all of them, as if nothing had been asked"
    assert "Cy" not in page.content.decode()


def test_each_number_opens_as_many_steps(cast: Cast, history: WorkHistory) -> None:
    browser = cast.browser()
    page = shown(browser, history, since="2026-01-08", contains="Mend").context["page"]
    table = page.table
    checked = 0
    for row in table.rows:
        for column in table.columns:
            if column.href and column.key in ("handovers", "returned"):
                address = column.href(row)
                assert bool(address) == bool(row[column.key]), "nothing stands behind none"
                opened = browser.get(steps_at(history, address)).context["page"] if address else None
                assert (opened.table.total if opened else 0) == row[column.key]
                checked += 1
    for figure in page.figures[:2]:
        assert browser.get(steps_at(history, figure.href)).context["page"].table.total == figure.value
    cells = [cell for _, cells in page.matrix.rows for cell in cells if cell and cell.handovers]
    assert sum(cell.handovers for cell in cells) == page.figures[0].value
    assert browser.get(cells[0].url).context["page"].table.total == cells[0].handovers
    assert checked == 2 * len(table.rows) > 4


def steps_at(history: WorkHistory, address: str) -> str:
    place = urlsplit(address)
    assert place.path == reverse("planning:history-steps", args=(history.pk,))
    assert parse_qs(place.query)["since"] == ["2026-01-08"], "of the same cases"
    return address


def test_the_steps_say_which_they_are(cast: Cast, history: WorkHistory) -> None:
    steps = reverse("planning:history-steps", args=(history.pk,))
    asked = {"between": "team", "giver": "Sales", "taker": "Office", "came_back": "yes"}
    page = cast.browser().get(steps, asked).content.decode()
    assert "Handed over from Sales to Office. Those alone that came straight back." in page


def test_the_matrix_shades_what_is_most(cast: Cast, history: WorkHistory) -> None:
    matrix = shown(cast.browser(), history).context["page"].matrix
    assert matrix.names == ("Ada", "Bo", "Cy")
    shades = {
        (giver, taker): cell and cell.shade
        for giver, cells in matrix.rows
        for taker, cell in zip(matrix.names, cells, strict=True)
    }
    assert (shades["Ada", "Bo"], shades["Bo", "Cy"], shades["Cy", "Ada"], shades["Ada", "Ada"]) == (
        6,
        3,
        0,
        None,
    )
    assert matrix.left_out == 0


def test_pairs_are_filtered_sorted_and_exported(cast: Cast, history: WorkHistory) -> None:
    browser = cast.browser()
    assert set(pairs(shown(browser, history, giver="Bo"))) == {("Bo", "Ada"), ("Bo", "Cy")}
    written = b"".join(shown(browser, history, between="team", export="csv")).decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(written)))
    assert (head[:3], len(rows)) == (["From", "To", "Handovers"], 2)


def test_where_everybody_is_one_team_that_is_said(cast: Cast) -> None:
    alone = read(cast.lead)  # Ada and Bo, both of Office
    page = shown(cast.browser("employee"), alone)
    assert "no two teams" in page.content.decode()
    assert "error-summary" not in page.content.decode(), "nobody can mend that"
    assert page.context["page"].table is None


def test_where_no_case_is_left_nothing_is_handed_over(cast: Cast, history: WorkHistory) -> None:
    page = shown(cast.browser(), history, since="2030-01-01")
    assert "No handover" in page.content.decode()
    assert page.context["page"].matrix is None
