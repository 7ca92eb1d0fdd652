"""Read times whose parts all stand in the same places, as most exports write them: by bytes, not by patterns.

What stands elsewhere is left to the patterns; both give the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog.timeforms import TimeForm

NUMBERS: Final = "yabmdHMSfhn"
_ZERO, _MINUS = ord("0"), ord("-")
_SIGNS: Final = (ord("+"), _MINUS)

Bytes = NDArray[np.uint8]


def standing_alike(values: pl.Series, form: TimeForm) -> tuple[pl.Series, pl.DataFrame] | None:
    """Tell which values are written like the first one, digit for digit, and give the numbers in those.

    The numbers are columns by the names of the form's groups, "f" in microseconds and "sign" -1 or 1; parts that are
    not written are no columns. None where the form has names in it, or the first value is none of the form.
    """
    first = values.drop_nulls().first()
    match = re.match(form.pattern, str(first)) if form.in_place and first is not None else None
    if match is None or not match.string.isascii() or "p" in _written(match):
        return None
    alike = (values.str.len_bytes() == len(match.string)).fill_null(False)
    block = _bytes(values.filter(alike), len(match.string))
    same = _same_places(block, match)
    if not same.all():
        alike = alike.scatter(np.flatnonzero(alike.to_numpy())[~same], False)
        block = block[same]
    return alike, pl.DataFrame(dict(_columns(block, match)))


def whole_year(short: Any) -> Any:
    """Add the century to a year of two digits, as an expression or an array: 70 is 1970, 69 is 2069."""
    return short + 1900 + 100 * (short < 70)


def _written(match: re.Match[str]) -> list[str]:
    return [name for name, text in match.groupdict().items() if text is not None]


def _bytes(values: pl.Series, width: int) -> Bytes:
    kind = pl.Array(pl.UInt8, width)
    block: Bytes = values.cast(pl.Binary).bin.reinterpret(dtype=kind, endianness="little").to_numpy()
    return block.reshape(-1, width)


def _same_places(block: Bytes, match: re.Match[str]) -> NDArray[np.bool_]:
    """Whether digits stand where the first value has digits, a sign where it has one, and all else is the same."""
    pattern = np.frombuffer(match.string.encode(), np.uint8)
    digits, sign = np.zeros(pattern.size, np.bool_), np.zeros(pattern.size, np.bool_)
    for name in _written(match):
        digits[slice(*match.span(name))] |= name in NUMBERS
        sign[slice(*match.span(name))] |= name == "s"
    rest = ~digits & ~sign
    same: NDArray[np.bool_] = np.asarray((block[:, digits] - _ZERO <= 9).all(axis=1))
    same &= (block[:, rest] == pattern[rest]).all(axis=1)
    same &= np.isin(block[:, sign], _SIGNS).all(axis=1)
    return same


def _columns(block: Bytes, match: re.Match[str]) -> Iterable[tuple[str, Any]]:
    for name in _written(match):
        start, end = match.span(name)
        if name == "s":
            yield "sign", np.where(block[:, start] == _MINUS, -1, 1).astype(np.int32)
        elif name == "f":
            digits = block[:, start : min(end, start + 6)]
            yield name, _number(digits) * 10 ** (6 - digits.shape[1])
        elif name in NUMBERS:
            number = _number(block[:, start:end])
            yield name, whole_year(number) if name == "y" and end - start == 2 else number
        else:
            yield name, np.zeros(len(block), np.int32)


def _number(digits: Bytes) -> NDArray[np.int32]:
    number = np.zeros(len(digits), np.int32)
    for column in range(digits.shape[1]):
        number = number * 10 + (digits[:, column] - _ZERO)
    return number
