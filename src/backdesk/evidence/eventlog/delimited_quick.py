"""Read large delimited text with the compiled cutter, which makes no object a row; None where it is not plain enough.

Blocks of whole lines are cut side by side, none of them knowing of the others: each one numbers the texts it finds.
What a text is worth being numbered for is that it comes again; a column of which that is not so is left to the
general way, as is all that is written in an unusual way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.eventlog import _kernels as kernels
from backdesk.evidence.eventlog import _rows as rows
from backdesk.evidence.eventlog.numbered import Numbers, coded, cut, decoded, merged, written_times
from backdesk.evidence.eventlog.records import Layout
from backdesk.evidence.eventlog.threads import each, side_by_side
from backdesk.evidence.kernels import compiled

PADDING: Final = bytes(kernels.NULS)  # due behind each block
SLOTS: Final = 1 << 17  # for the texts of a column in a block: they stay near the processor
FEW: Final = 1000  # rows, of which it does not matter whether their texts come again
_NO_DELIMITER: Final = '"\r\n'


class _Unusual(Exception):
    """The text is not written as the cutter knows it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found in a block, a column after the other."""

    cells: list[Numbers]
    texts: list[list[bytes]]  # that the cells number
    offsets: list[Numbers]  # of those of times


def load(
    blocks: Iterable[bytes],
    layout: Layout,
    *,
    header_lines: int,
    times: tuple[str, ...],
    told: Callable[[], object],
) -> tuple[pl.DataFrame, pl.Series] | None:
    """Read whole lines, each block with the padding, into the kept columns and the line of each row.

    `times` are the columns to be read as times by the standard, that of ends before that of starts. `told` is called,
    in this thread, for each block.
    """
    if len(layout.delimiter.encode()) > 1 or layout.delimiter in _NO_DELIMITER:
        return None
    reader = _Reader(layout, header_lines, times)
    try:
        frame, lines = reader.table(blocks, told)
    except _Unusual:
        return None
    ends_early = len(times) == 2 and (_instants(frame[times[0]]) < _instants(frame[times[1]])).any()
    return None if ends_early else (frame, lines)  # as such times are to be told as they are written


def _instants(written: pl.Series) -> pl.Series:
    local, offset = (written.struct.field(name) for name in ("local", "offset"))
    return local - (offset.cast(pl.Int64) * 60_000_000).cast(pl.Duration("us"))


class _Reader:
    """Columns of texts stand before those of times, as the cutter wants them."""

    def __init__(self, layout: Layout, header_lines: int, times: Collection[str]) -> None:
        self._layout = layout
        self._header_lines = header_lines
        self._columns = sorted(layout.kept, key=lambda name: name in times)
        self._texts = sum(name not in times for name in layout.kept)
        self._cut = compiled(rows.cut)
        self._rooms = SimpleQueue[rows.Room]()

    def table(self, blocks: Iterable[bytes], told: Callable[[], object]) -> tuple[pl.DataFrame, pl.Series]:
        parts = []
        for part in side_by_side(self._part, enumerate(blocks)):
            parts.append(part)
            told()
        columns = each(lambda place: self._column(parts, place), range(len(self._columns)))
        frame = dict(zip(self._columns, columns, strict=True))
        read = pl.DataFrame({name: frame[name] for name in self._layout.kept})
        first = self._header_lines + 1
        return read, pl.int_range(first, first + read.height, dtype=pl.UInt32, eager=True)

    def _part(self, block: tuple[int, bytes]) -> _Part:
        number, text = block
        start = 0
        for _ in range(0 if number else self._header_lines):
            start = text.index(b"\n", start) + 1
        room = self._room(len(text))
        if self._cut(np.frombuffer(text, np.uint8), start, len(text) - len(PADDING), room):
            raise _Unusual
        part = self._found(text, room)
        self._rooms.put(room)
        return part

    def _room(self, size: int) -> rows.Room:
        """Room for all rows that a block can hold: taken over from one that was read, or new."""
        limit = size // len(self._layout.names) + 1
        try:
            room = self._rooms.get_nowait()
        except Empty:
            return self._new_room(limit)
        if room.state[kernels.LIMIT] < limit:
            return self._new_room(limit)
        spans = room.spans.reshape(self._texts, -1, kernels.SPAN)
        for slots, own, count in zip(room.slots.reshape(self._texts, -1), spans, room.counts, strict=True):
            slots[own[:count, kernels.SLOT]] = 0
        room.counts.fill(0)
        room.state[kernels.EVENTS] = 0
        return room

    def _new_room(self, limit: int) -> rows.Room:
        layout, texts = self._layout, self._texts
        state = np.zeros(kernels.STATES, np.int64)
        state[[kernels.LIMIT, kernels.SLOTS]] = limit, SLOTS
        places = {name: place for place, name in enumerate(self._columns)}
        return rows.Room(
            given=np.array([len(layout.names), ord(layout.delimiter), texts]),
            columns=np.array([places.get(name, rows.NOT_KEPT) for name in layout.names]),
            state=state,
            cells=np.empty(len(places) * limit, np.int64),
            offsets=np.empty((len(places) - texts) * limit, np.int64),
            counts=np.zeros(texts, np.int64),
            spans=np.empty(texts * limit * kernels.SPAN, np.int64),
            marks=np.empty(texts * limit, np.uint64),
            slots=np.zeros(texts * SLOTS, np.int32),
        )

    def _found(self, text: bytes, room: rows.Room) -> _Part:
        """Take out of the room what is to be kept."""
        limit, count = int(room.state[kernels.LIMIT]), int(room.state[kernels.EVENTS])
        if count > FEW and (2 * room.counts > count).any():
            raise _Unusual
        cells = room.cells.reshape(-1, limit)[:, :count]
        spans = room.spans.reshape(self._texts, limit, kernels.SPAN)
        return _Part(
            cells=[
                row.astype(np.int32 if place < self._texts else np.int64) for place, row in enumerate(cells)
            ],
            texts=[cut(text, own[:some]) for own, some in zip(spans, room.counts, strict=True)],
            offsets=[row.astype(np.int16) for row in room.offsets.reshape(-1, limit)[:, :count]],
        )

    def _column(self, parts: list[_Part], place: int) -> pl.Series:
        cells = [part.cells[place] for part in parts]
        if place >= self._texts:
            return written_times(cells, [part.offsets[place - self._texts] for part in parts])
        texts, numbers = merged([part.texts[place] for part in parts], cells)
        return coded(decoded(texts), numbers)
