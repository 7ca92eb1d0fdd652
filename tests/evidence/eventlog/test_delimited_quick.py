"""The compiled cutter of delimited text against the general way: the same events, rejects and words."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import LogError, Mapping, Reading, delimited, delimited_quick, opening
from backdesk.evidence.eventlog.tables import Table
from tests.shared import shared_data

HEADER = "case,task,end,start\n"
ROWS = (
    "7,Check,2024-02-29T09:30:00.5Z,2024-02-29T09:00:00+01:00\n",
    "7,Pay,2024-02-29T10:30:00-05:30,\n",
    "8,Böse,2024-03-01T00:00:00.123456789Z,2024-02-29T09:00:00Z\n",
)
MAPPING = Mapping(case="case", activity="task", ended_at="end", started_at="start")

texts = st.sampled_from(
    ["7", "8", "", " 8 ", "NULL", "é日", '"7"', '"7;8"', '"', '"a""b"', "a\rb", "x" * 301]
)
times = st.sampled_from(
    [
        *("2024-02-29T09:30:00Z", '"2024-02-29T09:30:00.25+02:00"', "1999-12-31T23:59:59-14:00", ""),
        *(
            "2023-02-29T09:30:00Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29 09:30",
            " 2024-02-29T09:30:00Z",
            "soon",
        ),
        *("2024-02-29T09:30:00", "1899-01-01T00:00:00Z", "2024-02-29T09:30:00+15:00", "2024-02-29T09:30:60Z"),
    ]
)
PLAIN = (st.sampled_from(["7", "8", "", '"7,8"', "é日"]), st.sampled_from(["Check", "Pay", '"Pay"']))
PLAIN_TIMES = st.sampled_from(
    [
        *("2024-02-29T09:30:00Z", '"2024-02-29T09:30:00.25+02:00"', "1999-12-31T23:59:59-14:00", ""),
        *("2024-02-29 09:30:00", '"2024-03-31 02:30:00.250"', "2024-10-27 02:30:00", "2024-03-31T01:30:00"),
    ]
)
ends = st.sampled_from(["\n", "\r\n"])


@contextmanager
def read_as(*, large: bool) -> Iterator[None]:
    with patch.object(opening, "LARGE", 0 if large else 1 << 40):
        yield


def cut(path: Path) -> Table | None:
    """What the cutter makes of a file of `HEADER`."""
    columns = ("case", "task", "end", "start")
    style, _ = delimited._style(delimited._head_text(opening.ByteSource(path), path), path)
    return delimited._load_quickly(path, style, columns[2:], None) if style.layout.names == columns else None


def told(path: Path, *, large: bool, **asked: object) -> Reading | str:
    with read_as(large=large):
        try:
            return eventlog.read(path, **asked)  # type: ignore[arg-type]
        except LogError as error:
            return str(error)


def assert_alike(path: Path, **asked: object) -> None:
    quick, general = told(path, large=True, **asked), told(path, large=False, **asked)
    if isinstance(quick, str) or isinstance(general, str):
        assert quick == general
        return
    assert_frame_equal(quick.events, general.events, categorical_as_str=True)
    assert_frame_equal(quick.rejects, general.rejects)
    assert (quick.notes, quick.zone, quick.rows_read) == (general.notes, general.zone, general.rows_read)


def a_log(folder: Path, text: str) -> Path:
    path = folder / "log.csv"
    path.write_bytes(text.encode())
    return path


def assert_same(one: Table, other: Table) -> None:
    texts = pl.col("case", "task").cast(pl.String)
    assert_frame_equal(one.frame.with_columns(texts), other.frame.with_columns(texts))
    assert one.lines.equals(other.lines)


def rows_of(cells: tuple[st.SearchStrategy[str], ...]) -> st.SearchStrategy[str]:
    row = st.tuples(st.tuples(*cells), ends).map(lambda made: ",".join(made[0]) + made[1])
    return st.lists(st.sampled_from([0, 1, 2]), min_size=6, max_size=20).flatmap(
        lambda places: st.tuples(row, row, row).map(lambda three: "".join(three[at] for at in places))
    )


@settings(deadline=None, max_examples=15)
@given(body=rows_of((texts, texts, times, times)))
def test_whatever_stands_in_a_table_both_ways_tell_the_same(
    body: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_alike(a_log(tmp_path_factory.getbasetemp(), HEADER + body), mapping=MAPPING)


@settings(deadline=None, max_examples=15)
@given(body=rows_of((*PLAIN, PLAIN_TIMES, PLAIN_TIMES)), zone=st.sampled_from([None, "Europe/Amsterdam"]))
def test_what_is_plain_is_cut_and_both_ways_tell_the_same(
    body: str, zone: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = a_log(tmp_path_factory.getbasetemp(), HEADER + body)
    assert cut(path) is not None
    assert_alike(path, mapping=MAPPING, zone=zone)


def test_the_cutter_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_log(tmp_path, HEADER + "".join(ROWS) * 4)
    compiled = cut(path)
    monkeypatch.setattr(delimited_quick, "compiled", np.errstate(over="ignore"))  # hashes are meant to
    written = cut(path)
    assert compiled is not None
    assert written is not None
    assert_same(written, compiled)
    assert compiled.frame.row(2)[:2] == ("8", "Böse")
    assert compiled.lines.to_list() == list(range(2, 14))


@pytest.mark.parametrize("size", [1, 200, 1000])
def test_where_a_block_ends_makes_no_difference(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_log(tmp_path, HEADER + "".join(row * 4 for row in ROWS) * 30)
    whole = cut(path)
    monkeypatch.setattr(delimited, "CHUNK", size)
    monkeypatch.setattr(opening, "PIECE", 400)
    parted = cut(path)
    assert whole is not None
    assert parted is not None
    assert_same(parted, whole)


@settings(deadline=None, max_examples=15, derandomize=True)
@given(
    text=st.text('a",;\r\n\0\xff2024-02-29T09:30:00.5Zé日', max_size=40),
    size=st.integers(1, 40),
    ended=st.booleans(),
)
def test_whatever_stands_at_the_end_of_a_block_both_ways_tell_the_same(
    text: str, size: int, ended: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    body = "".join(ROWS) * 2 + text + "\n" * ended
    path = a_log(tmp_path_factory.getbasetemp(), HEADER + body)
    with patch.object(delimited, "CHUNK", size), patch.object(opening, "PIECE", size):
        assert_alike(path, mapping=MAPPING)


@pytest.mark.parametrize("text", ["\n" + HEADER + "".join(ROWS), '"ca\nse",task,end\n' + "7,Pay,\n" * 3])
def test_the_header_may_reach_beyond_the_first_block(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_log(tmp_path, text)
    monkeypatch.setattr(delimited, "CHUNK", 1)
    monkeypatch.setattr(opening, "PIECE", 1)
    style, _ = delimited._style(delimited._head_text(opening.ByteSource(path), path), path)
    quick = delimited._load_quickly(path, style, (), None)
    assert quick is not None
    assert quick.lines.to_list() == list(range(3, 6))
    assert_alike(path)


def test_so_may_one_in_which_a_packed_file_ends(tmp_path: Path) -> None:
    path = a_log(tmp_path, HEADER)
    path.write_bytes(gzip.compress(HEADER.strip().encode())[:-9])
    assert_alike(path, mapping=MAPPING)


@pytest.mark.parametrize("delimiter", "-:.T")
def test_what_parts_fields_is_no_part_of_a_time(delimiter: str, tmp_path: Path) -> None:
    names = delimiter.join(("a", "b", "c"))
    rows = delimiter.join(("7", "x", "2024-02-29T09:30:00.5Z")) + "\n"
    path = a_log(tmp_path, f"sep={delimiter}\n{names}\n" + rows * 3)
    assert_alike(path, mapping=Mapping(case="a", activity="b", ended_at="c"))


@pytest.mark.parametrize(
    "row",
    [
        *(
            "\n",
            "\r\n",
            "7,Check,,,\n",
            "7,Check,\n",
            '7,"a\nb",,\n',
            '7,"a""b",,\n',
            '7, "a",,\n',
            '7,a"b,,\n',
        ),
        *(
            '7,"Check"x,,\n',
            "7,a\rb,,\n",
            "7,Check,soon,\n",
            "7,Check,2024-02-29T09:30:00Z ,\n",
            '7,"Check\n',
        ),
    ],
)
def test_what_is_not_plain_is_left_to_the_general_way(row: str, tmp_path: Path) -> None:
    plain = HEADER + "".join(ROWS) * 4
    assert cut(a_log(tmp_path, plain)) is not None
    path = a_log(tmp_path, plain + row + ROWS[0])
    assert cut(path) is None
    assert_alike(path)


def test_texts_that_do_not_come_again_are_not_numbered(tmp_path: Path) -> None:
    path = a_log(tmp_path, HEADER + "".join(f"{case},Check,,\n" for case in range(delimited_quick.FEW + 1)))
    assert cut(path) is None


@pytest.mark.parametrize("end", ["2024-02-29T09:29:59.9Z", "2024-03-31 02:30:00.50"])
def test_a_row_that_ends_early_or_never_is_told_as_it_was_written(end: str, tmp_path: Path) -> None:
    path = a_log(tmp_path, HEADER + "".join(ROWS) * 4 + f"9,Pay,{end},2024-02-29T09:30:00Z\n")
    assert cut(path) is not None
    assert_alike(path, mapping=MAPPING, zone="Europe/Amsterdam")
    found = told(path, large=True, mapping=MAPPING, zone="Europe/Amsterdam")
    assert isinstance(found, Reading)
    assert found.rejects["value"].to_list()[-1] == end


def test_times_with_a_blank_and_without_an_offset_are_cut(tmp_path: Path) -> None:
    read = cut(a_log(tmp_path, HEADER + "7,Pay,2024-02-29 09:30:00.25,2024-02-29 09:00:00+01:00\n" * 2))
    assert read is not None
    assert read.frame["end"][0] == {"local": datetime.fromisoformat("2024-02-29T09:30:00.25"), "offset": None}
    assert read.frame["start"][0]["offset"] == 60


def test_there_is_room_for_more_rows_than_seemed_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "7," + "Check" * 50 + ",2024-02-29T09:30:00Z,\n"
    path = a_log(tmp_path, HEADER + long * 200 + "8,Pay,,\n" * 4000)
    monkeypatch.setattr(opening, "PIECE", 4000)
    monkeypatch.setattr(delimited, "CHUNK", 8000)
    shelf = delimited_quick._Shelf
    with patch.object(delimited_quick, "_Shelf", side_effect=shelf) as shelves:
        read = cut(path)
    assert shelves.call_count > 1
    assert read is not None
    assert read.frame["case"].cast(pl.String).to_list() == ["7"] * 200 + ["8"] * 4000
    assert read.frame["end"].null_count() == 4000


def test_bytes_that_are_no_text_beyond_the_head_are_read_as_before(tmp_path: Path) -> None:
    path = a_log(tmp_path, HEADER + "".join(ROWS[:2]) * 4000)
    assert cut(path) is not None
    path.write_bytes(path.read_bytes() + b"7,B\xf6se,2024-02-29T09:30:00Z,\n")
    assert cut(path) is None
    assert_alike(path)


def test_a_time_that_is_a_text_too_stays_as_it_was_written(tmp_path: Path) -> None:
    path = a_log(tmp_path, HEADER + "".join(ROWS) * 4)
    assert_alike(path, mapping=Mapping(case="start", activity="task", ended_at="start"))
    assert_alike(
        path, attributes={"end": "text"}, mapping=Mapping(case="case", activity="task", ended_at="start")
    )
    assert_alike(
        path,
        mapping=Mapping(case="case", activity="task", ended_at="start", time_format="%Y-%m-%dT%H:%M:%S%z"),
    )


def test_progress_rises_and_what_it_raises_ends_the_reading(tmp_path: Path) -> None:
    path = a_log(tmp_path, HEADER + "".join(ROWS) * 4)
    seen: list[float] = []
    with read_as(large=True):
        eventlog.read(path, progress=lambda share, _: seen.append(share))
        assert seen == sorted(seen)
        assert len(seen) >= 3
        with pytest.raises(InterruptedError):
            eventlog.read(path, progress=stop)


def stop(share: float, phase: str) -> None:
    raise InterruptedError(f"{phase} at {share}")


def test_a_real_log_reads_the_same(tmp_path: Path) -> None:
    events = eventlog.read(shared_data("eventlogs", "logs/running-example.xes")).events
    path = tmp_path / "log.csv"
    shown = events.select(
        "case", "activity", "resource", pl.col("at").dt.to_string("%Y-%m-%dT%H:%M:%S%.6f+00:00")
    )
    shown.write_csv(path)
    with patch.object(delimited_quick, "load", wraps=delimited_quick.load) as load:
        assert_alike(path)
    assert load.call_count == 1
