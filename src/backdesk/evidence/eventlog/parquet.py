"""Read tables in Parquet: only the columns asked for are taken from the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.opening import READING_SHARE, Progress
from backdesk.evidence.eventlog.tables import Head, Table, checked_width
from backdesk.evidence.sentences import say

HEAD_ROWS: Final = 1000
TEXTS: Final = (pl.String, pl.Categorical, pl.Enum)


def head(path: Path) -> Head:
    """Read the columns and the first rows."""
    checked_width(_collected(_scan(path).head(0), path).columns)
    return head_of(_collected(_scan(path).head(HEAD_ROWS), path))


def load(
    path: Path, columns: tuple[str, ...], *, times: Collection[str] = (), progress: Progress | None = None
) -> Table:
    """Read the columns asked for of every row."""
    scan = _scan(path)
    names = _collected(scan.head(0), path).columns
    frame = _collected(scan.select(pl.selectors.by_name(*columns)), path)
    if progress:
        progress(READING_SHARE, say("reading"))
    return table_of(frame, names)


def head_of(frame: pl.DataFrame) -> Head:
    """Look at a table's first rows."""
    checked_width(frame.columns)
    plain = frame.select([_plain_column(column) for column in frame])
    return Head(columns=tuple(frame.columns), frame=plain)


def table_of(frame: pl.DataFrame, names: Sequence[str]) -> Table:
    """Take the rows of a table that has columns of those names; a row's line is its number, from 1."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    told = say("Lists and structures have no single value, so they were left out: {}.", ", ".join(nested))
    return Table(
        frame=frame.select([_scalar(column) for column in frame]),
        lines=pl.Series(range(1, frame.height + 1), dtype=pl.UInt32),
        columns=tuple(names),
        rejects=(),
        truncated=None,
        notes=(told,) if nested else (),
        kinds={name: "text" for name, dtype in frame.schema.items() if dtype in TEXTS},
    )


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False)


def _collected(scan: pl.LazyFrame, path: Path) -> pl.DataFrame:
    try:
        return scan.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableFile(
            say("{} is no whole Parquet file ({}); export it again.", path.name, reason)
        ) from None


def _scalar(values: pl.Series) -> pl.Series:
    """Keep times, numbers and truths as they are."""
    return values if values.dtype.is_numeric() or values.dtype == pl.Boolean else _plain_column(values)


def _plain_column(values: pl.Series) -> pl.Series:
    """Keep times as they are and turn all else into text; what has no text becomes null."""
    if isinstance(values.dtype, pl.Datetime):
        return values.dt.cast_time_unit("us")
    if isinstance(values.dtype, pl.Date):
        return values.cast(pl.Datetime("us"))
    try:
        return values.cast(pl.String)
    except pl.exceptions.PolarsError:  # bytes that are no text, nested values
        return pl.Series(values.name, [None] * values.len(), dtype=pl.String)
