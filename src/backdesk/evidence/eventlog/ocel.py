"""Flatten object-centric logs (OCEL 1.0 and 2.0) into rows: the objects of one type are the cases.

Whatever they are written in, such logs are first collected into the same frames (`Collected`). An event that
has several objects of the case's type happened in each of those cases, and is a row of each; one that has
none is rejected. Source: ocel-standard.org, "OCEL (Object-Centric Event Log) 2.0 Specification", 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.attributes import merged
from backdesk.evidence.eventlog.errors import MappingInvalid, NothingRead, listed
from backdesk.evidence.eventlog.ocel_collecting import Attribute, Collected
from backdesk.evidence.eventlog.opening import Progress
from backdesk.evidence.eventlog.tables import CASE, Head, Kind, Reject, Table, checked_width
from backdesk.evidence.eventlog.timestamps import read_times
from backdesk.evidence.sentences import counted, digits, say

HEAD_ROWS: Final = 1000
CASE_COLUMN: Final = f"{CASE}concept:name"
ACTIVITY: Final = "concept:name"
TIME: Final = "time:timestamp"
OBJECT: Final = "object:"  # before the name of a type: the one object of that type which an event has
FIXED: Final = (CASE_COLUMN, ACTIVITY, TIME)


class OcelSource:
    """Read one object-centric log: once, or where it says more than is kept unasked, again for what is wanted."""

    def __init__(
        self,
        collect: Callable[[Path, Progress | None, frozenset[Attribute] | None], Collected],
        object_type: str | None,
    ) -> None:
        self._collect = collect
        self._asked = object_type
        self._wanted: frozenset[Attribute] | None = None
        self._log: _Log | None = None

    @property
    def object_type(self) -> str | None:
        """Give the type of the objects that are the cases, once the log was read."""
        return self._log.object_type if self._log else None

    def head(self, path: Path) -> Head:
        log = self._read(path, None)
        rows = log.rows.head(HEAD_ROWS)
        return Head(columns=log.columns, frame=log.frame(rows, log.columns), notes=log.notes)

    def load(
        self,
        path: Path,
        columns: tuple[str, ...],
        *,
        times: Collection[str] = (),
        progress: Progress | None = None,
    ) -> Table:
        log_type = self._read(path, progress).object_type
        wanted = frozenset(_attribute(name, log_type) for name in columns)
        if not self._read(path, progress).whole and wanted != self._wanted:
            self._log, self._wanted = None, wanted  # gone before it is read again
        log = self._read(path, progress)
        return Table(
            frame=log.frame(log.rows, columns),
            lines=log.rows["line"],
            columns=log.columns,
            rejects=log.rejects,
            truncated=log.truncated,
            notes=log.notes,
            kinds=log.kinds,
            of_events=True,
        )

    def _read(self, path: Path, progress: Progress | None) -> _Log:
        if self._log is None:
            self._log = _flattened(self._collect(path, progress, self._wanted), self._asked, path.name)
        return self._log


@dataclass(frozen=True, slots=True)
class _Log:
    """A log seen from one type of object; `rows` has a row for each event of each case."""

    object_type: str
    rows: pl.DataFrame  # event, id, type, time, line, case
    values: pl.DataFrame
    related: pl.DataFrame  # event, object, type
    changes: pl.DataFrame
    columns: tuple[str, ...]
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    truncated: str | None
    kinds: dict[str, Kind]
    whole: bool

    def frame(self, rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        return pl.DataFrame([self._column(rows, name).alias(name) for name in columns])

    def _column(self, rows: pl.DataFrame, name: str) -> pl.Series:
        if name in FIXED:
            return rows[dict(zip(FIXED, ("case", "type", "time"), strict=True))[name]]
        if name.startswith(CASE):
            return _as_of(rows, self.changes.filter(pl.col("name") == name.removeprefix(CASE)))
        if name.startswith(OBJECT):
            of_type = self.related.filter(pl.col("type") == name.removeprefix(OBJECT))
            said = of_type.select("event", pl.col("object").alias("value"))
        else:
            said = self.values.filter(pl.col("name") == name).select("event", "value")
        said = said.unique("event", keep="last", maintain_order=True)
        return rows.select("event").join(said, on="event", how="left", maintain_order="left")["value"]


def _attribute(column: str, object_type: str) -> Attribute:
    return (object_type, column.removeprefix(CASE)) if column.startswith(CASE) else (None, column)


def _flattened(log: Collected, asked: str | None, name: str) -> _Log:
    events, repeats = _first_of_each(log.events.frame())
    objects = log.objects.frame().unique("object", keep="first")
    relations = log.relations.frame().unique(maintain_order=True)
    related = relations.join(objects, on="object", how="left", maintain_order="left")
    related = related.join(events.select("event"), on="event", how="semi", maintain_order="left")
    counts = related.drop_nulls("type").group_by("type", "event").len()
    chosen = asked if asked is not None else _best_type(counts)
    _check_type(chosen, objects, events.height, name)
    cases = related.filter(pl.col("type") == chosen).select("event", pl.col("object").alias("case"))
    rows = events.join(cases, on="event", how="inner", maintain_order="left")
    caseless = events.join(cases, on="event", how="anti", maintain_order="left")
    reason = reasons.NO_OBJECT.format(chosen)
    without = (Reject(line, chosen, id_ or "", reason) for id_, line in caseless.select("id", "line").rows())
    values = log.values.frame()
    changes = log.changes.frame()
    changes = changes.join(objects.filter(pl.col("type") == chosen), on="object", how="semi")
    return _Log(
        object_type=chosen,
        rows=rows,
        values=values,
        related=related,
        changes=changes,
        columns=_columns(log.names, counts, chosen),
        rejects=(*log.rejects, *repeats, *without),
        notes=tuple(
            _notes(chosen, asked, counts, events.height, rows.height - cases["event"].n_unique(), related)
        ),
        truncated=log.truncated,
        kinds=_kinds(log, chosen),
        whole=log.whole and log.wanted is None,
    )


def _kinds(log: Collected, chosen: str) -> dict[str, Kind]:
    """Give the types of the attributes of events and of the cases."""
    marks = {None: "", chosen: CASE}
    found = {**log.seen, **log.declared}
    return {marks[of] + name: merged(kinds) for (of, name), kinds in found.items() if of in marks}


def _first_of_each(events: pl.DataFrame) -> tuple[pl.DataFrame, list[Reject]]:
    """Keep the first event of each id; an event without an id is one of its own."""
    again = events.filter(pl.col("id").is_not_null() & ~pl.col("id").is_first_distinct())
    if not again.height:
        return events, []
    lines = dict(events.unique("id", keep="first").select("id", "line").rows())
    rejects = [
        Reject(
            line,
            "id",
            id_,
            reasons.SAME_ID.format(id_[:80], lines[id_]),
        )
        for id_, line in again.select("id", "line").rows()
    ]
    return events.join(again, on="event", how="anti", maintain_order="left"), rejects


def _best_type(counts: pl.DataFrame) -> str:
    """Choose the type of which most events have exactly one object; of equals the one with fewer at a time."""
    ranked = counts.group_by("type").agg(
        (pl.col("len") == 1).sum().alias("single"), (pl.col("len") > 1).sum().alias("several")
    )
    best = ranked.sort("single", "several", "type", descending=[True, False, False])["type"]
    return str(best[0]) if best.len() else ""


def _check_type(chosen: str, objects: pl.DataFrame, events: int, name: str) -> None:
    if not events:
        raise NothingRead(say("{} is an object-centric log without events.", name))
    types = sorted(objects["type"].drop_nulls().unique())
    if not types:
        raise NothingRead(say("{} names no objects with a type; the cases are objects of one type.", name))
    if not chosen:
        raise NothingRead(
            say("No event of {} has an object; the types of objects are {}.", name, listed(types))
        )
    if chosen not in types:
        raise MappingInvalid(
            say('{} has no objects of the type "{}"; the types are {}.', name, chosen, listed(types))
        )


def _columns(said: Collection[Attribute], counts: pl.DataFrame, chosen: str) -> tuple[str, ...]:
    """Name the columns: of the event, of its case, and the types of which no event has two objects."""
    most = counts.group_by("type").agg(pl.col("len").max()).filter(pl.col("len") == 1)["type"]
    names = [
        *FIXED,
        *(name for of, name in said if of is None),
        *(CASE + name for of, name in said if of == chosen),
        *(OBJECT + name for name in most.sort() if name != chosen),
    ]
    columns = tuple(dict.fromkeys(names))
    checked_width(columns)
    return columns


def _notes(
    chosen: str, asked: str | None, counts: pl.DataFrame, events: int, extra: int, related: pl.DataFrame
) -> list[str]:
    of_type = counts.filter(pl.col("type") == chosen)
    single, several = int((of_type["len"] == 1).sum()), int((of_type["len"] > 1).sum())
    others = [f'"{name}"' for name in counts["type"].unique().sort() if name != chosen][:10]
    how = (
        say("as asked") if asked is not None else say("the type of which most events have exactly one object")
    )
    told = say(
        'The objects of the type "{}" are the cases ({}: {} of {})',
        chosen,
        how,
        digits(single),
        counted(events, "event"),
    )
    named = say("{}; the other types are {}.", told, ", ".join(others))
    notes: list[str] = [named if others else say("{}.", told)]
    if several:
        notes.append(
            say(
                "{} with several objects of that type became a row of each case, {} more than there are events.",
                counted(several, "event"),
                counted(extra, "row"),
            )
        )
    if unknown := related["type"].null_count():
        left_out = counted(unknown, "relation")
        notes.append(say("{} to objects that the log does not describe; left out.", left_out))
    return notes


def _as_of(rows: pl.DataFrame, changes: pl.DataFrame) -> pl.Series:
    """Give the value that an object's attribute had at the time of each event; before the first, the first."""
    said = changes.with_columns(_instants(changes["time"]).alias("at")).with_row_index("order")
    said = said.rename({"object": "case"}).select("case", "at", "value", "order").sort("at", "order")
    asked = rows.select("case", _instants(rows["time"]).alias("at")).with_row_index("row")
    first = said.group_by("case").agg(pl.col("value").first().alias("first"))
    dated = (
        asked.drop_nulls("at")
        .sort("at")
        .join_asof(said.drop_nulls("at"), on="at", by="case", check_sortedness=False)
    )
    found = asked.join(dated.select("row", "value"), on="row", how="left", maintain_order="left")
    found = found.join(first, on="case", how="left", maintain_order="left")
    return found.select(pl.coalesce("value", "first").alias("value"))["value"]


def _instants(times: pl.Series) -> pl.Series:
    """Read times well enough to order them: those without an offset as UTC."""
    written = read_times({"time": times}, day_first=None, time_format=None).written["time"]
    at = pl.col("local") - pl.duration(minutes=pl.col("offset").fill_null(0))
    return written.select(at.alias("at"))["at"]
