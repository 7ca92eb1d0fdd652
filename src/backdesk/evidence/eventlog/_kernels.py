"""The tokeniser of XES, to be compiled: one pass over the bytes, and no object made on the way.

It knows what logs are written like (either quote, comments, attributes within attributes), and gives up on anything
else; expat then reads the document from its beginning. So it need not judge what is malformed, only notice it. The
NULs behind the text, which no document holds, end every loop.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backdesk.evidence.eventlog._seen import EVENTS, LIMIT, UNUSUAL, number_of
from backdesk.evidence.eventlog._standard_times import NO_TIME, read_time
from backdesk.evidence.eventlog._tags import (
    BANG,
    BREAKS,
    COUNTED,
    ELEMENT,
    FACTOR,
    GREATER,
    KEY,
    KEY_END,
    KIND,
    LESS,
    NAME,
    NO_MARK,
    OPENS,
    QUESTION,
    REFERENCES,
    SLASH,
    VALUE,
    VALUE_END,
    Whole,
    behind_blanks,
    behind_name,
    behind_value,
    behind_words,
    read_tag,
)
from backdesk.evidence.eventlog._words import Bytes, same

Hashes = NDArray[np.uint64]

UNTIMELY: Final = -2  # what was to be a time is not written as the standard has it
MOST_NAMES: Final = 1 << 13
DEEPEST: Final = 100
OPENINGS: Final = 16  # attributes of events whose beginning is known again

# Places in `state`: what is given, then what is found.
COLUMNS, OF_EVENTS, TIME, DEPTH = range(COUNTED, COUNTED + 4)
CLOSED, TRACE, NAMES, SAID, INNER, KNOWN, GUESS, STATES = range(COUNTED + 4, COUNTED + 12)

FIRST_TYPE: Final = 3  # where in `names` those of the types of attributes begin
DATE: Final = 4
NESTED: Final = 0  # the bit of `types` for what has attributes within it; each type has one of the others

_START, _LENGTH, _COLUMN, OPENING = range(4)  # of a beginning known again
_OWNER, _SAYS, _FROM, _TO, SAYING = range(5)  # of what is said of a trace


class Room(NamedTuple):
    """What the tokeniser is given, and what it fills."""

    names: Hashes  # of log, trace and event, and of the types of attributes
    wanted: Hashes  # of the attributes to keep, those of events before those of traces
    opened: Hashes  # of the elements one is in
    state: Whole
    tag: Whole
    hashes: Hashes
    types: Whole  # of each attribute wanted, a bit for each type it was seen to have
    seen: Hashes  # names of attributes
    fresh: Whole  # start, end and kind of each of these
    openings: Whole
    cells: Whole  # a row a column of events: of each event the number of its text, or its local time in microseconds
    offsets: Whole  # minutes east of UTC of these
    lines: Whole  # of events
    traces: Whole
    said: Whole  # trace, column, start and end of each value of a trace
    counts: Whole  # of different texts, a column
    spans: Whole  # of these, by their number: start, end and slot
    marks: Hashes  # and hash
    slots: NDArray[np.int32]  # one more than the number of the text that is there
    date: Hashes  # that was read last


def scan(text: Bytes, size: int, room: Room) -> int:
    """Read the text whole: 0, or UNUSUAL, or UNTIMELY."""
    at, state = 0, room.state
    while True:
        at = behind_blanks(text, at, state)
        if at == size:
            return 0
        if text[at] != LESS:
            return UNUSUAL
        depth, second = state[DEPTH], text[at + 1]
        in_trace = depth >= 2 and room.opened[1] == room.names[1]
        in_event = depth == 3 and in_trace and room.opened[2] == room.names[2]
        if second in (BANG, QUESTION):
            at = behind_words(text, at, state)
        elif second == SLASH:
            at = _leave(text, at, in_event, room)
        else:
            behind = _repeated(text, at, room) if in_event else 0
            at = behind if behind else _enter(text, at, in_trace, in_event, room)
        if at < 0:
            return at


def _leave(text: Bytes, at: int, in_event: bool, room: Room) -> int:
    """Behind the tag that ends an element."""
    state = room.state
    place, element = behind_name(text, at + 2)
    place = behind_blanks(text, place, state)
    depth = state[DEPTH] - 1
    if text[place] != GREATER or depth < 0 or room.opened[depth] != element:
        return UNUSUAL
    state[DEPTH] = depth
    state[EVENTS] += in_event
    state[CLOSED] = depth == 0
    return place + 1


def _enter(text: Bytes, at: int, in_trace: bool, in_event: bool, room: Room) -> int:
    """Behind the tag that begins an element."""
    state, names = room.state, room.names
    line, depth = state[BREAKS], state[DEPTH]
    behind = read_tag(text, at, room)
    element, opens = room.hashes[ELEMENT], room.tag[KIND] == OPENS
    if behind < 0 or _is_misplaced(depth, element, opens, room):
        return UNUSUAL
    status = 0
    if depth == 1:
        state[TRACE] += element == names[1]
    elif depth == 2 and in_trace and element == names[2]:
        status = _begin_event(room, line) if opens else UNUSUAL
    elif in_event or (in_trace and depth == 2):
        status = _attribute(at, behind, in_event, state[BREAKS] == line, text, room)
    elif in_trace and state[INNER] >= 0:
        room.types[state[INNER]] |= 1 << NESTED
    if opens:
        room.opened[depth] = element
        state[DEPTH] = depth + 1
    return status if status < 0 else behind


def _is_misplaced(depth: int, element: np.uint64, opens: bool, room: Room) -> bool:
    """Another document, a second one or a log of nothing; an event of no trace; what is too deep."""
    if depth == 0:
        return element != room.names[0] or room.state[CLOSED] or not opens
    return (depth == 1 and element == room.names[2]) or (depth == DEEPEST and opens)


def _begin_event(room: Room, line: int) -> int:
    state = room.state
    event = state[EVENTS]
    room.lines[event], room.traces[event] = line, state[TRACE]
    for column in range(state[OF_EVENTS]):
        room.cells[column * state[LIMIT] + event] = NO_TIME if column == state[TIME] else -1
    state[GUESS] = 0
    return 0


def _attribute(at: int, behind: int, in_event: bool, in_line: bool, text: Bytes, room: Room) -> int:
    """Note the attribute of an event or a trace, and keep it where it is wanted."""
    state, tag, name = room.state, room.tag, room.hashes[NAME]
    of_trace = not in_event
    status = _note_name(of_trace, room)
    first, end = (state[OF_EVENTS], state[COLUMNS]) if of_trace else (0, state[OF_EVENTS])
    column = first
    while column < end and room.wanted[column] != name:
        column += 1
    column = column if column < end else -1
    state[INNER] = column if tag[KIND] == OPENS else -1
    if status < 0:
        return status
    start, stop = tag[VALUE], tag[VALUE_END]
    if column >= 0:
        _note_type(column, room)
        if of_trace:
            return _say(column, room)
        status = _keep(text, column, start, stop, room)
    if in_event and in_line and stop + 3 == behind and state[KNOWN] < OPENINGS:
        opening = state[KNOWN] * OPENING
        room.openings[opening + _START], room.openings[opening + _LENGTH] = at, start - at
        room.openings[opening + _COLUMN] = column
        state[KNOWN] += 1
    return status


def _note_name(of_trace: bool, room: Room) -> int:
    """Note a name not seen before; UNUSUAL where there are too many."""
    state = room.state
    mark = (room.hashes[NAME] << np.uint64(1)) | np.uint64(of_trace) | np.uint64(2)
    place = np.int64(mark & np.uint64(MOST_NAMES - 1))
    while room.seen[place] != 0:
        if room.seen[place] == mark:
            return 0
        place = (place + 1) & (MOST_NAMES - 1)
    number = state[NAMES]
    if number * 2 > MOST_NAMES:
        return UNUSUAL
    room.seen[place] = mark
    room.fresh[3 * number], room.fresh[3 * number + 1] = room.tag[KEY], room.tag[KEY_END]
    room.fresh[3 * number + 2] = of_trace
    state[NAMES] = number + 1
    return 0


def _note_type(column: int, room: Room) -> None:
    place = FIRST_TYPE
    while place < FIRST_TYPE + 8 and room.names[place] != room.hashes[ELEMENT]:
        place += 1
    room.types[column] |= 1 << (place - FIRST_TYPE + 1)


def _say(column: int, room: Room) -> int:
    state = room.state
    place = state[SAID] * SAYING
    room.said[place + _OWNER], room.said[place + _SAYS] = state[TRACE], column
    room.said[place + _FROM], room.said[place + _TO] = room.tag[VALUE], room.tag[VALUE_END]
    state[SAID] += 1
    return 0


def _keep(text: Bytes, column: int, start: int, end: int, room: Room) -> int:
    """Keep the value of an event."""
    state = room.state
    if column != state[TIME]:
        mark = NO_MARK
        for place in range(start, end):
            mark = (mark ^ np.uint64(text[place])) * FACTOR
        return _keep_text(text, column, start, end, mark, room)
    if room.hashes[ELEMENT] != room.names[DATE] or start == 0:
        return UNTIMELY
    return 0 if _keep_time(text, start, room) == end else UNTIMELY


def _repeated(text: Bytes, at: int, room: Room) -> int:
    """Behind an attribute of an event that begins as one before; 0 where none does, or more than a value follows."""
    state, openings = room.state, room.openings
    known = _known(text, at, room)
    if known < 0:
        return 0
    start, column = at + openings[known * OPENING + _LENGTH], openings[known * OPENING + _COLUMN]
    breaks, references = state[BREAKS], state[REFERENCES]
    if column >= 0 and column == state[TIME]:
        end, mark = _keep_time(text, start, room), NO_MARK
        if end < 0 or text[end] != text[start - 1]:
            return UNTIMELY
    else:
        end, mark = behind_value(text, start, text[start - 1], state)
        if end < 0:
            return end
    if text[end + 1] != SLASH or text[end + 2] != GREATER:
        state[BREAKS], state[REFERENCES] = breaks, references
        return 0
    state[INNER], state[GUESS] = -1, known + 1
    if column >= 0 and column != state[TIME]:
        status = _keep_text(text, column, start, end, mark, room)
        if status < 0:
            return status
    return end + 3


def _known(text: Bytes, at: int, room: Room) -> int:
    """The beginning that stands here, of those known, or -1; attributes mostly come in the same order."""
    known = int(room.state[GUESS])
    for _ in range(room.state[KNOWN]):
        if known >= room.state[KNOWN]:
            known = 0
        if same(text, at, room.openings[known * OPENING + _START], room.openings[known * OPENING + _LENGTH]):
            return known
        known += 1
    return -1


def _keep_text(text: Bytes, column: int, start: int, end: int, mark: np.uint64, room: Room) -> int:
    """Keep the number of an event's text; UNUSUAL where it takes too long to find."""
    number = number_of(text, column, start, end, mark, room)
    room.cells[column * room.state[LIMIT] + room.state[EVENTS]] = number
    return number


def _keep_time(text: Bytes, at: int, room: Room) -> int:
    """Keep the time of an event; behind it, or UNTIMELY."""
    state, event = room.state, room.state[EVENTS]
    behind, room.cells[state[TIME] * state[LIMIT] + event], room.offsets[event] = read_time(
        text, at, False, room.date
    )
    return behind if behind else UNTIMELY
