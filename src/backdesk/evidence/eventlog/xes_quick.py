"""Read large XES logs by the compiled tokeniser. A document it does not know, or that is broken, is left to expat.

The document is cut behind events into blocks that threads read side by side, none of them knowing of the others: each
one numbers the texts it finds, and what is counted from the beginning, lines and traces, is added up afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from html import unescape
from itertools import chain
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog import _kernels as kernels
from backdesk.evidence.eventlog import _seen as seen
from backdesk.evidence.eventlog import _tags as tags
from backdesk.evidence.eventlog._standard_times import first_date
from backdesk.evidence.eventlog.numbered import Numbers, coded, count_on, cut, decoded, written_times
from backdesk.evidence.eventlog.opening import ByteSource
from backdesk.evidence.eventlog.tables import CASE, Table
from backdesk.evidence.eventlog.threads import side_by_side
from backdesk.evidence.eventlog.xes_types import KINDS, NESTED, OTHER, declared
from backdesk.evidence.kernels import compiled

BLOCK: Final = 4 << 20  # bytes: they and what is found in them stay near the processor
EVENT_LIMIT: Final = 64 << 20  # bytes
TIME: Final = "time:timestamp"  # a time by the standard

_SHORTEST_ATTRIBUTE: Final = len("<a/>")
_END: Final = b"</event>"
_MARK: Final = b"\xef\xbb\xbf"
_DECLARATION: Final = re.compile(
    rb"""\A<\?xml +version=(["'])1\.0\1( +encoding=(["'])(?i:utf-8|us-ascii)\3)?( +standalone=(["'])(yes|no)\5)? *\?>"""
)
_OTHER_REFERENCE: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_PLAIN_NAME: Final = re.compile(rb"[^&\s]*(?: [^&\s]+)*")
_SPACES: Final = str.maketrans("\n\t", "  ")  # as XML has them in a value


class _Unusual(Exception):
    """The document is not written as logs are: expat has to read it, or to say what is wrong with it."""


class _Untimely(Exception):
    """Times are not written as the standard has them: they have to be read as texts."""


def load(source: ByteSource, columns: tuple[str, ...], *, times: Collection[str] = (TIME,)) -> Table | None:
    """Read the attributes asked for of every event; None where expat has to."""
    try:
        try:
            table = _Reader(columns, time=TIME if TIME in times else None).table(source)
        except _Untimely:
            table = _Reader(columns, time=None).table(source)
    except (_Unusual, UnicodeDecodeError, pl.exceptions.PolarsError):  # of bytes that are no text
        return None
    return None if source.broken else table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What was found in a block; lines and traces are counted from its beginning."""

    cells: list[Numbers]  # of each column of events
    texts: list[list[bytes]]  # that the cells number
    offsets: Numbers
    lines: Numbers
    traces: Numbers
    owners: Numbers  # the trace of which something is said,
    says: Numbers  # in which column,
    values: list[bytes]  # and what
    names: list[str]
    types: Numbers
    line_breaks: int
    new_traces: int


