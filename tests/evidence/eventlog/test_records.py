"""The vectorised path through delimited text against the csv module, on anything."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.eventlog.records import Layout, batches, exact_batches
from tests.evidence.eventlog.writing import unhurried

LAYOUT = Layout(delimiter=",", names=("a", "b", "c"), kept=("a", "b", "c"))
Rows = list[tuple[int, tuple[str, ...]]]

texts = st.text(st.sampled_from('ab,"\n日'), max_size=6)
tables = st.lists(st.lists(texts, min_size=2, max_size=4), min_size=1, max_size=30)


def taken(found: object) -> tuple[Rows, list[tuple[int, str]]]:
    good: Rows = []
    broken = []
    for batch in found:  # type: ignore[attr-defined]
        cells = (tuple(cell or "" for cell in row) for row in batch.frame.rows())
        good += zip(batch.lines, cells, strict=True)
        broken += [(reject.line, reject.reason) for reject in batch.rejects]
    return good, broken


def fast(text: str) -> tuple[Rows, list[tuple[int, str]]]:
    return taken(batches([("header\n" + text).encode()], LAYOUT, header_lines=1))


def exact(text: str) -> tuple[Rows, list[tuple[int, str]]]:
    lines = iter([line + "\n" for line in text.split("\n")[:-1]])
    return taken(exact_batches(lines, LAYOUT, first_line=2))


@unhurried
@given(tables)
def test_well_written_tables_come_back_as_they_were(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    good, broken = fast(stream.getvalue())
    whole = [tuple(row) for row in rows if len(row) == 3]
    assert [cells for _, cells in good] == whole
    assert len(good) + len(broken) == len(rows)


@unhurried
@given(tables)
def test_lines_are_where_the_csv_module_finds_them(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    text = stream.getvalue()
    assert fast(text) == exact(text)


@unhurried
@given(st.lists(st.sampled_from(['"', ",", "a", "\n", '""', ' "', "b,c\n", '"x",y,z\n']), max_size=40))
def test_no_row_is_lost_or_doubled_whatever_the_quotes(pieces: list[str]) -> None:
    text = "".join(pieces) + "\n"
    good, broken = fast(text)
    lines = [line for line, _ in good] + [line for line, _ in broken]
    assert len(lines) == len(set(lines))
    assert set(lines) <= set(range(2, text.count("\n") + 2))
    starts = {
        number
        for number, line in enumerate(text.split("\n"), start=2)
        if line.strip("\r") and '"' not in text
    }
    assert starts <= set(lines)


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_blocks_of_any_size_give_the_same_rows(size: int) -> None:
    text = "".join(f'{number},"two\nlines, {number}",x\nshort,{number}\n\n' for number in range(50))
    whole = fast(text)
    lines = ("header\n" + text).encode().splitlines(keepends=True)
    blocks = [b"".join(lines[at : at + size]) for at in range(0, len(lines), size)]
    assert taken(batches(blocks, LAYOUT, header_lines=1)) == whole
    assert (len(whole[0]), len(whole[1])) == (50, 50)
