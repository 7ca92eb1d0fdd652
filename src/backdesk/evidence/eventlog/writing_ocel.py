"""A history as an object-centric log: a case is an object of one type, an event belongs to one case.

Columns may be objects too, of types of their own: `others` names them by column, such as {"resource": "person"}.

Source: ocel-standard.org, "OCEL (Object-Centric Event Log) 2.0 Specification", 2024, and "OCEL Standard" 1.0, 2020.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import polars as pl

from backdesk.evidence.eventlog.attributes import EVENT, key_of, kinds_of, of
from backdesk.evidence.eventlog.naming import STANDARD
from backdesk.evidence.eventlog.tables import CASE, Kind

QUALIFIER: Final = "case"
NO_CHANGE: Final = "1970-01-01T00:00:00+00:00"
CORE: Final = ("case", "activity", "at")  # said by the relation, the type and the time


class Column(NamedTuple):
    """A column that is written as an attribute: the attribute's name, and its type."""

    name: str
    kind: Kind

    @property
    def declared(self) -> str:
        """The type as OCEL calls it."""
        return "string" if self.kind == "text" else self.kind


class Event(NamedTuple):
    """`said` by column, without what is not said; `related` are objects with their qualifiers."""

    id: str
    activity: str
    at: str
    said: dict[str, Any]
    related: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLog:
    """`events` have their times as texts; `of_events` and `of_cases` are the columns written as attributes."""

    events: pl.DataFrame
    of_events: dict[str, Column]
    of_cases: dict[str, Column]
    object_type: str
    others: Mapping[str, str]

    @property
    def activities(self) -> list[str]:
        return self.events["activity"].unique(maintain_order=True).to_list()

    @property
    def object_types(self) -> dict[str, dict[str, Column]]:
        """Give each type of objects with the attributes it has."""
        return {self.object_type: self.of_cases, **{kind: {} for kind in self.others.values()}}

    def objects(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Give id and type of each object, and what it says by column."""
        cases = self.events.unique("case", keep="first", maintain_order=True)
        for row in cases.select("case", *self.of_cases).iter_rows(named=True):
            yield row["case"], self.object_type, _filled(row, self.of_cases)
        for column, kind in self.others.items():
            for value in self.events[column].drop_nulls().unique(maintain_order=True):
                yield _name(kind, value), kind, {}

    def numbered(self) -> Iterator[Event]:
        """Give the events, each with an id by its place."""
        for number, row in enumerate(self.events.iter_rows(named=True), start=1):
            yield Event(
                f"e{number}", row["activity"], row["at"], _filled(row, self.of_events), [*self._related(row)]
            )

    def _related(self, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield row["case"], QUALIFIER
        for column, kind in self.others.items():
            if row[column] is not None:
                yield _name(kind, row[column]), kind


def object_log(
    timed: pl.DataFrame,
    events: pl.DataFrame,
    kept: tuple[str, ...],
    object_type: str,
    others: Mapping[str, str],
) -> ObjectLog:
    """Say which columns of `timed`, which are those of `events` with times as texts, become which attributes."""
    kinds, standard = kinds_of(events), {*STANDARD.values()}
    roles = {
        role: Column(STANDARD[role], "time" if role == "started_at" else "text")
        for role in kept
        if role not in CORE
    }
    free = {name: Column(key_of(name, standard), kinds[name]) for name in of(kinds, EVENT)}
    of_cases = {name: Column(key_of(name, standard), kinds[name]) for name in of(kinds, CASE)}
    return ObjectLog(
        events=timed, of_events=roles | free, of_cases=of_cases, object_type=object_type, others=others
    )


def _filled(row: dict[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    return {name: row[name] for name in columns if row[name] is not None}


def _name(kind: str, value: Any) -> str:
    """With its type, so that a person and an item of the same name are two objects."""
    return f"{kind} {value}"
