"""Charts of every kind, and ways to look into them: marks of the specification, words of the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from backdesk.evidence import charts

if TYPE_CHECKING:
    import altair as alt

MONTHS = pl.DataFrame(
    {
        "month": [date(2025, 11, 1), date(2025, 12, 1), date(2026, 2, 1)],
        "steps": [1200, 900, 1500],
        "touch_hours": [310.0, 220.5, 402.0],
    }
)
FLOW = pl.DataFrame(
    {
        "week": [date(2026, 1, 5) + timedelta(weeks=week) for week in range(12)],
        "arrived": [40, 52, 47, 60, 44, 41, 58, 63, 50, 49, 51, 47],
        "completed": [20, 41, 50, 52, 49, 43, 51, 60, 57, 48, 50, 52],
        "open_cases": [20, 31, 28, 36, 31, 29, 36, 39, 32, 33, 34, 29],
    }
)
STEPS = pl.DataFrame(
    {
        "month": [date(2026, 1 + index % 3, 1) for index in range(300)],
        "ended_at": [
            datetime(2026, 1, 5, 7, tzinfo=UTC) + timedelta(hours=7 * index) for index in range(300)
        ],
        "waiting_s": [float(60 * (index % 100) ** 2) for index in range(300)],
        "waiting_working_s": [float(20 * (index % 100) ** 2) for index in range(300)],
        "touch_working_s": [float(5 * (index % 60) ** 1.5) for index in range(300)],
    }
)
CASES = pl.DataFrame({"cycle_hours": [index**1.5 for index in range(1, 120)]})
NAMES = ("Check incoming invoice against purchase order", "Pay", "<b>Mahnung</b> & Co", "付款", "إغلاق الملف")
ACTIVITIES = pl.DataFrame({"activity": NAMES, "hours": [120.0, 80.0, 40.0, 9.5, 0.4]})
POINTS = pl.DataFrame(
    {
        "activity": [NAMES[0], NAMES[0], NAMES[0], NAMES[2]],
        "criterion": ["No hands", "Hurts in-house", "Value added", "Coupling"],
        "points": [30.0, 12.0, -18.0, -25.0],
    }
)
TOTALS = pl.DataFrame(
    {"activity": [NAMES[0], NAMES[2]], "total": [24.0, -25.0], "low": [-10.0, -60.0], "high": [50.0, 5.0]}
)

EVERY: dict[str, Callable[[int], alt.LayerChart]] = {
    "monthly_volume": lambda width: charts.monthly_volume(MONTHS, width=width),
    "backlog": lambda width: charts.backlog(FLOW, width=width),
    "waiting_distribution": lambda width: charts.waiting_distribution(
        STEPS, width=width, target_seconds=3600.0
    ),
    "touch_distribution": lambda width: charts.touch_distribution(STEPS, width=width),
    "cycle_distribution": lambda width: charts.cycle_distribution(CASES, width=width),
    "weekday_hour": lambda width: charts.weekday_hour(
        charts.by_weekday_hour(STEPS, zone="Europe/Amsterdam"), width=width
    ),
    "hours_by_activity": lambda width: charts.hours_by_activity(ACTIVITIES, width=width),
    "score_contributions": lambda width: charts.score_contributions(POINTS, totals=TOTALS, width=width),
}


def marks(chart: alt.LayerChart, kind: str) -> list[dict[str, Any]]:
    """Give the rows of all marks of a kind ("rect", "text", "rule", "line", "area"), with their colour."""
    return list(_marks(chart.to_dict(validate=False), kind))


def texts(chart: alt.LayerChart) -> list[str]:
    return [row["text"] for row in marks(chart, "text")]


def _marks(spec: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    for layer in spec["layer"]:
        if layer["mark"]["type"] == kind:
            data = layer["data"]
            rows = data["values"] if "values" in data else spec["datasets"][data["name"]]
            yield from ({**row, "colour": layer["mark"]["color"]} for row in rows)
