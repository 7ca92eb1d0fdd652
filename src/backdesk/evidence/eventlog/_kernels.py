"""The tokeniser of XES, to be compiled: one pass over the bytes, and no object made on the way.

It knows what logs are written like (either quote, comments, attributes within attributes), and gives up on anything
else; expat then reads the document from its beginning. So it need not judge what is malformed, only notice it. The
NULs behind the text, which no document holds, end every loop.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backdesk.evidence.eventlog._seen import EVENTS, LIMIT, OWN, UNUSUAL, number_of
from backdesk.evidence.eventlog._standard_times import NO_TIME, read_time
from backdesk.evidence.eventlog._words import Bytes, same

Whole = NDArray[np.int64]
Hashes = NDArray[np.uint64]

UNTIMELY: Final = -2  # what was to be a time is not written as the standard has it
MOST_NAMES: Final = 1 << 13
DEEPEST: Final = 100
OPENINGS: Final = 16  # attributes of events whose beginning is known again

# Places in `state`: what is given, then what is found.
COLUMNS, OF_EVENTS, TIME, DEPTH = range(OWN, OWN + 4)
CLOSED, TRACE, BREAKS, REFERENCES, NAMES, SAID, INNER, KNOWN, GUESS, STATES = range(OWN + 4, OWN + 14)

FIRST_TYPE: Final = 3  # where in `names` those of the types of attributes begin
DATE: Final = 4
NESTED: Final = 0  # the bit of `types` for what has attributes within it; each type has one of the others

# What is read of a tag: its kind, where key and value stand, how much else it says; and the hashes of its name, its
# key and the names of what else it says.
_KIND, _KEY, _KEY_END, _VALUE, _VALUE_END, _ELSE, TAG = range(7)
_OPENS, _EMPTY = range(2)
_ELEMENT, _NAME, _OTHERS = range(3)
HASHES: Final = _OTHERS + 16

_START, _LENGTH, _COLUMN, OPENING = range(4)  # of a beginning known again
_OWNER, _SAYS, _FROM, _TO, SAYING = range(5)  # of what is said of a trace

SEED: Final = 14695981039346656037  # FNV-1a
PRIME: Final = 1099511628211
_SEED, _PRIME = np.uint64(SEED), np.uint64(PRIME)
_TAB, _FEED, _RETURN, _BLANK, _BANG, _QUOTE, _AMPERSAND, _APOSTROPHE = 9, 10, 13, 32, 33, 34, 38, 39
_DASH, _SLASH, _LESS, _EQUALS, _GREATER, _QUESTION = 45, 47, 60, 61, 62, 63
_A, _E, _K, _L, _M, _U, _V, _X, _Y, _LAST = 97, 101, 107, 108, 109, 117, 118, 120, 121, 122
_POINT, _ZERO, _COLON, _LOW = 46, 48, 58, 95


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
        at = _behind_blanks(text, at, state)
        if at == size:
            return 0
        if text[at] != _LESS:
            return UNUSUAL
        depth, second = state[DEPTH], text[at + 1]
        in_trace = depth >= 2 and room.opened[1] == room.names[1]
        in_event = depth == 3 and in_trace and room.opened[2] == room.names[2]
        if second in (_BANG, _QUESTION):
            at = _behind_words(text, at, state)
        elif second == _SLASH:
            at = _leave(text, at, in_event, room)
        else:
            behind = _repeated(text, at, room) if in_event else 0
            at = behind if behind else _enter(text, at, in_trace, in_event, room)
        if at < 0:
            return at


def _behind_blanks(text: Bytes, at: int, state: Whole) -> int:
    while text[at] <= _BLANK and _is_blank(text, at):
        state[BREAKS] += text[at] == _FEED
        at += 1
    return at


def _is_blank(text: Bytes, at: int) -> bool:
    """Of returns those before a line feed: any other breaks a line itself."""
    return text[at] in (_BLANK, _TAB, _FEED) or (text[at] == _RETURN and text[at + 1] == _FEED)


def _behind_words(text: Bytes, at: int, state: Whole) -> int:
    """Behind a comment or an instruction. A declaration, as of a type, is unusual."""
    comment = text[at + 1] == _BANG
    if comment and (text[at + 2] != _DASH or text[at + 3] != _DASH):
        return UNUSUAL
    last = _DASH if comment else _QUESTION
    place = at + 4 if comment else _behind_target(text, at + 2)
    while place >= 0 and (text[place] > _BLANK or _is_blank(text, place)):
        state[BREAKS] += text[place] == _FEED
        if comment and text[place] == last and text[place + 1] == last:
            return place + 3 if text[place + 2] == _GREATER else UNUSUAL
        if not comment and text[place] == last and text[place + 1] == _GREATER:
            return place + 2
        place += 1
    return UNUSUAL


def _behind_target(text: Bytes, at: int) -> int:
    """Behind what an instruction is for; UNUSUAL of "xml", which declares, and of what no name begins with."""
    place, _ = _behind_name(text, at)
    declares = text[at] | 32 == _X and text[at + 1] | 32 == _M and text[at + 2] | 32 == _L and place == at + 3
    named = _begins_name(text[at]) and (text[place] == _QUESTION or _is_blank(text, place))
    return place if named and not declares else UNUSUAL


def _leave(text: Bytes, at: int, in_event: bool, room: Room) -> int:
    """Behind the tag that ends an element."""
    state = room.state
    place, element = _behind_name(text, at + 2)
    place = _behind_blanks(text, place, state)
    depth = state[DEPTH] - 1
    if text[place] != _GREATER or depth < 0 or room.opened[depth] != element:
        return UNUSUAL
    state[DEPTH] = depth
    state[EVENTS] += in_event
    state[CLOSED] = depth == 0
    return place + 1


def _enter(text: Bytes, at: int, in_trace: bool, in_event: bool, room: Room) -> int:
    """Behind the tag that begins an element."""
    state, names = room.state, room.names
    line, depth = state[BREAKS], state[DEPTH]
    behind = _read_tag(text, at, room)
    element, opens = room.hashes[_ELEMENT], room.tag[_KIND] == _OPENS
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
    state, tag, name = room.state, room.tag, room.hashes[_NAME]
    of_trace = not in_event
    status = _note_name(of_trace, room)
    first, end = (state[OF_EVENTS], state[COLUMNS]) if of_trace else (0, state[OF_EVENTS])
    column = first
    while column < end and room.wanted[column] != name:
        column += 1
    column = column if column < end else -1
    state[INNER] = column if tag[_KIND] == _OPENS else -1
    if status < 0:
        return status
    start, stop = tag[_VALUE], tag[_VALUE_END]
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
    mark = (room.hashes[_NAME] << np.uint64(1)) | np.uint64(of_trace) | np.uint64(2)
    place = np.int64(mark & np.uint64(MOST_NAMES - 1))
    while room.seen[place] != 0:
        if room.seen[place] == mark:
            return 0
        place = (place + 1) & (MOST_NAMES - 1)
    number = state[NAMES]
    if number * 2 > MOST_NAMES:
        return UNUSUAL
    room.seen[place] = mark
    room.fresh[3 * number], room.fresh[3 * number + 1] = room.tag[_KEY], room.tag[_KEY_END]
    room.fresh[3 * number + 2] = of_trace
    state[NAMES] = number + 1
    return 0


def _note_type(column: int, room: Room) -> None:
    place = FIRST_TYPE
    while place < FIRST_TYPE + 8 and room.names[place] != room.hashes[_ELEMENT]:
        place += 1
    room.types[column] |= 1 << (place - FIRST_TYPE + 1)


def _say(column: int, room: Room) -> int:
    state = room.state
    place = state[SAID] * SAYING
    room.said[place + _OWNER], room.said[place + _SAYS] = state[TRACE], column
    room.said[place + _FROM], room.said[place + _TO] = room.tag[_VALUE], room.tag[_VALUE_END]
    state[SAID] += 1
    return 0


def _keep(text: Bytes, column: int, start: int, end: int, room: Room) -> int:
    """Keep the value of an event."""
    state = room.state
    if column != state[TIME]:
        mark = _SEED
        for place in range(start, end):
            mark = (mark ^ np.uint64(text[place])) * _PRIME
        return _keep_text(text, column, start, end, mark, room)
    if room.hashes[_ELEMENT] != room.names[DATE] or start == 0:
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
        end, mark = _keep_time(text, start, room), _SEED
        if end < 0 or text[end] != text[start - 1]:
            return UNTIMELY
    else:
        end, mark = _behind_value(text, start, text[start - 1], state)
        if end < 0:
            return end
    if text[end + 1] != _SLASH or text[end + 2] != _GREATER:
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


def _read_tag(text: Bytes, at: int, room: Room) -> int:
    """Behind a tag; or UNUSUAL."""
    tag = room.tag
    place, room.hashes[_ELEMENT] = _behind_name(text, at + 1)
    room.hashes[_NAME] = _SEED
    for each in range(TAG):
        tag[each] = 0
    if not _begins_name(text[at + 1]):
        return UNUSUAL
    while place >= 0:
        start = _behind_blanks(text, place, room.state)
        if text[start] == _GREATER:
            return start + 1
        if text[start] == _SLASH:
            tag[_KIND] = _EMPTY
            return start + 2 if text[start + 1] == _GREATER else UNUSUAL
        if start == place:  # a blank is due before a name
            return UNUSUAL
        place = _behind_attribute(text, start, room)
    return UNUSUAL


def _behind_attribute(text: Bytes, start: int, room: Room) -> int:
    """Behind what a tag says, NAME="VALUE"; nothing may stand around the =. Key and value are noted."""
    place = start
    while _is_of_name(text[place]):
        place += 1
    quote, begin = text[place + 1], place + 2
    if not _begins_name(text[start]) or text[place] != _EQUALS or quote not in (_QUOTE, _APOSTROPHE):
        return UNUSUAL
    end, mark = _behind_value(text, begin, quote, room.state)
    noted = _noted(text, start, place - start)
    if end < 0 or (room.tag[noted] if noted else _is_repeated(text, start, room)):
        return UNUSUAL
    if noted:
        room.tag[noted], room.tag[noted + 1] = begin, end
    if noted == _KEY:
        room.hashes[_NAME] = mark
    return end + 1


def _noted(text: Bytes, at: int, length: int) -> int:
    """Where in `tag` is noted what has this name, 0 if nowhere."""
    if length == 3 and text[at] == _K and text[at + 1] == _E and text[at + 2] == _Y:
        return _KEY
    of_value = text[at] == _V and text[at + 1] == _A and text[at + 2] == _L and text[at + 3] == _U
    if length == 5 and of_value and text[at + 4] == _E:
        return _VALUE
    return 0


def _is_repeated(text: Bytes, at: int, room: Room) -> bool:
    """Whether the tag said this before, or says so much that it is not compared; its key and value apart."""
    _, name = _behind_name(text, at)
    for place in range(_OTHERS, _OTHERS + room.tag[_ELSE]):
        if room.hashes[place] == name:
            return True
    room.hashes[_OTHERS + room.tag[_ELSE]] = name
    room.tag[_ELSE] += 1
    return bool(_OTHERS + room.tag[_ELSE] == HASHES)


def _behind_name(text: Bytes, at: int) -> tuple[int, np.uint64]:
    """Behind the name of an element, and its hash."""
    mark = _SEED
    while _is_of_name(text[at]):
        mark = (mark ^ np.uint64(text[at])) * _PRIME
        at += 1
    return at, mark


def _begins_name(byte: int) -> bool:
    return _A <= byte | 32 <= _LAST or byte == _LOW


def _is_of_name(byte: int) -> bool:
    """Letters of ASCII, digits, and what may stand between them: of others expat knows which are letters."""
    return _begins_name(byte) or byte in (_DASH, _POINT) or _ZERO <= byte <= _COLON


def _behind_value(text: Bytes, at: int, quote: int, state: Whole) -> tuple[int, np.uint64]:
    """The end of a value, and its hash; UNUSUAL where something stands in it that may not."""
    mark = _SEED
    while text[at] != quote:
        byte = text[at]
        if byte < _QUESTION:  # all that is special lies below
            if byte == _LESS or (byte < _BLANK and byte not in (_FEED, _TAB)):
                return UNUSUAL, mark
            state[BREAKS] += byte == _FEED
            state[REFERENCES] += byte == _AMPERSAND
        mark = (mark ^ np.uint64(byte)) * _PRIME
        at += 1
    return at, mark
