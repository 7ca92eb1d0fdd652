"""The cutter of delimited text, to be compiled: one pass over the bytes, and no object made on the way.

It knows rows that stand on one line each, with all their fields, plain or in double quotes with none within. It gives
up on anything else; the general way then reads the file from its beginning. Every row ends with a line break, and the
NULs behind the text may be looked at without a look for its end.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backdesk.evidence.eventlog._kernels import (
    EVENTS,
    LIMIT,
    NO_TIME,
    PRIME,
    SEED,
    UNTIMELY,
    UNUSUAL,
    keep_text,
)
from backdesk.evidence.eventlog._standard_times import read_time

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]

_SEED, _PRIME = np.uint64(SEED), np.uint64(PRIME)
_FEED, _RETURN, _QUOTE = 10, 13, 34
NOT_KEPT: Final = -1

# What one settles of the cutter, beside what it shares with the tokeniser of XES.
FIELDS, DELIMITER, TEXTS = range(3)
GIVEN: Final = 3


class Room(NamedTuple):
    """What the cutter is given, and what it fills."""

    given: Whole
    columns: Whole  # of each field: where it is kept, those of texts before those of times, or NOT_KEPT
    state: Whole
    cells: Whole  # a row a column: of each row the number of its text, or its local time in microseconds
    offsets: Whole  # a row a column of times: minutes east of UTC of these
    counts: Whole  # of different texts, a column
    spans: Whole  # of these, by their number: start, end and slot
    marks: NDArray[np.uint64]  # and hash
    slots: NDArray[np.int32]  # one more than the number of the text that is there


def cut(text: Bytes, at: int, size: int, room: Room) -> int:
    """Read the rows from a place on: 0, or UNUSUAL, or UNTIMELY."""
    fields = room.given[FIELDS]
    while at < size:
        if text[at] in (_FEED, _RETURN):  # a blank line is no row
            return UNUSUAL
        for field in range(fields):
            at = _behind_field(text, at, room.columns[field], field == fields - 1, room)
            if at < 0:
                return at
        room.state[EVENTS] += 1
    return 0


def _behind_field(text: Bytes, at: int, column: int, last: bool, room: Room) -> int:
    """Behind a field and what ends it, its value kept where that is wanted."""
    delimiter, quoted = room.given[DELIMITER], int(text[at] == _QUOTE)
    start = at + quoted
    end, mark = _end(text, start, _QUOTE if quoted else delimiter)
    behind = end + quoted
    if (quoted and text[end] != _QUOTE) or (not last and text[behind] != delimiter):
        return UNUSUAL
    behind += last and text[behind] == _RETURN
    if last and text[behind] != _FEED:
        return UNUSUAL
    status = 0 if column < 0 else _keep(text, column, start, end, mark, room)
    return status if status < 0 else behind + 1


def _end(text: Bytes, at: int, stop: int) -> tuple[int, np.uint64]:
    """Where a text ends, and its hash."""
    mark = _SEED
    while text[at] != stop and text[at] != _FEED and text[at] != _RETURN and text[at] != _QUOTE:
        mark = (mark ^ np.uint64(text[at])) * _PRIME
        at += 1
    return at, mark


def _keep(text: Bytes, column: int, start: int, end: int, mark: np.uint64, room: Room) -> int:
    limit, row, texts = room.state[LIMIT], room.state[EVENTS], room.given[TEXTS]
    cell = column * limit + row
    if column < texts:
        room.cells[cell] = -1
        return keep_text(text, column, start, end, mark, room) if end > start else 0
    behind = start
    room.cells[cell] = NO_TIME
    if end > start:
        behind, room.cells[cell], room.offsets[(column - texts) * limit + row] = read_time(text, start)
    return 0 if behind == end else UNTIMELY
