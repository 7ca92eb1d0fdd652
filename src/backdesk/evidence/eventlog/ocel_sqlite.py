"""Collect object-centric logs in SQLite: 2.0 with a table for each type, and 1.0 as pm4py writes it.

The database is opened for reading alone, and only its ordinary tables are asked: views, virtual tables and
triggers of a file that somebody else made are never run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.ocel import Collected, Text
from backdesk.evidence.eventlog.opening import GZIP, READING_SHARE, Progress

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


def collect(path: Path, progress: Progress | None) -> Collected:
    """Collect the events and objects of a database; an event's line is its number in the table of events.

    Raises `UnreadableFile` where it is no whole database, or its tables are not those of such a log.
    """
    with path.open("rb") as file:
        if file.read(2) == GZIP:
            raise UnreadableFile(f"{path.name} is a packed SQLite database; unpack it first.")
    try:
        with closing(_opened(path)) as connection:
            log = _Database(connection, path.name).collect()
    except sqlite3.Error as error:
        raise UnreadableFile(
            f"{path.name} is no whole SQLite database with an object-centric log ({error}); export it again."
        ) from None
    if progress:
        progress(READING_SHARE, "reading")
    return log


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
    for pragma in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _Database:
    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._log = Collected()
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self._tables = {
            str(table) for table, sql in found if str(sql).lstrip().upper().startswith("CREATE TABLE")
        }

    def collect(self) -> Collected:
        if self._tables.issuperset(OLD):
            return self._old()
        if missing := [name for name in NEEDED if name not in self._tables]:
            raise UnreadableFile(
                f"{self._name} is an SQLite database, but no object-centric log: it has no table "
                f"{', '.join(missing)}. OCEL 2.0 has the tables {', '.join(NEEDED)}, and one for each type."
            )
        self._events()
        self._objects()
        return self._log

    def _events(self) -> None:
        times: dict[Text, Text] = {}
        said: list[tuple[Text, str, Text]] = []
        for _, row in self._of_types("event"):
            name = row.pop("ocel_id", None)
            times.setdefault(name, row.pop("ocel_time", None))
            said += [(name, attribute, value) for attribute, value in row.items() if value is not None]
        numbers: dict[Text, int] = {}
        for line, row in enumerate(self._rows("event"), start=1):
            name = self._needs(row, "event", "ocel_id")
            number = self._log.add_event(line, name, row.get("ocel_type"), times.get(name))
            numbers.setdefault(name, number)
        self._log.values += [
            (numbers[name], attribute, value) for name, attribute, value in said if name in numbers
        ]
        self._relate(numbers, "event_object", "ocel_event_id", "ocel_object_id")

    def _relate(self, numbers: dict[Text, int], table: str, event: str, related: str) -> None:
        for row in self._rows(table):
            number = numbers.get(self._needs(row, table, event))
            target = self._needs(row, table, related)
            if number is not None and target is not None:
                self._log.relations.append((number, target))

    def _objects(self) -> None:
        for row in self._rows("object"):
            if (name := self._needs(row, "object", "ocel_id")) is not None:
                self._log.objects.append((name, row.get("ocel_type")))
        for _, row in self._of_types("object"):
            name, time = row.pop("ocel_id", None), row.pop("ocel_time", None)
            row.pop("ocel_changed_field", None)
            said = [(attribute, value) for attribute, value in row.items() if value is not None]
            if name is not None:
                self._log.changes += [(name, attribute, time, value) for attribute, value in said]

    def _of_types(self, what: str) -> Iterator[tuple[Text, dict[str, Text]]]:
        """Give the rows of the tables of all types of events, or of objects."""
        for row in self._rows(f"{what}_map_type"):
            table = f"{what}_{row.get('ocel_type_map')}"
            if table not in self._tables:
                raise UnreadableFile(
                    f'{self._name} has no table "{table[:80]}", which {what}_map_type names for '
                    f'"{str(row.get("ocel_type"))[:80]}"; export it again.'
                )
            self._declare(table, row.get("ocel_type") if what == "object" else None)
            for said in self._rows(table):
                yield row.get("ocel_type"), said

    def _declare(self, table: str, of: Text) -> None:
        """Note the types of a table's columns."""
        for column in self._connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)):
            name, sql_type = (str(one) for one in column)
            kind = next((kind for part, kind in SQL_TYPES.items() if part in sql_type.upper()), None)
            self._log.declare(of, name, kind)

    def _old(self) -> Collected:
        numbers: dict[Text, int] = {}
        self._declare("EVENTS", None)
        for of in {row.get("ocel:type") for row in self._rows("OBJECTS")}:
            self._declare("OBJECTS", of)
        for line, row in enumerate(self._rows("EVENTS"), start=1):
            name = self._needs(row, "EVENTS", "ocel:eid")
            number = self._log.add_event(line, name, row.get("ocel:activity"), row.get("ocel:timestamp"))
            numbers.setdefault(name, number)
            self._log.values += [
                (number, attribute, value)
                for attribute, value in row.items()
                if value is not None and not attribute.startswith("ocel:")
            ]
        for row in self._rows("OBJECTS"):
            if (name := self._needs(row, "OBJECTS", "ocel:oid")) is not None:
                self._log.objects.append((name, row.get("ocel:type")))
                said = ((key, value) for key, value in row.items() if not key.startswith("ocel:"))
                self._log.changes += [(name, key, None, value) for key, value in said if value is not None]
        self._relate(numbers, "RELATIONS", "ocel:eid", "ocel:oid")
        return self._log

    def _rows(self, table: str) -> Iterator[dict[str, Text]]:
        quoted = table.replace('"', '""')
        cursor = self._connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  # quoted, and a table there is
        names = [str(column[0]) for column in cursor.description]
        for row in cursor:
            yield {name: _text(value) for name, value in zip(names, row, strict=True)}

    def _needs(self, row: dict[str, Text], table: str, column: str) -> Text:
        if column not in row:
            raise UnreadableFile(
                f'The table "{table}" of {self._name} has no column "{column}"; export it again.'
            )
        return row[column]


def _text(value: Any) -> Text:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