class _Reader:
    """Columns of events stand before those of traces, as the kernel wants them."""

    def __init__(self, columns: tuple[str, ...], *, time: str | None) -> None:
        self._asked = columns
        self._columns = sorted(columns, key=lambda name: name.startswith(CASE))
        self._of_events = sum(not name.startswith(CASE) for name in columns)
        self._time = self._columns.index(time) if time in columns else -1
        self._wanted = _hashes([name.removeprefix(CASE) for name in self._columns])
        self._names = _hashes(["log", "trace", "event", *KINDS])
        self._scan = compiled(kernels.scan)
        self._rooms = SimpleQueue[kernels.Room]()

    def table(self, source: ByteSource) -> Table:
        parts = list(side_by_side(self._part, _blocks(source)))
        columns = [self._of_event(parts, column) for column in range(self._of_events)]
        columns += self._of_traces(parts)
        frame = dict(zip(self._columns, columns, strict=True))
        bits = reduce(np.bitwise_or, (part.types for part in parts)).tolist()
        types = dict(zip(self._columns, map(_types, bits), strict=True))
        kinds, notes = declared({name: types[name] for name in self._asked})
        lines = _counted_on([part.lines for part in parts], [part.line_breaks for part in parts])
        return Table(
            frame=pl.DataFrame({name: frame[name] for name in self._asked}),
            lines=pl.Series(lines + 1, dtype=pl.UInt32()),
            columns=tuple(
                dict.fromkeys(name for part in parts for name in part.names if name not in ("", CASE))
            ),
            rejects=(),
            truncated=None,
            notes=notes,
            kinds=kinds,
            of_events=True,
        )

    def _part(self, block: tuple[int, bytes, bool]) -> _Part:
        number, text, last = block
        if number == 0:
            text = _DECLARATION.sub(lambda found: b" " * len(found[0]), text.removeprefix(_MARK))
        if not text.isascii():
            told = text.decode()  # what is no text is nowhere let pass
            if "\ufffe" in told or "\uffff" in told:  # nor is what no document may hold
                raise _Unusual
        room = self._room(len(text))
        room.state[kernels.DEPTH] = 2 if number else 0
        status = self._scan(np.frombuffer(text, np.uint8), len(text) - seen.NULS, room)
        if status == kernels.UNTIMELY:
            raise _Untimely
        within_trace = room.state[kernels.DEPTH] == 2 and room.opened[1] == self._names[1]
        if status == seen.UNUSUAL or not (room.state[kernels.CLOSED] if last else within_trace):
            raise _Unusual
        if room.state[tags.REFERENCES] and _OTHER_REFERENCE.search(text):
            raise _Unusual
        part = self._found(text, room)
        self._rooms.put(room)
        return part

    def _room(self, size: int) -> kernels.Room:
        """Room for all that a block can hold: taken over from one that was read, or new."""
        limit = size // _SHORTEST_ATTRIBUTE + 1
        try:
            room = self._rooms.get_nowait()
        except Empty:
            room = self._new_room(limit)
        if room.state[seen.LIMIT] < limit:
            room = self._new_room(limit)
        spans = room.spans.reshape(-1, room.state[seen.LIMIT], seen.SPAN)
        slots = room.slots.reshape(-1, room.state[seen.SLOTS])
        for column, count in enumerate(room.counts):
            slots[column, spans[column, :count, seen.SLOT]] = 0
        room.counts.fill(0)
        room.state[[seen.EVENTS, tags.BREAKS, tags.REFERENCES]] = 0
        room.state[kernels.CLOSED :] = 0
        room.state[kernels.INNER] = -1
        room.seen.fill(0)
        room.types.fill(0)
        room.opened[:2] = self._names[:2]
        return room

    def _new_room(self, limit: int) -> kernels.Room:
        width, slots = self._of_events, 1 << (2 * limit).bit_length()
        state = np.zeros(kernels.STATES, np.int64)
        state[[seen.LIMIT, seen.SLOTS]] = limit, slots
        state[[kernels.COLUMNS, kernels.OF_EVENTS, kernels.TIME]] = len(self._columns), width, self._time
        return kernels.Room(
            names=self._names,
            wanted=self._wanted,
            opened=np.zeros(kernels.DEEPEST, np.uint64),
            state=state,
            tag=np.zeros(tags.TAG, np.int64),
            hashes=np.zeros(tags.HASHES, np.uint64),
            types=np.zeros(len(self._columns), np.int64),
            seen=np.zeros(kernels.MOST_NAMES, np.uint64),
            fresh=np.empty(3 * kernels.MOST_NAMES, np.int64),
            openings=np.empty(kernels.OPENINGS * kernels.OPENING, np.int64),
            cells=np.empty(width * limit, np.int64),
            offsets=np.empty(limit, np.int64),
            lines=np.empty(limit, np.int64),
            traces=np.empty(limit, np.int64),
            said=np.empty(limit * kernels.SAYING, np.int64),
            counts=np.zeros(width, np.int64),
            spans=np.empty(width * limit * seen.SPAN, np.int64),
            marks=np.empty(width * limit, np.uint64),
            slots=np.zeros(width * slots, np.int32),
            date=first_date(),
        )

    def _found(self, text: bytes, room: kernels.Room) -> _Part:
        """Take out of the room what is to be kept."""
        state = room.state.tolist()
        events, limit = state[seen.EVENTS], state[seen.LIMIT]
        said = room.said[: state[kernels.SAID] * kernels.SAYING].reshape(-1, kernels.SAYING)
        cells = room.cells.reshape(-1, limit)[:, :events]
        spans = room.spans.reshape(-1, limit, seen.SPAN)
        return _Part(
            cells=[
                row.astype(np.int64 if place == self._time else np.int32) for place, row in enumerate(cells)
            ],
            texts=[cut(text, spans[place, :count]) for place, count in enumerate(room.counts)],
            offsets=room.offsets[: events if self._time >= 0 else 0].astype(np.int16),
            lines=room.lines[:events].astype(np.uint32),
            traces=room.traces[:events].astype(np.int32),
            owners=said[:, 0].astype(np.int32),
            says=said[:, 1].astype(np.int32),
            values=cut(text, said[:, 2:]),
            names=list(_names(text, room.fresh[: 3 * state[kernels.NAMES]].reshape(-1, 3).tolist())),
            types=room.types.copy(),
            line_breaks=state[tags.BREAKS],
            new_traces=state[kernels.TRACE],
        )

    def _of_event(self, parts: list[_Part], column: int) -> pl.Series:
        cells = [part.cells[column] for part in parts]
        if column == self._time:
            return written_times(np.concatenate(cells), np.concatenate([part.offsets for part in parts]))
        texts = [part.texts[column] for part in parts]
        count_on(cells, map(len, texts))
        return _coded([*chain(*texts)], np.concatenate(cells))

    def _of_traces(self, parts: list[_Part]) -> Iterator[pl.Series]:
        """What is said of each event's trace; of what a trace says twice, the last holds."""
        counts = [part.new_traces for part in parts]
        traces = _counted_on([part.traces for part in parts], counts)
        owners = _counted_on([part.owners for part in parts], counts)
        says = np.concatenate([part.says for part in parts])
        values = [value for part in parts for value in part.values]
        for column in range(self._of_events, len(self._columns)):
            mine = np.flatnonzero(says == column)
            place = np.full(sum(counts) + 1, -1, np.int32)
            place[owners[mine]] = np.arange(mine.size)  # later ones overwrite
            yield _coded([values[one] for one in mine], place[traces])


