"""Two tables that say the same, one of them more quickly."""

from __future__ import annotations

import polars as pl

from backdesk.evidence.eventlog.tables import Table
from backdesk.evidence.eventlog.timestamps import read_times


def assert_same(quick: Table, slow: Table) -> None:
    """What one has numbered and read as times, the other has as texts."""
    for column in slow.frame:
        found = quick.frame[column.name]
        if found.dtype == pl.Struct:
            written = read_times({"time": column}, day_first=None, time_format=None).written["time"]
            assert found.struct.unnest().equals(written.select("local", "offset"))
        else:
            assert found.cast(pl.String).equals(column)
    assert quick.lines.to_list() == slow.lines.to_list()
    assert (quick.columns, quick.rejects, quick.truncated) == (slow.columns, slow.rejects, slow.truncated)
