"""Read times whose parts all stand in the same places, as most exports write them: by bytes, not by patterns.

What stands elsewhere, and a day or an hour that may not exist, is left to the patterns; both give the same.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog.timeforms import TimeForm, date_groups

NUMBERS: Final = "yabmdHMSfhn"
LARGEST_OFFSET: Final = 14 * 60  # minutes
_ZERO, _PLUS, _COMMA, _MINUS = (ord(character) for character in "0+,-")
_FIRST_YEAR: Final = 1900
_MONTHS: Final = np.arange("1900-01", "2200-02", dtype="datetime64[M]").astype("datetime64[D]").view(np.int64)

Bytes = NDArray[np.uint8]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def standing_alike(
    values: pl.Series, form: TimeForm, *, day_first: bool
) -> tuple[pl.Series, pl.DataFrame] | None:
    """Tell which values are times written like the first one, digit for digit, and give `local` and `offset` of those.

    None where the form has names in it, or the first value is none of the form.
    """
    first = values.drop_nulls().first()
    match = re.match(form.pattern, str(first)) if form.in_place and first is not None else None
    if match is None or not match.string.isascii() or match.groupdict().get("p"):
        return None
    alike = (values.str.len_bytes() == len(match.string)).fill_null(False)
    block = _bytes(values if alike.all() else values.filter(alike), len(match.string))
    same = _same_places(block, match)
    local, offset, known = _moments(_Numbers(block, match), date_groups(form, day_first=day_first))
    read = pl.DataFrame({"local": local, "offset": offset}).cast(
        {"local": pl.Datetime("us"), "offset": pl.Int16}
    )
    same &= known
    if same.all():
        return alike, read
    return alike.scatter(np.flatnonzero(alike.to_numpy())[~same], False), read.filter(same)


def whole_year(short: Any) -> Any:
    """Add the century to a year of two digits, as an expression or an array: 70 is 1970, 69 is 2069."""
    return short + 1900 + 100 * (short < 70)


def _written(match: re.Match[str]) -> list[str]:
    return [name for name, text in match.groupdict().items() if text is not None]


def _bytes(values: pl.Series, width: int) -> Bytes:
    kind = pl.Array(pl.UInt8, width)
    block: Bytes = values.cast(pl.Binary).bin.reinterpret(dtype=kind, endianness="little").to_numpy()
    return block.reshape(-1, width)


def _same_places(block: Bytes, match: re.Match[str]) -> Flags:
    """Whether digits stand where the first value has digits, a sign where it has one, and all else is the same."""
    lowest = np.frombuffer(match.string.encode(), np.uint8).copy()
    above = np.zeros_like(lowest)
    for name in _written(match):
        if name in NUMBERS:
            lowest[slice(*match.span(name))], above[slice(*match.span(name))] = _ZERO, 9
        elif name == "s":
            lowest[match.start(name)], above[match.start(name)] = _PLUS, _MINUS - _PLUS
    fits = block - lowest <= above
    same: Flags = np.ones(len(block), np.bool_) if fits.all() else np.asarray(fits.all(axis=1))
    if "s" in _written(match):
        same &= np.asarray(block[:, match.start("s")] != _COMMA)  # it stands between the signs
    return same


class _Numbers:
    """The numbers in times that are written alike; the digits are paired all at once."""

    def __init__(self, block: Bytes, match: re.Match[str]) -> None:
        digits = (block - _ZERO).ravel()
        pairs = digits * 10
        pairs[:-1] += digits[1:]
        self.match = match
        self.written = _written(match)
        self.digits, self.pairs = digits.reshape(block.shape), pairs.reshape(block.shape)

    def width(self, name: str) -> int:
        return self.match.end(name) - self.match.start(name) if name in self.written else 0

    def of(self, name: str, *, most: int = 9) -> Integers:
        """Give the number of a group's first digits; 0 where it is not written."""
        number = np.zeros(len(self.digits), np.int64)
        if name not in self.written:
            return number
        start, end = self.match.start(name), min(self.match.end(name), self.match.start(name) + most)
        if (end - start) % 2:
            number += self.digits[:, start]
            start += 1
        for place in range(start, end, 2):
            number *= 100
            number += self.pairs[:, place]
        return number

    def sign(self) -> NDArray[np.int64]:
        negative = self.digits[:, self.match.start("s")] == (_MINUS - _ZERO) % 256
        return np.where(negative, -1, 1)


def _moments(numbers: _Numbers, date: tuple[str, str, str]) -> tuple[Integers, Integers | None, Flags]:
    """Give the local times in microseconds, the offsets in minutes, and whether both are surely right."""
    year, month, day = (numbers.of(name) for name in date)
    hour, minute, second = (numbers.of(name) for name in "HMS")
    if numbers.width("y") == 2:
        year = whole_year(year)
    months = (year - _FIRST_YEAR) * 12 + month - 1
    known: Flags = (month >= 1) & (month <= 12) & (months >= 0) & (months < _MONTHS.size - 1)
    months[~known] = 0
    days = _MONTHS[months] + day - 1
    known &= (day >= 1) & (days < _MONTHS[months + 1]) & (hour < 24) & (minute < 60) & (second < 60)
    fraction = numbers.of("f", most=6) * 10 ** (6 - min(numbers.width("f"), 6))
    local = (((days * 24 + hour) * 60 + minute) * 60 + second) * 10**6 + fraction
    if "s" not in numbers.written:
        return local, np.zeros_like(local) if "u" in numbers.written else None, known
    offset = numbers.of("h") * 60 + numbers.of("n")
    known &= offset <= LARGEST_OFFSET
    return local, offset * numbers.sign(), known