def _blocks(source: ByteSource) -> Iterator[tuple[int, bytes, bool]]:
    """Cut the document behind events; each block with its number, and whether it is the last."""
    held: list[bytes] = []
    size = number = 0
    padding = bytes(seen.NULS)
    for piece in source:
        end = piece.rfind(_END) + len(_END) if size + len(piece) >= BLOCK else 0
        if end < len(_END):
            end = 0
        else:
            yield number, b"".join((*held, piece[:end], padding)), False
            held, size, number = [], 0, number + 1
        held.append(piece[end:])
        size += len(piece) - end
        if size > EVENT_LIMIT:
            raise _Unusual
    yield number, b"".join((*held, padding)), True


def _names(text: bytes, spans: list[list[int]]) -> Iterator[str]:
    for start, end, of_trace in spans:
        name = text[start:end]
        if not _PLAIN_NAME.fullmatch(name):
            raise _Unusual
        yield (CASE if of_trace else "") + name.decode()


def _counted_on(numbers: list[Numbers], counts: list[int]) -> Numbers:
    """Numbers that each block counts from 0, one block behind the other."""
    starts = np.cumsum([0, *counts[:-1]])
    return np.concatenate([some + start for some, start in zip(numbers, starts, strict=True)])


def _coded(texts: list[bytes], cells: Numbers) -> pl.Series:
    plain = decoded(texts)
    if plain.str.contains(r"[&\n\t]").any():
        plain = plain.map_elements(_plain, return_dtype=pl.String())
    return coded(plain, cells)


def _plain(text: str) -> str:
    return unescape(text.translate(_SPACES))


def _types(bits: int) -> set[str]:
    types = (NESTED, *KINDS, OTHER)
    return {name for place, name in enumerate(types) if bits & (1 << place)}


def _hashes(names: list[str]) -> NDArray[np.uint64]:
    """The hashes of names as the kernel makes them."""
    return np.array(
        [
            reduce(lambda mark, byte: (mark ^ byte) * tags.PRIME % 2**64, name.encode(), tags.SEED)
            for name in names
        ],
        np.uint64,
    )
