"""Write object-centric logs in SQLite: 2.0 with a table for each type, and 1.0 as pm4py does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, TypeVar

from backdesk.evidence.eventlog.tables import Kind
from backdesk.evidence.eventlog.writing_ocel import NO_CHANGE, Column, Event, ObjectLog
from backdesk.evidence.eventlog.writing_xml import NotWritable
from backdesk.evidence.sentences import say

_T = TypeVar("_T")

BATCH: Final = 10_000
OWN: Final = ("ocel_id", "ocel_time", "ocel_changed_field")
SQL_TYPES: Final[dict[Kind, str]] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "float": "REAL",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}

TABLES: Final = """
CREATE TABLE "event_map_type" ("ocel_type" TEXT, "ocel_type_map" TEXT, PRIMARY KEY("ocel_type"));
CREATE TABLE "object_map_type" ("ocel_type" TEXT, "ocel_type_map" TEXT, PRIMARY KEY("ocel_type"));
CREATE TABLE "event" ("ocel_id" TEXT, "ocel_type" TEXT, PRIMARY KEY("ocel_id"),
  FOREIGN KEY("ocel_type") REFERENCES "event_map_type"("ocel_type"));
CREATE TABLE "object" ("ocel_id" TEXT, "ocel_type" TEXT, PRIMARY KEY("ocel_id"),
  FOREIGN KEY("ocel_type") REFERENCES "object_map_type"("ocel_type"));
CREATE TABLE "event_object" ("ocel_event_id" TEXT, "ocel_object_id" TEXT, "ocel_qualifier" TEXT,
  PRIMARY KEY("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
  FOREIGN KEY("ocel_event_id") REFERENCES "event"("ocel_id"),
  FOREIGN KEY("ocel_object_id") REFERENCES "object"("ocel_id"));
CREATE TABLE "object_object" ("ocel_source_id" TEXT, "ocel_target_id" TEXT, "ocel_qualifier" TEXT,
  PRIMARY KEY("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
  FOREIGN KEY("ocel_source_id") REFERENCES "object"("ocel_id"),
  FOREIGN KEY("ocel_target_id") REFERENCES "object"("ocel_id"));
"""


def write(log: ObjectLog, path: Path) -> None:
    """Write the tables of OCEL 2.0 into an empty file.

    Raises `NotWritable` where names of attributes differ by capitals alone, which SQLite takes for the same.
    """
    _check(log)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(TABLES)
        kinds = _table_names(log.object_types)
        for name, table in kinds.items():
            _map_type(base, "object", name, table, log.object_types[name], '"ocel_changed_field" TEXT')
        activities = _table_names(log.activities)
        for name, table in activities.items():
            _map_type(base, "event", name, table, log.of_events, 'PRIMARY KEY("ocel_id")')
        for objects in _batches(log.objects()):
            _write_objects(base, objects, log, kinds)
        for events in _batches(log.numbered()):
            _write_events(base, events, log, activities)


def write_1(log: ObjectLog, path: Path) -> None:
    """Write the tables of OCEL 1.0 into an empty file. Raises `NotWritable` as `write` does."""
    _check(log)
    kinds = {name: kind for name, kind, _ in log.objects()}
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            'CREATE TABLE "EVENTS" ("ocel:eid" TEXT, "ocel:activity" TEXT, "ocel:timestamp" TIMESTAMP'
            f"{_columns(log.of_events)})"
        )
        base.execute(f'CREATE TABLE "OBJECTS" ("ocel:oid" TEXT, "ocel:type" TEXT{_columns(log.of_cases)})')
        base.execute(
            'CREATE TABLE "RELATIONS" ("ocel:eid" TEXT, "ocel:oid" TEXT, "ocel:type" TEXT, "ocel:activity" TEXT, '
            '"ocel:timestamp" TIMESTAMP)'
        )
        _insert(
            base,
            "OBJECTS",
            ((name, kind, *(said.get(one) for one in log.of_cases)) for name, kind, said in log.objects()),
        )
        for events in _batches(log.numbered()):
            rows = (
                (one.id, one.activity, one.at, *(one.said.get(n) for n in log.of_events)) for one in events
            )
            _insert(base, "EVENTS", rows)
            related = (
                (one.id, name, kinds[name], one.activity, one.at) for one in events for name, _ in one.related
            )
            _insert(base, "RELATIONS", related)


def _check(log: ObjectLog) -> None:
    for columns in (log.of_events, log.of_cases):
        seen: dict[str, str] = {}
        for name, _ in columns.values():
            other = seen.setdefault(name.lower(), name)
            own = name.lower() in OWN or name.lower().startswith("ocel:")
            if other is not name or "\0" in name or own:
                raise NotWritable(
                    say(
                        "SQLite cannot hold the attribute {} beside {} (it takes no notice of capitals, knows no NUL, "
                        "and some names are OCEL's own); write OCEL in JSON.",
                        repr(name[:80]),
                        repr(other[:80]),
                    )
                )


def _map_type(
    base: sqlite3.Connection, what: str, name: str, table: str, columns: Mapping[str, Column], last: str
) -> None:
    base.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", (name, table))  # noqa: S608  # our names
    base.execute(
        f'CREATE TABLE "{what}_{table}" ("ocel_id" TEXT, "ocel_time" TIMESTAMP{_columns(columns)}, {last}, '
        f'FOREIGN KEY("ocel_id") REFERENCES "{what}"("ocel_id"))'
    )


def _columns(columns: Mapping[str, Column]) -> str:
    return "".join(f", {_quoted(name)} {SQL_TYPES[kind]}" for name, kind in columns.values())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write_objects(
    base: sqlite3.Connection,
    objects: list[tuple[str, str, dict[str, Any]]],
    log: ObjectLog,
    tables: Mapping[str, str],
) -> None:
    _insert(base, "object", ((name, kind) for name, kind, _ in objects))
    for of_kind, columns in log.object_types.items():
        rows = (
            (name, NO_CHANGE, *(said.get(column) for column in columns), None)
            for name, kind, said in objects
            if kind == of_kind
        )
        _insert(base, f"object_{tables[of_kind]}", rows)


def _write_events(
    base: sqlite3.Connection, events: list[Event], log: ObjectLog, tables: Mapping[str, str]
) -> None:
    _insert(base, "event", ((one.id, one.activity) for one in events))
    _insert(base, "event_object", ((one.id, *related) for one in events for related in one.related))
    of_types: dict[str, list[tuple[Any, ...]]] = {}
    for one in events:
        row = (one.id, one.at, *(one.said.get(column) for column in log.of_events))
        of_types.setdefault(tables[one.activity], []).append(row)
    for table, rows in of_types.items():
        _insert(base, f"event_{table}", rows)


def _insert(base: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    for batch in _batches(rows):
        marks = ", ".join("?" * len(batch[0]))
        base.executemany(f"INSERT INTO {_quoted(table)} VALUES ({marks})", batch)  # noqa: S608  # quoted


def _batches(values: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _table_names(types: Iterable[str]) -> dict[str, str]:
    """Name the table of each type by its letters and digits; SQLite takes no notice of capitals."""
    taken: set[str] = set()
    names = {}
    for kind in types:
        plain = "".join(sign for sign in kind if sign.isascii() and sign.isalnum())[:60] or "type"
        free = next(
            name
            for number in count()
            if (name := plain + (f"_{number}" if number else "")).lower() not in taken
        )
        taken.add(free.lower())
        names[kind] = free
    return names
