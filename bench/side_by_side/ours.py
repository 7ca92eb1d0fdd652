"""What is asked of each library, of ours: `python -m bench.side_by_side.ours QUESTION FILE`.

Prints one line of JSON: what was found, and the seconds of each part.
"""

from __future__ import annotations

import atexit
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

began = time.perf_counter()
import polars as pl  # noqa: E402  (its import is measured, as that of the peers is)

from backdesk.evidence import eventlog  # noqa: E402

EVENT_ORDER = ("at", "line")
atexit.register(gc.freeze)  # as the command does, and here the peers, too


class Parts:
    """The seconds of what is done one after the other."""

    def __init__(self) -> None:
        self.since = time.perf_counter()
        self.seconds = {"import": self.since - began}

    def done(self, name: str) -> None:
        self.seconds[name], self.since = time.perf_counter() - self.since, time.perf_counter()


def figures(file: Path, parts: Parts) -> dict[str, Any]:
    """Cases, people, activities, what follows what and how long it takes, ways, durations, first and last."""
    from backdesk.evidence import measures, process

    events = eventlog.in_case_order(eventlog.read(file).events, columns=("activity", "resource"))
    parts.done("read")
    pairs = process.directly_follows(events)
    ways = measures.variants(events)
    hours = _hours(events)
    found = {
        "cases": hours.len(),
        "events": events.height,
        "activities": events["activity"].n_unique(),
        "people": events["resource"].drop_nulls().n_unique(),
        "pairs": int(pairs["count"].sum()),
        "edges": pairs.height,
        "mean_seconds_of_first_edge": round(pairs["mean_seconds"][0], 3),
        "variants": ways.height,
        "mean_hours": round(_float(hours.mean()), 4),
        "median_hours": round(_float(hours.median()), 4),
        "begin_with": process.start_activities(events, order=EVENT_ORDER).height,
        "end_with": process.end_activities(events, order=EVENT_ORDER).height,
    }
    parts.done("rest")
    return found


def reading(file: Path, parts: Parts) -> dict[str, Any]:
    """A log in XES, to a table in memory."""
    return _read(file, parts, attributes=())


def reading_whole(file: Path, parts: Parts) -> dict[str, Any]:
    """The same with every attribute, as the peers keep them."""
    return _read(file, parts, attributes="all")


def business_hours(file: Path, parts: Parts) -> dict[str, Any]:
    """How long each case took, Monday to Friday 8 to 17 of a clock that shows UTC."""
    from backdesk.evidence import calendars

    events = eventlog.read(file).events
    parts.done("read")
    ends = eventlog.spans(events)
    office = calendars.parse("Mon-Fri 08:00-17:00", zone="UTC")
    hours = calendars.working_seconds(office, starts=ends["first"], ends=ends["last"]) / 3600
    found = {"cases": ends.height, "mean_hours": round(float(hours.mean()), 4)}
    parts.done("rest")
    return found


def enabled(file: Path, parts: Parts) -> dict[str, Any]:
    """Since when each step could have begun, and how long it waited."""
    read, to_steps = eventlog.read, eventlog.to_steps
    parts.done("import")
    log = read(file)
    parts.done("read")
    steps = to_steps(log).steps
    waited = (steps["started_at"] - steps["enabled_at"]).dt.total_seconds(fractional=True)
    parts.done("rest")
    steps.select("case", "activity", "started_at", "ended_at", "enabled_at").write_parquet(
        file.with_suffix(".ours")
    )
    return {"steps": steps.height, "waited_hours": round(float(waited.sum()) / 3600, 1)}


def _read(file: Path, parts: Parts, *, attributes: Any) -> dict[str, Any]:
    events = eventlog.read(file, attributes=attributes).events
    found = {"cases": events["case"].n_unique(), "events": events.height}
    parts.done("rest")
    return found


def _hours(events: pl.DataFrame) -> pl.Series:
    ends = eventlog.spans(events)
    return (ends["last"] - ends["first"]).dt.total_microseconds() / 3.6e9


def _float(value: object) -> float:
    assert isinstance(value, float)
    return value


def main(question: str, file: str) -> None:
    parts = Parts()
    found = globals()[question](Path(file), parts)
    print(json.dumps({"found": found, **parts.seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
