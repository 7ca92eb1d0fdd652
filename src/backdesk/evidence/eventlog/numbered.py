"""Columns put together of what compiled readers find in blocks: numbers of texts, and times as they were written."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog._kernels import NO_TIME
from backdesk.evidence.eventlog.timestamps import WRITTEN

Numbers = NDArray[Any]


def cut(text: bytes, spans: Numbers) -> list[bytes]:
    """Give the texts that stand from the first to the second number of each row."""
    return [text[start:end] for start, end, *_ in spans.tolist()]


def merged(texts: list[list[bytes]], cells: list[Numbers]) -> tuple[list[bytes], Numbers]:
    """Give the different texts of all blocks, and their numbers instead of those of each block; -1 is of none."""
    numbers: dict[bytes, int] = {}
    again = []
    for some, own in zip(texts, cells, strict=True):
        new = [numbers.setdefault(text, len(numbers)) for text in some]
        again.append(np.array([*new, -1], np.int32)[own])
    return list(numbers), np.concatenate(again)


def decoded(texts: list[bytes]) -> pl.Series:
    """Make strings of UTF-8; raises polars.exceptions.PolarsError where it is none."""
    return pl.Series(texts, dtype=pl.Binary()).cast(pl.String())


def coded(texts: pl.Series, cells: Numbers) -> pl.Series:
    """Make a column of which there are only the different texts, and the number of each event's."""
    if 2 * texts.len() <= cells.size:  # otherwise they are no shorter for being numbered
        texts = texts.cast(pl.Categorical(pl.Categories.random()))
    numbers = pl.Series(cells)
    return texts.gather(numbers.set(numbers < 0, None))


def written_times(local: list[Numbers], offsets: list[Numbers]) -> pl.Series:
    """Make a column of times as they were written: local microseconds since 1970, and minutes east of UTC."""
    at = pl.Series(np.concatenate(local), dtype=pl.Int64)
    offset = pl.Series(np.concatenate(offsets), dtype=pl.Int16)
    written = pl.struct(at.cast(WRITTEN["local"]).alias("local"), offset.alias("offset"))
    return pl.select(pl.when(at != NO_TIME).then(written)).to_series()
