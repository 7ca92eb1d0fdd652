"""Read a work history from a file, whatever it is written in."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, get_args

import polars as pl

from backdesk.evidence.eventlog.attributes import Attributes, asked_for
from backdesk.evidence.eventlog.errors import ColumnMissing, MappingInvalid, listed
from backdesk.evidence.eventlog.guessing import guessed, looks, missing
from backdesk.evidence.eventlog.mapping import TIMES, Mapping
from backdesk.evidence.eventlog.opening import READING_SHARE, Kind, Progress, kind_of
from backdesk.evidence.eventlog.results import Duplicates, Proposal, Reading
from backdesk.evidence.eventlog.tables import Head, Table
from backdesk.evidence.eventlog.zones import checked_zone
from backdesk.evidence.sentences import say

SHOWN_ROWS = 20


class Source(Protocol):
    """What a kind of file is read by.

    Columns that are `times` may come as they were written by the standard, a structure of `local` and `offset`.
    """

    def head(self, path: Path) -> Head: ...

    def load(
        self,
        path: Path,
        columns: tuple[str, ...],
        *,
        times: Collection[str] = (),
        progress: Progress | None = None,
    ) -> Table: ...


def read(
    path: Path | str,
    *,
    mapping: Mapping | None = None,
    object_type: str | None = None,
    zone: str | None = None,
    now: datetime | None = None,
    attributes: Attributes = (),
    duplicates: Duplicates = "drop",
    progress: Callable[[float, str], None] | None = None,
) -> Reading:
    """Read the events of a CSV, XES, OCEL (JSON, XML, SQLite) or Parquet file (text also as .gz).

    Without a `mapping` the columns are found by their headings and content. Of an object-centric log (OCEL) the
    objects of `object_type` are the cases; where it is not given, those of the type of which most events have
    exactly one object, which the notes tell. Times without an offset are
    placed in `zone` (IANA; by default the one that the file's offsets fit, else UTC). With `now`, events that
    lie after it are told in the notes. `progress` is called with a fraction 0 to 1 and a phase; what it
    raises ends the reading.

    `attributes` names the columns to keep behind those of `EVENTS`, as text, whole number, float, Boolean or time:
    "all", a name, names, or names with the type to give them. Otherwise the type is the file's; in a table of text
    it is what all values look like. They come as `case:NAME` where they say the same all through a case, else as
    `event:NAME`. `duplicates` says whether a row that repeats an earlier one in everything that is read is
    rejected ("drop") or kept. Every row is either an event of the result or one of its rejects.

    Raises `UnreadableFile`, `FileTooLarge`, `ColumnMissing`, `MappingInvalid`, `UnknownZone` and
    `NothingRead`, all of them `LogError`.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log = Path(folder, "log.csv")
    ...     _ = log.write_text("Order;Task;Finished\\n7;Check;01.02.2024 09:30\\n7;Pay;soon\\n")
    ...     reading = read(log, zone="Europe/Berlin")
    >>> reading.events["at"].to_list()
    [datetime.datetime(2024, 2, 1, 8, 30, tzinfo=zoneinfo.ZoneInfo(key='UTC'))]
    >>> reading.rejects.row(0)[:3]
    (3, 'Finished', 'soon')
    """
    if duplicates not in get_args(Duplicates):
        raise MappingInvalid(say('"{}" is no way with duplicates; "drop" or "keep" them.', duplicates))
    path = Path(path)
    source = _source(path, _object_type(mapping, object_type))
    return read_from(
        source,
        path,
        mapping=mapping,
        zone=zone,
        now=now,
        attributes=attributes,
        duplicates=duplicates,
        progress=progress,
    )


def read_from(
    source: Source,
    path: Path,
    *,
    mapping: Mapping | None,
    zone: str | None,
    now: datetime | None,
    attributes: Attributes,
    duplicates: Duplicates,
    progress: Callable[[float, str], None] | None = None,
) -> Reading:
    """Read the events of a source as `read` does; `path` is handed to it."""
    from backdesk.evidence.eventlog.accepting import NotAsWritten, accepted

    place = checked_zone(zone) if zone is not None else None
    head = source.head(path)
    found, notes = _settled(mapping, head)
    kept, missing = asked_for(attributes, head.columns, found.columns())
    table = source.load(path, (*found.columns(), *kept), times=_times(found), progress=progress)
    if late := [column for column in table.columns if column not in head.columns]:
        # attributes of XES that no event of the head has: perhaps they are what was missing
        head = _with_columns(head, late)
        again, notes = _settled(mapping, head)
        more, missing = asked_for(attributes, head.columns, again.columns())
        if (again, more) != (found, kept):
            found, kept = again, more
            table = source.load(path, (*found.columns(), *kept), times=_times(found), progress=progress)
    if missing:
        raise _unknown("attribute", missing[0], head.columns)
    if progress:
        progress(READING_SHARE, say("checking"))
    accept = partial(accepted, mapping=found, attributes=kept, duplicates=duplicates, zone=place, now=now)
    try:
        reading = accept(table)
    except NotAsWritten:
        reading = accept(source.load(path, (*found.columns(), *kept), progress=progress))
    if progress:
        progress(1.0, say("done"))
    found = replace(found, object_type=getattr(source, "object_type", None))
    return replace(reading, mapping=found, notes=(*notes, *reading.notes))


def propose(path: Path | str, *, object_type: str | None = None) -> Proposal:
    """Look at the head of a file and offer a mapping, or the reason why none was found.

    Of an object-centric log the objects of `object_type` are the cases, or those of the type that fits best.
    Raises `UnreadableFile`, `NothingRead` or `MappingInvalid` where there is no table to look at.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log = Path(folder, "log.csv")
    ...     _ = log.write_text("Order,Task,Finished\\n7,Check,2024-02-01 09:30\\n")
    ...     propose(log).mapping.roles()
    (('case', 'Order'), ('activity', 'Task'), ('ended_at', 'Finished'))
    """
    path = Path(path)
    source = _source(path, object_type)
    head = source.head(path)
    mapping, reason, notes = None, None, tuple[str, ...]()
    try:
        mapping, notes = guessed(head)
    except ColumnMissing as error:
        reason, found = error.message, tuple(error.found.items())
    else:
        found = mapping.roles()
        mapping = replace(mapping, object_type=getattr(source, "object_type", None))
    return Proposal(
        columns=head.columns,
        rows=tuple(tuple(_text(value) for value in row) for row in head.frame.head(SHOWN_ROWS).rows()),
        mapping=mapping,
        reason=reason,
        looks=looks(head, found),
        notes=(*head.notes, *notes),
    )


def _object_type(mapping: Mapping | None, asked: str | None) -> str | None:
    mapped = mapping.object_type if mapping else None
    if asked is not None and mapped not in (None, asked):
        raise MappingInvalid(
            say('The mapping says that "{}" is the case, but "{}" was asked for; name one.', mapped, asked)
        )
    return asked if asked is not None else mapped


def _source(path: Path, object_type: str | None) -> Source:
    kind = kind_of(path)
    if kind.startswith("ocel"):
        from backdesk.evidence.eventlog import ocel, ocel_json, ocel_sqlite, ocel_xml

        collect = {"ocel-json": ocel_json, "ocel-xml": ocel_xml, "ocel-sqlite": ocel_sqlite}[kind].collect
        return ocel.OcelSource(collect, object_type)
    if object_type is not None:
        raise MappingInvalid(
            say(
                "{} is no object-centric log, so no type of object can be the case; leave out {}.",
                path.name,
                object_type,
            )
        )
    return _of_table(kind)


def _of_table(kind: Kind) -> Source:
    """Each of them takes as long to load as a small log to read."""
    if kind == "xes":
        from backdesk.evidence.eventlog import xes

        return xes
    if kind == "parquet":
        from backdesk.evidence.eventlog import parquet

        return parquet
    from backdesk.evidence.eventlog import delimited

    return delimited


def _settled(mapping: Mapping | None, head: Head) -> tuple[Mapping, tuple[str, ...]]:
    """Find the mapping, or check the one given against the columns there are."""
    if mapping is None:
        return guessed(head)
    if mapping.ended_at is None:
        if mapping.started_at is None:
            raise missing("ended_at", head.columns)
        mapping = replace(mapping, ended_at=mapping.started_at, started_at=None)
    for role, column in mapping.roles():
        if column not in head.columns:
            raise _unknown(role, column, head.columns)
    return mapping, ()


def _times(mapping: Mapping) -> list[str]:
    """The columns that are times and nothing else, in whatever form they are; the end before the start."""
    others = [column for role, column in mapping.roles() if role not in TIMES or mapping.time_format]
    return [column for role, column in mapping.roles() if role in TIMES and column not in others]


def _with_columns(head: Head, names: list[str]) -> Head:
    blank = (pl.lit(None, pl.String).alias(name) for name in names)
    return Head(columns=(*head.columns, *names), frame=head.frame.with_columns(blank), notes=head.notes)


def _unknown(role: str, column: str, columns: tuple[str, ...]) -> ColumnMissing:
    close = difflib.get_close_matches(column, columns, n=1)
    if role == "attribute":
        said = say('"{}" is asked for as attribute, but the columns are {}.', column, listed(columns))
    else:
        said = say('The mapping gives "{}" as {}, but the columns are {}.', column, role, listed(columns))
    return ColumnMissing(say("{} {}", said, say('Did you mean "{}"?', close[0])) if close else said)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
