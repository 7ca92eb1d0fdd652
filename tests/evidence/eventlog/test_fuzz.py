"""Whatever bytes a file holds, reading it gives a result that adds up or a named error."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path
from typing import get_args
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import LogError, opening
from backdesk.evidence.eventlog.writing import Format
from tests.evidence.eventlog import ocel
from tests.evidence.eventlog.writing import HEADER, event, trace

GOOD_CSV = "\n".join(
    [HEADER, *(f'{case},"Check, then pay",Ann,2024-01-02 09:00,2024-01-02 09:30' for case in range(9))]
).encode()
GOOD_TRACE = trace("7", event("Check", "2024-01-02T09:00:00Z"), event("Pay", "2024-01-02T10:00:00Z"))
GOOD_XES = f"<log>{GOOD_TRACE}</log>".encode()
GOOD_OCEL: dict[str, bytes] = {}
with tempfile.TemporaryDirectory() as folder:
    for name, write in ocel.WRITERS.items():
        GOOD_OCEL[name] = write(Path(folder)).read_bytes()
    table = Path(folder, "all.csv")
    table.write_text(
        "case,activity,resource,start,end,count,cost,paid,due,channel\n"
        "1,Check,Ann,2024-01-02 09:00,2024-01-02 09:30,3,1.5,true,2024-02-01 10:00,web\n"
        "1,Pay,Bo,2024-01-02 10:00,2024-01-02 10:30,,2.5,false,,web\n"
        "2,Check,Ann,2024-01-02 11:00,2024-01-02 11:30,4,,,2024-02-03 10:00,fax\n"
    )
    history = eventlog.read(table, zone="UTC", attributes="all")
    WRITTEN: dict[str, bytes] = {}
    for form in get_args(Format):
        eventlog.write(history, path=Path(folder, form), form=form)
        WRITTEN[form] = Path(folder, form).read_bytes()
fuzzy = settings(deadline=None, max_examples=30)


def read_whatever(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log")
        path.write_bytes(data)
        try:
            reading = eventlog.read(path, attributes="all")
            eventlog.to_steps(reading)
        except LogError:
            return
    assert reading.rows_read == reading.rows_accepted + reading.rows_rejected
    assert reading.rows_accepted == reading.events.height


@fuzzy
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    read_whatever(data)


@fuzzy
@given(st.text(max_size=200))
def test_any_text_below_a_header(text: str) -> None:
    read_whatever((HEADER + "\n").encode() + text.encode("utf-8", "surrogatepass"))


@fuzzy
@given(st.text('case,activity;time\t|"\n\r 0123456789-:=', max_size=200))
def test_anything_like_a_table(text: str) -> None:
    read_whatever(text.encode())


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        data[place : place + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@pytest.mark.parametrize("form", [*WRITTEN, "xes, compiled"])
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_a_damaged_history_with_attributes_of_all_types(form: str, data: st.DataObject) -> None:
    compiled = form == "xes, compiled"
    with patch.object(opening, "LARGE", 0 if compiled else opening.LARGE):
        read_whatever(data.draw(damaged(WRITTEN["xes" if compiled else form])))


@fuzzy
@given(damaged(GOOD_CSV))
def test_a_damaged_table(data: bytes) -> None:
    read_whatever(data)


@fuzzy
@given(damaged(GOOD_XES))
def test_a_damaged_document(data: bytes) -> None:
    read_whatever(data)


@fuzzy
@given(damaged(gzip.compress(GOOD_CSV * 20, mtime=0)))
def test_a_damaged_packed_table(data: bytes) -> None:
    read_whatever(data)


@fuzzy
@given(st.binary(max_size=200))
def test_any_bytes_between_the_marks_of_parquet(data: bytes) -> None:
    read_whatever(b"PAR1" + data + b"PAR1")


@pytest.mark.parametrize("name", GOOD_OCEL)
@fuzzy
@given(data=st.data())
def test_a_damaged_object_centric_log(name: str, data: st.DataObject) -> None:
    read_whatever(data.draw(damaged(GOOD_OCEL[name])))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "time", "name", "value", "objectId"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
keys = [
    "id",
    "type",
    "time",
    "attributes",
    "relationships",
    "ocel:activity",
    "ocel:timestamp",
    "ocel:omap",
    "ocel:vmap",
]
elements = st.lists(st.dictionaries(st.sampled_from(keys), anything, max_size=6) | anything, max_size=4)


@fuzzy
@given(events=elements, objects=elements, old=st.booleans())
def test_an_object_centric_log_of_wrong_types(events: list[object], objects: list[object], old: bool) -> None:
    parts = {"events": events, "objects": objects}
    by_number = {f"ocel:{key}": {str(at): one for at, one in enumerate(part)} for key, part in parts.items()}
    document = by_number if old else parts
    read_whatever(json.dumps(document).encode())


@fuzzy
@given(anything)
def test_any_json(value: object) -> None:
    read_whatever(json.dumps({"events": value, "objects": value}).encode())
