"""Charts speak the language of who looks at them: every word comes from `say`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from backdesk.evidence import charts
from backdesk.evidence.calendars import parse
from backdesk.evidence.measures import forecast
from backdesk.evidence.process.drift import drift
from backdesk.evidence.process.drift._example import checked_less
from backdesk.evidence.process.saying import Say, duration, in_english, percent
from backdesk.evidence.process.text import duration as written_duration
from backdesk.evidence.process.text import percent as written_percent
from tests.evidence.charts.pictures import texts

DAYS = [date(2026, 1, 5), date(2026, 1, 12)]
WEEKS = {
    "period": DAYS,
    "open_mean": [4.5, 3.0],
    "open_peak": [9, 7],
    "in_work_mean": [1.0, 1.5],
    "in_work_peak": [2, 3],
}
FLOW = {"week": DAYS, "arrived": [9, 8], "completed": [5, 9], "open_cases": [4, 3]}
MONTHS = {"month": [date(2026, 1, 1), date(2026, 2, 1)], "steps": [9, 12], "touch_hours": [3.0, 4.5]}
RECORD = [
    datetime(2026, 1, 5 + day, 9, tzinfo=UTC) + timedelta(weeks=week)
    for week in range(40)
    for day in range(4)
]


# Found as a chart of them is drawn: every test process collects all tests, and one of them runs these.
def expected_arrivals(say: Say) -> Any:
    opening = parse("Mon-Fri 09:00-17:00", zone="UTC")
    return charts.expected_arrivals(forecast(pl.Series(RECORD), calendar=opening, weeks=2), say=say)


def shift_over_time(say: Say) -> Any:
    found = drift(checked_less(), rng=np.random.default_rng(1), rounds=99, period="week")
    change = found.changes[0]
    return charts.shift_over_time(found, change=change, shift=change.shifts[0], say=say)


CHARTS: dict[str, Callable[..., Any]] = {
    "waiting": lambda say: charts.waiting_distribution(
        pl.DataFrame({"waiting_s": [0.5, 60.0, 3600.0, 200_000.0]}), target_seconds=60.0, say=say
    ),
    "touch": lambda say: charts.touch_distribution(pl.DataFrame({"touch_working_s": [30.0, 600.0]}), say=say),
    "cycle": lambda say: charts.cycle_distribution(pl.DataFrame({"cycle_hours": [24.0, 48.0]}), say=say),
    "load": lambda say: charts.load_over_time(pl.DataFrame(WEEKS), say=say),
    "backlog": lambda say: charts.backlog(pl.DataFrame(FLOW), say=say),
    "volume": lambda say: charts.monthly_volume(pl.DataFrame(MONTHS), say=say),
    "hours": lambda say: charts.hours_by_activity(
        pl.DataFrame({"activity": ["A", "B"], "hours": [9.5, 1.0]}), say=say
    ),
    "week": lambda say: charts.weekday_hour(
        pl.DataFrame({"weekday": [0], "hour": [9], "steps": [30]}), say=say
    ),
    "points": lambda say: charts.score_contributions(
        pl.DataFrame({"activity": ["A", "A"], "criterion": ["SIZE", "VALUE"], "points": [30.0, -10.0]}),
        totals=pl.DataFrame({"activity": ["A"], "total": [20.0], "low": [0.0], "high": [40.0]}),
        say=say,
    ),
    "expected": expected_arrivals,
    "changes": shift_over_time,
}


def loud(template: str, **values: str | float) -> str:
    return template.format(**values).upper()


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_word_of_a_chart_comes_from_who_asks(chart: Callable[..., Any]) -> None:
    drawn = chart(loud)
    told = [*texts(drawn), drawn.description, drawn.usermeta["name"]]
    assert [one for one in told if one != one.upper()] == []


def test_a_word_of_its_own_would_be_seen() -> None:
    """The negative control."""
    assert texts(CHARTS["load"](in_english)) != texts(CHARTS["load"](loud))


@pytest.mark.parametrize("elapsed", [True, False])
@pytest.mark.parametrize("seconds", [0, 0.4, 1, 45, 59.96, 90, 3_599, 5_400, 36_000, 86_400, 200_000, 9e6])
def test_in_english_a_duration_is_said_as_it_is_written(seconds: float, elapsed: bool) -> None:
    assert duration(seconds, say=in_english, elapsed=elapsed) == written_duration(seconds, elapsed=elapsed)


@pytest.mark.parametrize("share", [0, 0.002, 0.01, 0.445, 0.894, 0.9949, 0.9996, 1])
def test_in_english_a_share_is_said_as_it_is_written(share: float) -> None:
    assert percent(share, say=in_english) == written_percent(share)
