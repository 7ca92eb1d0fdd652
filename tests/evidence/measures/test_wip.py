"""What is in progress: its age, what is past due, how much work it is."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import NotInstants
from backdesk.evidence.eventlog import PAUSES, STEPS, StepLog
from backdesk.evidence.measures import UnknownGrouping, days_to_clear, wip, wip_figures
from tests.evidence.measures import naive
from tests.evidence.measures.logs import BEGIN, OFFICE, SLOT, logs, made

NOW = dt.datetime(2026, 2, 3, 5, 30, tzinfo=dt.UTC)
"""11:00 on Tuesday in Kolkata."""


@pytest.fixture(scope="module")
def begun() -> pl.DataFrame:
    """Four steps begun on Monday, one of them suspended at 10:00; the last begins after now."""
    rows = (
        "1 Enter Ann 02-02 09:00 09:00 10:00",
        "2 Check Bob 02-02 16:00 16:30 17:00",
        "3 Check Bob 02-02 09:00 12:00 17:00",
        "4 Bill Cy 02-03 09:00 12:00 13:00",
    )
    steps = made(rows).steps
    stop = {"suspended_at": steps["started_at"][0] + dt.timedelta(hours=1), "resumed_at": None}
    return steps.with_columns(
        pl.lit(None, STEPS["ended_at"]).alias("ended_at"),
        pl.Series("pauses", [[stop], None, None, None], dtype=PAUSES),
        pl.Series("case:due", [None, NOW + SLOT, NOW - 3 * SLOT, None], dtype=STEPS["ended_at"]),
    )


def test_open_steps_age_on_the_calendar_the_oldest_first(begun: pl.DataFrame) -> None:
    table = wip(begun, now=NOW, calendar=OFFICE, standard_minutes={"Check": 30.0, "Bill": None})
    found = table.select(
        "case", "age_hours", "age_working_hours", "in_hand_hours", "standard_minutes", "is_suspended"
    )
    assert found.rows() == [
        ("1", 26.0, 9.0, 1.0, None, True),
        ("3", 26.0, 9.0, 6.0, 30.0, False),
        ("2", 19.0, 3.0, 2.5, 30.0, False),
    ]


def test_what_is_past_due_says_by_how_much(begun: pl.DataFrame) -> None:
    table = wip(begun, now=NOW, calendar=OFFICE, due="case:due")
    assert dict(table.select("case", "overdue_hours").rows()) == {"1": None, "2": None, "3": 1.5}
    assert wip(begun, now=NOW, calendar=OFFICE)["overdue_hours"].null_count() == 3
    with pytest.raises(UnknownGrouping, match="no column 'case:dew'"):
        wip(begun, now=NOW, calendar=OFFICE, due="case:dew")


def test_the_time_it_is_has_a_zone(begun: pl.DataFrame) -> None:
    with pytest.raises(NotInstants, match="2026-02-03T05:30:00 has no time zone; give an aware time"):
        wip(begun, now=NOW.replace(tzinfo=None), calendar=OFFICE)


def test_a_group_of_work_in_progress(begun: pl.DataFrame) -> None:
    table = wip(begun, now=NOW, calendar=OFFICE, standard_minutes={"Check": 30, "Enter": 60}, due="case:due")
    # What is suspended waits for somebody else: its work is not in the backlog.
    assert wip_figures(table, by="activity").rows() == [
        ("Check", 2, 0, 1, 1.0, 6.0, 9.0),
        ("Enter", 1, 1, None, None, 9.0, 9.0),
    ]
    assert wip_figures(table).row(0) == (3, 1, 1, 1.0, 9.0, 9.0)
    assert wip_figures(table.clear(), by=["activity", "resource"]).height == 0
    with pytest.raises(UnknownGrouping, match="no column 'desk'"):
        wip_figures(table, by="desk")


@settings(deadline=None, max_examples=20)
@given(logs(), st.integers(0, 14 * 48))
def test_ages_are_counted_half_hour_by_half_hour(log: StepLog, slot: int) -> None:
    now = BEGIN + slot * SLOT
    open_steps = log.steps.with_columns(pl.lit(None, STEPS["ended_at"]).alias("ended_at"))
    table = wip(open_steps, now=now, calendar=OFFICE)
    assert table.height == sum(start <= now for start in log.steps["started_at"])
    for row in table.iter_rows(named=True):
        aged, held = (naive.slots(row[since], now, OFFICE) for since in ("enabled_at", "started_at"))
        assert row["age_working_hours"] == pytest.approx(naive.seconds(aged) / 3600)
        assert row["in_hand_hours"] == pytest.approx(naive.seconds(held) / 3600)


def test_a_backlog_is_worked_off_by_what_goes_beyond_what_comes() -> None:
    assert days_to_clear(backlog_hours=90, done_hours=40, come_hours=10) == 3
    assert days_to_clear(backlog_hours=90, done_hours=10, come_hours=40) == math.inf
    assert days_to_clear(backlog_hours=0, done_hours=10, come_hours=40) == 0
