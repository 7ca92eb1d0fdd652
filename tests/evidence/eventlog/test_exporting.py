"""What is written for spreadsheets holds no formula, and loses nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.eventlog import REJECTS, safe_cell, write_rejects_csv
from tests.evidence.eventlog.writing import read_rows, unhurried

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=20)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1＋1", "＠x"]
)
def test_what_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Ann", "a=b", "1-2", "'quoted", "Zoë"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_a_formula_in_a_log_reaches_no_spreadsheet(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, "1,Check,Ann,2024-01-02 09:00,2024-01-02 09:30", "2,Check,Ann,,=cmd|' /C calc'!A0"
    )
    path = tmp_path / "rejects.csv"
    write_rejects_csv(reading.rejects, target=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "field", "value", "reason"]
    assert rows[1][:3] == ["3", "end", "'=cmd|' /C calc'!A0"]


@unhurried
@given(st.lists(st.tuples(st.integers(1, 2**32 - 1), texts, texts, texts), max_size=20))
def test_every_reject_can_be_read_back(rows: list[tuple[int, str, str, str]]) -> None:
    stream = io.StringIO(newline="")
    write_rejects_csv(pl.DataFrame(rows, schema=REJECTS, orient="row"), target=stream)
    _, *found = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert [(int(line), *cells) for line, *cells in found] == [
        (line, *(safe_cell(cell) for cell in cells)) for line, *cells in rows
    ]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)
