"""Read XES event logs (IEEE 1849) as a stream: the memory holds the attributes kept, not the document."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

import polars as pl

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.errors import FileTooLarge, NothingRead, UnreadableFile
from backdesk.evidence.eventlog.opening import ByteSource, Progress, is_large
from backdesk.evidence.eventlog.tables import CASE, Head, Reject, Table, checked_width
from backdesk.evidence.eventlog.xes_types import NESTED, declared
from backdesk.evidence.sentences import say

HEAD_EVENTS: Final = 1000
HEAD_LIMIT: Final = 64 << 20  # bytes looked at for them, unpacked: a packed file of blanks has no end
BATCH: Final = 50_000
TOKEN_LIMIT: Final = 64 << 20  # bytes of one element
DEPTH_LIMIT: Final = 100

Row = list[str | None]


def head(path: Path) -> Head:
    """Read the first events with all attributes that occur in them and in their traces."""
    seen: dict[str, None] = {}
    for _ in range(2):  # first to see which attributes there are, then to keep them
        reader = _Reader(tuple(seen), limit=HEAD_EVENTS)
        reader.read(ByteSource(path))
        seen = reader.seen
        checked_width(seen)
    if not reader.events.all_lines().len():
        raise NothingRead(say("{} is an event log without events.", path.name))
    return Head(columns=tuple(seen), frame=reader.events.frame())


def load(
    path: Path, columns: tuple[str, ...], *, times: Collection[str] = (), progress: Progress | None = None
) -> Table:
    """Read the attributes asked for of every event."""
    if is_large(path):
        from backdesk.evidence.eventlog import xes_quick

        table = xes_quick.load(ByteSource(path, progress=progress), columns, times=times)
        if table is not None:
            return table
    reader = _Reader(columns)
    source = ByteSource(path, progress=progress)
    reader.read(source)
    kinds, notes = declared(dict(zip(columns, reader.types, strict=True)))
    return Table(
        frame=reader.events.frame(),
        lines=reader.events.all_lines(),
        columns=tuple(reader.seen),
        rejects=tuple(reader.rejects),
        truncated=reader.truncated,
        notes=notes,
        kinds=kinds,
        of_events=True,
    )


class _EnoughRead(Exception):
    """A signal, not an error: a handler has no other way to stop the parser."""


@dataclass(slots=True)
class _Events:
    """Events on their way into a frame, in batches of columns.

    The cells lie event after event in one list: a list for each event keeps Python's collector busy.
    """

    columns: tuple[str, ...]
    cells: Row = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    batches: list[pl.DataFrame] = field(default_factory=list)
    batch_lines: list[pl.Series] = field(default_factory=list)

    def add(self, row: Row, line: int) -> None:
        self.cells += row
        self.lines.append(line)

    def fill(self, since: int, values: dict[int, str]) -> None:
        """Write values by place into all events since the one of that number."""
        width, count = len(self.columns), len(self.lines) - since
        for place, value in values.items():
            self.cells[since * width + place :: width] = [value] * count

    def flush(self) -> None:
        width = len(self.columns)
        columns = {name: self.cells[place::width] for place, name in enumerate(self.columns)}
        self.batches.append(pl.DataFrame(columns, schema=dict.fromkeys(self.columns, pl.String())))
        self.batch_lines.append(pl.Series(self.lines, dtype=pl.UInt32))
        self.cells.clear()
        self.lines.clear()

    def frame(self) -> pl.DataFrame:
        return pl.concat(self.batches)

    def all_lines(self) -> pl.Series:
        return pl.concat(self.batch_lines)


class _Reader:
    """Walk through a document with expat: a pair of handlers for each place one can be in.

    Attributes are told from the attributes nested in them by their depth below the log, trace or event.
    """

    def __init__(self, columns: tuple[str, ...], *, limit: int | None = None) -> None:
        self.events = _Events(columns)
        self.rejects: list[Reject] = []
        self.truncated: str | None = None
        self.seen: dict[str, None] = {}
        self._limit = limit
        self.types: list[set[str]] = [set() for _ in columns]  # of each attribute asked for
        self._places = {name: place for place, name in enumerate(columns)}
        self._inner: int | None = None  # the attribute one is in
        self._parser = refusing_parser()
        self._parser.StartElementHandler = self._root
        self._tags = ("trace", "event")
        self._depth = self._fed = 0
        self._row: Row = []
        self._line: int | None = None  # of the event one is in
        self._trace: dict[int, str] | None = None
        self._trace_rows = 0

    def read(self, source: ByteSource) -> None:
        try:
            for block in source:
                self._parse(block)
                self._look_no_further(source.path.name)
            if source.broken:
                self.truncated = say(
                    "{} It breaks off on line {}.", source.broken, str(self._parser.CurrentLineNumber)
                )
            else:
                self._parser.Parse(b"", True)
        except _EnoughRead:
            pass
        except expat.ExpatError as error:
            self._note_break(error, source.path.name)
        if self._line is not None:
            self.rejects.append(Reject(self._line, "event", "", reasons.CUT_EVENT))
        self._close_trace()
        self.events.flush()
        for nameless in ("", CASE):
            self.seen.pop(nameless, None)

    def _parse(self, block: bytes) -> None:
        parse_block(self._parser, block)
        self._fed += len(block)
        if self._fed - self._parser.CurrentByteIndex > TOKEN_LIMIT:
            raise FileTooLarge(
                say(
                    "One element of the XML, on line {}, is larger than {} MiB; a log needs no such values.",
                    str(self._parser.CurrentLineNumber),
                    str(TOKEN_LIMIT >> 20),
                )
            )

    def _look_no_further(self, name: str) -> None:
        if self._limit is None or self._fed <= HEAD_LIMIT:
            return
        if not self.events.lines:
            raise FileTooLarge(
                say("The first {} MiB of {} hold no event; export it again.", str(HEAD_LIMIT >> 20), name)
            )
        raise _EnoughRead

    def _root(self, tag: str, _: list[str]) -> None:
        prefix, colon, name = tag.rpartition(":")
        if name != "log":
            raise UnreadableFile(
                say(
                    "This XML is no event log in XES: its first element is {} on line {}, not {}.",
                    f"<{tag}>",
                    str(self._parser.CurrentLineNumber),
                    "<log>",
                )
            )
        self._tags = (f"{prefix}{colon}trace", f"{prefix}{colon}event")
        self._enter(self._log_start, self._log_end)

    def _enter(self, start: Callable[[str, list[str]], None], end: Callable[[str], None]) -> None:
        self._depth = 0
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end

    def _log_start(self, tag: str, _: list[str]) -> None:
        self._depth += 1
        if self._depth == 1 and tag == self._tags[0]:
            self._trace, self._trace_rows = {}, len(self.events.lines)
            self._enter(self._trace_start, self._trace_end)
        elif self._depth == 1 and tag == self._tags[1]:  # in no trace: read, and later rejected for its case
            self._enter_event()
        elif self._depth > DEPTH_LIMIT:
            raise self._too_deep()

    def _log_end(self, _: str) -> None:
        self._depth -= 1

    def _trace_start(self, tag: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise self._too_deep()
        if self._depth > 1:
            self._note_nested()
        elif tag == self._tags[1]:
            self._enter_event()
        elif self._trace is not None:
            key, value = _key_and_value(attributes)
            self.seen[CASE + key] = None
            self._inner = self._places.get(CASE + key)
            if self._inner is not None:
                self._trace[self._inner] = value
                self.types[self._inner].add(tag)

    def _trace_end(self, _: str) -> None:
        self._depth -= 1
        if self._depth < 0:
            self._close_trace()
            self._enter(self._log_start, self._log_end)

    def _enter_event(self) -> None:
        self._row = [None] * len(self._places)
        self._line = self._parser.CurrentLineNumber
        self._enter(self._event_start, self._event_end)

    def _note_nested(self) -> None:
        if self._inner is not None:
            self.types[self._inner].add(NESTED)

    def _event_start(self, tag: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth == 1:
            if attributes[::2] == ["key", "value"]:
                key, value = attributes[1], attributes[3]
            else:
                key, value = _key_and_value(attributes)
            self.seen[key] = None
            place = self._inner = self._places.get(key)
            if place is not None:
                self._row[place] = value
                self.types[place].add(tag)
        elif self._depth > DEPTH_LIMIT:
            raise self._too_deep()
        else:
            self._note_nested()

    def _event_end(self, _: str) -> None:
        self._depth -= 1
        if self._depth < 0:
            self.events.add(self._row, self._line or 0)
            self._line = None
            if self._trace is None:
                self._enter(self._log_start, self._log_end)
            else:
                self._enter(self._trace_start, self._trace_end)
            if self._limit and len(self.events.lines) >= self._limit:
                raise _EnoughRead

    def _close_trace(self) -> None:
        self.events.fill(self._trace_rows, self._trace or {})
        self._trace, self._trace_rows = None, len(self.events.lines)
        if self._trace_rows >= BATCH:
            self.events.flush()

    def _too_deep(self) -> FileTooLarge:
        return FileTooLarge(
            say(
                "The XML is nested more than {} deep on line {}; a log needs no such.",
                str(DEPTH_LIMIT),
                str(self._parser.CurrentLineNumber),
            )
        )

    def _note_break(self, error: expat.ExpatError, name: str) -> None:
        """Tell where the document breaks; before any event it is no log at all."""
        text = expat.ErrorString(error.code)
        if not self.seen:
            raise UnreadableFile(say("{} is no readable XML: {}, on line {}.", name, text, str(error.lineno)))
        self.truncated = say(
            "The XML of {} breaks on line {} ({}); the events before that were read.",
            name,
            str(error.lineno),
            text,
        )


def _key_and_value(attributes: list[str]) -> tuple[str, str]:
    named = dict(zip(attributes[0::2], attributes[1::2], strict=True))
    return named.get("key", ""), named.get("value", "")


def parse_block(parser: expat.XMLParserType, block: bytes) -> None:
    """Hand the next bytes on. Raises `UnreadableFile` where the document says it is written as nobody can read."""
    try:
        parser.Parse(block, False)
    except (LookupError, ValueError) as error:
        if "encoding" not in str(error):
            raise
        raise UnreadableFile(say("The XML cannot be read: {}. Write it in UTF-8.", str(error))) from None


def refusing_parser() -> expat.XMLParserType:
    """Make a parser that refuses document types, and with them every kind of entity."""
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True

    def refuse(name: str, *_: object) -> None:
        raise UnreadableFile(
            say(
                "The XML declares a document type ({} on line {}), which may hide entities that expand without end or "
                "read other files; a log needs none: remove it.",
                f"<!DOCTYPE {name}>",
                str(parser.CurrentLineNumber),
            )
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser
