"""Tables in memory in and out, by Arrow's interface alone."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import (
    ColumnMissing,
    LogError,
    MappingInvalid,
    UnreadableFile,
    from_arrow,
    kinds_of,
    steps_from_arrow,
    to_arrow,
)
from tests.evidence.eventlog.writing import rows, steps

LINES = (
    "1,Check,Ann,2024-01-02 09:00+05:30,2024-01-02 09:30+05:30,1.5,web",
    "1,Pay,,2024-01-02 10:00-03:00,2024-01-02 11:30-03:00,,web",
    "2,Check,Bo,2024-01-03 09:00,2024-01-03 09:30,2.5,fax",
)


class Stream:
    """A table that is of no library known here."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def test_events_come_back_the_same_through_a_table(tmp_path: Path) -> None:
    path = rows(tmp_path, *LINES, header="case,activity,resource,start,end,cost,channel")
    reading = eventlog.read(path, zone="Europe/Berlin", attributes="all")
    table = Stream(to_arrow(reading))
    again = from_arrow(table, zone=reading.zone, attributes=kinds_of(reading.events))
    assert again.events.drop("line").equals(reading.events.drop("line"))
    assert again.events["line"].to_list() == [1, 2, 3]
    assert kinds_of(again.events) == {"event:cost": "float", "case:channel": "text"}


def test_steps_come_back_the_same_in_whatever_order(tmp_path: Path) -> None:
    log = steps(
        tmp_path,
        *("1,Check,Ann,start,2024-01-02 09:00", "1,Check,Ann,suspend,2024-01-02 09:05"),
        *("1,Check,Ann,complete,2024-01-02 09:30", "2,Pay,Bo,start,2024-01-02 09:40"),
        "1,Pay,Bo,complete,2024-01-02 09:50",
    )
    shuffled = Stream(to_arrow(log).reverse().with_columns(mood=pl.lit("good")))
    again = steps_from_arrow(shuffled, zone="UTC", starts=log.starts, notes=log.notes)
    assert again.steps.equals(log.steps)
    assert again.open_steps.equals(log.open_steps)
    assert (again.zone, again.starts, again.notes) == (log.zone, log.starts, log.notes)


def test_what_is_no_table_of_steps_is_told(tmp_path: Path) -> None:
    log = steps(tmp_path, "1,Check,Ann,complete,2024-01-02 09:30")
    with pytest.raises(ColumnMissing, match="The table has no enabled_at, line; steps have case, activity"):
        steps_from_arrow(to_arrow(log).drop("enabled_at", "line"), zone="UTC")
    with pytest.raises(MappingInvalid, match="not of the type that steps have"):
        steps_from_arrow(to_arrow(log).with_columns(line=pl.lit("two")), zone="UTC")
    for wrong in (7, object(), {"a": object()}):
        with pytest.raises(UnreadableFile, match="gives no Arrow table"):
            from_arrow(wrong)  # type: ignore[arg-type]
    with pytest.raises(LogError):
        from_arrow(pl.DataFrame())
