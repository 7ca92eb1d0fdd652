"""The cutter of delimited text, to be compiled: one pass over the bytes, and no object made on the way.

It knows rows that stand on one line each, with all their fields, plain or in double quotes with none within. It gives
up on anything else; the general way then reads the file from its beginning. Every row ends with a line break, and the
NULs behind the text may be looked at without a look for its end.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backdesk.evidence.eventlog._seen import EVENTS, UNUSUAL, number_of
from backdesk.evidence.eventlog._standard_times import NO_OFFSET, NO_TIME, read_time
from backdesk.evidence.eventlog._words import Bytes, Words, before, count, eight, equal, mixed

Whole = NDArray[np.int64]

_FEED, _RETURN, _QUOTE = 10, 13, 34
NOT_KEPT: Final = -1
NONE: Final = -1  # the number of no text

# What one settles of the cutter, beside what it shares with the tokeniser of XES.
FIELDS, DELIMITER, TEXTS = range(3)


class Room(NamedTuple):
    """What the cutter is given of a block, and what it notes of it."""

    given: Whole
    columns: Whole  # of each field: where it is kept, those of texts before those of times, or NOT_KEPT
    state: Whole  # its EVENTS is the row to go on at
    counts: Whole  # of different texts, a column
    spans: Whole  # of these, by their number: start, end and slot
    marks: Words  # and hash
    slots: NDArray[np.int32]  # one more than the number of the text that is there
    date: Words  # that was read last


class Rows(NamedTuple):
    """Where all rows are kept, those of one column after those of another."""

    numbers: NDArray[np.int32]  # of the texts of each row
    local: Whole  # its times, in local microseconds
    offsets: NDArray[np.int16]  # and their minutes east of UTC


def cut(text: Bytes, at: int, size: int, room: Room, rows: Rows, height: int) -> int:
    """Read rows from a place on into `height` ones: 0, or UNUSUAL."""
    fields = room.given[FIELDS]
    while at < size:
        if text[at] in (_FEED, _RETURN):  # a blank line is no row
            return UNUSUAL
        for field in range(fields):
            at = _behind_field(text, at, room.columns[field], field == fields - 1, room, rows, height)
            if at < 0:
                return at
        room.state[EVENTS] += 1
    return 0


def _behind_field(text: Bytes, at: int, column: int, last: bool, room: Room, rows: Rows, height: int) -> int:
    """Behind a field and what ends it, its value kept where that is wanted; or UNUSUAL."""
    delimiter, quoted = room.given[DELIMITER], int(text[at] == _QUOTE)
    stop, start, texts = _QUOTE if quoted else delimiter, at + quoted, room.given[TEXTS]
    if column >= texts:
        end = _keep_time(text, start, stop, (column - texts) * height + room.state[EVENTS], room, rows)
    elif column >= 0:
        end, number = _numbered(text, start, stop, column, room)
        rows.numbers[column * height + room.state[EVENTS]] = number
    else:
        end, _ = _end(text, start, stop)
    behind = end + quoted
    if end < 0 or (quoted and text[end] != _QUOTE) or (not last and text[behind] != delimiter):
        return UNUSUAL
    behind += last and text[behind] == _RETURN
    if last and text[behind] != _FEED:
        return UNUSUAL
    return behind + 1


def _numbered(text: Bytes, start: int, stop: int, column: int, room: Room) -> tuple[int, int]:
    """Where a text ends, or UNUSUAL, and its number."""
    end, mark = _end(text, start, stop)
    if end == start:
        return end, NONE
    number = number_of(text, column, start, end, mark, room)
    return end if number >= 0 else UNUSUAL, number


def _end(text: Bytes, at: int, stop: int) -> tuple[int, np.uint64]:
    """Where a text ends, and its hash."""
    mark = np.uint64(0)
    while True:
        word = eight(text, at)
        ends = equal(word, stop) | equal(word, _FEED) | equal(word, _RETURN) | equal(word, _QUOTE)
        of_it = before(ends)
        mark = mixed(mark, word & of_it)
        if ends != 0:
            return at + count(of_it), mark
        at += 8


def _keep_time(text: Bytes, start: int, stop: int, cell: int, room: Room, rows: Rows) -> int:
    """Behind a time, or where it begins if none stands there; UNUSUAL of one that is not as the standard has it."""
    if text[start] in (stop, _FEED, _RETURN):
        rows.local[cell], rows.offsets[cell] = NO_TIME, NO_OFFSET
        return start
    behind, rows.local[cell], offset = read_time(text, start, True, room.date)
    rows.offsets[cell] = offset
    return behind if behind else UNUSUAL
