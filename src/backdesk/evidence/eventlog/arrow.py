"""Take a history from a table in memory and give it as one, by Arrow's own interface: nothing is copied into Python."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Protocol

import polars as pl

from backdesk.evidence.eventlog import parquet
from backdesk.evidence.eventlog.attributes import Attributes
from backdesk.evidence.eventlog.errors import ColumnMissing, MappingInvalid, UnreadableFile
from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.opening import Progress
from backdesk.evidence.eventlog.reading import read_from
from backdesk.evidence.eventlog.results import Reading, Starts, StepLog, log_of
from backdesk.evidence.eventlog.schema import STEPS
from backdesk.evidence.eventlog.tables import Head, Table
from backdesk.evidence.eventlog.writing import table_of
from backdesk.evidence.sentences import say

_NAME: Final = Path("table")  # stands where a file's name would


class ArrowTable(Protocol):
    """A table of any library that hands out Arrow: polars, pyarrow, DuckDB, ADBC, nanoarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def from_arrow(
    table: ArrowTable,
    *,
    mapping: Mapping | None = None,
    zone: str | None = None,
    now: datetime | None = None,
    attributes: Attributes = (),
    duplicates: Literal["drop", "keep"] = "drop",
) -> Reading:
    """Read events from a table in memory as `read` does from a file; a row's line is its number, from 1.

    Raises what `read` raises, and `UnreadableFile` where the object gives no table.

    >>> import polars as pl
    >>> table = pl.DataFrame({"case": ["7"], "activity": ["Pay"], "time": ["2024-01-02T09:00:00Z"], "cost": [5]})
    >>> from_arrow(table, attributes="all").events.select("case", "activity", "event:cost").row(0)
    ('7', 'Pay', 5)
    """
    return read_from(
        _Memory(_frame(table)),
        _NAME,
        mapping=mapping,
        zone=zone,
        now=now,
        attributes=attributes,
        duplicates=duplicates,
    )


def steps_from_arrow(
    table: ArrowTable, *, zone: str, starts: Starts = "recorded", notes: tuple[str, ...] = ()
) -> StepLog:
    """Take steps that are known already from a table with the columns of `STEPS`, in any order.

    `pauses` and attributes (`case:NAME`, `event:NAME`) are kept, other columns are not. Rows without `ended_at` are
    the open steps. Raises `ColumnMissing`, and `MappingInvalid` where a column is of another type.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> again = steps_from_arrow(to_arrow(two_orders()), zone="Europe/Amsterdam")
    >>> again.steps.equals(two_orders().steps)
    True
    """
    frame = _frame(table)
    if missing := [name for name in STEPS.names() if name not in frame.columns]:
        raise ColumnMissing(
            say("The table has no {}; steps have {}.", ", ".join(missing), ", ".join(STEPS.names()))
        )
    try:
        ordered = frame.cast(STEPS).sort("case", "started_at", "ended_at", "line", nulls_last=True)
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise MappingInvalid(
            say("A column of the table is not of the type that steps have ({}).", reason)
        ) from None
    return log_of(ordered, zone=zone, starts=starts, notes=notes)


def to_arrow(log: Reading | StepLog) -> pl.DataFrame:
    """Give a history as a table that any library takes which reads Arrow, such as `pyarrow.table(to_arrow(log))`.

    Of a reading it is what `write` writes as Parquet, so `from_arrow` gives the same events again; of steps, all of
    them with the open ones, for `steps_from_arrow`.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> to_arrow(two_orders()).columns[:3]
    ['case', 'activity', 'resource']
    """
    if isinstance(log, StepLog):
        return pl.concat([log.steps, log.open_steps])
    return table_of(log)


class _Memory:
    """What a table in memory is read by."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def head(self, path: Path) -> Head:
        return parquet.head_of(self._frame.head(parquet.HEAD_ROWS))

    def load(
        self,
        path: Path,
        columns: tuple[str, ...],
        *,
        times: Collection[str] = (),
        progress: Progress | None = None,
    ) -> Table:
        return parquet.table_of(self._frame.select(pl.selectors.by_name(*columns)), self._frame.columns)


def _frame(table: ArrowTable) -> pl.DataFrame:
    if not hasattr(table, "__arrow_c_stream__"):
        raise UnreadableFile(
            say("This {} gives no Arrow table: it has no {}.", type(table).__name__, "__arrow_c_stream__")
        )
    try:
        return pl.DataFrame(table)
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableFile(
            say("The Arrow table of this {} is broken ({}).", type(table).__name__, reason)
        ) from None
