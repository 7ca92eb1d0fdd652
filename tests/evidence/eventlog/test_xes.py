"""XES documents: what is an event of a case, where it stands, and documents that are broken or hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import ColumnMissing, FileTooLarge, Mapping, NothingRead, UnreadableFile
from backdesk.evidence.eventlog import xes as documents
from tests.evidence.eventlog.writing import event, packed, table, times, trace, xes

AT = "2024-01-02T09:00:00.000+01:00"
LATER = "2024-01-02T10:00:00.000+01:00"


def test_events_carry_the_name_of_their_trace(tmp_path: Path) -> None:
    body = trace("7", event("Check", AT), event("Pay", LATER)) + trace("8", event("Check", AT, resource="Bo"))
    events = eventlog.read(xes(tmp_path, body)).events
    assert events["case"].to_list() == ["7", "7", "8"]
    assert events["activity"].to_list() == ["Check", "Pay", "Check"]
    assert events["resource"].to_list() == ["Ann", "Ann", "Bo"]
    assert times(events["at"]) == ["08:00", "09:00", "08:00"]
    assert events["offset"].to_list() == [60, 60, 60]


def test_the_line_of_an_event_is_that_of_its_element(tmp_path: Path) -> None:
    path = xes(tmp_path, trace("7", event("Check", AT), event("Pay", LATER)))
    text = path.read_text().split("\n")
    assert [text[line - 1] for line in eventlog.read(path).events["line"]] == ["<event>", "<event>"]


def test_lists_within_an_event_are_not_taken_for_its_attributes(tmp_path: Path) -> None:
    nested = '<string key="note" value="x"><string key="concept:name" value="Wrong"/></string>'
    body = trace("7", event("Check", AT).replace("</event>", nested + "</event>"))
    assert eventlog.read(xes(tmp_path, body)).events["activity"].to_list() == ["Check"]


def test_attributes_without_a_key_are_passed_over(tmp_path: Path) -> None:
    odd = '<string/><string value="x"/><string other="y" key="desk" value="Claims" more="z"/></event>'
    body = trace("7", "<string/>", event("Check", AT).replace("</event>", odd))
    reading = eventlog.read(xes(tmp_path, body))
    assert reading.columns == ("case:concept:name", "concept:name", "org:resource", "time:timestamp", "desk")


def test_globals_and_attributes_of_the_log_are_no_events(tmp_path: Path) -> None:
    globals_ = '<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>'
    reading = eventlog.read(xes(tmp_path, globals_ + trace("7", event("Check", AT))))
    assert reading.rows_read == 1


def test_attributes_of_the_trace_may_stand_behind_its_events(tmp_path: Path) -> None:
    body = f'<trace>{event("Check", AT)}<string key="concept:name" value="7"/></trace>'
    assert eventlog.read(xes(tmp_path, body)).events["case"].to_list() == ["7"]


def test_group_role_and_lifecycle_are_read(tmp_path: Path) -> None:
    more = {"org:group": "Desk", "org:role": "Clerk", "lifecycle:transition": "START"}
    reading = eventlog.read(xes(tmp_path, trace("7", event("Check", AT, **more))))
    assert (reading.events["team"][0], reading.events["lifecycle"][0]) == ("Desk", "start")


def test_the_role_stands_in_for_a_team_and_this_is_told(tmp_path: Path) -> None:
    reading = eventlog.read(xes(tmp_path, trace("7", event("Check", AT, **{"org:role": "Clerk"}))))
    assert reading.events["team"].to_list() == ["Clerk"]
    assert any("org:role" in note for note in reading.notes)


def test_elements_may_have_a_prefix(tmp_path: Path) -> None:
    text = xes(tmp_path, trace("7", event("Check", AT))).read_text()
    for tag in ("log", "trace", "event", "string", "date"):
        text = text.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}", f"</x:{tag}")
    text = text.replace("<x:log", '<x:log xmlns:x="http://www.xes-standard.org/"')
    assert eventlog.read(table(tmp_path, text, name="prefixed.xes")).rows_accepted == 1


def test_the_encoding_the_document_declares_is_used(tmp_path: Path) -> None:
    text = xes(tmp_path, trace("7", event("Prüfen", AT))).read_text().replace("UTF-8", "ISO-8859-1")
    path = table(tmp_path, text, name="latin.xes", encoding="latin-1")
    assert eventlog.read(path).events["activity"].to_list() == ["Prüfen"]


def test_an_event_of_a_trace_without_a_name_is_rejected(tmp_path: Path) -> None:
    body = f"<trace>{event('Check', AT)}</trace>" + trace("8", event("Check", AT))
    reading = eventlog.read(xes(tmp_path, body))
    assert reading.rejects["field"].to_list() == ["case:concept:name"]
    assert "no case" in reading.rejects["reason"][0]


def test_an_event_outside_any_trace_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    body = (
        event("Stray", AT)
        + trace("8", event("Check", AT))
        + event("Stray", LATER)
        + trace("9", event("Pay", AT))
    )
    reading = eventlog.read(xes(tmp_path, body))
    assert (reading.events["case"].to_list(), reading.rows_rejected) == (["8", "9"], 2)


def test_attributes_that_no_early_event_has_are_found_all_the_same(tmp_path: Path) -> None:
    early = [
        f"<trace><string key='concept:name' value='{case}'/>{event('Check', AT)}</trace>"
        for case in range(1100)
    ]
    late = trace("late", event("Check", AT, **{"lifecycle:transition": "start", "org:group": "Desk"}))
    reading = eventlog.read(xes(tmp_path, "".join(early) + late))
    assert (reading.mapping.team, reading.mapping.lifecycle) == ("org:group", "lifecycle:transition")
    assert reading.events["team"].to_list()[-1] == "Desk"


def test_a_mapping_may_name_any_attribute(tmp_path: Path) -> None:
    body = trace("7", event("Check", AT, **{"desk": "Claims"}))
    mapping = Mapping(
        case="case:concept:name", activity="concept:name", ended_at="time:timestamp", function="desk"
    )
    assert eventlog.read(xes(tmp_path, body), mapping=mapping).events["function"].to_list() == ["Claims"]
    with pytest.raises(ColumnMissing, match='Did you mean "desk"'):
        eventlog.read(
            xes(tmp_path, body), mapping=Mapping(case="desks", activity="concept:name", ended_at="x")
        )


def test_a_document_cut_in_the_middle_keeps_the_events_before(tmp_path: Path) -> None:
    path = xes(tmp_path, trace("7", *(event(f"Check {number}", AT) for number in range(50))))
    text = path.read_text()
    cut = text[: text.index("Check 30") + 4]
    reading = eventlog.read(table(tmp_path, cut, name="cut.xes"))
    assert reading.rows_accepted == 30
    assert (reading.rows_read, reading.rows_rejected) == (31, 1)
    assert reading.rejects["reason"].to_list() == ["The file ends in the middle of this event."]
    assert cut.split("\n")[reading.rejects["line"][0] - 1] == "<event>"
    assert reading.truncated is not None
    assert f"on line {cut.count(chr(10)) + 1}" in reading.truncated


@pytest.mark.parametrize("encoding", ["TF-8", "shift-jis"])
def test_an_encoding_nobody_can_read_is_named(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    for body in (trace("7", event("Check", AT)), "<object-types/>"):
        path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>\n<log>{body}</log>')
        with pytest.raises(UnreadableFile, match=r"encoding.* UTF-8"):
            eventlog.read(path)


def test_a_document_broken_in_the_middle_keeps_the_events_before(tmp_path: Path) -> None:
    text = xes(tmp_path, trace("7", event("Check", AT)) + trace("8", event("Pay", AT))).read_text()
    reading = eventlog.read(
        table(tmp_path, text.replace("<trace>", "<trace", 2).replace("<trace", "<trace>", 1))
    )
    assert reading.events["case"].to_list() == ["7"]
    assert reading.truncated is not None


def test_a_cut_packed_document_keeps_the_events_before(tmp_path: Path) -> None:
    body = trace("7", *(event(f"Check {number * 7919 % 1013}", AT) for number in range(3000)))
    reading = eventlog.read(packed(xes(tmp_path, body), keep=0.5))
    assert 500 < reading.rows_accepted < 3000
    assert reading.truncated is not None
    assert "It breaks off on line" in reading.truncated
    assert reading.rows_read == reading.rows_accepted + reading.rows_rejected


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE log [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
"""
OUTER_SUBSET = '<?xml version="1.0"?><!DOCTYPE log SYSTEM "http://example.org/log.dtd">\n'


