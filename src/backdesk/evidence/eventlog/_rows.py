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
    """Read the rows from a place on: 0, or UNUSUAL."""
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
    """Behind a field and what ends it, its value kept where that is wanted; or UNUSUAL."""
    delimiter, quoted = room.given[DELIMITER], int(text[at] == _QUOTE)
    stop, start = _QUOTE if quoted else delimiter, at + quoted
    is_time = column >= room.given[TEXTS]
    end, mark = (_keep_time(text, start, stop, column, room), _SEED) if is_time else _end(text, start, stop)
    behind = end + quoted
    if end < 0 or (quoted and text[end] != _QUOTE) or (not last and text[behind] != delimiter):
        return UNUSUAL
    behind += last and text[behind] == _RETURN
    if last and text[behind] != _FEED:
        return UNUSUAL
    if column >= 0 and not is_time:
        room.cells[column * room.state[LIMIT] + room.state[EVENTS]] = -1
        if end > start and keep_text(text, column, start, end, mark, room) < 0:
            return UNUSUAL
    return behind + 1


def _end(text: Bytes, at: int, stop: int) -> tuple[int, np.uint64]:
    """Where a text ends, and its hash."""
    mark = _SEED
    while text[at] != stop and text[at] != _FEED and text[at] != _RETURN and text[at] != _QUOTE:
        mark = (mark ^ np.uint64(text[at])) * _PRIME
        at += 1
    return at, mark


def _keep_time(text: Bytes, start: int, stop: int, column: int, room: Room) -> int:
    """Behind a time, or where it begins if none stands there; UNUSUAL of one that is not as the standard has it."""
    limit, row = room.state[LIMIT], room.state[EVENTS]
    cell = column * limit + row
    if text[start] in (stop, _FEED, _RETURN):
        room.cells[cell] = NO_TIME
        return start
    behind, room.cells[cell], offset = read_time(text, start)
    room.offsets[cell - room.given[TEXTS] * limit] = offset
    return behind if behind else UNUSUAL
