"""Figures by month and week, and what lay open."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings

from backdesk.evidence.calendars import always, parse
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    UnknownGrouping,
    activities,
    aggregate,
    backlog_growth,
    cases,
    flow,
    measure_steps,
    monthly,
    summary,
    weekly,
    workload,
)
from backdesk.evidence.measures.examples import two_orders
from tests.evidence.measures.logs import BEGIN, OFFICE, ZONE, frame, log_of, logs, made

DAY = dt.timedelta(days=1)


@settings(deadline=None, max_examples=40)
@given(logs(min_size=1))
def test_periods_add_up_to_the_whole(log: StepLog) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    hours = aggregate(steps, by=[], only=["touch_hours"]).item()
    for table in (
        monthly(steps),
        weekly(steps),
        weekly(steps, by="activity"),
        monthly(steps, by=["resource"]),
    ):
        assert table["steps"].sum() == steps.height
        assert table["touch_hours"].sum() == pytest.approx(hours or 0)


def test_a_month_whose_times_are_not_on_record_has_none() -> None:
    log = made(["1 Enter - 01-05 09:00 09:00 10:00"])
    guessed = log_of(log.steps.with_columns(pl.lit(True).alias("start_estimated")))
    assert monthly(measure_steps(guessed, calendar=OFFICE)).select("steps", "touch_hours").rows() == [
        (1, None)
    ]


def test_an_empty_month_is_there_with_no_steps_and_no_medians() -> None:
    gap = made(["1 Enter Ann 01-05 09:00 09:00 10:00", "2 Bill Ann 03-02 09:00 09:00 10:00"])
    table = monthly(measure_steps(gap, calendar=OFFICE), by="activity")
    assert table.select(
        "activity", "month", "steps", "touch_hours", "touch_minutes_median", "people"
    ).rows() == [
        ("Bill", dt.date(2026, 1, 1), 0, 0.0, None, None),
        ("Bill", dt.date(2026, 2, 1), 0, 0.0, None, None),
        ("Bill", dt.date(2026, 3, 1), 1, 1.0, 60.0, 1),
        ("Enter", dt.date(2026, 1, 1), 1, 1.0, 60.0, 1),
        ("Enter", dt.date(2026, 2, 1), 0, 0.0, None, None),
        ("Enter", dt.date(2026, 3, 1), 0, 0.0, None, None),
    ]


def test_weeks_begin_on_monday() -> None:
    ends = made(["1 Enter Ann 02-01 09:00 09:00 10:00", "2 Enter Ann 02-02 09:00 09:00 10:00"])
    table = weekly(measure_steps(ends, calendar=OFFICE))
    assert table.select("week", "steps").rows() == [(dt.date(2026, 1, 26), 1), (dt.date(2026, 2, 2), 1)]


@settings(deadline=None, max_examples=40)
@given(logs(min_size=1))
def test_all_that_arrives_is_completed_in_the_end(log: StepLog) -> None:
    table = cases(measure_steps(log, calendar=OFFICE), calendar=OFFICE)
    for every in ("month", "week"):
        counted = flow(table, zone=ZONE, every=every)
        assert counted["arrived"].sum() == counted["completed"].sum() == table.height
        assert counted["open_cases"].min() == counted["open_cases"][-1] == 0


def test_open_cases_stand_at_the_end_of_their_months() -> None:
    log = made(
        [
            "1 Enter Ann 01-05 09:00 09:00 10:00",
            "1 Check Ann 01-05 10:00 09:00+60 10:00+60",
            "2 Enter Ann 02-02 09:00 09:00 10:00",
        ]
    )
    table = flow(cases(measure_steps(log, calendar=OFFICE), calendar=OFFICE), zone=ZONE)
    assert table.select("arrived", "completed", "open_cases").rows() == [(1, 0, 1), (1, 1, 1), (0, 1, 0)]


def test_a_queue_that_grows_is_seen_growing_and_a_steady_one_is_not() -> None:
    # Ten arrive a day; one team does all of them the next day, the other nine, so that one more waits every day.
    steady = [(day, day + 1) for day in range(140) for _ in range(10)]
    growing = [(number // 10, number // 9 + 1) for number in range(1400)]
    steps = frame(
        [
            {
                "case": f"{name}{number}",
                "activity": name,
                "enabled_at": BEGIN + enabled * DAY,
                "started_at": BEGIN + ended * DAY,
                "ended_at": BEGIN + ended * DAY,
            }
            for name, pairs in {"Steady": steady, "Growing": growing}.items()
            for number, (enabled, ended) in enumerate(pairs)
        ]
    )
    rates = dict(backlog_growth(measure_steps(log_of(steps), calendar=always())).rows())
    assert rates["Steady"] == pytest.approx(0, abs=1e-3)
    assert rates["Growing"] == pytest.approx(7 / 63, abs=0.005)


def test_a_short_record_does_not_tell_of_growth() -> None:
    few = made(["1 Enter Ann 02-02 09:00 09:00 10:00", "2 Enter Ann 03-02 09:00 09:00 10:00"])
    assert backlog_growth(measure_steps(few, calendar=OFFICE)).rows() == [("Enter", None)]


@settings(deadline=None, max_examples=25)
@given(logs())
def test_the_inventory_has_each_activity_once_with_all_its_figures(log: StepLog) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    table = activities(steps, calendar=OFFICE)
    assert table["activity"].to_list() == sorted(set(log.steps["activity"]))
    assert table["steps"].sum() == steps.height
    assert {"function", "contention_share", "utilisation", "backlog_growth"} < set(table.columns)


def test_an_activity_belongs_to_the_function_of_most_of_its_steps() -> None:
    functions = ["Orders", "Billing", "Billing", None, None, None]
    steps = made(f"{case} Enter Ann 02-02 09:00 09:00 10:00" for case in range(6)).steps
    log = log_of(steps.with_columns(pl.Series("function", functions, dtype=pl.Categorical())))
    assert activities(measure_steps(log, calendar=OFFICE), calendar=OFFICE)["function"].to_list() == [
        "Billing"
    ]


@settings(deadline=None, max_examples=25)
@given(logs())
def test_the_summary_agrees_with_the_tables(log: StepLog) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    table = cases(steps, calendar=OFFICE)
    found = summary(log, measured=steps, cases=table)
    assert (found.cases, found.steps) == (table.height, log.steps.height)
    assert found.activities == log.steps["activity"].n_unique()
    assert found.cycle_hours_median == table["cycle_hours"].median()
    assert found.variants == table["variant"].n_unique()
    assert found.people == (log.steps["resource"].drop_nulls().n_unique() or None)


def test_the_summary_of_nothing_says_so() -> None:
    nothing = made([])
    steps = measure_steps(nothing, calendar=OFFICE)
    found = summary(nothing, measured=steps, cases=cases(steps, calendar=OFFICE))
    assert (found.cases, found.steps, found.activities, found.variants) == (0, 0, 0, 0)
    assert (found.first, found.months, found.touch_hours, found.people, found.cycle_hours_mean) == (None,) * 5


def test_nothing_has_no_periods() -> None:
    steps = measure_steps(made([]), calendar=OFFICE)
    table = cases(steps, calendar=OFFICE)
    empty = (monthly(steps), weekly(steps, by="activity"), flow(table, zone=ZONE), backlog_growth(steps))
    assert [one.height for one in empty] == [0, 0, 0, 0]


def test_a_period_that_is_none_is_refused_with_those_there_are() -> None:
    measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"))
    with pytest.raises(UnknownGrouping, match="'year' is no period here; take hour or day or week"):
        workload(measured, calendar=parse("24/7", zone="UTC"), every="year")  # type: ignore[arg-type]
    with pytest.raises(UnknownGrouping, match="'day' is no period here; take month or week"):
        flow(measured, zone="UTC", every="day")  # type: ignore[arg-type]
