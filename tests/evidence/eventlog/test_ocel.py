"""Object-centric logs: one content in six formats, the type that is the case, what is rejected, what is broken."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import (
    Attributes,
    FileTooLarge,
    LogError,
    Mapping,
    MappingInvalid,
    NothingRead,
    UnreadableFile,
    ocel_collecting,
    ocel_json,
    ocel_sqlite,
    ocel_xml,
    opening,
)
from backdesk.evidence.eventlog.ocel_collecting import Collected
from tests.evidence.eventlog import ocel
from tests.evidence.eventlog.writing import events as plain_events
from tests.shared import shared_data

TIMED = ("2.0 JSON", "2.0 XML", "2.0 SQLite")


@pytest.mark.parametrize("name", ocel.WRITERS)
def test_every_format_gives_the_same_events(tmp_path: Path, name: str) -> None:
    reading = eventlog.read(ocel.WRITERS[name](tmp_path))
    rows = reading.events.select("case", "activity", "resource", "offset").rows()
    assert rows == [
        ("o1", "Place", "Ann", 60),
        ("o1", "Pay", "Ann", 60),
        ("o2", "Place", None, 60),
        ("o1", "Send", "Eve", 60),
        ("o2", "Send", "Eve", 60),
    ]
    assert [f"{at:%d %H:%M}" for at in reading.events["at"]] == [
        "02 08:00",
        "03 10:00",
        "04 08:30",
        "05 08:45",
        "05 08:45",
    ]
    assert reading.mapping.object_type == "order"
    assert (reading.rows_read, reading.rows_accepted, reading.rows_rejected) == (6, 5, 1)


@pytest.mark.parametrize("name", ocel.WRITERS)
def test_lines_and_places_are_those_of_the_file(tmp_path: Path, name: str) -> None:
    path = ocel.WRITERS[name](tmp_path)
    reading = eventlog.read(path)
    line, field, value, reason = reading.rejects.row(0)
    assert (field, value) == ("order", "e2")
    assert reason.startswith('The event has no object of the type "order"')
    if "SQLite" in name:
        assert line == 2
        assert reading.events["line"].to_list() == [1, 3, 4, 5, 5]
    elif name == "2.0 JSON":
        lines = path.read_text().splitlines()
        assert '"e2"' in lines[line]  # the event begins with its brace, a line above its id
    else:
        assert "e2" in path.read_text().splitlines()[line - 1]


def test_the_type_most_events_have_one_object_of_is_the_case_and_told(tmp_path: Path) -> None:
    notes = eventlog.read(ocel.json_2(tmp_path)).notes
    assert (
        'The objects of the type "order" are the cases (the type of which most events have exactly one object: '
        '3 of 5 events); the other types are "clerk", "item".'
    ) in notes
    assert any(
        note.startswith("1 event with several objects of that type became a row of each") for note in notes
    )


def test_the_type_is_an_argument(tmp_path: Path) -> None:
    path = ocel.json_2(tmp_path)
    by_item = eventlog.read(path, object_type="item")
    assert by_item.events["case"].to_list() == ["i1", "i2", "i1", "i2"]
    assert by_item.mapping.object_type == "item"
    assert "(as asked: 2 of 5 events)" in by_item.notes[0]
    assert eventlog.read(path, mapping=by_item.mapping).events.equals(by_item.events)
    assert Mapping.from_dict(by_item.mapping.to_dict()) == by_item.mapping


def test_a_proposal_keeps_the_type(tmp_path: Path) -> None:
    proposal = eventlog.propose(ocel.json_2(tmp_path), object_type="item")
    assert proposal.mapping is not None
    assert proposal.mapping.object_type == "item"
    assert 'type "item"' in proposal.notes[0]
    assert proposal.rows[0][:3] == ("i1", "Place", "2024-01-02T09:00:00+01:00")


def test_a_type_there_is_not_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(
        MappingInvalid, match='no objects of the type "orders"; the types are "clerk", "item", "order"'
    ):
        eventlog.read(ocel.json_2(tmp_path), object_type="orders")


def test_a_type_asked_of_a_table_or_two_of_them_is_an_error(tmp_path: Path) -> None:
    table = tmp_path / "plain.csv"
    table.write_text("case,activity,time\n1,Pay,2024-01-02\n")
    with pytest.raises(MappingInvalid, match="no object-centric log"):
        eventlog.read(table, object_type="order")
    mapping = Mapping(case="case:concept:name", activity="concept:name", object_type="item")
    with pytest.raises(MappingInvalid, match="name one"):
        eventlog.read(ocel.json_2(tmp_path), mapping=mapping, object_type="order")


@pytest.mark.parametrize("name", TIMED)
def test_an_attribute_of_the_case_has_the_value_of_the_time(tmp_path: Path, name: str) -> None:
    path = ocel.WRITERS[name](tmp_path)
    mapping = Mapping(
        case="case:concept:name", activity="concept:name", ended_at="time:timestamp", team="case:owner"
    )
    assert eventlog.read(path, mapping=mapping).events["team"].to_list() == [
        "Kim",
        "Lee",
        "Max",
        "Lee",
        "Max",
    ]


def test_the_one_object_of_another_type_can_play_a_role(tmp_path: Path) -> None:
    mapping = Mapping(
        case="case:concept:name", activity="concept:name", ended_at="time:timestamp", resource="object:clerk"
    )
    reading = eventlog.read(ocel.json_2(tmp_path), mapping=mapping)
    assert reading.events["resource"].to_list() == [None, None, None, "ann", "ann"]
    assert "object:item" not in reading.columns  # one event has two of them


def test_an_id_given_twice_is_rejected_the_second_time(tmp_path: Path) -> None:
    again = [*ocel.EVENTS, ("e1", "Cancel", "2024-02-02T09:00:00+01:00", ("o1",), {})]
    reading = eventlog.read(ocel.json_2(tmp_path, again))
    assert "Cancel" not in reading.events["activity"].cast(str).to_list()
    assert any("ids are unique" in reason for reason in reading.rejects["reason"])
    assert reading.rows_read == reading.rows_accepted + reading.rows_rejected


def test_wrong_types_are_rejected_where_they_stand_and_the_rest_is_read(tmp_path: Path) -> None:
    good = json.loads(ocel.json_2(tmp_path).read_text())["events"]
    wrong = [
        *good,
        7,
        {"id": ["e9"], "type": "Pay", "time": "2024-01-02T09:00:00Z", "relationships": [{"objectId": "o1"}]},
        {"id": "e10", "type": None, "time": "2024-01-02T09:00:00Z", "relationships": [{"objectId": "o1"}]},
        {"id": 11, "type": "Pay", "time": "soon", "relationships": [{"objectId": "o1"}, 5, {"objectId": {}}]},
        {"id": "e12", "type": "Pay", "time": "2024-01-02T09:00:00Z", "relationships": "o1", "attributes": 3},
        {"id": "e13", "type": "Pay", "time": "2024-01-02T09:00:00Z", "relationships": [{"objectId": "gone"}]},
    ]
    reading = eventlog.read(ocel.json_2(tmp_path, changed={"events": wrong}))
    assert reading.rows_accepted == 5
    reasons = " ".join(reading.rejects["reason"])
    for part in (
        "This is no event",
        "not lists",
        "no activity",
        "no time in the form",
        "no object of the type",
    ):
        assert part in reasons
    assert any("1 relation to objects that the log does not describe" in note for note in reading.notes)


def test_json_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = ocel.json_2(tmp_path)
    text = path.read_text()
    path.write_text(text[: text.index('"e4"')])
    last = text[: text.index('"e4"')].count("\n") + 1
    reading = eventlog.read(path)
    assert reading.rows_accepted == 2
    assert reading.truncated is not None
    assert f"breaks on line {last} " in reading.truncated


def test_xml_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = ocel.xml_2(tmp_path)
    text = path.read_text()
    path.write_text(text[: text.index("</event>", text.index('"e3"'))])
    reading = eventlog.read(path)
    assert reading.rows_accepted == 1
    assert "The file ends in the middle of this event." in reading.rejects["reason"].to_list()
    assert reading.truncated is not None


@pytest.mark.parametrize("name", ["2.0 JSON", "1.0 JSON"])
@pytest.mark.parametrize("piece", [1, 7, 64])
def test_json_is_the_same_however_it_is_cut_into_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, piece: int
) -> None:
    path = ocel.WRITERS[name](tmp_path)
    whole = eventlog.read(path, attributes="all")
    monkeypatch.setattr(opening, "PIECE", piece)
    pieces = eventlog.read(path, attributes="all")
    assert pieces.events.equals(whole.events)
    assert pieces.rejects.equals(whole.rejects)


@pytest.mark.parametrize("said", ['"e4"', "11:00", '"relationships"', "}"])
def test_json_breaks_off_at_the_same_place_however_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    path = ocel.json_2(tmp_path)
    text = path.read_text()
    path.write_text(text[: text.rindex(said) + 1])
    whole = eventlog.read(path)
    monkeypatch.setattr(opening, "PIECE", 3)
    assert eventlog.read(path).truncated == whole.truncated
    assert whole.truncated or said == "}"


def test_an_element_of_json_larger_than_any_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PIECE", 100)
    monkeypatch.setattr(ocel_json, "ELEMENT_LIMIT", 2000)
    assert eventlog.read(ocel.json_2(tmp_path)).rows_accepted == 5
    events = [*ocel.EVENTS, ("e9", "x" * 9000, "2024-01-02T09:00:00+01:00", ("o1",), {})]
    with pytest.raises(FileTooLarge, match="One element of the JSON, on line"):
        eventlog.read(ocel.json_2(tmp_path, events))


@pytest.mark.parametrize("name", ocel.WRITERS)
@pytest.mark.parametrize("attributes", [(), ("resource",), "all"])
def test_a_log_too_large_to_keep_unasked_is_read_again_to_the_same_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, attributes: Attributes
) -> None:
    path = ocel.WRITERS[name](tmp_path)
    once = eventlog.read(path, attributes=attributes)
    monkeypatch.setattr(ocel_collecting, "FIRST_VALUES", 1)
    monkeypatch.setattr(ocel_collecting, "BLOCK", 2)
    twice = eventlog.read(path, attributes=attributes, mapping=once.mapping)
    assert twice.events.equals(once.events)
    assert twice.rejects.equals(once.rejects)


@pytest.mark.parametrize("collect", [ocel_json.collect, ocel_xml.collect, ocel_sqlite.collect])
def test_of_a_log_read_again_only_what_is_wanted_is_kept(
    tmp_path: Path, collect: Callable[..., Collected]
) -> None:
    write = {ocel_json.collect: ocel.json_2, ocel_xml.collect: ocel.xml_2}.get(collect, ocel.sqlite_2)
    path = write(tmp_path)
    everything, some = collect(path, None), collect(path, None, frozenset({("order", "owner")}))
    assert (len(everything.values), len(everything.changes)) == (4, 3)
    assert (len(some.values), len(some.changes)) == (0, 3)
    assert some.events.frame().equals(everything.events.frame())
    assert some.relations.frame().equals(everything.relations.frame())


def test_packed_logs_are_read_and_a_packed_database_is_refused(tmp_path: Path) -> None:
    for write in (ocel.json_2, ocel.xml_1):
        path = tmp_path / "log.gz"
        path.write_bytes(gzip.compress(write(tmp_path).read_bytes()))
        assert eventlog.read(path).rows_accepted == 5
    path.write_bytes(gzip.compress(ocel.sqlite_2(tmp_path).read_bytes()))
    with pytest.raises(UnreadableFile, match="unpack it first"):
        eventlog.read(path)


BROKEN = {
    "no object-centric event log": b'{"rows": []}',
    "no readable JSON: expected a key in quotes, on line 2": b"{\n7: 1}",
    "ends early": b'{"events": [',
    "nested deeper": b'{"events": ' + b"[" * 200_000,
    "without events": b'{"events": [], "objects": [{"id": "a", "type": "b"}]}',
    "no objects with a type": b'{"events": [{"id": "a", "type": "b", "time": "2024-01-01T00:00:00Z"}]}',
    "No event of log has an object": b'{"events": [{"id": "a"}], "objects": [{"id": "o", "type": "t"}]}',
    "no <events>": b"<log><objects></objects></log>",
    "no readable XML": b"<log><objects><object id=",
    "declares a document type": b'<!DOCTYPE log [<!ENTITY a "b">]><log><events>&a;</events></log>',
    "nested more than": b"<log><events>" + b"<a>" * 5000,
    "no whole SQLite database": b"SQLite format 3\0" + b"\xff" * 5000,
}


@pytest.mark.parametrize("said", BROKEN)
def test_what_is_no_log_gets_a_plain_error(tmp_path: Path, said: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(BROKEN[said])
    with pytest.raises(LogError, match=said):
        eventlog.read(path)


def changed(folder: Path, *statements: str) -> Path:
    path = ocel.sqlite_2(folder)
    with closing(sqlite3.connect(path)) as base, base:
        for statement in statements:
            base.execute(statement)
    return path


def test_a_database_is_opened_for_reading_alone(tmp_path: Path) -> None:
    path = ocel.sqlite_2(tmp_path)
    before = path.read_bytes()
    path.chmod(0o400)
    assert eventlog.read(path).rows_accepted == 5
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["DROP TABLE event_object"], "has no table event_object"),
        (["DROP TABLE event_Pay"], 'no table "event_Pay", which event_map_type names for "Pay"'),
        (["ALTER TABLE event RENAME ocel_id TO id"], 'table "event" of log.sqlite has no column "ocel_id"'),
        (["DELETE FROM event"], "without events"),
        (["UPDATE event_Pay SET resource = zeroblob(17000000)"], "too big"),
        (
            ["DROP TABLE event_Pay", "CREATE VIEW event_Pay AS SELECT abs(-9223372036854775808) ocel_id"],
            "no table",
        ),
    ],
)
def test_a_database_that_is_no_such_log_gets_a_plain_error(
    tmp_path: Path, statements: list[str], said: str
) -> None:
    with pytest.raises((UnreadableFile, NothingRead), match=said):
        eventlog.read(changed(tmp_path, *statements))


def test_a_database_of_which_a_name_is_no_text_gets_a_plain_error(tmp_path: Path) -> None:
    path = ocel.sqlite_2(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"ocel_id", b"ocel_\x80d"))
    with pytest.raises(UnreadableFile, match=r"no whole SQLite database .*can't decode byte 0x80"):
        eventlog.read(path)


def test_values_of_other_types_in_a_database_are_texts_or_rejects(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        "UPDATE event_Place SET resource = x'ff41'",
        "UPDATE event_Pay SET ocel_time = 7.5",
        "UPDATE event_Send SET resource = 12",
    )
    reading = eventlog.read(path)
    assert reading.events["resource"].to_list() == ["\ufffdA", "\ufffdA", "12", "12"]
    assert "7.5" in reading.rejects["value"].to_list()


def test_an_endless_text_is_rejected_not_kept(tmp_path: Path) -> None:
    events = [*ocel.EVENTS, ("e9", "x" * 2_000_000, "2024-01-02T09:00:00+01:00", ("o1",), {})]
    reading = eventlog.read(ocel.json_2(tmp_path, events))
    assert reading.rows_accepted == 5
    assert max(len(value) for value in reading.rejects["value"]) <= 200


def test_more_attributes_than_a_log_has_are_refused(tmp_path: Path) -> None:
    said = {f"a{number}": "x" for number in range(3000)}
    with pytest.raises(FileTooLarge, match="columns"):
        eventlog.read(ocel.json_2(tmp_path, [("e1", "Pay", "2024-01-02T09:00:00Z", ("o1",), said)]))


def test_xes_is_still_xes(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text('<log><global scope="event"><string key="a" value="b"/></global><trace/></log>')
    with pytest.raises(LogError, match="without events"):
        eventlog.read(path)
    assert plain_events(tmp_path, "1,Pay,Ann,complete,2024-01-02 09:00").mapping.object_type is None


def test_the_published_examples_have_their_counts() -> None:
    folder = shared_data("eventlogs", "logs")
    old = eventlog.read(folder / "example_log.jsonocel", object_type="element")
    assert old.events["case"].n_unique() == 9
    in_json = eventlog.read(folder / "ocel20_example.jsonocel", object_type="Purchase Order")
    in_sqlite = eventlog.read(
        folder / "ocel20_example.sqlite", object_type="Purchase Order", zone="Europe/Berlin"
    )
    assert in_json.events["case"].unique().sort().to_list() == ["PO1", "PO2"]
    for column in ("case", "activity", "at"):
        assert in_json.events[column].to_list() == in_sqlite.events[column].to_list()
