"""Delimited text: encodings, delimiters, headers, and rows that are broken in structure."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import (
    ColumnMissing,
    FileTooLarge,
    NothingRead,
    UnreadableFile,
    delimited,
    records,
)
from tests.evidence.eventlog.writing import HEADER, packed, read_rows, rows, table

ROW = "7,Check,Ann,2024-01-02 09:00,2024-01-02 09:30"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = table(tmp_path, f"{HEADER}\n{ROW}\n".replace(",", delimiter))
    assert eventlog.read(path).events.height == 1


def test_commas_within_texts_do_not_make_the_comma_the_delimiter(tmp_path: Path) -> None:
    path = table(tmp_path, "Fall;Aktivität;Ende\n1;Prüfen, zahlen, ablegen;02.01.2024 09:00\n")
    assert eventlog.read(path).events["activity"].to_list() == ["Prüfen, zahlen, ablegen"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_however_it_is_written(tmp_path: Path, encoding: str) -> None:
    path = table(tmp_path, f"{HEADER}\n{ROW}\n".replace("Ann", "Zoë 李 🦊"), encoding=encoding)
    reading = eventlog.read(path)
    assert reading.events["resource"].to_list() == ["Zoë 李 🦊"]
    assert reading.columns[0] == "case"


def test_windows_text_is_read_and_told(tmp_path: Path) -> None:
    reading = eventlog.read(table(tmp_path, f"{HEADER}\n{ROW}\n".replace("Ann", "Jürgen"), encoding="cp1252"))
    assert reading.events["resource"].to_list() == ["Jürgen"]
    assert any("Windows-1252" in note for note in reading.notes)


def test_windows_text_is_found_also_far_behind_the_head(tmp_path: Path) -> None:
    many = "\n".join([HEADER, *(ROW.replace("7,", f"{number},") for number in range(8000)), ROW]) + "\n"
    assert len(many) > delimited.HEAD_BYTES
    path = table(tmp_path, many[:-60] + many[-60:].replace("Ann", "Jürgen"), encoding="cp1252")
    assert eventlog.read(path).events["resource"].to_list()[-1] == "Jürgen"


def test_one_damaged_byte_does_not_spoil_the_names_of_a_utf_8_file(tmp_path: Path) -> None:
    many = "\n".join(
        [HEADER, *(f"{number},Prüfen,Ann,2024-01-02 09:00,2024-01-02 09:30" for number in range(8000))]
    )
    path = tmp_path / "log.csv"
    path.write_bytes(many.encode() + b"\n1,Pay,A\xffn,2024-01-02 09:00,2024-01-02 09:30\n")
    reading = eventlog.read(path)
    assert reading.events["activity"].to_list()[0] == "Prüfen"
    assert reading.events["resource"].to_list()[-1] == "A\ufffdn"
    assert any("no UTF-8" in note for note in reading.notes)


def test_lines_may_end_as_on_windows_or_on_old_macintoshes(tmp_path: Path) -> None:
    for newline in ("\r\n", "\r"):
        text = f"{HEADER}\n{ROW}\n{ROW.replace('7', '8')}\n".replace("\n", newline)
        assert eventlog.read(table(tmp_path, text)).events["line"].to_list() == [2, 3]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert eventlog.read(table(tmp_path, f"{HEADER}\n{ROW}")).events.height == 1


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    reading = eventlog.read(table(tmp_path, f"\n{HEADER}\n\n{ROW}\n\r\n{ROW.replace('7', '8')}\n\n"))
    assert (reading.rows_read, reading.events["line"].to_list()) == (2, [4, 6])


def test_the_line_by_which_excel_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    reading = eventlog.read(table(tmp_path, f"sep=;\n{HEADER}\n{ROW}\n".replace(",", ";")))
    assert (reading.columns[0], reading.events["line"].to_list()) == ("case", [3])


def test_lines_are_physical_also_behind_texts_of_several_lines(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, '1,"Check\nand\nsign",Ann,2024-01-02 09:00,2024-01-02 09:30', ROW, "8,Pay,Ann,,"
    )
    assert reading.events["line"].to_list() == [2, 5]
    assert reading.rejects["line"].to_list() == [6]


def test_rows_with_too_few_or_too_many_fields_are_rejected_with_what_they_say(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, ROW, "8,Pay,Ann", "9,Pay,Ann,2024-01-02 09:00,2024-01-02 09:30,x", "10")
    assert reading.rejects["line"].to_list() == [3, 4, 5]
    assert reading.rejects["value"].to_list()[0] == "8,Pay,Ann"
    assert "3 fields where the header has 5" in reading.rejects["reason"][0]
    assert (reading.rows_read, reading.rows_accepted, reading.rows_rejected) == (4, 1, 3)


def test_delimiters_at_the_end_of_every_row_are_unnamed_columns(tmp_path: Path) -> None:
    reading = eventlog.read(table(tmp_path, f"{HEADER}\n{ROW},,\n"))
    assert reading.columns[-2:] == ("column 6", "column 7")
    assert reading.events.height == 1


def test_equal_and_missing_headings_are_told_apart(tmp_path: Path) -> None:
    path = table(tmp_path, "case,Name,Name,,end\n1,Check,Ann,x,2024-01-02 09:00\n")
    assert eventlog.propose(path).columns == ("case", "Name", "Name (2)", "column 4", "end")


def test_a_quote_within_a_text_is_read_as_it_stands(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, '1,Cut 5" pipe,Ann,2024-01-02 09:00,2024-01-02 09:30', ROW)
    assert reading.events["activity"].to_list() == ['Cut 5" pipe', "Check"]
    assert reading.events["line"].to_list() == [2, 3]


def test_a_quote_that_is_never_closed_costs_its_row_only(tmp_path: Path) -> None:
    after = [ROW.replace("7", str(number)) for number in range(100, 5000)]
    reading = read_rows(tmp_path, ROW, '8,"Pay,Ann,2024-01-02 09:00,2024-01-02 09:30', *after)
    assert (reading.rows_read, reading.rows_accepted) == (4902, 4901)
    assert reading.rejects["line"].to_list() == [3]
    assert "never closed" in reading.rejects["reason"][0]
    assert reading.events["line"].to_list()[-1] == 4903


def test_quotes_that_are_never_closed_on_every_line_end_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "RECOVERIES", 20)
    lines = [ROW, *['1,"' + "x" * 140_000] * 21]
    with pytest.raises(
        UnreadableFile, match="More than 20 double quotes are never closed, the last on line 22"
    ):
        eventlog.read(rows(tmp_path, *lines))


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LINE_LIMIT", 1 << 20)
    path = table(tmp_path, f"{HEADER}\n{ROW}\n{'x' * (3 << 20)}")
    with pytest.raises(FileTooLarge, match="Line 3 is longer"):
        eventlog.read(path)


def test_a_packed_table_is_read(tmp_path: Path) -> None:
    assert eventlog.read(packed(rows(tmp_path, ROW))).events.height == 1


def test_a_packed_table_of_several_parts_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    parts = (f"{HEADER}\n{ROW}\n", ROW.replace("7", "8") + "\n")
    path.write_bytes(b"".join(gzip.compress(part.encode()) for part in parts))
    reading = eventlog.read(path)
    assert (reading.events["case"].to_list(), reading.truncated) == (["7", "8"], None)


def test_a_cut_packed_table_keeps_what_is_whole_and_says_so(tmp_path: Path) -> None:
    lines = [
        f"{number},Check {number * 7919 % 1013},Ann,2024-01-02 09:00,2024-01-02 09:30"
        for number in range(9000)
    ]
    reading = eventlog.read(packed(rows(tmp_path, *lines), keep=0.6))
    assert 1000 < reading.rows_accepted < 9000
    assert reading.truncated is not None
    assert "ends early" in reading.truncated
    last = reading.rejects.row(-1, named=True)
    assert last["line"] == reading.rows_accepted + 2
    assert last["reason"] == "The file ends in the middle of this row."
    assert reading.rows_read == reading.rows_accepted + 1


def test_damaged_packing_keeps_what_came_before(tmp_path: Path) -> None:
    path = packed(rows(tmp_path, *(ROW.replace("7", str(number)) for number in range(100, 200))))
    path.write_bytes(path.read_bytes()[:-8] + b"checksum")
    reading = eventlog.read(path)
    assert reading.truncated is not None
    assert "is damaged" in reading.truncated
    assert reading.rows_accepted == 100


@pytest.mark.parametrize("content", [b"not packed at all", b"", b"\x08\x00 cut off"])
def test_packing_that_holds_nothing_readable_is_told_as_broken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(b"\x1f\x8b" + content)
    with pytest.raises(UnreadableFile, match=r"Nothing of log\.csv\.gz can be unpacked"):
        eventlog.read(path)


def test_nothing_that_was_packed_well_is_told_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b""))
    with pytest.raises(NothingRead, match="is empty"):
        eventlog.read(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04....", "ZIP archive"),
        (b"SQLite format 3\x00", "no whole SQLite database"),
        (b"%PDF-1.7", "PDF"),
        (b'{"rows": []}', "JSON, but no object-centric"),
        (b'[{"case": 1}]', "JSON"),
        (bytes(range(256)) * 9, "binary"),
    ],
)
def test_files_of_other_kinds_are_named(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=what):
        eventlog.read(path)


def test_files_that_are_not_there_or_are_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="does not exist"):
        eventlog.read(tmp_path / "missing.csv")
    with pytest.raises(UnreadableFile, match="is a folder"):
        eventlog.read(tmp_path)


@pytest.mark.parametrize("text", ["", "\n\n", f"{HEADER}\n"])
def test_a_file_without_rows_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(NothingRead):
        eventlog.read(table(tmp_path, text))


def test_a_table_of_one_column_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match='The columns are "case"'):
        eventlog.read(table(tmp_path, "case\n1\n2\n"))


def test_a_table_of_thousands_of_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge, match="2,001 columns"):
        eventlog.read(table(tmp_path, "," * 2000 + "\n"))
