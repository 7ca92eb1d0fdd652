"""What is gathered of an object-centric log as it is read: tables packed block by block, and only the values wanted."""

from __future__ import annotations

from typing import Final

import polars as pl

from backdesk.evidence.eventlog.tables import Kind, Reject

FIRST_VALUES: Final = 50_000  # of events, and of objects, that are kept before it is known which are wanted
BLOCK: Final = 20_000  # rows that are held as Python objects

EVENTS: Final = pl.Schema(
    {"event": pl.UInt32(), "id": pl.String(), "type": pl.String(), "time": pl.String(), "line": pl.UInt32()}
)
VALUES: Final = pl.Schema({"event": pl.UInt32(), "name": pl.String(), "value": pl.String()})
RELATIONS: Final = pl.Schema({"event": pl.UInt32(), "object": pl.String()})
OBJECTS: Final = pl.Schema({"object": pl.String(), "type": pl.String()})
CHANGES: Final = pl.Schema(
    {"object": pl.String(), "name": pl.String(), "time": pl.String(), "value": pl.String()}
)

Text = str | None
Attribute = tuple[Text, str]  # a type of objects, or None for events; the name
KINDS: Final[dict[str, Kind]] = {
    "time": "time",
    "date": "time",
    "integer": "integer",
    "int": "integer",
    "float": "float",
    "boolean": "boolean",
}


class Rows:
    """A table written row by row, from what there is of it."""

    def __init__(self, schema: pl.Schema, frame: pl.DataFrame | None = None) -> None:
        self._schema = schema
        self._rows: list[tuple[object, ...]] = []
        self._packed = [pl.DataFrame(schema=schema) if frame is None else frame.select(schema.names())]
        self._count = self._packed[0].height

    def __len__(self) -> int:
        return self._count

    def add(self, *row: object) -> None:
        self._rows.append(row)
        self._count += 1
        if len(self._rows) == BLOCK:
            self._pack()

    def frame(self) -> pl.DataFrame:
        self._pack()
        return pl.concat(self._packed)

    def _pack(self) -> None:
        self._packed.append(pl.DataFrame(self._rows, self._schema, orient="row"))
        self._rows.clear()


class Collected:
    """Gather what a log says: events by their number from 0, with the line each stands on.

    Without `wanted` the first values are kept, whatever they are of; `whole` then tells whether they are all.
    """

    def __init__(self, wanted: frozenset[Attribute] | None = None) -> None:
        self.wanted = wanted
        self.whole = True
        self.events, self.values, self.relations = Rows(EVENTS), Rows(VALUES), Rows(RELATIONS)
        self.objects, self.changes = Rows(OBJECTS), Rows(CHANGES)
        self.rejects: list[Reject] = []
        self.truncated: str | None = None
        self.names: dict[Attribute, None] = {}  # in the order in which they come up
        self.declared: dict[Attribute, set[Kind]] = {}
        self.seen: dict[Attribute, set[Kind]] = {}

    def declare(self, of: Text, name: str, kind: str | None) -> None:
        """Note the type that the log declares for an attribute, of a type of objects or (None) of events."""
        self.declared.setdefault((of, name), set()).add(KINDS.get(kind or "", "text"))

    def see(self, of: Text, name: str, kind: Kind) -> None:
        """Note the type that a value of an attribute has; it counts where none is declared."""
        self.seen.setdefault((of, name), set()).add(kind)

    def add_event(self, line: int, name: Text, activity: Text, time: Text) -> int:
        """Take an event and give its number."""
        number = len(self.events)
        self.events.add(number, name, activity, time, line)
        return number

    def say(self, event: int, name: str, value: Text) -> None:
        """Take the value of an event's attribute."""
        if self.keeps(None, name, self.values):
            self.values.add(event, name, value)

    def change(self, of: Text, name: str, attribute: str, time: Text, value: Text) -> None:
        """Take the value that an attribute of an object, of type `of`, has from a time on."""
        if self.keeps(of, attribute, self.changes):
            self.changes.add(name, attribute, time, value)

    def keeps(self, of: Text, name: str, rows: Rows) -> bool:
        """Note an attribute, and say whether a value of it is to be kept in `rows`."""
        self.names.setdefault((of, name))
        if self.wanted is not None:
            return (of, name) in self.wanted
        self.whole &= len(rows) < FIRST_VALUES
        return len(rows) < FIRST_VALUES

    def reject(self, line: int, value: str, reason: str) -> None:
        self.rejects.append(Reject(line, "event", value, reason))
