"""Read large delimited text with the compiled cutter, which makes no object a row; None where it is not plain enough.

Blocks of whole lines are cut side by side, none of them knowing of the others: each one numbers the texts it finds.
What a text is worth being numbered for is that it comes again; a column of which that is not so is left to the
general way, as is all that is written in an unusual way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from operator import attrgetter
from queue import Empty, SimpleQueue
from typing import Final, Protocol

import numpy as np
import polars as pl

from backdesk.evidence.eventlog import _rows as rows
from backdesk.evidence.eventlog import _seen as seen
from backdesk.evidence.eventlog._standard_times import first_date
from backdesk.evidence.eventlog.numbered import Numbers, categorised, listed, renumbered, written_times
from backdesk.evidence.eventlog.records import NEWLINE, Bytes, Layout
from backdesk.evidence.eventlog.threads import each, side_by_side
from backdesk.evidence.kernels import compiled

PADDING: Final = bytes(seen.NULS)  # due behind each block
SLOTS: Final = 1 << 17  # for the texts of a column in a block: they stay near the processor
FEW: Final = 1000  # rows, of which it does not matter whether their texts come again
SPARE: Final = 1.1  # how many more rows there is room for than seem to come
_NO_DELIMITER: Final = '"\r\n0123456789TZ -:.+'  # what fields are ended by or times are made of
_NUMBERS, _LOCAL, _OFFSETS = map(attrgetter, ("numbers", "local", "offsets"))


class Blocks(Protocol):
    """Whole lines, lent as memory and how much of it they fill; behind them stands the padding."""

    newlines: int  # in those that were lent

    @property
    def share(self) -> float: ...

    def lent(self) -> Iterator[tuple[Bytes, int]]: ...

    def give_back(self, memory: Bytes) -> None: ...


class _Unusual(Exception):
    """The text is not written as the cutter knows it."""


class _Shelf:
    """Room for consecutive rows, of each kind of value a column below the other."""

    def __init__(self, height: int, *, texts: int, times: int) -> None:
        self.height = height
        self.filled = 0
        self.numbers = np.empty((texts, height), np.int32)
        self.local = np.empty((times, height), np.int64)
        self.offsets = np.empty((times, height), np.int16)

    def place(self, count: int) -> slice:
        """Take the next rows."""
        self.filled += count
        return slice(self.filled - count, self.filled)


@dataclass(frozen=True, slots=True)
class _Block:
    """Where lines are, and where their rows are to be kept."""

    memory: Bytes
    start: int
    size: int
    shelf: _Shelf
    place: slice


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found in a block."""

    texts: list[list[str]]  # a column after the other
    numbers: Numbers  # of these, a row a column


def load(
    blocks: Blocks, layout: Layout, *, header_lines: int, times: tuple[str, ...], told: Callable[[], object]
) -> tuple[pl.DataFrame, pl.Series] | None:
    """Read blocks into the kept columns and the line of each row.

    `times` are the columns to be read as times. `told` is called, in this thread, for each block.
    """
    if len(layout.delimiter.encode()) > 1 or layout.delimiter in _NO_DELIMITER:
        return None
    try:
        return _Reader(blocks, layout, header_lines, times).table(told)
    except _Unusual:
        return None


