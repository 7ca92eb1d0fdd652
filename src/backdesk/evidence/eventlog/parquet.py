"""Read tables in Parquet: only the columns asked for are taken from the file."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.opening import READING_SHARE, Progress
from backdesk.evidence.eventlog.tables import Head, Table

HEAD_ROWS = 1000


def head(path: Path) -> Head:
    """Read the columns and the first rows."""
    frame = _collected(_scan(path).head(HEAD_ROWS), path)
    return Head(columns=tuple(frame.columns), frame=frame.select(_plain(frame.schema)))


def load(path: Path, columns: tuple[str, ...], *, progress: Progress | None = None) -> Table:
    """Read the columns asked for of every row; a row's line is its number, from 1."""
    scan = _scan(path)
    names = tuple(_collected(scan.head(0), path).columns)
    frame = _collected(scan.select(columns), path)
    if progress:
        progress(READING_SHARE, "reading")
    return Table(
        frame=frame.select(_plain(frame.schema)),
        lines=pl.Series(range(1, frame.height + 1), dtype=pl.UInt32),
        columns=names,
        rejects=(),
        truncated=None,
    )


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False)


def _collected(scan: pl.LazyFrame, path: Path) -> pl.DataFrame:
    try:
        return scan.collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableFile(f"{path.name} is no whole Parquet file ({reason}); export it again.") from None


def _plain(schema: pl.Schema) -> list[pl.Expr]:
    """Keep times as they are and turn all else into text; nested values have no text and become null."""
    return [_plain_column(name, dtype) for name, dtype in schema.items()]


def _plain_column(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).dt.cast_time_unit("us")
    if isinstance(dtype, pl.Date):
        return pl.col(name).cast(pl.Datetime("us"))
    if dtype.is_nested() or isinstance(dtype, pl.Object):
        return pl.lit(None, dtype=pl.String).alias(name)
    if isinstance(dtype, pl.Binary):
        return pl.col(name).cast(pl.String, strict=False)
    return pl.col(name).cast(pl.String)
