"""Mappings as people give them: text, forms, dictionaries; and what is said when they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import ColumnMissing, Mapping, MappingInvalid
from tests.evidence.eventlog.writing import table, times, unhurried

names = st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs"]), min_size=1).map(str.strip)


def test_a_mapping_is_read_from_text() -> None:
    mapping = Mapping.from_text(" case=Order No, activity=Task,started_at=Begun,ended_at=Done,day_first=no ")
    assert mapping.roles() == (
        ("case", "Order No"),
        ("activity", "Task"),
        ("ended_at", "Done"),
        ("started_at", "Begun"),
    )
    assert mapping.day_first is False


@unhurried
@given(names.filter(bool), names.filter(bool))
def test_any_column_name_can_be_written(case: str, activity: str) -> None:
    def escaped(name: str) -> str:
        return name.replace(",", "\\,").replace("=", "\\=")

    mapping = Mapping.from_text(f"case={escaped(case)},activity={escaped(activity)}")
    assert (mapping.case, mapping.activity) == (case, activity)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("case=A", "names no column for the activity"),
        ("case=A,activity=B,who=C", "names who; the roles are case, activity"),
        ("case=A,activity=B,case=C", "names a role twice"),
        ("case=A,activity", '"activity" is no part of a mapping; write role=Column'),
        ("case=A,activity=B,day_first=maybe", "neither yes nor no"),
        ("", "names no column for the case"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(MappingInvalid, match=said):
        Mapping.from_text(text)


def test_a_mapping_survives_a_form() -> None:
    mapping = Mapping(case="A", activity="B", ended_at="C", day_first=True)
    assert Mapping.from_dict(mapping.to_dict()) == mapping
    assert (
        Mapping.from_dict({"case": "A", "activity": "B", "team": "", "ended_at": "C", "day_first": True})
        == mapping
    )


def test_a_mapping_given_is_used_as_it_stands(tmp_path: Path) -> None:
    path = table(
        tmp_path, "case,activity,time,Order,What,When\n1,a,2024-01-02 09:00,X,Pay,2024-02-03 10:00\n"
    )
    reading = eventlog.read(path, mapping=Mapping.from_text("case=Order,activity=What,ended_at=When"))
    assert reading.events.select("case", "activity").row(0) == ("X", "Pay")
    assert times(reading.events["at"]) == ["10:00"]


def test_one_column_may_play_two_roles(tmp_path: Path) -> None:
    path = table(tmp_path, "Order,What,When\nX,Pay,2024-02-03 10:00\n")
    mapping = Mapping(case="Order", activity="What", started_at="When", ended_at="When", resource="What")
    events = eventlog.read(path, mapping=mapping).events
    assert events["started_at"].to_list() == events["at"].to_list()
    assert events["resource"].to_list() == ["Pay"]


def test_a_start_alone_is_the_time_of_the_step(tmp_path: Path) -> None:
    path = table(tmp_path, "Order,What,When\nX,Pay,2024-02-03 10:00\n")
    reading = eventlog.read(path, mapping=Mapping(case="Order", activity="What", started_at="When"))
    assert reading.events["lifecycle"].to_list() == ["complete"]
    assert (reading.mapping.ended_at, reading.mapping.started_at) == ("When", None)


def test_a_column_that_is_not_there_is_named_with_the_closest(tmp_path: Path) -> None:
    path = table(tmp_path, "Order,What,When\nX,Pay,2024-02-03 10:00\n")
    said = 'gives "Wehn" as ended_at, but the columns are "Order", "What", "When". Did you mean "When"?'
    with pytest.raises(ColumnMissing, match=said.replace("?", r"\?")):
        eventlog.read(path, mapping=Mapping(case="Order", activity="What", ended_at="Wehn"))


def test_a_mapping_without_a_time_is_told_so(tmp_path: Path) -> None:
    path = table(tmp_path, "Order,What,When\nX,Pay,2024-02-03 10:00\n")
    with pytest.raises(ColumnMissing, match="the time at which a step was done"):
        eventlog.read(path, mapping=Mapping(case="Order", activity="What"))
