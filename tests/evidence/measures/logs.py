"""Logs made by hand and drawn at random, on a grid of half hours so that they can be counted out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl
from hypothesis import strategies as st

from backdesk.evidence.calendars import Calendar, parse
from backdesk.evidence.eventlog import STEPS, StepLog

ZONE = "Asia/Kolkata"
OFFICE = parse("Mon-Fri 09:00-12:30,13:30-17:00; Sat 10:00-12:00; closed 2026-02-04", zone=ZONE)
"""A calendar in half hours, of a zone half an hour off, so that mixing up zones shows."""

SYSTEM = "Batch 7"
"""A name that is read as a system's."""
SLOT = dt.timedelta(minutes=30)
BEGIN = dt.datetime(2026, 1, 28, tzinfo=dt.UTC)
_SLOTS = 14 * 48


def log_of(steps: pl.DataFrame) -> StepLog:
    return StepLog(steps=steps, open_steps=steps.clear(), zone=ZONE, starts="recorded", notes=())


def made(rows: Iterable[str], *, calendar: Calendar = OFFICE) -> StepLog:
    """Make a log from lines such as `1 Enter Ann 02-02 09:00 09:00 10:00`.

    They hold case, activity, person (- for none), month and day of 2026, and enablement, start and end on the
    local clock; `+1` after a time is the next day.
    """
    return log_of(frame([_parsed(row, calendar.zone) for row in rows]))


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Turn rows into steps in the order of `STEPS`, their lines numbered from 2 where they have none."""
    numbered = [{"line": number, "start_estimated": False} | row for number, row in enumerate(rows, start=2)]
    return pl.DataFrame(numbered, schema=STEPS).sort("case", "started_at", "ended_at", "line")


@st.composite
def logs(draw: st.DrawFn, *, min_size: int = 0) -> StepLog:
    """Draw a log of a few cases over two weeks, with ties, instants, overlaps and gaps in what is known."""
    size = draw(st.integers(min_size, 24))
    rows: list[dict[str, object]] = [
        {
            "case": draw(st.sampled_from(["1", "2", "3"])),
            "activity": draw(st.sampled_from(["Bill", "Check", "Enter"])),
            "resource": draw(st.sampled_from(["Ann", "Bob", SYSTEM, None])),
            "party": draw(st.sampled_from(["Client", "Provider", None])),
            "function": draw(st.sampled_from(["Orders", None])),
            "started_at": (start := draw(_moments())),
            "ended_at": start + draw(st.integers(0, 40)) * SLOT,
            "start_estimated": draw(st.booleans()),
        }
        for _ in range(size)
    ]
    for row in rows:
        row["enabled_at"] = draw(st.sampled_from(_could_begin(row, rows)))
    return log_of(frame(rows))


def _could_begin(row: dict[str, object], rows: list[dict[str, object]]) -> list[object]:
    """List the arrival of the case and the ends that came before a start: E1's choice among them is its own."""
    case = [other for other in rows if other["case"] == row["case"]]
    arrival = min(other["started_at"] for other in case)  # type: ignore[type-var]
    ends = {other["ended_at"] for other in case if other["ended_at"] <= row["started_at"]}  # type: ignore[operator]
    return [arrival, *sorted(ends)]  # type: ignore[type-var]


def _moments() -> st.SearchStrategy[dt.datetime]:
    return st.integers(0, _SLOTS).map(lambda slot: BEGIN + slot * SLOT)


def _parsed(row: str, zone: str) -> dict[str, object]:
    case, activity, person, day, *times = row.split()
    enabled, start, end = (_moment(day, time, zone) for time in times)
    return {
        "case": case,
        "activity": activity,
        "resource": None if person == "-" else person,
        "enabled_at": enabled,
        "started_at": start,
        "ended_at": end,
    }


def _moment(day: str, time: str, zone: str) -> dt.datetime:
    from zoneinfo import ZoneInfo

    clock, _, days = time.partition("+")
    local = dt.datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=ZoneInfo(zone))
    return (local + dt.timedelta(days=int(days or 0))).astimezone(dt.UTC)
