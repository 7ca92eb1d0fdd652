"""Collect object-centric logs in SQLite: 2.0 with a table for each type, and 1.0 as pm4py writes it.

The database is opened for reading alone, and only its ordinary tables are asked: views, virtual tables and
triggers of a file that somebody else made are never run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import polars as pl

from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.ocel_collecting import (
    EVENTS,
    RELATIONS,
    VALUES,
    Attribute,
    Collected,
    Rows,
    Text,
)
from backdesk.evidence.eventlog.opening import GZIP, READING_SHARE, Progress
from backdesk.evidence.sentences import say

VALUE_LIMIT: Final = 16 << 20  # bytes of one value, or one row
NEEDED: Final = ("event", "event_map_type", "event_object", "object", "object_map_type")
SQL_TYPES: Final = {
    "INT": "integer",
    "REAL": "float",
    "FLOA": "float",
    "DOUB": "float",
    "BOOL": "boolean",
} | {
    "TIME": "time",
    "DATE": "time",
}  # what stands in the type of a column
OLD: Final = ("EVENTS", "OBJECTS", "RELATIONS")
TIMES: Final = pl.Schema({"id": pl.String(), "time": pl.String()})
SAID: Final = pl.Schema({"id": pl.String(), "name": pl.String(), "value": pl.String()})
RELATED: Final = pl.Schema({"id": pl.String(), "object": pl.String()})


def collect(path: Path, progress: Progress | None, wanted: frozenset[Attribute] | None = None) -> Collected:
    """Collect the events and objects of a database, and of its values the columns that are wanted.

    An event's line is its number in the table of events.

    Raises `UnreadableFile` where it is no whole database, or its tables are not those of such a log.
    """
    with path.open("rb") as file:
        if file.read(2) == GZIP:
            raise UnreadableFile(say("{} is a packed SQLite database; unpack it first.", path.name))
    try:
        with closing(_opened(path)) as connection:
            log = _Database(connection, path.name, Collected(wanted)).collect()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the names of columns are text or nothing
        raise UnreadableFile(
            say(
                "{} is no whole SQLite database with an object-centric log ({}); export it again.",
                path.name,
                str(error),
            )
        ) from None
    if progress:
        progress(READING_SHARE, say("reading"))
    return log


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
    for pragma in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _Database:
    def __init__(self, connection: sqlite3.Connection, name: str, log: Collected) -> None:
        self._connection = connection
        self._name = name
        self._log = log
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self._tables = {
            str(table) for table, sql in found if str(sql).lstrip().upper().startswith("CREATE TABLE")
        }

    def collect(self) -> Collected:
        if self._tables.issuperset(OLD):
            return self._old()
        if missing := [name for name in NEEDED if name not in self._tables]:
            raise UnreadableFile(
                say(
                    "{} is an SQLite database, but no object-centric log: it has no table {}. OCEL 2.0 has the tables "
                    "{}, and one for each type.",
                    self._name,
                    ", ".join(missing),
                    ", ".join(NEEDED),
                )
            )
        self._events()
        self._objects()
        return self._log

    def _events(self) -> None:
        log, times, said = self._log, Rows(TIMES), Rows(SAID)
        for _, row in self._of_types("event"):
            name = row.pop("ocel_id", None)
            times.add(name, row.pop("ocel_time", None))
            for attribute, value in row.items():
                if value is not None and log.keeps(None, attribute, said):
                    said.add(name, attribute, value)
        for line, row in enumerate(self._rows("event"), start=1):
            log.add_event(line, self._needs(row, "event", "ocel_id"), row.get("ocel_type"), None)
        dated = times.frame().unique("id", keep="first", maintain_order=True)
        events = (
            log.events.frame()
            .drop("time")
            .join(dated, on="id", how="left", nulls_equal=True, maintain_order="left")
        )
        log.events = Rows(EVENTS, events)
        log.values = Rows(VALUES, self._numbered(said.frame()))
        self._relate("event_object", "ocel_event_id", "ocel_object_id")

    def _relate(self, table: str, event: str, related: str) -> None:
        found = Rows(RELATED)
        for row in self._rows(table):
            name, target = self._needs(row, table, event), self._needs(row, table, related)
            if target is not None:
                found.add(name, target)
        self._log.relations = Rows(RELATIONS, self._numbered(found.frame()))

    def _numbered(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Give rows by the ids of events the number of the event, the first of that id; leave out those of none."""
        numbers = self._log.events.frame().select("id", "event").unique("id", keep="first")
        return rows.join(numbers, on="id", nulls_equal=True, maintain_order="left")

    def _objects(self) -> None:
        for row in self._rows("object"):
            if (name := self._needs(row, "object", "ocel_id")) is not None:
                self._log.objects.add(name, row.get("ocel_type"))
        for of, row in self._of_types("object"):
            name, time = row.pop("ocel_id", None), row.pop("ocel_time", None)
            row.pop("ocel_changed_field", None)
            for attribute, value in row.items():
                if name is not None and value is not None:
                    self._log.change(of, name, attribute, time, value)

    def _of_types(self, what: str) -> Iterator[tuple[Text, dict[str, Text]]]:
        """Give the rows of the tables of all types of events, or of objects."""
        for row in self._rows(f"{what}_map_type"):
            table = f"{what}_{row.get('ocel_type_map')}"
            if table not in self._tables:
                raise UnreadableFile(
                    say(
                        '{} has no table "{}", which {} names for "{}"; export it again.',
                        self._name,
                        table[:80],
                        f"{what}_map_type",
                        str(row.get("ocel_type"))[:80],
                    )
                )
            of = row.get("ocel_type") if what == "object" else None
            for said in self._rows(table, self._declared(table, of)):
                yield of, said

    def _declared(self, table: str, of: Text) -> list[str]:
        """Note the types of a table's columns, and give those of OCEL and those that are wanted."""
        names = []
        for column in self._connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)):
            name, sql_type = (str(one) for one in column)
            kind = next((kind for part, kind in SQL_TYPES.items() if part in sql_type.upper()), None)
            self._log.declare(of, name, kind)
            if name.startswith("ocel") or self._log.wanted is None or (of, name) in self._log.wanted:
                names.append(name)
        return names

    def _old(self) -> Collected:
        columns = self._declared("EVENTS", None)
        types = {row.get("ocel:type") for row in self._rows("OBJECTS", ["ocel:type"])}
        for line, row in enumerate(self._rows("EVENTS", columns), start=1):
            name = self._needs(row, "EVENTS", "ocel:eid")
            number = self._log.add_event(line, name, row.get("ocel:activity"), row.get("ocel:timestamp"))
            for attribute, value in _attributes(row):
                self._log.say(number, attribute, value)
        self._old_objects(types)
        self._relate("RELATIONS", "ocel:eid", "ocel:oid")
        return self._log

    def _old_objects(self, types: set[Text]) -> None:
        wanted = {name: None for of in types for name in self._declared("OBJECTS", of)}
        for row in self._rows("OBJECTS", list(wanted)):
            if (name := self._needs(row, "OBJECTS", "ocel:oid")) is not None:
                of = row.get("ocel:type")
                self._log.objects.add(name, of)
                for attribute, value in _attributes(row):
                    self._log.change(of, name, attribute, None, value)

    def _rows(self, table: str, columns: Sequence[str] = ()) -> Iterator[dict[str, Text]]:
        """Give the rows of a table that there is; without columns, all of them."""
        chosen = ", ".join(map(_quoted, columns)) or "*"
        cursor = self._connection.execute(f"SELECT {chosen} FROM {_quoted(table)}")  # noqa: S608  # quoted
        names = [str(column[0]) for column in cursor.description]
        for row in cursor:
            yield {name: _text(value) for name, value in zip(names, row, strict=True)}

    def _needs(self, row: dict[str, Text], table: str, column: str) -> Text:
        if column not in row:
            raise UnreadableFile(
                say('The table "{}" of {} has no column "{}"; export it again.', table, self._name, column)
            )
        return row[column]


def _attributes(row: dict[str, Text]) -> Iterator[tuple[str, str]]:
    """Give what a row of OCEL 1.0 says beside the columns of OCEL."""
    for name, value in row.items():
        if value is not None and not name.startswith("ocel:"):
            yield name, value


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _text(value: Any) -> Text:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
