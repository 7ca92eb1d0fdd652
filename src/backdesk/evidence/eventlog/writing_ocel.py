"""Write OCEL 2.0 in JSON and SQLite: a case is an object of one type, an event belongs to one case.

Columns may be objects too, of types of their own: `others` names them by column, such as {"resource": "person"}.

Source: ocel-standard.org, "OCEL (Object-Centric Event Log) 2.0 Specification", 2024.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backdesk.evidence.eventlog.naming import STANDARD

BATCH: Final = 10_000
QUALIFIER: Final = "case"
NO_CHANGE: Final = "1970-01-01T00:00:00+00:00"
TYPES: Final = {"started_at": "time"}  # of attributes; all others are strings
SQL_TYPES: Final = {"string": "TEXT", "time": "TIMESTAMP"}
CORE: Final = ("case", "activity", "at")  # said by the relation, the type and the time

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


def json_lines(
    events: pl.DataFrame,
    kept: tuple[str, ...],
    object_type: str,
    others: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """Give the document in pieces, an event and an object a line."""
    attributes = _attributes(kept)
    declared = [{"name": name, "type": kind} for name, kind in attributes.values()]
    types = events["activity"].unique(maintain_order=True)
    object_types = ", ".join(
        _json({"name": name, "attributes": []}) for name in (object_type, *others.values())
    )
    yield f'{{"objectTypes": [{object_types}],\n"eventTypes": [\n'
    yield from _joined({"name": name, "attributes": declared} for name in types)
    yield '],\n"objects": [\n'
    cases = events["case"].unique(maintain_order=True)
    objects = chain(((case, object_type) for case in cases), _other_objects(events, others))
    yield from _joined({"id": name, "type": kind} for name, kind in objects)
    yield '],\n"events": [\n'
    yield from _joined(_event(number, row, attributes, others) for number, row in _numbered(events))
    yield "]}\n"


def _event(
    number: int, row: dict[str, Any], attributes: dict[str, tuple[str, str]], others: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "type": row["activity"],
        "time": row["at"],
        "attributes": [
            {"name": name, "value": row[role]}
            for role, (name, _) in attributes.items()
            if row[role] is not None
        ],
        "relationships": [
            {"objectId": name, "qualifier": qualifier} for name, qualifier in _related(row, others)
        ],
    }


def write_sqlite(
    events: pl.DataFrame,
    kept: tuple[str, ...],
    object_type: str,
    path: Path,
    others: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write the tables of OCEL 2.0 into an empty file."""
    attributes = _attributes(kept)
    tables = _table_names(events["activity"].unique(maintain_order=True).to_list())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(TABLES)
        _write_types(connection, attributes, tables, object_type)
        _write_objects(connection, events["case"].unique(maintain_order=True), object_type)
        _write_others(connection, events, others)
        for at in range(0, events.height, BATCH):
            _write_events(
                connection, list(_numbered(events.slice(at, BATCH), at)), attributes, tables, others
            )


def _write_types(
    connection: sqlite3.Connection,
    attributes: dict[str, tuple[str, str]],
    tables: dict[str, str],
    object_type: str,
) -> None:
    columns = "".join(f', "{name}" {SQL_TYPES[kind]}' for name, kind in attributes.values())
    connection.executemany("INSERT INTO event_map_type VALUES (?, ?)", tables.items())
    connection.execute("INSERT INTO object_map_type VALUES (?, ?)", (object_type, "case"))
    for table in tables.values():
        connection.execute(
            f'CREATE TABLE "event_{table}" ("ocel_id" TEXT, "ocel_time" TIMESTAMP{columns}, PRIMARY KEY("ocel_id"), '
            'FOREIGN KEY("ocel_id") REFERENCES "event"("ocel_id"))'
        )
    connection.execute(
        'CREATE TABLE "object_case" ("ocel_id" TEXT, "ocel_time" TIMESTAMP, "ocel_changed_field" TEXT, '
        'FOREIGN KEY("ocel_id") REFERENCES "object"("ocel_id"))'
    )


def _write_objects(connection: sqlite3.Connection, cases: pl.Series, object_type: str) -> None:
    connection.executemany("INSERT INTO object VALUES (?, ?)", ((case, object_type) for case in cases))
    connection.executemany(
        "INSERT INTO object_case VALUES (?, ?, NULL)", ((case, NO_CHANGE) for case in cases)
    )


def _write_others(connection: sqlite3.Connection, events: pl.DataFrame, others: Mapping[str, str]) -> None:
    for kind in others.values():
        connection.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind))
        connection.execute(
            f'CREATE TABLE "object_{kind}" ("ocel_id" TEXT, "ocel_time" TIMESTAMP, "ocel_changed_field" TEXT, '
            'FOREIGN KEY("ocel_id") REFERENCES "object"("ocel_id"))'
        )
    for name, kind in _other_objects(events, others):
        connection.execute("INSERT INTO object VALUES (?, ?)", (name, kind))
        connection.execute(f'INSERT INTO "object_{kind}" VALUES (?, ?, NULL)', (name, NO_CHANGE))  # noqa: S608  # our names


def _write_events(
    connection: sqlite3.Connection,
    rows: list[tuple[int, dict[str, Any]]],
    attributes: dict[str, tuple[str, str]],
    tables: dict[str, str],
    others: Mapping[str, str],
) -> None:
    named = [(f"e{number}", row) for number, row in rows]
    connection.executemany("INSERT INTO event VALUES (?, ?)", ((id_, row["activity"]) for id_, row in named))
    connection.executemany(
        "INSERT INTO event_object VALUES (?, ?, ?)",
        ((id_, name, qualifier) for id_, row in named for name, qualifier in _related(row, others)),
    )
    marks = ", ".join("?" * (2 + len(attributes)))
    of_types: dict[str, list[tuple[str | None, ...]]] = {}
    for id_, row in named:
        said = (id_, row["at"], *(row[role] for role in attributes))
        of_types.setdefault(tables[row["activity"]], []).append(said)
    for table, rows_of_type in of_types.items():
        connection.executemany(f'INSERT INTO "event_{table}" VALUES ({marks})', rows_of_type)  # noqa: S608  # our names


def _table_names(activities: list[str]) -> dict[str, str]:
    """Name the table of each activity by its letters and digits; SQLite takes no notice of capitals."""
    taken: set[str] = set()
    names = {}
    for activity in activities:
        plain = "".join(sign for sign in activity if sign.isascii() and sign.isalnum())[:60] or "type"
        free = next(
            name
            for number in count()
            if (name := plain + (f"_{number}" if number else "")).lower() not in taken
        )
        taken.add(free.lower())
        names[activity] = free
    return names


def _attributes(kept: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Give what events say beside their case, type and time: by role the name and the type of OCEL."""
    return {role: (STANDARD[role], TYPES.get(role, "string")) for role in kept if role not in CORE}


def _other_objects(events: pl.DataFrame, others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, kind in others.items():
        for value in events[column].drop_nulls().unique(maintain_order=True):
            yield _name(kind, value), kind


def _related(row: dict[str, Any], others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield row["case"], QUALIFIER
    for column, kind in others.items():
        if row[column] is not None:
            yield _name(kind, row[column]), kind


def _name(kind: str, value: Any) -> str:
    """With its type, so that a person and an item of the same name are two objects."""
    return f"{kind} {value}"


def _numbered(events: pl.DataFrame, since: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    return enumerate(events.iter_rows(named=True), start=since + 1)


def _joined(values: Iterator[dict[str, Any]]) -> Iterator[str]:
    before = ""
    for value in values:
        yield before + _json(value)
        before = ",\n"
    yield "\n"


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
