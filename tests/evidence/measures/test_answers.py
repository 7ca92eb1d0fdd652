"""Figures of some of the steps, over time and with intervals, and what is said about them."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    GROUP_MEASURES,
    Breakdown,
    Period,
    UnreadableFilter,
    aggregate,
    figures,
    measure_steps,
)
from backdesk.evidence.measures.answers import _OF_CASES, _against_record
from tests.evidence.measures.logs import OFFICE, ZONE, logs, made

ORDERS = (
    "1 Enter Ann 02-02 09:00 09:00 10:00",
    "1 Check Bob 02-02 10:00 11:00 12:00",
    "1 Enter Ann 02-02 12:00 12:00 12:30",
    "2 Enter Ann 02-09 09:00 09:00 09:30",
    "2 Check Bob 02-09 09:30 10:00 10:30",
)
OF_STEPS = tuple(
    name for name in GROUP_MEASURES if name not in _OF_CASES | _against_record(Breakdown()) | {"months_known"}
)


@pytest.fixture(scope="module")
def orders() -> pl.DataFrame:
    return measure_steps(made(ORDERS), calendar=OFFICE).with_columns(
        pl.Series("case:amount", [50, 50, 50, 900, 900])
    )


@settings(deadline=None, max_examples=25)
@given(logs(min_size=1), st.sampled_from(["activity = 'Check'", "resource IS NULL", "NOT start_estimated"]))
def test_figures_of_steps_are_those_of_the_steps_that_are_left(log: StepLog, where: str) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    left = steps.filter(
        {
            "activity = 'Check'": pl.col("activity") == "Check",
            "resource IS NULL": pl.col("resource").is_null(),
            "NOT start_estimated": ~pl.col("start_estimated"),
        }[where]
    )
    found = figures(steps, breakdown=Breakdown(by=("activity",), only=OF_STEPS, where=where))
    assert found.table.rows() == aggregate(left, by="activity", only=OF_STEPS).rows()


def test_a_condition_on_steps_leaves_cases_whole_and_says_so(orders: pl.DataFrame) -> None:
    asked = Breakdown(only=("steps", "cases", "cycle_hours_mean", "touch_share"), where="resource = 'Bob'")
    found = figures(orders, breakdown=asked)
    assert found.table.row(0) == (2, 2, 2.5, pytest.approx(1.5 / 3.5))
    assert found.notes == (
        "Of steps where resource = 'Bob': 2 of 5 on record.",
        "What repeats, waits for or follows another step was found among all steps of the case.",
        "Of whole cases, also of their other steps: cycle time, elapsed, mean.",
        "Measured against all steps on record: share of all touch time.",
    )


def test_a_condition_on_cases_takes_all_their_steps(orders: pl.DataFrame) -> None:
    asked = Breakdown(only=("steps", "rework_share"), where_case="is_rework")
    found = figures(orders, breakdown=asked)
    assert found.table.row(0) == (3, 1 / 3)
    assert found.notes[0] == "Of cases with a step where is_rework: 3 of 5 on record."
    both = Breakdown(only=("steps",), where_case="is_rework", where="NOT is_rework")
    assert figures(orders, breakdown=both).table.item() == 2
    assert figures(orders, breakdown=Breakdown(only=("steps",))).notes == ()


def test_attributes_group_and_filter_as_any_column(orders: pl.DataFrame) -> None:
    asked = Breakdown(by=("case:amount", "activity"), only=("steps",), where='"case:amount" > 100')
    assert figures(orders, breakdown=asked).table.rows() == [(900, "Check", 1), (900, "Enter", 1)]
    quoted = Breakdown(
        only=("steps",), where="NOT (activity IN ('sum(x)', 'Enter')) AND (touch_s > 60 OR is_rework)"
    )
    assert figures(orders, breakdown=quoted).table.item() == 2
    late = Breakdown(only=("steps",), where="ended_at >= DATE '2026-02-09'")
    assert figures(orders, breakdown=late).table.item() == 2


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("activity = ", "cannot be read"),
        ("activty = 'Check'", "did you mean activity"),
        ("activity", "is no condition of steps"),
        ("touch_s > 'long'", "is no condition of steps"),
        ("touch_s > AVG(touch_s)", "does not look at one step alone"),
        ("SUM(touch_s) > 60", "does not look at one step alone"),
        ("touch_s > 1 AND (ROW_NUMBER () OVER (ORDER BY line)) > 1", "does not look at one step alone"),
        ("1 = 1", "does not look at one step alone"),
    ],
)
def test_a_condition_that_is_none_is_refused(orders: pl.DataFrame, where: str, reason: str) -> None:
    with pytest.raises(UnreadableFilter, match=reason):
        figures(orders, breakdown=Breakdown(where=where))


def test_periods_are_days_of_the_zone_by_the_moment_asked_for() -> None:
    # 19:00 on Saturday, 31 January in UTC is the half hour after midnight on Sunday, 1 February in Kolkata.
    log = made(["1 Enter Ann 01-31 23:00 23:30 00:30+1", "1 Check Ann 01-31 00:30+1 02:00+1 03:00+1"])
    steps = measure_steps(log, calendar=OFFICE)
    day = {
        at: figures(
            steps, breakdown=Breakdown(only=("steps",), period=Period(every="day", zone=ZONE, at=at))
        ).table.rows()
        for at in ("arrival", "enabled", "start", "end")
    }
    saturday, sunday = dt.date(2026, 1, 31), dt.date(2026, 2, 1)
    assert day["arrival"] == [(saturday, 2)]
    assert day["enabled"] == [(saturday, 1), (sunday, 1)]
    assert day["start"] == [(saturday, 1), (sunday, 1)]
    assert day["end"] == [(sunday, 2)]
    for every, first in (
        ("week", dt.date(2026, 1, 26)),
        ("month", sunday),
        ("quarter", dt.date(2026, 1, 1)),
    ):
        found = figures(
            steps,
            breakdown=Breakdown(only=("steps",), period=Period(every=every, zone=ZONE)),  # type: ignore[arg-type]
        )
        assert found.table.rows() == [(first, 2)]
        assert found.notes[0].startswith(f"By the {every} in which it ended, in the zone Asia/Kolkata")


def test_shares_and_quantiles_have_intervals_on_request() -> None:
    minutes = [f"{number} Enter Ann 02-02 09:00 09:00 09:{number:02}" for number in range(1, 21)]
    steps = measure_steps(made(minutes), calendar=OFFICE)
    asked = Breakdown(only=("touch_minutes_median", "touch_minutes_p90", "rework_share", "steps"))
    row = figures(steps, breakdown=asked, confidence=0.95).table.row(0, named=True)
    # The 6th and the 15th of 20 bound the median; no 21st bounds the 90th percentile from above.
    assert [row[f"touch_minutes_median{end}"] for end in ("", "_low", "_high")] == [10.5, 6, 15]
    assert (row["touch_minutes_p90_low"], row["touch_minutes_p90_high"]) == (15, None)
    assert (row["rework_share_low"], round(row["rework_share_high"], 4)) == (
        0,
        0.1611,
    )  # Newcombe 1998, 0 of 20
    assert "steps_low" not in row


@given(
    st.integers(1, 300),
    st.sampled_from([0.5, 0.9]),
    st.sampled_from([0.83, 0.95]),
)
def test_observations_bound_a_quantile_as_often_as_said_and_no_closer_ones_do(
    total: int, at: float, confidence: float
) -> None:
    from backdesk.evidence.statistics import bounding_ranks

    (low,), (high,) = bounding_ranks([total], at=at, confidence=confidence)
    tail = (1 - confidence) / 2
    if low:
        assert below(low, total, at) <= tail < below(low + 1, total, at)
    else:
        assert below(1, total, at) > tail
    if high:
        assert 1 - below(high, total, at) <= tail < 1 - below(high - 1, total, at)
    else:
        assert 1 - below(total, total, at) > tail


def below(rank: int, total: int, at: float) -> float:
    """Return the chance that fewer than so many of the observations lie below the quantile."""
    return math.fsum(math.comb(total, k) * at**k * (1 - at) ** (total - k) for k in range(rank))
