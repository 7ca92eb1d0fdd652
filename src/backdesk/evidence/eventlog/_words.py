"""Eight bytes at a time, to be compiled: byte by byte, looking at texts takes longer than all else that is read.

A word has the byte that stands first lowest. Where something is so of bytes, the highest bit of each of them is set.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]

_GOLDEN: Final = np.uint64(
    0x9E3779B97F4A7C15
)  # spreads every bit upwards (Knuth, The Art of Programming, 6.4)
_ONES, _SIGNS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_ZEROS, _ABOVE_NINE = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676)
_PAIRS, _ONE, _SEVEN, _BYTE = np.uint64(0x000000FF000000FF), np.uint64(1), np.uint64(7), np.uint64(8)
_TEN, _HUNDREDS, _SINGLES = np.uint64(10), np.uint64(100 + (10**6 << 32)), np.uint64(1 + (10**4 << 32))
_TWO_BYTES, _HALF, _LAST_BYTE, _LAST_SLOTS = np.uint64(16), np.uint64(32), np.uint64(56), np.uint64(47)


def eight(text: Bytes, at: int) -> np.uint64:
    """Eight bytes as one number: one access to memory, once compiled."""
    word = np.uint64(0)
    for place in range(8):
        word |= np.uint64(text[at + place]) << np.uint64(8 * place)
    return word


def same(text: Bytes, one: int, other: int, length: int) -> bool:
    """Whether the same bytes stand at two places; the last eight are looked at once more."""
    place, last = 0, length - 8
    if last < 0:
        while place < length and text[one + place] == text[other + place]:
            place += 1
        return place == length
    while place < last and eight(text, one + place) == eight(text, other + place):
        place += 8
    return place >= last and eight(text, one + last) == eight(text, other + last)


def equal(word: np.uint64, byte: int) -> np.uint64:
    """Which bytes are this one; of those behind the first that is, it may be told wrongly."""
    other = word ^ (_ONES * np.uint64(byte))
    return (other - _ONES) & ~other & _SIGNS


def before(told: np.uint64) -> np.uint64:
    """All bits of the bytes before the first of which something is told."""
    return ((told & (~told + _ONE)) >> _SEVEN) - _ONE


def count(bits: np.uint64) -> int:
    """How many bytes there are of which all bits are set, none of them behind another."""
    return int(((bits & _ONES) * _ONES) >> _LAST_BYTE)


def mixed(mark: np.uint64, word: np.uint64) -> np.uint64:
    """A hash with eight more bytes in it; the lowest bits, by which it is looked for, tell of all of them."""
    mark = (mark ^ word) * _GOLDEN
    return mark ^ (mark >> _LAST_SLOTS)


def digits(word: np.uint64) -> tuple[np.uint64, np.uint64]:
    """What the digits of eight bytes are worth, and which bytes are none; as by `equal`."""
    worth = word ^ _ZEROS
    return worth, ((worth + _ABOVE_NINE) | worth) & _SIGNS


def paired(worth: np.uint64) -> np.uint64:
    """In the place of each digit the number that it makes with the next one."""
    return worth * _TEN + (worth >> _BYTE)


def number(worth: np.uint64) -> int:
    """The number of eight digits, summed up in pairs."""
    pairs = paired(worth)
    upper, lower = (pairs & _PAIRS) * _HUNDREDS, ((pairs >> _TWO_BYTES) & _PAIRS) * _SINGLES
    return int((upper + lower) >> _HALF)
