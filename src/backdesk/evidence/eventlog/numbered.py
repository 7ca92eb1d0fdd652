"""Columns put together of what compiled readers find in blocks: numbers of texts, and times as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, chain
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog._standard_times import NO_OFFSET, NO_TIME
from backdesk.evidence.eventlog.timestamps import WRITTEN

Numbers = NDArray[Any]
_NONE = -1


def cut(text: bytes, spans: Numbers) -> list[bytes]:
    """Give the texts that stand from the first to the second number of each row."""
    return [text[start:end] for start, end, *_ in spans.tolist()]


def listed(text: NDArray[np.uint8], spans: Numbers) -> list[str]:
    """Give the texts of bytes, none with a line break, that stand from the first to the second number of each row."""
    lengths = spans[:, 1] - spans[:, 0] + 1  # each with the byte behind it
    ends = lengths.cumsum()
    places = np.arange(lengths.sum()) + np.repeat(spans[:, 0] - (ends - lengths), lengths)
    gathered: NDArray[np.uint8] = text[places]
    gathered[ends - 1] = ord("\n")
    return gathered.tobytes().decode().split("\n")[:-1]


def count_on(cells: list[Numbers], counts: Iterable[int]) -> None:
    """Let the numbers of each block's texts begin where those of the block before end; -1 is of none."""
    for own, start in zip(cells, accumulate(counts, initial=0), strict=False):
        np.add(own, start, out=own, where=own >= 0)


def renumbered(texts: list[list[str]], cells: list[Numbers]) -> pl.Series:
    """Make categories of the texts of all blocks; the numbers of each block become those of these. -1 is of none."""
    named = pl.Series([*chain(*texts)], dtype=pl.String()).cast(pl.Categorical(pl.Categories.random()))
    codes = named.to_physical().to_numpy().astype(np.int32)
    starts = accumulate(map(len, texts), initial=0)
    for some, own, start in zip(texts, cells, starts, strict=False):
        own[...] = np.append(codes[start : start + len(some)], _NONE)[own]
    return named


def decoded(texts: list[bytes]) -> pl.Series:
    """Make strings of UTF-8; raises polars.exceptions.PolarsError where it is none."""
    return pl.Series(texts, dtype=pl.Binary()).cast(pl.String())


def coded(texts: pl.Series, cells: Numbers) -> pl.Series:
    """Make a column of which there are only the texts, and the number of each event's; -1 is of none."""
    numbers = _or_null(cells)
    if 2 * texts.len() > cells.size:  # they are no shorter for being numbered
        return texts.gather(numbers)
    return texts.cast(pl.Categorical(pl.Categories.random())).gather(numbers)


def categorised(named: pl.Series, cells: Numbers) -> pl.Series:
    """Make a column of the numbers of the categories that another one has."""
    return _or_null(cells).cat.to(named.dtype)


def _or_null(cells: Numbers) -> pl.Series:
    numbers = pl.Series(cells.view(np.uint32))
    return numbers.set(pl.Series(cells == _NONE), None) if cells.min(initial=0) == _NONE else numbers


def written_times(local: Numbers, offsets: Numbers) -> pl.Series:
    """Make a column of times as they were written: local microseconds since 1970, and minutes east of UTC."""
    at, offset = pl.Series(local), pl.Series(offsets)
    if offsets.min(initial=0) == NO_OFFSET:
        offset = offset.set(offset == NO_OFFSET, None)
    written = pl.struct(at.cast(WRITTEN["local"]).alias("local"), offset.alias("offset"))
    if local.min(initial=0) == NO_TIME:
        written = pl.when(at != NO_TIME).then(written)
    return pl.select(written).to_series()