class _Reader:
    """Columns of texts stand before those of times, as the cutter wants them."""

    def __init__(self, blocks: Blocks, layout: Layout, header_lines: int, times: Collection[str]) -> None:
        self._blocks = blocks
        self._layout = layout
        self._header_lines = header_lines
        self._columns = sorted(layout.kept, key=lambda name: name in times)
        self._texts = sum(name not in times for name in layout.kept)
        self._cut = compiled(rows.cut)
        self._rooms = SimpleQueue[rows.Room]()
        self._shelves = list[_Shelf]()

    def table(self, told: Callable[[], object]) -> tuple[pl.DataFrame, pl.Series]:
        parts = []
        for part in side_by_side(self._part, self._placed()):
            parts.append(part)
            told()
        columns = each(lambda place: self._column(parts, place), range(len(self._columns)))
        frame = dict(zip(self._columns, columns, strict=True))
        read = pl.DataFrame({name: frame[name] for name in self._layout.kept})
        first = self._header_lines + 1
        return read, pl.int_range(first, first + read.height, dtype=pl.UInt32, eager=True)

    def _placed(self) -> Iterator[_Block]:
        """Give the rows of each block their place: there are as many as lines behind the header."""
        lines = 0
        for memory, size in self._blocks.lent():
            header = min(max(self._header_lines - lines, 0), self._blocks.newlines - lines)
            start = int(np.flatnonzero(memory[:size] == NEWLINE)[header - 1]) + 1 if header else 0
            count, lines = self._blocks.newlines - lines - header, self._blocks.newlines
            shelf = self._shelf(count, lines)
            yield _Block(memory, start, size, shelf, shelf.place(count))

    def _shelf(self, count: int, lines: int) -> _Shelf:
        """Where there is room for so many rows; on a new one there is for all that seem to come, too."""
        shelves = self._shelves
        if not shelves or shelves[-1].filled + count > shelves[-1].height:
            coming = lines / max(self._blocks.share, 0.01) - lines
            times = len(self._columns) - self._texts
            shelves.append(_Shelf(count + int(SPARE * coming), texts=self._texts, times=times))
        return shelves[-1]

    def _part(self, block: _Block) -> _Part:
        text, place, shelf = block.memory, block.place, block.shelf
        count = place.stop - place.start
        room = self._room(count)
        room.state[seen.EVENTS] = place.start
        kept = rows.Rows(shelf.numbers.ravel(), shelf.local.ravel(), shelf.offsets.ravel())
        if self._cut(text, block.start, block.size, room, kept, shelf.height):
            raise _Unusual
        if count > FEW and (2 * room.counts > count).any():
            raise _Unusual
        spans = room.spans.reshape(self._texts, -1, seen.SPAN)
        texts = [listed(text, own[:some]) for own, some in zip(spans, room.counts, strict=True)]
        self._rooms.put(room)
        self._blocks.give_back(block.memory)
        return _Part(texts, shelf.numbers[:, place])

    def _room(self, count: int) -> rows.Room:
        """Room for the texts of so many rows: taken over from a block that was read, or new."""
        try:
            room = self._rooms.get_nowait()
        except Empty:
            return self._new_room(2 * count)
        if room.state[seen.LIMIT] < count:
            return self._new_room(2 * count)
        spans = room.spans.reshape(self._texts, -1, seen.SPAN)
        for slots, own, some in zip(room.slots.reshape(self._texts, -1), spans, room.counts, strict=True):
            slots[own[:some, seen.SLOT]] = 0
        room.counts.fill(0)
        return room

    def _new_room(self, limit: int) -> rows.Room:
        layout, texts = self._layout, self._texts
        state = np.zeros(seen.OWN, np.int64)
        state[[seen.LIMIT, seen.SLOTS]] = limit, SLOTS
        places = {name: place for place, name in enumerate(self._columns)}
        return rows.Room(
            given=np.array([len(layout.names), ord(layout.delimiter), texts]),
            columns=np.array([places.get(name, rows.NOT_KEPT) for name in layout.names]),
            state=state,
            counts=np.zeros(texts, np.int64),
            spans=np.empty(texts * limit * seen.SPAN, np.int64),
            marks=np.empty(texts * limit, np.uint64),
            slots=np.zeros(texts * SLOTS, np.int32),
            date=first_date(),
        )

    def _column(self, parts: list[_Part], place: int) -> pl.Series:
        if place >= self._texts:
            time = place - self._texts
            return written_times(*(self._whole(kind, time) for kind in (_LOCAL, _OFFSETS)))
        named = renumbered([part.texts[place] for part in parts], [part.numbers[place] for part in parts])
        return categorised(named, self._whole(_NUMBERS, place))

    def _whole(self, kind: Callable[[_Shelf], Numbers], place: int) -> Numbers:
        pieces = [kind(shelf)[place, : shelf.filled] for shelf in self._shelves]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
