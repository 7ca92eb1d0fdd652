"""What becomes of every row: accepted or rejected, with line, field, value and a reason one can act on."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import EVENTS, REJECTS, Mapping, NothingRead, Reading, accepting
from tests.evidence.eventlog.writing import HEADER, events, read_rows, rows, table, times, unhurried

WHOLE = Mapping.from_text("case=case,activity=activity,resource=resource,started_at=start,ended_at=end")
GOOD = "1,Check,Ann,2024-01-02 09:00,2024-01-02 09:30"
NAMES = [
    "Zoë Müller",
    "李小龍",
    "محمد علي",
    "דָּוִד",
    "Ἀλέξανδρος",
    "🦊 Fox",
    'O\'Brien, "Bob"',
    "a\u0301",
    "\u202ertl",
]


def rejected(reading: Reading) -> list[tuple[int, str, str]]:
    return [row[:3] for row in reading.rejects.rows()]


def test_events_and_rejects_have_their_schemas(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, "2,,Ann,,")
    assert (reading.events.schema, reading.rejects.schema) == (EVENTS, REJECTS)


def test_rows_without_case_activity_or_time_are_rejected(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, GOOD, ",Check,Ann,,2024-01-02 09:30", "2, ,Ann,,2024-01-02 09:30", "3,Check,Ann,,"
    )
    assert rejected(reading) == [(3, "case", ""), (4, "activity", ""), (5, "end", "")]
    assert reading.rejects["reason"].to_list() == [
        "The row names no case; every row needs one.",
        "The row names no activity; every row needs one.",
        "The row has no time; every row needs one.",
    ]


def test_a_text_too_long_for_a_name_is_rejected_and_the_other_rows_are_read(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path,
        GOOD,
        f"2,{'x' * 301},Ann,,2024-01-02 09:30",
        f"3,{'y' * 300},{'z' * 5000},,2024-01-02 09:31",
    )
    assert rejected(reading) == [(3, "activity", "x" * 200), (4, "resource", "z" * 200)]
    assert reading.rejects["reason"][1] == (
        "This text has 5000 characters, more than a name has (300); shorten it, or choose another column."
    )
    assert reading.rows_accepted == 1


def test_a_text_with_a_character_that_is_none_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    frame = {"case": ["1", "2"], "activity": ["Check", "Che\0ck"], "time": ["2024-01-02 09:30"] * 2}
    pl.DataFrame(frame).write_parquet(path)
    reading = eventlog.read(path)
    assert rejected(reading) == [(2, "activity", "Check")]
    assert "the character NUL" in reading.rejects["reason"][0]


def test_words_for_nothing_are_nothing(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, "1,Check,NULL,nan,2024-01-02 09:30", "NaN,Check,Ann,,2024-01-02 09:30")
    assert (reading.events["resource"].to_list(), reading.events["started_at"].to_list()) == ([None], [None])
    assert rejected(reading) == [(3, "case", "")]


def test_a_time_in_another_form_is_rejected_with_the_form_of_the_rest(tmp_path: Path) -> None:
    good = [f"{case},Check,Ann,2024-01-02 09:00,2024-01-02 09:30" for case in range(5)]
    reading = read_rows(
        tmp_path, *good, "6,Check,Ann,02.01.2024 09:00,2024-01-02 09:30", "7,Check,Ann,,tomorrow"
    )
    assert rejected(reading) == [(7, "start", "02.01.2024 09:00"), (8, "end", "tomorrow")]
    assert "the form of the others in its column (yyyy-mm-dd and time)" in reading.rejects["reason"][0]


def test_a_date_that_does_not_exist_is_rejected(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, "2,Check,Ann,,2023-02-29 09:00")
    assert rejected(reading) == [(3, "end", "2023-02-29 09:00")]
    assert "does not exist" in reading.rejects["reason"][0]


def test_an_end_before_its_start_is_rejected_with_both(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, "2,Check,Ann,2024-01-02 10:00,2024-01-02 09:30")
    assert rejected(reading) == [(3, "end", "2024-01-02 09:30")]
    assert reading.rejects["reason"].to_list() == [
        "It ends before it starts (2024-01-02 10:00); swap the two, or correct one."
    ]


def test_an_end_at_its_start_is_an_instant(tmp_path: Path) -> None:
    assert read_rows(tmp_path, "2,Check,Ann,2024-01-02 10:00,2024-01-02 10:00").rows_rejected == 0


def test_a_row_said_twice_is_rejected_with_the_line_of_the_first(tmp_path: Path) -> None:
    other = GOOD.replace("Check", "Pay")
    reading = read_rows(tmp_path, GOOD, other, GOOD, GOOD, other.replace("Ann", ""), other.replace("Ann", ""))
    assert [row[0] for row in reading.rejects.rows()] == [4, 5, 7]
    assert reading.rejects["reason"].to_list() == [
        "The row is the same as line 2.",
        "The row is the same as line 2.",
        "The row is the same as line 6.",
    ]


def test_rows_that_differ_in_one_thing_read_are_not_the_same(tmp_path: Path) -> None:
    reading = events(
        tmp_path,
        "1,Check,Ann,start,2024-01-02 09:00",
        "1,Check,Ann,complete,2024-01-02 09:00",
        "1,Check,Bo,complete,2024-01-02 09:00",
        "1,Check,Bo,complete,2024-01-02 09:00:01",
    )
    assert reading.rows_rejected == 0


@settings(deadline=None, max_examples=30)
@given(
    said=st.lists(st.tuples(*map(st.sampled_from, ("12", "12", ("Ann", "Bo", "")))), min_size=2, max_size=12),
    sorted_first=st.booleans(),
)
def test_what_repeats_is_found_among_neighbours_as_among_all(
    said: list[tuple[str, ...]], sorted_first: bool
) -> None:
    lines = [f"{case},Check,{name},complete,2024-01-02 09:0{minute}" for case, minute, name in said]
    with tempfile.TemporaryDirectory() as folder:
        lines = sorted(lines, key=lambda line: (line[0], line[-1])) if sorted_first else lines
        quick = events(Path(folder), *lines)
        with patch.object(accepting, "_beside_their_like", return_value=None) as asked:
            general = events(Path(folder), *lines)
    assert asked.call_count == 1
    assert quick.rejects.equals(general.rejects)
    assert quick.events.equals(general.events)
    assert quick.rows_rejected == len(said) - len(set(said))


def test_neighbours_are_enough_only_where_the_rows_of_each_case_stand_in_order(tmp_path: Path) -> None:
    first, later, other = (
        f"{case},Check,Ann,complete,2024-01-02 09:1{minute}" for case, minute in ("10", "15", "20")
    )

    def beside(*lines: str) -> list[bool] | None:
        found = accepting._beside_their_like(events(tmp_path, *lines).events)
        return found if found is None else found.to_list()

    assert beside(first, first.replace("Ann", "Bo"), later, other) == [True, True, False, False]
    assert beside(first, other, later) is None
    assert beside(later, first) is None


def test_a_row_is_told_once_for_the_first_thing_that_is_wrong(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, ",,Ann,never,never")
    assert rejected(reading) == [(3, "case", "")]


def test_rejects_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, "2,Check,Ann,,", "3", ",Check,Ann,,2024-01-02 09:30", GOOD)
    assert reading.rejects["line"].to_list() == [3, 4, 5, 6]


def test_long_values_are_cut_in_the_list_of_rejects(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, "2,Check,Ann,," + "x" * 5000)
    assert len(reading.rejects["value"][0]) == 200


def test_nobody_named_is_no_reason_to_reject(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, GOOD.replace("Ann", ""))
    assert reading.rows_rejected == 0
    assert "1 of 2 events without the name of who did it." in reading.notes


def test_a_log_without_a_column_for_people_is_read_and_told(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, "1,Check,2024-01-02 09:00", header="case,activity,time")
    assert reading.events["resource"].to_list() == [None]
    assert any("No column names who did the work" in note for note in reading.notes)


def test_a_log_of_one_case_and_one_event_is_read(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD)
    assert (reading.rows_read, reading.events.height) == (1, 1)
    assert eventlog.to_steps(reading).steps.height == 1


def test_a_start_without_an_end_is_work_begun(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, GOOD, "2,Check,Ann,2024-01-02 10:00,")
    assert reading.events["lifecycle"].to_list() == ["complete", "start"]
    assert times(reading.events["at"]) == ["09:30", "10:00"]
    assert any("1 row with a start and no end" in note for note in reading.notes)


def test_what_is_wrong_with_every_row_is_told_by_the_first(tmp_path: Path) -> None:
    with pytest.raises(NothingRead, match=r'Not one of 2 rows .* line 2, end "soon": This is no time'):
        eventlog.read(
            rows(tmp_path, "1,Check,Ann,,soon", "2,Check,Ann,,later"),
            mapping=Mapping(case="case", activity="activity", ended_at="end"),
        )


def test_events_in_the_future_are_told_where_the_time_is_known(tmp_path: Path) -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert not any("future" in note for note in read_rows(tmp_path, GOOD).notes)
    assert any("1 event in the future" in note for note in eventlog.read(rows(tmp_path, GOOD), now=now).notes)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_stay_as_they_are(tmp_path: Path, name: str) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [HEADER.split(","), [name, name, name, "2024-01-02 09:00", "2024-01-02 09:30"]]
    )
    events = eventlog.read(table(tmp_path, stream.getvalue())).events
    assert events.select("case", "activity", "resource").row(0) == (name, name, name)


def test_progress_runs_from_reading_to_done(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    eventlog.read(rows(tmp_path, GOOD), progress=lambda fraction, phase: told.append((fraction, phase)))
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert [phase for _, phase in told] == ["reading", "checking", "done"]
    assert told[-1][0] == 1.0


def test_progress_can_call_the_reading_off(tmp_path: Path) -> None:
    class CalledOff(Exception):
        pass

    def call_off(_: float, __: str) -> None:
        raise CalledOff

    with pytest.raises(CalledOff):
        eventlog.read(rows(tmp_path, GOOD), progress=call_off)


start = datetime.fromisoformat("2024-03-30 20:00")
clock = st.integers(0, 2000).map(lambda minutes: f"{start + timedelta(minutes=minutes):%Y-%m-%d %H:%M}")
cells = st.tuples(
    st.sampled_from(["1", "2", "", "NULL"]),
    st.sampled_from(["Check", "Pay", " ", 'say "no"', "two\nlines"]),
    st.sampled_from(["Ann", "", "李"]),
    st.one_of(clock, st.just(""), st.just("soon")),
    st.one_of(clock, st.just(""), st.just("31.12.2024 10:00")),
)


@unhurried
@given(st.lists(st.one_of(cells, st.lists(st.sampled_from(["", "x", "1"]), max_size=7)), max_size=30))
def test_every_row_is_either_accepted_or_rejected(rows_written: list[tuple[str, ...]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([HEADER.split(","), *rows_written])
    lines, at = [], 2
    for row in rows_written:
        if any(row) or len(row) > 1:
            lines.append(at)
        at += 1 + sum(cell.count("\n") for cell in row)
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = table(Path(folder), stream.getvalue())
            reading = eventlog.read(path, mapping=WHOLE, zone="Europe/Amsterdam")
        except NothingRead:
            return
    assert reading.rows_read == reading.rows_accepted + reading.rows_rejected
    assert reading.rows_accepted == reading.events.height
    assert reading.rows_rejected == reading.rejects.height
    found = sorted(pl.concat([reading.events["line"], reading.rejects["line"]]))
    assert [line for line in found if line in lines] == lines
    assert reading.rejects.null_count().sum_horizontal()[0] == 0
