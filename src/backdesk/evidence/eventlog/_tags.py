"""What XML is written like, to be compiled: tags and what they say, comments, instructions; of a log it knows nothing.

What is read of a tag stands in the room of the tokeniser, in `tag` and `hashes`; breaks of lines and references are
counted in its `state`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backdesk.evidence.eventlog._seen import OWN, UNUSUAL
from backdesk.evidence.eventlog._words import Bytes

Whole = NDArray[np.int64]

BREAKS, REFERENCES, COUNTED = range(OWN, OWN + 3)  # places in `state`; behind these the tokeniser has its own

# What is read of a tag: its kind, where key and value stand, how much else it says; and the hashes of its name, its
# key and the names of what else it says.
KIND, KEY, KEY_END, VALUE, VALUE_END, _ELSE, TAG = range(7)
OPENS, _EMPTY = range(2)
ELEMENT, NAME, _OTHERS = range(3)
HASHES: Final = _OTHERS + 16

SEED: Final = 14695981039346656037  # FNV-1a
PRIME: Final = 1099511628211
NO_MARK, FACTOR = np.uint64(SEED), np.uint64(PRIME)
_TAB, _FEED, _RETURN, _BLANK, BANG, _QUOTE, _AMPERSAND, _APOSTROPHE = 9, 10, 13, 32, 33, 34, 38, 39
_DASH, SLASH, LESS, _EQUALS, GREATER, QUESTION = 45, 47, 60, 61, 62, 63
_A, _E, _K, _L, _M, _U, _V, _X, _Y, _LAST = 97, 101, 107, 108, 109, 117, 118, 120, 121, 122
_POINT, _ZERO, _COLON, _LOW = 46, 48, 58, 95


def read_tag(text: Bytes, at: int, room: Any) -> int:
    """Behind a tag; or UNUSUAL."""
    tag = room.tag
    place, room.hashes[ELEMENT] = behind_name(text, at + 1)
    room.hashes[NAME] = NO_MARK
    for each in range(TAG):
        tag[each] = 0
    if not _begins_name(text[at + 1]):
        return UNUSUAL
    while place >= 0:
        start = behind_blanks(text, place, room.state)
        if text[start] == GREATER:
            return start + 1
        if text[start] == SLASH:
            tag[KIND] = _EMPTY
            return start + 2 if text[start + 1] == GREATER else UNUSUAL
        if start == place:  # a blank is due before a name
            return UNUSUAL
        place = _behind_attribute(text, start, room)
    return UNUSUAL


def _behind_attribute(text: Bytes, start: int, room: Any) -> int:
    """Behind what a tag says, NAME="VALUE"; nothing may stand around the =. Key and value are noted."""
    place = start
    while _is_of_name(text[place]):
        place += 1
    quote, begin = text[place + 1], place + 2
    if not _begins_name(text[start]) or text[place] != _EQUALS or quote not in (_QUOTE, _APOSTROPHE):
        return UNUSUAL
    end, mark = behind_value(text, begin, quote, room.state)
    noted = _noted(text, start, place - start)
    if end < 0 or (room.tag[noted] if noted else _is_repeated(text, start, room)):
        return UNUSUAL
    if noted:
        room.tag[noted], room.tag[noted + 1] = begin, end
    if noted == KEY:
        room.hashes[NAME] = mark
    return end + 1


def _noted(text: Bytes, at: int, length: int) -> int:
    """Where in `tag` is noted what has this name, 0 if nowhere."""
    if length == 3 and text[at] == _K and text[at + 1] == _E and text[at + 2] == _Y:
        return KEY
    of_value = text[at] == _V and text[at + 1] == _A and text[at + 2] == _L and text[at + 3] == _U
    if length == 5 and of_value and text[at + 4] == _E:
        return VALUE
    return 0


def _is_repeated(text: Bytes, at: int, room: Any) -> bool:
    """Whether the tag said this before, or says so much that it is not compared; its key and value apart."""
    _, name = behind_name(text, at)
    for place in range(_OTHERS, _OTHERS + room.tag[_ELSE]):
        if room.hashes[place] == name:
            return True
    room.hashes[_OTHERS + room.tag[_ELSE]] = name
    room.tag[_ELSE] += 1
    return bool(_OTHERS + room.tag[_ELSE] == HASHES)


def behind_words(text: Bytes, at: int, state: Whole) -> int:
    """Behind a comment or an instruction. A declaration, as of a type, is unusual."""
    comment = text[at + 1] == BANG
    if comment and (text[at + 2] != _DASH or text[at + 3] != _DASH):
        return UNUSUAL
    last = _DASH if comment else QUESTION
    place = at + 4 if comment else _behind_target(text, at + 2)
    while place >= 0 and (text[place] > _BLANK or _is_blank(text, place)):
        state[BREAKS] += text[place] == _FEED
        if comment and text[place] == last and text[place + 1] == last:
            return place + 3 if text[place + 2] == GREATER else UNUSUAL
        if not comment and text[place] == last and text[place + 1] == GREATER:
            return place + 2
        place += 1
    return UNUSUAL


def _behind_target(text: Bytes, at: int) -> int:
    """Behind what an instruction is for; UNUSUAL of "xml", which declares, and of what no name begins with."""
    place, _ = behind_name(text, at)
    declares = text[at] | 32 == _X and text[at + 1] | 32 == _M and text[at + 2] | 32 == _L and place == at + 3
    named = _begins_name(text[at]) and (text[place] == QUESTION or _is_blank(text, place))
    return place if named and not declares else UNUSUAL


def behind_blanks(text: Bytes, at: int, state: Whole) -> int:
    while text[at] <= _BLANK and _is_blank(text, at):
        state[BREAKS] += text[at] == _FEED
        at += 1
    return at


def _is_blank(text: Bytes, at: int) -> bool:
    """Of returns those before a line feed: any other breaks a line itself."""
    return text[at] in (_BLANK, _TAB, _FEED) or (text[at] == _RETURN and text[at + 1] == _FEED)


def behind_name(text: Bytes, at: int) -> tuple[int, np.uint64]:
    """Behind the name of an element, and its hash."""
    mark = NO_MARK
    while _is_of_name(text[at]):
        mark = (mark ^ np.uint64(text[at])) * FACTOR
        at += 1
    return at, mark


def _begins_name(byte: int) -> bool:
    return _A <= byte | 32 <= _LAST or byte == _LOW


def _is_of_name(byte: int) -> bool:
    """Letters of ASCII, digits, and what may stand between them: of others expat knows which are letters."""
    return _begins_name(byte) or byte in (_DASH, _POINT) or _ZERO <= byte <= _COLON


def behind_value(text: Bytes, at: int, quote: int, state: Whole) -> tuple[int, np.uint64]:
    """The end of a value, and its hash; UNUSUAL where something stands in it that may not."""
    mark = NO_MARK
    while text[at] != quote:
        byte = text[at]
        if byte < QUESTION:  # all that is special lies below
            if byte == LESS or (byte < _BLANK and byte not in (_FEED, _TAB)):
                return UNUSUAL, mark
            state[BREAKS] += byte == _FEED
            state[REFERENCES] += byte == _AMPERSAND
        mark = (mark ^ np.uint64(byte)) * FACTOR
        at += 1
    return at, mark
