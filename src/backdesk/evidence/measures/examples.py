"""The small log on which the examples of this package are computed."""

from __future__ import annotations

import datetime as dt

import polars as pl

from backdesk.evidence.eventlog import STEPS, StepLog


def two_orders() -> StepLog:
    """Return two orders of a Monday in Amsterdam: entered by Ann, checked by Bob, one entered again.

    >>> two_orders().steps.select("case", "activity", "resource", "party").rows()[-2:]
    [('2', 'Enter', 'Ann', 'Client'), ('2', 'Check', 'Bob', 'Provider')]
    """
    rows = [
        _step("1", "Enter", "Ann", "Client", (9, 0), (9, 0), (9, 30), line=2),
        _step("1", "Check", "Bob", "Provider", (9, 30), (11, 0), (12, 0), line=4),
        _step("1", "Enter", "Ann", "Client", (12, 0), (12, 0), (12, 30), line=5),
        _step("2", "Enter", "Ann", "Client", (9, 30), (9, 30), (10, 0), line=3),
        _step("2", "Check", "Bob", "Provider", (10, 0), (12, 0), (13, 0), line=6),
    ]
    steps = pl.DataFrame(rows, schema=STEPS)
    return StepLog(
        steps=steps, open_steps=steps.clear(), zone="Europe/Amsterdam", starts="recorded", notes=()
    )


def _step(
    case: str,
    activity: str,
    resource: str,
    party: str,
    enabled: tuple[int, int],
    started: tuple[int, int],
    ended: tuple[int, int],
    *,
    line: int,
) -> dict[str, object]:
    return {
        "case": case,
        "activity": activity,
        "resource": resource,
        "party": party,
        "function": "Orders",
        "enabled_at": _at(*enabled),
        "started_at": _at(*started),
        "ended_at": _at(*ended),
        "start_estimated": False,
        "line": line,
    }


def _at(hour: int, minute: int) -> dt.datetime:
    """Return a time of Monday, 2 February 2026, on the clock of Amsterdam, an hour ahead of UTC."""
    return dt.datetime(2026, 2, 2, hour - 1, minute, tzinfo=dt.UTC)
