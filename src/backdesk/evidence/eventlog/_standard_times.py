"""Times as the standard of XES has them, to be compiled: yyyy-mm-ddThh:mm:ss, perhaps a fraction, and the offset.

Tables of text mostly have a blank instead of the T, and often no offset.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_BLANK, _PLUS, _DASH, _POINT, _ZERO, _COLON, _T, _Z = 32, 43, 45, 46, 48, 58, 84, 90
_NO_NUMBER: Final = -10_000
_LARGEST_OFFSET: Final = 14 * 60
NO_OFFSET: Final = -(1 << 15)


def read_time(text: Bytes, at: int, of_table: bool) -> tuple[int, int, int]:
    """Behind the time that stands here, the local time in microseconds since 1970, and minutes east of UTC.

    The first is 0 where none stands, or one that there is not, or none of the years 1900 to 2199. In a table of text
    it may be written as it mostly is there; then the last is NO_OFFSET where none is written.
    """
    year = two_digits(text, at) * 100 + two_digits(text, at + 2)
    month, day = two_digits(text, at + 5), two_digits(text, at + 8)
    hour, minute, second = two_digits(text, at + 11), two_digits(text, at + 14), two_digits(text, at + 17)
    marks = text[at + 10] == _T or (of_table and text[at + 10] == _BLANK)
    marks = marks and text[at + 4] == _DASH and text[at + 7] == _DASH
    marks = marks and text[at + 13] == _COLON and text[at + 16] == _COLON
    clock = 0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59
    if not marks or not clock or not _is_day(year, month, day):
        return 0, 0, 0
    place, fraction = _behind_fraction(text, at + 19)
    behind, offset = (place, NO_OFFSET) if of_table else (0, 0)
    if text[place] in (_Z, _PLUS, _DASH):
        behind, offset = _behind_offset(text, place)
    minutes = (_days(year, month, day) * 24 + hour) * 60 + minute
    return behind if place else 0, (minutes * 60 + second) * 1_000_000 + fraction, offset


def two_digits(text: Bytes, at: int) -> int:
    """The number that two digits make; far below 0 where none stand."""
    tens, ones = _digit(text, at), _digit(text, at + 1)
    return tens * 10 + ones if tens >= 0 and ones >= 0 else _NO_NUMBER


def _digit(text: Bytes, at: int) -> int:
    number = np.int64(text[at]) - _ZERO
    return int(number) if 0 <= number <= 9 else _NO_NUMBER


def _is_day(year: int, month: int, day: int) -> bool:
    last = 30 + (month + month // 8) % 2
    if month == 2:
        last = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 1900 <= year < 2200 and 1 <= month <= 12 and 1 <= day <= last


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970: years are counted from March, so that a leap day ends one."""
    year -= month <= 2
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + of_year - 719_468


def _behind_fraction(text: Bytes, at: int) -> tuple[int, int]:
    """Behind the fraction of a second, if there is one; in microseconds, the rest cut off. 0 where it has no digits."""
    if text[at] != _POINT:
        return at, 0
    place, scale, fraction = at + 1, 100_000, 0
    while _digit(text, place) >= 0:
        fraction += _digit(text, place) * scale
        scale //= 10
        place += 1
    return place if place > at + 1 else 0, fraction


def _behind_offset(text: Bytes, at: int) -> tuple[int, int]:
    """Behind the offset, and its minutes east of UTC; 0 where none stands."""
    if text[at] == _Z:
        return at + 1, 0
    minutes = two_digits(text, at + 1) * 60 + two_digits(text, at + 4)
    if text[at] not in (_PLUS, _DASH) or text[at + 3] != _COLON or not 0 <= minutes <= _LARGEST_OFFSET:
        return 0, 0
    return at + 6, -minutes if text[at] == _DASH else minutes
