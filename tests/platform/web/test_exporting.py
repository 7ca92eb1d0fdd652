"""A table as a file: what a spreadsheet opens, and what it must not run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone
from python_calamine import CalamineWorkbook

from backdesk.platform.web import tables
from backdesk.platform.web.tables import Column, sources, state
from backdesk.platform.web.tables.exporting import file_response

COLUMNS = (
    Column(key="name", title="Activity"),
    Column(key="hours", title="Touch", unit="h", kind="number", decimals=1),
    Column(key="rework", title="Rework", kind="share"),
    Column(key="waiting", title="Waiting", kind="duration"),
    Column(key="cost", title="Cost", kind="money", unit="EUR"),
    Column(key="at", title="Last", kind="time"),
)
ROW = {
    "name": "Payroll",
    "hours": -412.4449,
    "rework": 0.1,
    "waiting": None,
    "cost": Decimal("12.50"),
    "at": datetime(2026, 7, 1, 22, tzinfo=UTC),
}


def exported(*rows: dict[str, Any], query: str = "export=csv") -> list[list[str]]:
    asked = tables.read_state(QueryDict(query), columns=COLUMNS)
    table = sources.from_rows(rows, name="t", columns=COLUMNS, state=asked)
    response = file_response(table=table, filename="activities.csv")
    assert response["Content-Disposition"] == 'attachment; filename="activities.csv"'
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_values_are_not_rounded_and_times_keep_their_offset() -> None:
    with timezone.override(ZoneInfo("Europe/Copenhagen")):
        head, row = exported(ROW)
    assert head == ["Activity", "Touch (h)", "Rework (%)", "Waiting (s)", "Cost (EUR)", "Last"]
    assert row == ["Payroll", "-412.4449", "10", "", "12.50", "2026-07-02T00:00:00+02:00"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(formula: str) -> None:
    _, row = exported({**ROW, "name": formula})
    assert row[0].lstrip()[0] not in "=+-@"
    assert formula.strip() in row[0]


def test_the_file_holds_all_rows_of_the_filter_and_the_chosen_columns() -> None:
    rows = [{**ROW, "name": f"Activity {n}"} for n in range(120)]
    head, *body = exported(*rows, query="export=csv&page=2&columns=cost")
    assert head == ["Activity", "Cost (EUR)"]
    assert len(body) == 120


def test_a_file_cut_at_the_limit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "EXPORT_LIMIT", 10)
    rows = [{**ROW, "name": f"Activity {n}"} for n in range(12)]
    *_, last = exported(*rows)
    assert last == ["Only the first 10 of 12 rows are in this file: filter the table to get fewer."]


def test_a_workbook_has_numbers_as_numbers_and_times_on_the_readers_clock() -> None:
    asked = tables.read_state(QueryDict("export=xlsx"), columns=COLUMNS)
    table = sources.from_rows([{**ROW, "name": "=1+1"}], name="activities", columns=COLUMNS, state=asked)
    with timezone.override(ZoneInfo("Europe/Copenhagen")):
        response = file_response(table=table, filename="activities.csv")
    assert response["Content-Disposition"] == 'attachment; filename="activities.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.sheet_names == ["activities"]
    head, row = book.get_sheet_by_index(0).to_python()
    assert head[:5] == ["Activity", "Touch (h)", "Rework (%)", "Waiting (s)", "Cost (EUR)"]
    assert str(head[5]).startswith("Last (")
    assert row == ["=1+1", -412.4449, 10, "", 12.5, date(2026, 7, 2)]


def test_a_table_offers_both_kinds() -> None:
    table = sources.from_rows(
        [ROW], name="t", columns=COLUMNS, state=tables.read_state(QueryDict(), columns=COLUMNS)
    )
    assert table.exports == (("CSV", "?export=csv"), ("XLSX", "?export=xlsx"))


def test_any_other_kind_is_the_page_itself() -> None:
    assert not tables.read_state(QueryDict("export=pdf"), columns=COLUMNS).export
