"""Cases of a plain log against what was agreed: as clocks explain them, and as services count them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings

from backdesk.evidence.clocks import Terms, explain
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    AGREED_MEASURES,
    NO_PAUSES,
    SERVICE_ITEMS,
    SERVICE_LOOKS,
    Breakdown,
    NotAgreed,
    Period,
    aggregate,
    agreed,
    figures,
    measure_partitioned,
    measure_steps,
    partitioned,
    service_figures,
)
from tests.evidence.measures.logs import BEGIN, OFFICE, ZONE, logs, made

LOG = made(
    [
        "1 Enter Ann 02-02 09:00 09:00 10:00",
        "1 Send Ann 02-02 10:00 10:00 11:00",
        "2 Enter Ann 02-02 16:00 16:00 17:00",
        "2 Send Bob 02-03 09:00 09:00 12:00",
        "2 Return Bob 02-03 13:30 13:30 14:30",
        "2 Send Bob 02-03 15:00 15:00 16:30",
        "3 Enter Bob 02-02 09:00 09:00 10:00",  # never sent
        "4 Enter Bob 02-05 09:00 09:00 10:00",  # not due yet
        "5 Enter Bob 02-02 09:00 09:00 10:00",
        "5 Send Bob 02-02 10:00 10:00 11:00",
        "5 Return Bob 02-02 14:00 14:00 15:00",  # and to be done again
    ]
)
NOW = dt.datetime(2026, 2, 5, 12, tzinfo=ZoneInfo(ZONE)).astimezone(dt.UTC)


def hours(target: float) -> list[Terms]:
    return [Terms(since=BEGIN, calendar=OFFICE, target_seconds=target * 3600)]


def days(target: int, rule: Any) -> list[Terms]:
    return [Terms(since=BEGIN, calendar=OFFICE, target_days=target, day_rule=rule)]


def told(terms: Sequence[Terms], log: StepLog = LOG, **more: Any) -> pl.DataFrame:
    sent: dict[str, Any] = {"delivered_by": ["Send"], "returned_by": ["Return"], "now": NOW} | more
    return agreed(measure_steps(log, calendar=OFFICE), terms=terms, **sent)


def of_cases(table: pl.DataFrame, column: str) -> dict[str, Any]:
    return dict(table.group_by("case").agg(pl.col(column).first()).sort("case").rows())


def test_turnaround_is_from_receipt_to_the_last_delivery_on_the_calendar() -> None:
    found = of_cases(told(hours(8)), "turnaround_s")
    assert found == {"1": 2 * 3600, "2": 7.5 * 3600, "3": None, "4": None, "5": None}


def test_what_is_past_due_and_open_is_missed_and_what_is_due_later_is_not_told_of() -> None:
    assert of_cases(told(hours(7.5)), "is_on_time") == {
        "1": True,
        "2": True,
        "3": False,
        "4": None,
        "5": False,
    }
    assert of_cases(told(hours(7.4)), "is_on_time")["2"] is False
    assert of_cases(told(hours(2)), "is_on_time")["4"] is False  # the control: due an hour ago


def test_the_day_of_receipt_counts_or_does_not_as_agreed() -> None:
    assert of_cases(told(days(1, "day0")), "is_on_time")["2"] is True
    assert of_cases(told(days(1, "day1")), "is_on_time")["2"] is False
    assert of_cases(told(days(2, "day1")), "is_on_time")["2"] is True


def test_an_approved_pause_is_taken_off_and_any_other_is_not() -> None:
    began, ended = (dt.datetime(2026, 2, 3, hour, tzinfo=ZoneInfo(ZONE)) for hour in (9, 11))
    for approved, taken in ((True, 2), (False, 0), (None, 0)):
        pauses = pl.DataFrame([("2", began, ended, approved)], schema=NO_PAUSES, orient="row")
        assert of_cases(told(hours(5.5), pauses=pauses), "turnaround_s")["2"] == (7.5 - taken) * 3600
        assert of_cases(told(hours(5.5), pauses=pauses), "is_on_time")["2"] is bool(taken)


def test_right_at_once_is_what_never_came_back() -> None:
    assert of_cases(told(hours(8)), "is_first_pass") == {
        "1": True,
        "2": False,
        "3": None,
        "4": None,
        "5": False,
    }
    unknown = told(hours(8), returned_by=())
    assert set(of_cases(unknown, "is_first_pass").values()) == {None}  # no log of returns, no yield
    assert aggregate(unknown, by=[], only=["first_pass_yield"]).item() is None


def test_figures_of_any_group_with_their_intervals_and_by_when_they_fall_due() -> None:
    asked = Breakdown(only=AGREED_MEASURES)
    row = figures(told(hours(8)), breakdown=asked, confidence=0.95).table.row(0, named=True)
    assert row["turnaround_hours_mean"] == row["turnaround_hours_median"] == 4.75
    assert (row["attainment"], row["first_pass_yield"]) == (2 / 4, 1 / 3)
    assert row["attainment_low"] == pytest.approx(0.150, abs=5e-4)
    assert row["first_pass_yield_high"] == pytest.approx(0.792, abs=5e-4)
    by_person = aggregate(told(hours(8)), by="resource", only=["attainment"])
    assert by_person.rows() == [("Ann", 1.0), ("Bob", 1 / 3)]
    due = Breakdown(only=("attainment",), period=Period(every="day", zone=ZONE, at="due"))
    found = figures(told(hours(8)), breakdown=due)
    assert found.table.rows() == [
        (dt.date(2026, 2, 3), 2 / 4),
        (dt.date(2026, 2, 6), None),
    ]
    assert "By the day in which its case fell due" in found.notes[0]


def test_steps_that_know_no_agreement_are_refused_for_figures_against_one() -> None:
    steps = measure_steps(LOG, calendar=OFFICE)
    with pytest.raises(NotAgreed, match="'attainment' rests on what was agreed"):
        aggregate(steps, by=[], only=["steps", "attainment"])
    with pytest.raises(NotAgreed, match="'due' rests on"):
        figures(steps, breakdown=Breakdown(period=Period(every="day", zone=ZONE, at="due")))
    assert agreed(steps.clear(), terms=hours(8), delivered_by=["Send"], now=NOW).height == 0


@settings(deadline=None, max_examples=15)
@given(logs(min_size=1))
def test_each_case_is_as_its_clock_explains(log: StepLog) -> None:
    (terms,) = days(2, "day1")
    table = told([terms], log, delivered_by=["Bill"], returned_by=["Check"])
    for (_case,), steps in table.group_by("case"):
        rows = steps.to_dicts()
        bills = [row["ended_at"] for row in rows if row["activity"] == "Bill"]
        checks = [row["ended_at"] for row in rows if row["activity"] == "Check"]
        done = max(bills) if bills and not any(check >= max(bills) for check in checks) else None
        received = min(row["started_at"] for row in rows)
        clock = explain(received_at=received, terms=[terms], now=max(NOW, received), ended_at=done)
        assert rows[0]["due_at"] == clock.due_at
        assert clock.due_at is not None
        is_open = done is None and clock.due_at > NOW
        assert rows[0]["is_on_time"] is (None if is_open else done is not None and done <= clock.due_at)
        assert rows[0]["is_first_pass"] is (False if checks else True if bills else None)
        assert rows[0]["turnaround_s"] == (None if done is None else pytest.approx(clock.counted_seconds))


@settings(deadline=None, max_examples=8)
@given(logs(min_size=1))
def test_partitions_give_what_the_whole_gives(log: StepLog) -> None:
    against = functools.partial(agreed, terms=hours(8), delivered_by=["Bill"], returned_by=["Check"], now=NOW)
    asked = Breakdown(by=("activity",), only=AGREED_MEASURES)
    found = measure_partitioned(partitioned(log, into=3), calendar=OFFICE, breakdown=asked, told=against)
    assert (
        found.table.rows()
        == aggregate(against(measure_steps(log, calendar=OFFICE)), by="activity", only=AGREED_MEASURES).rows()
    )


def test_a_service_with_these_items_has_the_same_figures() -> None:
    table = told(hours(8))
    cases = table.group_by("case", maintain_order=True).agg(
        pl.col("started_at").min().alias("received_at"),
        pl.col("due_at").first(),
        pl.col("ended_at").filter(pl.col("activity") == "Return").min().alias("returned_at"),
        pl.col("ended_at").filter(pl.col("activity") == "Send").max().alias("delivered_at"),
    )
    items = cases.with_columns(
        pl.when(pl.col("case") != "5").then("delivered_at"),
        pl.col("case").cast(pl.Int64).alias("item"),
        pl.col("returned_at").is_not_null().cast(pl.Int64).alias("round"),
        pl.lit(None, pl.Int64).alias("touch_seconds"),
        *(pl.lit(value=False).alias(name) for name in ("is_cancelled", "was_sent_back", "is_gold")),
    ).with_columns(pl.col("delivered_at").alias("closed_at"))
    row = service_figures(
        items.select(SERVICE_ITEMS.names()),
        looks=pl.DataFrame(schema=SERVICE_LOOKS),
        zone=ZONE,
        every="month",
        first=NOW.date(),
        last=NOW.date(),
        now=NOW,
    ).row(0, named=True)
    ours = aggregate(table, by=[], only=["attainment", "first_pass_yield"]).row(0)
    assert ours == (1 / 2, 1 / 3)
    assert (row["attainment"], row["first_pass_yield"]) == pytest.approx(ours)