@pytest.mark.parametrize("prolog", [BOMB, OUTSIDE, OUTER_SUBSET])
def test_documents_with_entities_are_refused(tmp_path: Path, prolog: str) -> None:
    body = trace("7", event("Check", AT)).replace("Check", "&c;" if prolog == BOMB else "&secret;")
    with pytest.raises(UnreadableFile, match=r"declares a document type .* on line"):
        eventlog.read(xes(tmp_path, body, prolog=prolog))


@pytest.mark.parametrize(
    "text", ["<html><body/></html>", "<", "<log", "<log></lag>", "<?xml version='1.0'?>"]
)
def test_other_documents_are_named(tmp_path: Path, text: str) -> None:
    with pytest.raises((UnreadableFile, NothingRead, ColumnMissing)):
        eventlog.read(table(tmp_path, text, name="log.xes"))


def test_a_log_without_events_is_an_error(tmp_path: Path) -> None:
    with pytest.raises((NothingRead, ColumnMissing)):
        eventlog.read(xes(tmp_path, ""))


def test_an_element_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "TOKEN_LIMIT", 1 << 20)
    body = trace("7", event("Check", AT), event("x" * (4 << 20), AT))
    with pytest.raises(FileTooLarge, match="One element of the XML"):
        eventlog.read(packed(xes(tmp_path, body)))


@pytest.mark.parametrize("where", ["log", "trace", "event"])
def test_nesting_without_end_is_refused(tmp_path: Path, where: str) -> None:
    deep = "<list>" * 200 + "</list>" * 200
    inner = event("Check", AT).replace("</event>", (deep if where == "event" else "") + "</event>")
    body = (deep if where == "log" else "") + trace("7", inner, deep if where == "trace" else "")
    with pytest.raises(FileTooLarge, match="nested more than 100 deep"):
        eventlog.read(xes(tmp_path, body))


def test_thousands_of_different_attributes_are_refused(tmp_path: Path) -> None:
    many = {f"attribute {number}": "x" for number in range(2001)}
    with pytest.raises(FileTooLarge, match=r"2,00\d columns; more than 2,000 are not read"):
        eventlog.read(xes(tmp_path, trace("7", event("Check", AT, **many))))
