"""Attributes of cases and events, with their types: from a file to steps, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import (
    EVENTS,
    STEPS,
    ColumnMissing,
    Mapping,
    MappingInvalid,
    Reading,
    kinds_of,
    opening,
    xes,
)
from tests.evidence.eventlog.writing import event, rows, steps, trace
from tests.evidence.eventlog.writing import xes as xes_file

HEADER = "case,activity,end,cost,channel,number,paid,due,note"
LINES = (
    "1,Check,2024-01-02 09:30,1.5,web,007,true,2024-02-01 10:00,",
    "1,Pay,2024-01-02 11:10,2,web,007,FALSE,2024-02-02 10:00+01:00,late",
    "2,Check,2024-01-03 09:30,,fax,008,,,",
)
WRITTEN = (".csv", ".xes", ".xes.gz", ".parquet")


def read(path: Path, attributes: eventlog.Attributes = "all", **options: object) -> Reading:
    return eventlog.read(path, attributes=attributes, **{"zone": "UTC", **options})  # type: ignore[arg-type]


def test_columns_without_a_role_are_kept_when_asked_for(tmp_path: Path) -> None:
    path = rows(tmp_path, *LINES, header=HEADER)
    assert eventlog.read(path, zone="UTC").events.columns == EVENTS.names()
    events = read(path).events
    assert kinds_of(events) == {
        "event:cost": "float",
        "case:channel": "text",
        "case:number": "text",  # what begins with a nought is a name
        "event:paid": "boolean",
        "event:due": "time",
        "event:note": "text",
    }
    assert events["event:paid"].to_list() == [True, False, None]
    assert events["event:due"].to_list() == [
        datetime(2024, 2, 1, 10, tzinfo=UTC),
        datetime(2024, 2, 2, 9, tzinfo=UTC),
        None,
    ]


def test_attributes_can_be_named_and_given_a_type(tmp_path: Path) -> None:
    path = rows(tmp_path, *LINES, header=HEADER)
    assert list(kinds_of(read(path, ("note", "event:cost")).events)) == ["event:note", "event:cost"]
    assert list(kinds_of(read(path, "note").events)) == ["event:note"]
    events = read(path, {"number": "integer", "cost": "text"}).events
    assert events["case:number"].to_list() == [7, 7, 8]
    assert events["event:cost"].to_list() == ["1.5", "2", None]


def test_a_type_that_does_not_fit_is_not_forced(tmp_path: Path) -> None:
    found = read(rows(tmp_path, *LINES, header=HEADER), {"channel": "integer", "cost": "integer"})
    assert found.events["case:channel"].to_list() == ["web", "web", "fax"]
    assert found.events["event:cost"].to_list() == ["1.5", "2", None]
    assert (
        'Attribute "channel": 3 values of it no integer, such as "web", so it is kept as text.' in found.notes
    )


def test_what_is_no_column_and_no_type_is_an_error(tmp_path: Path) -> None:
    path = rows(tmp_path, *LINES, header=HEADER)
    with pytest.raises(ColumnMissing, match=r'"chanel" is asked for as attribute.* Did you mean "channel"'):
        read(path, ("chanel",))
    with pytest.raises(MappingInvalid, match='"money" is no type; an attribute is text, integer'):
        read(path, {"cost": "money"})
    assert kinds_of(read(path, ("activity",)).events) == {}  # it is there already


def test_what_changes_within_a_case_is_of_its_events_and_that_is_told(tmp_path: Path) -> None:
    lines = (
        "1,Check,2024-01-02 09:00,low,A,x",
        "1,Pay,2024-01-02 10:00,high,,",
        "2,Pay,2024-01-02 11:00,low,B,",
    )
    found = read(rows(tmp_path, *lines, header="case,activity,time,case:risk,case:region,event:risk"))
    assert found.events.select("event:risk", "case:region", "event:risk (2)").rows() == [
        ("low", "A", "x"),
        ("high", "A", None),  # said once of the case, so of all its events
        ("low", "B", None),
    ]
    assert '"case:risk" changes within cases, so it is an attribute of events: event:risk.' in found.notes


def test_without_a_case_of_two_events_nothing_tells_what_is_of_cases(tmp_path: Path) -> None:
    path = rows(tmp_path, "1,Check,2024-01-02,a", "2,Check,2024-01-03,b", header="case,activity,time,kind")
    assert list(kinds_of(read(path).events)) == ["event:kind"]


def test_columns_named_like_those_of_events_are_attributes_of_their_own(tmp_path: Path) -> None:
    path = rows(tmp_path, "1,Check,2024-01-02,9,^.*$", header="case,task,when,line,*")
    mapping = Mapping(case="case", activity="task", ended_at="when")
    events = read(path, mapping=mapping).events
    assert events.select("line", "event:line", "event:*").row(0) == (2, 9, "^.*$")


def test_rows_that_differ_in_an_attribute_are_not_the_same(tmp_path: Path) -> None:
    twice = ("1,Check,2024-01-02,a", "1,Check,2024-01-02,b", "1,Check,2024-01-02,b")
    path = rows(tmp_path, *twice, header="case,activity,time,kind")
    assert [read(path, asked).events.height for asked in ((), "all")] == [1, 2]
    kept = read(path, (), duplicates="keep")
    assert (kept.events.height, kept.rows_rejected) == (3, 0)
    assert "2 rows the same as an earlier one, kept as asked." in kept.notes
    assert "2 rows the same as an earlier one, left out." in read(path, ()).notes
    assert not [
        note
        for note in read(rows(tmp_path, *twice[:2], header="case,activity,time,kind"), "all").notes
        if "same as an earlier" in note
    ], "the negative control"


def test_steps_have_the_attributes_of_the_event_that_ended_them(tmp_path: Path) -> None:
    lines = (
        "1,Check,start,2024-01-02 09:00,1,web",
        "1,Check,complete,2024-01-02 09:30,2,web",
        "1,Pay,start,2024-01-02 10:00,3,web",
    )
    log = eventlog.to_steps(read(rows(tmp_path, *lines, header="case,activity,lifecycle,time,cost,channel")))
    assert log.steps.columns == log.open_steps.columns == [*STEPS.names(), "event:cost", "case:channel"]
    assert log.steps.select("event:cost", "case:channel").rows() == [(2, "web")]
    assert log.open_steps["event:cost"].to_list() == [3]
    path = tmp_path / "steps.parquet"
    eventlog.write_steps(log, path=path)
    again = eventlog.read_steps(path)
    assert again.steps.equals(log.steps)
    assert again.open_steps.equals(log.open_steps)


def test_steps_stored_without_attributes_are_read_as_before(tmp_path: Path) -> None:
    log = steps(tmp_path, "1,Check,Ann,start,2024-01-02 09:00", "1,Check,Ann,complete,2024-01-02 09:30")
    eventlog.write_steps(log, path=tmp_path / "steps.parquet")
    assert eventlog.read_steps(tmp_path / "steps.parquet").steps.schema == STEPS


TYPED = (
    '<int key="count" value="3"/><float key="cost" value="2"/><boolean key="paid" value="true"/>'
    '<date key="due" value="2024-02-01T10:00:00+01:00"/><id key="ref" value="0b1"/><string key="code" value="12"/>'
    '<list key="items"><string key="item" value="a"/></list>'
    '<string key="unit" value="kg"><string key="of" value="weight"/></string>'
)
OF_CASE = '<int key="size" value="5"><int key="size" value="6"/></int><string key="region" value="A"/>'


@pytest.mark.parametrize("large", [False, True], ids=["expat", "compiled"])
def test_types_are_those_of_xes_and_what_it_nests_is_told(
    tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGE", 0 if large else 1 << 30)
    body = trace("7", event("Check", "2024-01-02T09:00:00Z"), event("Pay", "2024-01-02T10:00:00Z"))
    body = body.replace("</event>", TYPED + "</event>", 1).replace("<event>", OF_CASE + "<event>", 1)
    found = read(xes_file(tmp_path, body))
    assert kinds_of(found.events) == {
        "case:size": "integer",
        "case:region": "text",
        "event:count": "integer",
        "event:cost": "float",
        "event:paid": "boolean",
        "event:due": "time",
        "event:ref": "text",
        "event:code": "text",
        "event:items": "text",
        "event:unit": "text",
    }
    first = found.events.row(0, named=True)
    assert (first["case:size"], first["event:cost"], first["event:code"], first["event:unit"]) == (
        5,
        2,
        "12",
        "kg",
    )
    assert found.events["event:items"].null_count() == 2
    assert found.events["case:size"].to_list() == [5, 5]
    assert "Lists have no single value, so their events have none: items." in found.notes
    assert "Attributes that stand within others were left out: those within case:size, unit." in found.notes


def test_integers_among_floats_are_floats_and_other_mixtures_are_text(tmp_path: Path) -> None:
    one, other = (
        event(name, f"2024-01-02T0{at}:00:00Z").replace("</event>", said + "</event>")
        for at, (name, said) in enumerate(
            (
                ("Check", '<int key="cost" value="1"/><date key="due" value="2024-01-01"/>'),
                ("Pay", '<float key="cost" value="1.5"/><int key="due" value="4"/>'),
            )
        )
    )
    events = read(xes_file(tmp_path, trace("7", one, other))).events
    assert events["event:cost"].to_list() == [1.0, 1.5]
    assert events["event:due"].to_list() == ["2024-01-01", "4"]


def test_an_attribute_that_comes_late_in_a_long_log_is_kept_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xes, "HEAD_EVENTS", 1)
    first, last = event("Check", "2024-01-02T09:00:00Z"), event("Pay", "2024-01-02T10:00:00Z", fine="high")
    path = xes_file(tmp_path, trace("7", first, last))
    for asked in ("all", ("fine",), ("event:fine",)):
        assert read(path, asked).events["event:fine"].to_list() == [None, "high"]
    with pytest.raises(ColumnMissing, match='"finer" is asked for'):
        read(path, ("finer",))


def test_types_of_parquet_are_kept(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "case": ["1", "2"],
            "activity": ["a", "b"],
            "ended_at": [datetime(2024, 1, 2, tzinfo=UTC)] * 2,
            "size": pl.Series([1, 2], dtype=pl.UInt8),
            "huge": pl.Series([2**64 - 1, 1], dtype=pl.UInt64),
            "cost": [float("nan"), 2.5],
            "paid": [True, None],
            "day": [date(2024, 1, 2), None],
            "code": ["12", " "],
            "parts": [[1], [2]],
        }
    )
    frame.write_parquet(tmp_path / "log.parquet")
    found = read(tmp_path / "log.parquet")
    events = found.events
    assert "Lists and structures have no single value, so they were left out: parts." in found.notes
    assert list(kinds_of(events).items()) == [
        ("event:size", "integer"),
        ("event:huge", "text"),
        ("event:cost", "float"),
        ("event:paid", "boolean"),
        ("event:day", "time"),
        ("event:code", "text"),
        ("event:parts", "text"),
    ]
    assert events["event:huge"].to_list() == [str(2**64 - 1), "1"]
    assert events["event:cost"].to_list() == [None, 2.5]
    assert events["event:code"].to_list() == ["12", None]
