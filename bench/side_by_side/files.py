"""The files the questions are about, and what answers have in common: in a process of its own, as it fills memory.

`python -m bench.side_by_side.files replicated FROM XES CSV`, `... unpacked FROM TO`, `... compared FILE`.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

import polars as pl

from backdesk.evidence import eventlog

TIMES = 6


def replicated(log: Path, xes: Path, csv: Path) -> None:
    """The log several times over, each time with cases of other names: in XES and in CSV."""
    head, *traces = gzip.decompress(log.read_bytes()).split(b"<trace>")
    traces[-1], _, tail = traces[-1].rpartition(b"</trace>")
    traces[-1] += b"</trace>"
    with (half := xes.with_suffix(".half")).open("wb") as file:
        file.write(head)
        for number in range(TIMES):
            file.writelines(b"<trace>" + _renamed(trace, number) for trace in traces)
        file.write(tail)
    events = eventlog.read(half).events
    events.select(
        pl.col("case").alias("case:concept:name"),
        pl.col("activity").alias("concept:name"),
        pl.col("resource").alias("org:resource"),
        pl.col("lifecycle").alias("lifecycle:transition"),
        pl.col("at").dt.to_string("iso:strict").alias("time:timestamp"),
    ).write_csv(csv)
    half.rename(xes)


def unpacked(file: Path, target: Path) -> None:
    with gzip.open(file) as source, target.open("wb") as unpacked:
        shutil.copyfileobj(source, unpacked)


def compared(file: Path) -> None:
    """How many steps are enabled at the same time for both. The last run of each has written what it found."""
    key = ["case", "activity", "started_at", "ended_at"]
    ours, theirs = pl.read_parquet(file.with_suffix(".ours")), pl.read_parquet(file.with_suffix(".pix"))
    theirs = theirs[:, :5]  # pandas adds its index
    theirs = theirs.rename(dict(zip(theirs.columns, [*key, "enabled_there"], strict=True)))
    theirs = theirs.with_columns(
        pl.col(pl.Datetime).cast(pl.Datetime("us", "UTC")), pl.col("case", "activity").cast(pl.String)
    )
    both = ours.with_columns(pl.col("activity").cast(pl.String)).join(theirs, on=key)
    same = both.filter(pl.col("enabled_at") == pl.col("enabled_there")).height
    print(
        f"Enabled at the same time for both: {same:,} of {both.height:,} steps that both have. "
        "Theirs asks what precedes to end before this one's end, and takes other activities for concurrent.\n"
    )


def _renamed(trace: bytes, number: int) -> bytes:
    name = b'key="concept:name" value="'
    before, found, after = trace.partition(name)
    return before + found + b"%d-" % number + after


if __name__ == "__main__":
    globals()[sys.argv[1]](*map(Path, sys.argv[2:]))
