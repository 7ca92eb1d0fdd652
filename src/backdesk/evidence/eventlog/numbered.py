"""Columns put together of what compiled readers find in blocks: numbers of texts, and times as they were written."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog._kernels import NO_TIME
from backdesk.evidence.eventlog._standard_times import NO_OFFSET
from backdesk.evidence.eventlog.timestamps import WRITTEN

Numbers = NDArray[Any]
Text = TypeVar("Text", bound=str | bytes)


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


def renumbered(texts: list[list[Text]], cells: list[Numbers]) -> list[Text]:
    """Give the different texts of all blocks; the numbers of each block become those of all. -1 is of none."""
    numbers: dict[Text, int] = {}
    for some, own in zip(texts, cells, strict=True):
        of_all = (numbers.setdefault(text, len(numbers)) for text in some)
        own[...] = np.array([*of_all, -1], np.int32)[own]
    return list(numbers)


def merged(texts: list[list[bytes]], cells: list[Numbers]) -> tuple[list[bytes], Numbers]:
    """Give the different texts of all blocks, and their numbers instead of those of each block; -1 is of none."""
    found = renumbered(texts, cells)
    return found, np.concatenate(cells)


def decoded(texts: list[bytes]) -> pl.Series:
    """Make strings of UTF-8; raises polars.exceptions.PolarsError where it is none."""
    return pl.Series(texts, dtype=pl.Binary()).cast(pl.String())


def coded(texts: pl.Series, cells: Numbers) -> pl.Series:
    """Make a column of which there are only the different texts, and the number of each event's."""
    numbers = pl.Series(cells.view(np.uint32))
    if cells.min(initial=0) < 0:
        numbers = numbers.set(pl.Series(cells < 0), None)
    if 2 * texts.len() > cells.size:  # they are no shorter for being numbered
        return texts.gather(numbers)
    named = texts.cast(pl.Categorical(pl.Categories.random()))
    in_order = named.to_physical() == pl.int_range(texts.len(), eager=True)
    return numbers.cat.to(named.dtype) if in_order.all() else named.gather(numbers)


def written_times(local: Numbers, offsets: Numbers) -> pl.Series:
    """Make a column of times as they were written: local microseconds since 1970, and minutes east of UTC."""
    at, offset = pl.Series(local), pl.Series(offsets)
    if offsets.min(initial=0) == NO_OFFSET:
        offset = offset.set(offset == NO_OFFSET, None)
    written = pl.struct(at.cast(WRITTEN["local"]).alias("local"), offset.alias("offset"))
    if local.min(initial=0) == NO_TIME:
        written = pl.when(at != NO_TIME).then(written)
    return pl.select(written).to_series()
