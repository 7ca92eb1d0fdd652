"""Tables that people bring: each row with its line, broken ones told, and files that ask for too much refused."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from backdesk.platform import contained, spreadsheets
from backdesk.platform.contained import Bounds, TookTooMuch
from backdesk.platform.spreadsheets import Fault, Row, TooManyRows, UnreadableSheet, read
from backdesk.platform.spreadsheets.reading import first
from backdesk.platform.spreadsheets.writing import write_csv, write_xlsx

INVOICES = "number,supplier,net\n1,Møller & Søn,12.50\n2,“Quay” Foods,7\n"


def file(folder: Path, content: str | bytes, name: str = "invoices.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder: Path, *rows: Sequence[Any], at: int = 0) -> Path:
    path = folder / "invoices.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, start=at):
            sheet.write_row(number, 0, row)
    return path


def rows_of(path: Path, **asked: Any) -> list[Row | Fault]:
    return list(read(path, name=path.name, **asked).rows())


def values(path: Path) -> list[dict[str, Any]]:
    return [dict(row.values) for row in rows_of(path) if isinstance(row, Row)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_however_it_was_written(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = file(tmp_path, INVOICES.replace(",", delimiter).encode(encoding))
    sheet = read(path, name="invoices.csv")
    assert (sheet.kind, sheet.columns) == ("csv", ("number", "supplier", "net"))
    assert rows_of(path) == [
        Row(line=2, values={"number": "1", "supplier": "Møller & Søn", "net": "12.50"}),
        Row(line=3, values={"number": "2", "supplier": "“Quay” Foods", "net": "7"}),
    ]


def test_a_broken_row_is_told_with_its_line_and_the_others_are_kept(tmp_path: Path) -> None:
    path = file(tmp_path, 'a,b\n1,2\n\n3,4,5\n"six\nlines",7\n8\n')
    assert rows_of(path) == [
        Row(line=2, values={"a": "1", "b": "2"}),
        Fault(line=4, says="The row has 3 cells, the head 2. Perhaps a text with a comma is not in quotes."),
        Row(line=5, values={"a": "six\nlines", "b": "7"}),
        Row(line=7, values={"a": "8", "b": ""}),
    ]


def test_a_quote_that_is_never_closed_is_told_and_takes_no_memory(tmp_path: Path) -> None:
    path = file(tmp_path, 'a,b\n1,2\n3,"' + "x\n" * 100_000)
    good, fault, *_ = rows_of(path)
    assert good == Row(line=2, values={"a": "1", "b": "2"})
    assert isinstance(fault, Fault)
    assert fault.line == 3


def test_excels_own_first_line_names_the_delimiter(tmp_path: Path) -> None:
    assert values(file(tmp_path, "sep=|\na|b,c\n1|2\n")) == [{"a": "1", "b,c": "2"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("a,b,a\n1,2,3\n", r"two columns are called “a” \(1 and 3\)"),
        (b"\0\1\2", "no text and no workbook"),
        (b"%PDF-1.7", "no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Save it as .xlsx"),
        (b"PK\x03\x04 and then nothing", "is broken"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableSheet, match=says):
        read(file(tmp_path, content), name="invoices.csv")


def test_a_column_without_a_name_is_called_by_its_place(tmp_path: Path) -> None:
    assert read(file(tmp_path, "a,,c,\n1,2,3,\n"), name="x").columns == ("a", "column 2", "c")


def test_more_rows_than_asked_for_are_refused_while_they_come(tmp_path: Path) -> None:
    path = file(tmp_path, "a\n1\n2\n3\n")
    assert len(rows_of(path, limit=3)) == 3
    with pytest.raises(TooManyRows, match="more than 2 rows"):
        rows_of(path, limit=2)


def test_json_lines_keep_amounts_exact_and_tell_broken_ones(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        '{"net": 0.1, "lines": [{"n": 1}]}\n\nno\n[1]\n{"n": NaN}\n{"a": ' + "[" * 100_000 + "\n",
        "invoices.jsonl",
    )
    good, *faults = rows_of(path)
    assert good == Row(line=1, values={"net": Decimal("0.1"), "lines": [{"n": 1}]})
    assert [one.line for one in faults] == [3, 4, 5, 6]
    assert all(isinstance(one, Fault) for one in faults)
    assert read(path, name="x").columns == ()


def test_a_workbook_is_read_with_its_dates_numbers_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        form = {name: book.add_format({"num_format": name}) for name in ("yyyy-mm-dd", "hh:mm", "[h]:mm")}
        sheet.write_row(2, 0, ["day", "moment", "time", "length", "whole", "part", "yes", "text"])
        sheet.write_datetime(4, 0, datetime(2026, 3, 2), form["yyyy-mm-dd"])  # noqa: DTZ001
        sheet.write_datetime(4, 1, datetime(2026, 3, 2, 9, 30), form["yyyy-mm-dd"])  # noqa: DTZ001
        sheet.write_datetime(4, 2, time(9, 30), form["hh:mm"])
        sheet.write_datetime(4, 3, timedelta(hours=36), form["[h]:mm"])
        sheet.write_row(4, 4, [12_345_678, 0.1, True, " 007 "])
    assert rows_of(path) == [
        Row(
            line=5,
            values={
                "day": "2026-03-02",
                "moment": "2026-03-02T09:30:00",
                "time": "09:30:00",
                "length": "36:00:00",
                "whole": "12345678",
                "part": "0.1",
                "yes": "true",
                "text": "007",
            },
        )
    ]


def test_a_workbook_with_one_cell_far_away_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    """Seven kilobytes for which the library asks for half a terabyte, and ends its process where it gets none."""
    path = tmp_path / "bomb.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
    with pytest.raises(UnreadableSheet, match="unpacks to more than can be read"):
        read(path, name="bomb.xlsx")


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        ("x = bytearray(10 ** 9)", Bounds(memory=300_000_000, seconds=20)),
        ("while True: pass", Bounds(memory=300_000_000, seconds=1)),
        ("import time; time.sleep(60)", Bounds(memory=300_000_000, seconds=1)),
    ],
)
def test_what_takes_more_than_its_bounds_is_ended(tmp_path: Path, code: str, bounds: Bounds) -> None:
    script = file(tmp_path, code, "script.py")
    with pytest.raises(TookTooMuch):
        contained.run(script, bounds=bounds)


def test_a_contained_process_knows_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "ours")
    script = file(tmp_path, "import os; print(sorted(os.environ))", "script.py")
    (said,) = contained.run(script, bounds=Bounds(memory=300_000_000, seconds=10))
    assert "SECRET_KEY" not in said


def test_who_stops_reading_ends_the_process(tmp_path: Path) -> None:
    script = file(tmp_path, "while True: print('more')", "script.py")
    lines = contained.lines(script, bounds=Bounds(memory=300_000_000, seconds=10))
    assert next(lines) == "more\n"
    lines.close()  # type: ignore[attr-defined]


FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "＝1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula(formula: str) -> None:
    text, book = io.StringIO(), io.BytesIO()
    write_csv(text, columns=[formula], rows=[[formula, -1]])
    assert all(not line.startswith(formula[0]) for line in text.getvalue()[1:].splitlines() if line)
    assert text.getvalue().rstrip().endswith(",-1")
    write_xlsx(book, columns=[formula], rows=[[formula]])
    assert b"<f>" not in unpacked(book)
    (_, (cell,)) = cells_of(book)
    assert str(cell).strip() == formula.strip()


def cells_of(book: io.BytesIO) -> list[list[Any]]:
    book.seek(0)
    return CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()


def unpacked(book: io.BytesIO) -> bytes:
    import zipfile

    with zipfile.ZipFile(book) as packed:
        return packed.read("xl/worksheets/sheet1.xml")


def test_a_workbook_keeps_what_is_a_number_a_day_a_time_and_what_is_none() -> None:
    book = io.BytesIO()
    row = [
        Decimal("-12.50"),
        3,
        True,
        date(2026, 3, 2),
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        None,
        float("nan"),
    ]
    write_xlsx(book, columns=list("abcdefg"), rows=[row, [2**63, "http://x.example", "x" * 40_000]])
    _, first_row, second = cells_of(book)
    assert first_row == [-12.5, 3, True, date(2026, 3, 2), datetime(2026, 3, 2, 9), "", "nan"]  # noqa: DTZ001
    assert second[:2] == [str(2**63), "http://x.example"]
    assert len(str(second[2])) == 32_767


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_what_is_written_as_csv_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    stripped = [[cell.strip() for cell in row] for row in rows]
    text = io.StringIO()
    write_csv(text, columns=["a", "b"], rows=stripped)
    path = file(tmp_path_factory.mktemp("csv"), text.getvalue())
    expected = [[_safe(cell) for cell in row] for row in stripped if any(row)]
    assert [list(one.values()) for one in values(path)] == expected


def _safe(cell: str) -> str:
    from backdesk.evidence.eventlog.exporting import safe_cell

    return safe_cell(cell)


def test_the_first_rows_are_for_a_look(tmp_path: Path) -> None:
    path = file(tmp_path, "a\n" + "1\n" * 1000)
    assert len(first(read(path, name="x"), 5)) == 5
    assert spreadsheets.read is read
    assert json.dumps({"kind": read(path, name="x").kind}) == '{"kind": "csv"}'
