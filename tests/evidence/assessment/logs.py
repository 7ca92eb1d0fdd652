"""Logs made by hand: weeks of cases that take the same way, in hours from a Monday morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import polars as pl

from backdesk.evidence.calendars import Calendar, always
from backdesk.evidence.eventlog import STEPS, StepLog

BEGIN = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
CLOCK: Calendar = always(zone="UTC")
"""Every hour is working time, so that what is expected can be counted in the head."""

Step: TypeAlias = tuple[str, str, str | None, float, float]
"""Case, activity, who did it, start and end in hours from the beginning."""


def log_of(steps: Iterable[Step], *, estimated: Sequence[str] = (), zone: str = "UTC") -> StepLog:
    """A log of these steps; each could begin when the last one of its case ended. `estimated` starts are."""
    ready: dict[str, float] = {}
    rows = []
    for line, (case, activity, who, start, end) in enumerate(sorted(steps, key=lambda step: step[3:]), 1):
        enabled = min(ready.get(case, start), start)
        ready[case] = end
        row = (case, activity, who, None, None, None, at(enabled), at(start), at(end), activity in estimated)
        rows.append((*row, line))
    frame = pl.DataFrame(rows, schema=STEPS, orient="row").sort("case", "started_at", "ended_at", "line")
    starts = "estimated" if frame["start_estimated"].all() else "recorded"
    return StepLog(steps=frame, open_steps=frame.clear(), zone=zone, starts=starts, notes=("Made by hand.",))  # type: ignore[arg-type]


def at(hours: float) -> dt.datetime:
    """The time so many hours from the beginning."""
    return BEGIN + dt.timedelta(hours=hours)


def purchases(cases: int = 120, *, every: float = 16.0) -> list[Step]:
    """Cases of three steps: registered at once by a machine, checked after a day by Ann, booked by one of three."""
    found: list[Step] = []
    for number in range(cases):
        start, case = number * every, f"P-{number:04}"
        found += [
            (case, "Register", "scanner system", start, start),
            (case, "Check", "Ann", start + 24, start + 27),
            (case, "Book", ("Bob", "Cem", "Dee")[number % 3], start + 27.5, start + 28),
        ]
    return found
