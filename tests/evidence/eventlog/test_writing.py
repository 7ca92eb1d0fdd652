"""What is written is read back the same, by every reader, and obeys the rules of its format."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # altair brings it
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import (
    EVENTS,
    FormatUnknown,
    Mapping,
    NotWritable,
    Reading,
    UnreadableFile,
    kinds_of,
    opening,
    xes,
    xes_quick,
)
from backdesk.evidence.eventlog.opening import ByteSource
from tests.evidence.eventlog import grammars
from tests.evidence.eventlog.tables import assert_same
from tests.evidence.eventlog.writing import events as plain_events
from tests.evidence.eventlog.writing import read_rows, steps
from tests.shared import shared_data

OBJECT_CENTRIC = (".json", ".sqlite", ".xml", ".jsonocel", ".xmlocel")
PLAIN = (".csv", ".xes", ".parquet", *OBJECT_CENTRIC)
SUFFIXES = (*PLAIN, ".csv.gz", ".xes.gz", ".json.gz")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
TYPED = Mapping(
    case="case",
    activity="activity",
    ended_at="end",
    started_at="start",
    resource="resource",
    team="team",
    party="party",
    function="function",
    lifecycle="lifecycle",
)
REAL = (
    "logs/running-example.xes",
    "logs/running-example.csv",
    "logs/reviewing.xes",
    "logs/02_teleclaims.xes.gz",
    "logs/ocel20_example.jsonocel",
    "simod/PurchasingExample.csv.gz",
)
#: The largest of them not in every format, and one of them packed: it takes long there and says nothing more.
WRITTEN = [(name, form) for name in REAL for form in (PLAIN[:3] if "claims" in name else PLAIN)]
WRITTEN += [(REAL[0], form) for form in SUFFIXES if form not in PLAIN]

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff\ufeff"),
    min_size=1,
    max_size=8,
)
texts = st.one_of(
    words, st.sampled_from(['a "b"', "x;y,z", "<&>'", "=1+1", "two\nlines", "a\r\nb", "tab\tbed", "0"])
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001  # local times of several zones
clock_changes = st.sampled_from([datetime(2024, 10, 27, 2, 30), datetime(2024, 3, 31, 1, 59, 59)])  # noqa: DTZ001


ATTRIBUTES = {
    "event:code": texts,
    "event:count": st.integers(-(2**63), 2**63 - 1),
    "event:cost <1>": st.floats(allow_nan=False, allow_infinity=False),
    "event:concept:name": st.booleans(),
    "event:due": st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "case:concept:name": st.sampled_from(["a", "b"]),
    "case:size": st.just(7),
}
COLUMNS = {
    **dict.fromkeys(("event:code", "case:concept:name"), pl.String()),
    **dict.fromkeys(("event:count", "case:size"), pl.Int64()),
    "event:cost <1>": pl.Float64(),
    "event:concept:name": pl.Boolean(),
    "event:due": EVENTS["at"],
}


@st.composite
def rows(draw: st.DrawFn) -> tuple[object, ...]:
    end = draw(st.one_of(moments, clock_changes))
    start = end - draw(st.timedeltas(timedelta(0), timedelta(days=3))) if draw(st.booleans()) else None
    offset = draw(st.sampled_from(["", "+00:00", "+05:30", "-03:00", "+02:00"]))
    others = [draw(st.one_of(st.none(), texts)) for _ in range(5)]
    shown = [f"{at.isoformat()}{offset}" if at else None for at in (end, start)]
    said = [draw(st.none() | values) for values in ATTRIBUTES.values()]
    return (draw(texts), draw(texts), *shown, *others, *said)


NAMES = ("case", "activity", "end", "start", "resource", "team", "party", "function", "lifecycle")


def reading_of(folder: Path, table: list[tuple[object, ...]], zone: str) -> Reading:
    path = folder / "source.parquet"
    schema = {**dict.fromkeys(NAMES, pl.String()), **{name: COLUMNS[name] for name in ATTRIBUTES}}
    pl.DataFrame(table, schema=schema, orient="row").write_parquet(path)
    reading = eventlog.read(path, mapping=TYPED, zone=zone, attributes="all")
    unsaid = [name for name in kinds_of(reading.events) if not reading.events[name].count()]
    return replace(reading, events=reading.events.drop(unsaid))


@cache
def real(name: str) -> Reading:
    return eventlog.read(shared_data("eventlogs", name))


def back(reading: Reading, path: Path) -> Reading:
    mapping = eventlog.write(reading, path=path)
    return eventlog.read(path, mapping=mapping, zone=reading.zone, attributes=kinds_of(reading.events))


def content(events: pl.DataFrame, suffix: str, zone: str) -> pl.DataFrame:
    """Give what a format is to keep: XES groups by case, OCEL writes an offset for every time."""
    kept = events.drop("line").cast(
        {name: pl.String for name, dtype in events.schema.items() if dtype == pl.Categorical}
    )
    if ".xes" in suffix:
        kept = kept.sort("case", maintain_order=True)
    if suffix.removesuffix(".gz") in OBJECT_CENTRIC:
        there = pl.col("at").dt.convert_time_zone(zone)
        of_zone = (there.dt.base_utc_offset() + there.dt.dst_offset()).dt.total_minutes().cast(pl.Int16)
        kept = kept.with_columns(pl.col("offset").fill_null(of_zone))
    return kept


@settings(deadline=None, max_examples=15)
@given(table=st.lists(rows(), min_size=1, max_size=12), zone=st.sampled_from(ZONES))
def test_what_is_written_obeys_the_grammar_and_is_read_back_the_same(
    table: list[tuple[object, ...]], zone: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            reading = reading_of(Path(folder), table, zone)
        except eventlog.NothingRead:
            return
        for suffix in PLAIN:
            again = back(reading, Path(folder, f"log{suffix}"))
            assert again.rows_rejected == 0, suffix
            wanted = content(reading.events, suffix, zone)
            assert content(again.events, suffix, zone).rows() == wanted.rows(), suffix
        grammars.xes().assertValid(etree.parse(Path(folder, "log.xes")))
        grammars.ocel_xml().assertValid(etree.parse(Path(folder, "log.xml")))
        grammars.check_ocel(json.loads(Path(folder, "log.json").read_text()))
        grammars.check_ocel_sqlite(Path(folder, "log.sqlite"))


@pytest.mark.parametrize(("name", "suffix"), WRITTEN)
def test_real_logs_come_back_the_same_also_without_a_mapping(tmp_path: Path, name: str, suffix: str) -> None:
    reading = real(name)
    path = tmp_path / f"log{suffix}"
    again = back(reading, path)
    assert again.rows_rejected == 0
    wanted = content(reading.events, suffix, reading.zone)
    assert content(again.events, suffix, reading.zone).equals(wanted)
    assert eventlog.read(path, zone=reading.zone).events.equals(again.events)


def test_offsets_of_each_event_are_kept(tmp_path: Path) -> None:
    lines = ["1,Check,Ann,complete,2024-01-02T09:00:00+05:30", "1,Pay,Ann,complete,2024-01-02T09:00:00-03:00"]
    reading = plain_events(tmp_path, *lines, "2,Pay,Ann,complete,2024-01-03 09:00", zone="Europe/Berlin")
    for suffix in (".csv", ".xes", ".parquet"):
        again = back(reading, tmp_path / f"log{suffix}")
        assert again.events["offset"].to_list() == [330, -180, None]
    assert back(reading, tmp_path / "log.json").events["offset"].to_list() == [330, -180, 60]


def test_the_second_hour_of_autumn_is_not_mistaken_for_the_first(tmp_path: Path) -> None:
    reading = plain_events(tmp_path, "1,Check,Ann,complete,2024-10-27T00:30:00", zone="UTC")
    second = reading.events.with_columns(
        pl.lit(datetime(2024, 10, 27, 1, 30, tzinfo=UTC)).cast(EVENTS["at"]).alias("at")
    )
    elsewhere = replace(reading, zone="Europe/Berlin", events=second)
    for suffix in SUFFIXES:
        assert back(elsewhere, tmp_path / f"log{suffix}").events["at"].to_list() == second["at"].to_list()


def test_times_in_parquet_are_typed_where_that_loses_nothing(tmp_path: Path) -> None:
    local = plain_events(tmp_path, "1,Check,Ann,complete,2024-07-02 09:00", zone="Europe/Berlin")
    eventlog.write(local, path=tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet")["ended_at"].dtype == pl.Datetime("us")
    zoned = plain_events(tmp_path, "1,Check,Ann,complete,2024-07-02 09:00+02:00", zone="Europe/Berlin")
    eventlog.write(zoned, path=tmp_path / "b.parquet")
    assert pl.read_parquet(tmp_path / "b.parquet")["ended_at"].dtype == pl.Datetime("us", "Europe/Berlin")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_steps_come_back_as_the_same_steps(tmp_path: Path, suffix: str) -> None:
    log = steps(
        tmp_path,
        "1,Check,Ann,start,2024-01-02 09:00",
        "1,Check,Ann,complete,2024-01-02 09:30",
        "1,Pay,Bob,complete,2024-01-02 10:00",
        "2,Check,Bob,complete,2024-01-02 12:00",
        "2,Pay,Bob,start,2024-01-02 12:30",
    )
    path = tmp_path / f"steps{suffix}"
    again = eventlog.to_steps(eventlog.read(path, mapping=eventlog.write(log, path=path), zone=log.zone))
    assert again.steps.drop("line").equals(log.steps.drop("line"))
    assert again.open_steps.drop("line").equals(log.open_steps.drop("line"))
    assert again.starts == "mixed"


@pytest.mark.parametrize(
    "name", ["logs/reviewing.xes", "logs/helpdesk.xes.gz", "simod/PurchasingExample.csv.gz"]
)
def test_xes_obeys_its_grammar_and_both_readers_agree(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = real(name)
    path = tmp_path / "log.xes"
    mapping = eventlog.write(reading, path=path)
    grammars.xes().assertValid(etree.parse(path))
    quick = xes_quick.load(ByteSource(path), mapping.columns())
    assert quick is not None
    monkeypatch.setattr(opening, "LARGE", path.stat().st_size + 1)
    by_expat = xes.load(path, mapping.columns())
    assert_same(quick, by_expat)


def test_the_grammars_see_what_is_wrong(tmp_path: Path) -> None:
    reading = plain_events(tmp_path, "1,Check,Ann,complete,2024-01-02 09:00")
    for suffix in (".xes", ".json", ".sqlite"):
        eventlog.write(reading, path=tmp_path / f"log{suffix}")
    wrong = etree.fromstring((tmp_path / "log.xes").read_bytes().replace(b"2024-01-02T", b"2024-13-02T"))
    with pytest.raises(etree.DocumentInvalid):
        grammars.xes().assertValid(wrong)
    document = json.loads((tmp_path / "log.json").read_text())
    changes: tuple[dict[str, object], ...] = (
        {"events": [{**document["events"][0], "time": "2024-01-02T09:00:00"}]},
        {"events": [{**document["events"][0], "type": "Undeclared"}]},
        {"objects": []},
    )
    for change in changes:
        with pytest.raises((AssertionError, jsonschema.ValidationError)):
            grammars.check_ocel({**document, **change})
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as base, base:
        base.execute("DELETE FROM object")
    with pytest.raises(AssertionError):
        grammars.check_ocel_sqlite(tmp_path / "log.sqlite")


def test_activities_that_differ_by_capitals_or_signs_alone_have_tables_of_their_own(tmp_path: Path) -> None:
    names = ["Pay", "pay", "P-a-y", "支払", "払う", 'a"b; DROP TABLE event']
    reading = read_rows(
        tmp_path,
        *(
            f'1,"{name.replace(chr(34), chr(34) * 2)}",Ann,2024-01-02 09:00,2024-01-02 09:30'
            for name in names
        ),
    )
    path = tmp_path / "log.sqlite"
    assert back(reading, path).events["activity"].cast(pl.String).to_list() == names
    grammars.check_ocel_sqlite(path)


def test_xes_names_the_text_it_cannot_hold(tmp_path: Path) -> None:
    reading = plain_events(tmp_path, "1,Che\x01ck,Ann,complete,2024-01-02 09:00")
    target = tmp_path / "log.xes"
    target.write_text("what was there")
    with pytest.raises(NotWritable, match=r"control character in the activity 'Che\\x01ck' \(line 2"):
        eventlog.write(reading, path=target)
    assert target.read_text() == "what was there"
    assert not list(tmp_path.glob(".*.part"))
    assert back(reading, tmp_path / "log.json").events["activity"][0] == "Che\x01ck"


def test_packed_files_are_packed_and_alike_each_time(tmp_path: Path) -> None:
    reading = plain_events(tmp_path, "1,Check,Ann,complete,2024-01-02 09:00")
    for name in ("a.xes", "a.xes.gz", "b.xes.gz"):
        eventlog.write(reading, path=tmp_path / name)
    packed = (tmp_path / "a.xes.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "a.xes").read_bytes()
    assert packed == (tmp_path / "b.xes.gz").read_bytes()


@pytest.mark.parametrize("name", ["log", "log.xlsx", "log.sqlite.gz", "log.parquet.gz", ".gz"])
def test_a_name_that_tells_no_format_is_an_error(tmp_path: Path, name: str) -> None:
    reading = plain_events(tmp_path, "1,Check,Ann,complete,2024-01-02 09:00")
    with pytest.raises(FormatUnknown, match=re.escape(f"{name} tells no format; end it in .csv, .xes")):
        eventlog.write(reading, path=tmp_path / name)


def test_the_format_can_be_given(tmp_path: Path) -> None:
    reading = plain_events(tmp_path, "1,Check,Ann,complete,2024-01-02 09:00")
    eventlog.write(reading, path=str(tmp_path / "log"), form="ocel-sqlite")
    assert eventlog.read(tmp_path / "log").mapping.object_type == "case"
    (tmp_path / "log").write_bytes((tmp_path / "log").read_bytes()[:5000])
    with pytest.raises(UnreadableFile, match="no whole SQLite"):
        eventlog.read(tmp_path / "log")
