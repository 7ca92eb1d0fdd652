"""The tokeniser of XES, compiled: one pass over the bytes, and no object made on the way.

It knows what logs are written like (either quote, comments, attributes within attributes), and gives up on anything
else; expat then reads the document from its beginning. So it need not judge what is malformed, only notice it.

Its two functions are long because a call costs more here than what it does: parted into short ones, with their arrays
handed on in tuples, the same code took ten times as long.
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
from numpy.typing import NDArray

_Bytes = NDArray[np.uint8]
_Whole = NDArray[np.int64]
_Hashes = NDArray[np.uint64]

UNUSUAL: Final = -1
MISSING: Final = 1  # stands for a value that is not there; neither it
SEPARATOR: Final = 0  # nor what ends each value may stand in XML
MOST_NAMES: Final = 1 << 13
DEEPEST: Final = 100

# Places in `state`, which outlives a block, and in `counts` of the present one.
LINE, OPEN, TRACE, NAMES, CLOSED, INNER = range(6)
EVENTS, FRESH, OF_TRACES, REFERENCES = range(4)

# What `_read_tag` tells: the kind of tag, where its key and value stand, the line breaks and references in it.
_KIND, _KEY, _KEY_END, _VALUE, _VALUE_END, _BREAKS, _REFERENCES = range(7)
_OPENS, _EMPTY, _CLOSES, _SILENT = range(4)
FIRST_TYPE: Final = 3  # where in `names` those of the types of attributes begin
NESTED: Final = 0  # the bit of `types` for what has attributes within it; each type has one of the others
_ELEMENT, _NAME = range(2)  # its hashes: of the element, of the attribute's key

_SEED: Final = np.uint64(14695981039346656037)  # FNV-1a
_PRIME: Final = np.uint64(1099511628211)
_ONE, _TWO = np.uint64(1), np.uint64(2)
_TAB, _FEED, _BLANK, _BANG, _QUOTE, _AMPERSAND, _APOSTROPHE = 9, 10, 32, 33, 34, 38, 39
_DASH, _SLASH, _LESS, _EQUALS, _GREATER, _QUESTION = 45, 47, 60, 61, 62, 63

kernel = numba.njit(cache=True, nogil=True)


@kernel
def hash_of(text: _Bytes, start: int, end: int) -> np.uint64:
    value = _SEED
    for place in range(start, end):
        value = (value ^ np.uint64(text[place])) * _PRIME
    return value


@kernel
def _behind_words(text: _Bytes, at: int, end: int, tag: _Whole) -> int:
    """Behind a comment or an instruction; 0 where it does not end here. A declaration, as of a type, is unusual."""
    tag[_KIND], tag[_BREAKS] = _SILENT, 0
    comment = text[at + 1] == _BANG
    if comment and (text[at + 2] != _DASH or text[at + 3] != _DASH):
        return UNUSUAL
    last = _DASH if comment else _QUESTION
    place = at + 4 if comment else at + 2
    while place + 2 < end:
        tag[_BREAKS] += text[place] == _FEED
        if text[place] == last and comment and text[place + 1] == _DASH:
            return place + 3 if text[place + 2] == _GREATER else UNUSUAL
        if text[place] == last and not comment and text[place + 1] == _GREATER:
            return place + 2
        place += 1
    return 0


@kernel
def _read_tag(text: _Bytes, at: int, end: int, tag: _Whole, hashes: _Hashes) -> int:  # noqa: C901
    """Behind the tag that begins at `at`; 0 where it does not end in this block."""
    closes = text[at + 1] == _SLASH
    place = at + 2 if closes else at + 1
    element, name = _SEED, _SEED
    while place < end and text[place] > _BLANK and text[place] != _GREATER and text[place] != _SLASH:
        element = (element ^ np.uint64(text[place])) * _PRIME
        place += 1
    key, key_end, value, value_end, breaks, references = 0, 0, 0, 0, 0, 0
    while True:
        gap = place
        while place < end and text[place] <= _BLANK:
            breaks += text[place] == _FEED
            place += 1
        if place + 1 >= end and not (closes and place < end):
            return 0
        if text[place] == _GREATER:
            tag[_KIND] = _CLOSES if closes else _OPENS
            place += 1
            break
        if text[place] == _SLASH:
            tag[_KIND] = _EMPTY
            if text[place + 1] != _GREATER:
                return UNUSUAL
            place += 2
            break
        start = place
        while place < end and text[place] != _EQUALS and text[place] > _BLANK and text[place] != _GREATER:
            place += 1
        if place + 1 >= end:
            return 0
        quote = text[place + 1]
        # A blank is due before a name, and nothing but = and a quote behind it.
        if closes or start in (gap, place) or text[place] != _EQUALS:
            return UNUSUAL
        if quote not in (_QUOTE, _APOSTROPHE):
            return UNUSUAL
        length = place - start
        is_key = length == 3 and text[start] == 107 and text[start + 1] == 101 and text[start + 2] == 121
        is_value = length == 5 and text[start] == 118 and text[start + 1] == 97 and text[start + 4] == 101
        if (is_key and key) or (is_value and value):
            return UNUSUAL
        place += 2
        begin = place
        while place < end and text[place] != quote:
            byte = text[place]
            if byte < _QUESTION:  # all that is special lies below
                if byte == _LESS or (byte < _BLANK and byte not in (_FEED, _TAB)):
                    return UNUSUAL
                breaks += byte == _FEED
                references += byte == _AMPERSAND
            if is_key:
                name = (name ^ np.uint64(byte)) * _PRIME
            place += 1
        if place >= end:
            return 0
        if is_key:
            key, key_end = begin, place
        elif is_value:
            value, value_end = begin, place
        place += 1
    tag[_KEY], tag[_KEY_END], tag[_VALUE], tag[_VALUE_END] = key, key_end, value, value_end
    tag[_BREAKS], tag[_REFERENCES] = breaks, references
    hashes[_ELEMENT], hashes[_NAME] = element, name
    return place


@kernel
def _write(values: _Bytes, sizes: _Whole, column: int, text: _Bytes, start: int, end: int) -> None:
    """Add a value to its column; a blank for each line break or tabulator, as XML has it."""
    size = sizes[column]
    for place in range(start, end):
        byte = text[place]
        values[column, size] = byte if byte >= _BLANK else _BLANK
        size += 1
    if start == 0:  # no attribute stands there
        values[column, size] = MISSING
        size += 1
    values[column, size] = SEPARATOR
    sizes[column] = size + 1


@kernel
def _is_new(seen: _Hashes, state: _Whole, mark: np.uint64) -> int:
    """Has this name not been seen before? -1 where there are too many."""
    place = np.int64(mark & np.uint64(MOST_NAMES - 1))
    while seen[place] != 0:
        if seen[place] == mark:
            return 0
        place = (place + 1) & (MOST_NAMES - 1)
    if state[NAMES] * 2 > MOST_NAMES:
        return UNUSUAL
    seen[place] = mark
    state[NAMES] += 1
    return 1


@kernel
def scan(  # noqa: C901
    text: _Bytes,
    names: _Hashes,
    wanted: _Hashes,
    of_trace: NDArray[np.bool_],
    state: _Whole,
    opened: _Hashes,
    seen: _Hashes,
    counts: _Whole,
    values: _Bytes,
    sizes: _Whole,
    lines: _Whole,
    traces: _Whole,
    owners: _Whole,
    owner_columns: _Whole,
    fresh: _Whole,
    cells: _Whole,
    types: _Whole,
) -> int:
    """Read what is complete in `text`; how many bytes that was, or UNUSUAL.

    `names`: the hashes of log, trace and event, and of the types of attributes. `wanted`, `of_trace`: the hashes of
    the attributes to keep, those of events first, and whether they are a trace's. `state`, `opened` (elements, by
    hash), `seen` (attributes, by hash) and `types` (a bit for each type an attribute was seen to have) outlive a
    block. The others are filled: `values` with a row an attribute, its values one after another; the line and trace
    of each event; the trace and column of each value of a trace; start, end and kind of names not seen before.
    `cells` has the place of the present event's values.
    """
    end, tag, hashes = text.size, np.zeros(7, np.int64), np.zeros(2, np.uint64)
    at, line, depth, trace = 0, state[LINE], state[OPEN], state[TRACE]
    done, done_line, done_depth = 0, line, depth
    in_event, in_trace = False, depth >= 2 and opened[1] == names[1]
    while True:
        while at < end and text[at] <= _BLANK:
            line += text[at] == _FEED
            at += 1
        if not in_event:
            done, done_line, done_depth = at, line, depth
        if at + 4 > end:
            break
        if text[at] != _LESS:
            return UNUSUAL
        if text[at + 1] == _BANG or text[at + 1] == _QUESTION:
            behind = _behind_words(text, at, end, tag)
        else:
            behind = _read_tag(text, at, end, tag, hashes)
        if behind <= 0:
            if behind == UNUSUAL:
                return UNUSUAL
            break
        kind, element = tag[_KIND], hashes[_ELEMENT]
        if kind == _CLOSES:
            depth -= 1
            if depth < 0 or opened[depth] != element:
                return UNUSUAL
            if depth == 2 and in_event:
                for column in range(cells.shape[0]):
                    _write(values, sizes, column, text, cells[column, 0], cells[column, 1])
                traces[counts[EVENTS]] = trace
                counts[EVENTS] += 1
                in_event = False
            in_trace = in_trace and depth > 1
            state[CLOSED] = depth == 0
        elif kind != _SILENT:
            if depth == 0:
                if element != names[0] or state[CLOSED]:
                    return UNUSUAL
            elif depth == 1:
                if element == names[2]:
                    return UNUSUAL  # an event of no trace
                if element == names[1]:
                    trace += 1
                    in_trace = kind == _OPENS
            elif in_trace and depth == 2 and element == names[2]:
                if kind == _EMPTY:
                    return UNUSUAL
                cells[:, :] = 0
                lines[counts[EVENTS]] = line
                in_event = True
            elif in_trace and (depth == 2 or (depth == 3 and in_event)):
                state[INNER] = -1
                name = hashes[_NAME]
                new = _is_new(seen, state, (name << _ONE) | np.uint64(depth == 2) | _TWO)
                if new == UNUSUAL:
                    return UNUSUAL
                if new:
                    number = counts[FRESH]
                    fresh[number, 0], fresh[number, 1], fresh[number, 2] = (
                        tag[_KEY],
                        tag[_KEY_END],
                        depth == 2,
                    )
                    counts[FRESH] = number + 1
                for column in range(wanted.size):
                    if wanted[column] != name or of_trace[column] != (depth == 2):
                        continue
                    place = FIRST_TYPE
                    while place < names.size and names[place] != element:
                        place += 1
                    types[column] |= 1 << (place - FIRST_TYPE + 1)
                    state[INNER] = column if kind == _OPENS else -1
                    if depth == 3:
                        cells[column, 0], cells[column, 1] = tag[_VALUE], tag[_VALUE_END]
                    else:
                        owners[counts[OF_TRACES]], owner_columns[counts[OF_TRACES]] = trace, column
                        counts[OF_TRACES] += 1
                        _write(values, sizes, column, text, tag[_VALUE], tag[_VALUE_END])
            elif in_trace and state[INNER] >= 0:
                types[state[INNER]] |= 1 << NESTED
            counts[REFERENCES] += tag[_REFERENCES]
            if kind == _OPENS:
                if depth == opened.size:
                    return UNUSUAL
                opened[depth] = element
                depth += 1
            elif depth == 0:
                return UNUSUAL  # a log of nothing
        at, line = behind, line + tag[_BREAKS]
    state[LINE], state[OPEN], state[TRACE] = done_line, done_depth, trace
    return done
