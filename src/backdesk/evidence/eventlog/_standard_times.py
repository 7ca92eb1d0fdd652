"""Times as the standard of XES has them, to be compiled: yyyy-mm-ddThh:mm:ss, perhaps a fraction, and the offset.

Tables of text mostly have a blank instead of the T, and often no offset.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from backdesk.evidence.eventlog._words import Bytes, Words, before, count, digits, eight, number, paired

_BLANK, _PLUS, _DASH, _POINT, _ZERO, _COLON, _T, _Z = 32, 43, 45, 46, 48, 58, 84, 90
_NO_NUMBER: Final = -10_000
_LARGEST_OFFSET: Final = 14 * 60
_UNTIL_1970: Final = 719_468  # days from the March of year 0
NO_OFFSET: Final = -(1 << 15)
NO_TIME: Final = -(1 << 62)

_HEAD, _TAIL, _DAYS, DATE = range(
    4
)  # of the date that was read last: its first and its last eight bytes, its days
_COLONS, _OF_COLONS = (
    np.uint64(0x00000A00000A0000),
    np.uint64(0x0000FF0000FF0000),
)  # what makes zeros of them; where
_BYTE, _MINUTES, _SECONDS = (
    np.uint64(255),
    np.uint64(24),
    np.uint64(48),
)  # where these stand in hh:mm:ss, in bits


def read_time(text: Bytes, at: int, of_table: bool, date: Words) -> tuple[int, int, int]:
    """Behind the time that stands here, the local time in microseconds since 1970, and minutes east of UTC.

    The first is 0 where none stands, or one that there is not, or none of the years 1900 to 2199. In a table of text
    it may be written as it mostly is there; then the last is NO_OFFSET where none is written.

    `date` holds the date read last: most rows are of the day of the row before.
    """
    mark = text[at + 10]
    if not (mark == _T or (of_table and mark == _BLANK)) or not _is_of_day(text, at, date):
        return 0, 0, 0
    seconds = _seconds(eight(text, at + 11))
    place, fraction = _behind_fraction(text, at + 19)
    behind, offset = (place, NO_OFFSET) if of_table else (0, 0)
    if text[place] in (_Z, _PLUS, _DASH):
        behind, offset = _behind_offset(text, place)
    seconds_of_days = (int(date[_DAYS]) - _UNTIL_1970) * 86_400
    return behind if place and seconds >= 0 else 0, (seconds_of_days + seconds) * 1_000_000 + fraction, offset


def first_date() -> Words:
    """The date of the epoch: one to have been read before any was."""
    return np.append(np.frombuffer(b"1970-01-70-01-01", "<u8"), np.uint64(_UNTIL_1970))


def two_digits(text: Bytes, at: int) -> int:
    """The number that two digits make; far below 0 where none stand."""
    tens, ones = _digit(text, at), _digit(text, at + 1)
    return tens * 10 + ones if tens >= 0 and ones >= 0 else _NO_NUMBER


def _digit(text: Bytes, at: int) -> int:
    number = np.int64(text[at]) - _ZERO
    return int(number) if 0 <= number <= 9 else _NO_NUMBER


def _is_of_day(text: Bytes, at: int, date: Words) -> bool:
    """Whether a date stands here; it is then the one read last."""
    head, tail = eight(text, at), eight(text, at + 2)
    if date[_HEAD] == head and date[_TAIL] == tail:
        return True
    year = two_digits(text, at) * 100 + two_digits(text, at + 2)
    month, day = two_digits(text, at + 5), two_digits(text, at + 8)
    if text[at + 4] != _DASH or text[at + 7] != _DASH or not _is_day(year, month, day):
        return False
    date[_HEAD], date[_TAIL], date[_DAYS] = head, tail, _days(year, month, day)
    return True


def _is_day(year: int, month: int, day: int) -> bool:
    last = 30 + (month + month // 8) % 2
    if month == 2:
        last = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 1900 <= year < 2200 and 1 <= month <= 12 and 1 <= day <= last


def _days(year: int, month: int, day: int) -> int:
    """Days since the March of year 0: years are counted from March, so that a leap day ends one."""
    year -= month <= 2
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + of_year


def _seconds(clock: np.uint64) -> int:
    """The seconds of hh:mm:ss; below 0 where that is no time of a day."""
    worth, others = digits(clock ^ _COLONS)
    told = paired(worth)
    hour, minute = int(told & _BYTE), int((told >> _MINUTES) & _BYTE)
    second = int((told >> _SECONDS) & _BYTE)
    if others != 0 or worth & _OF_COLONS != 0 or hour > 23 or minute > 59 or second > 59:
        return -1
    return (hour * 60 + minute) * 60 + second


def _behind_fraction(text: Bytes, at: int) -> tuple[int, int]:
    """Behind the fraction of a second, if there is one; in microseconds, the rest cut off. 0 where it has no digits."""
    if text[at] != _POINT:
        return at, 0
    worth, others = digits(eight(text, at + 1))
    written = before(others)
    place, fraction = at + 1 + count(written), number(worth & written) // 100
    while _digit(text, place) >= 0:
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
