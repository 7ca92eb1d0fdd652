"""Each step measured, against a twin that counts half hours."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings

from backdesk.evidence.calendars import always
from backdesk.evidence.eventlog import PAUSES, STEPS, StepLog
from backdesk.evidence.measures import measure_steps
from tests.evidence.measures import naive
from tests.evidence.measures.logs import OFFICE, ZONE, log_of, logs, made

ADDED = (
    "touch_s",
    "touch_working_s",
    "waiting_s",
    "waiting_working_s",
    "lead_working_s",
    "cycle_working_s",
    "is_first",
    "follows",
    "follows_resource",
    "leads_to",
    "is_rework",
    "by_system",
    "is_handoff",
    "is_crossing",
    "month",
    "week",
)


@settings(deadline=None)
@given(logs())
def test_as_measured_one_by_one(log: StepLog) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    twin = naive.measured(log.steps, OFFICE)
    assert steps.columns == [*STEPS, *ADDED]
    for column in ADDED:
        assert steps[column].to_list() == [row[column] for row in twin], column


@given(logs())
def test_without_closing_hours_working_time_is_elapsed_time(log: StepLog) -> None:
    steps = measure_steps(log, calendar=always(zone=ZONE))
    assert steps["touch_working_s"].to_list() == steps["touch_s"].to_list()
    assert steps["waiting_working_s"].to_list() == steps["waiting_s"].to_list()


def test_the_wait_of_the_step_a_case_arrives_with_is_not_on_record() -> None:
    steps = measure_steps(
        made(["1 Enter Ann 02-02 09:00 09:00 10:00", "1 Check Bob 02-02 10:00 11:00 12:00"]), calendar=OFFICE
    )
    assert steps["waiting_working_s"].to_list() == [None, 3600]
    assert steps["is_first"].to_list() == [True, False]


def test_a_start_estimated_from_nothing_tells_neither_touch_nor_waiting() -> None:
    told = made(
        [
            "1 Enter Ann 02-02 09:00 09:00 10:00",
            "1 Check Bob 02-02 10:00 11:00 12:00",
            "1 Close - 02-02 12:00 12:00 17:00",
        ]
    )
    estimated = log_of(told.steps.with_columns(pl.lit(True).alias("start_estimated")))
    steps = measure_steps(estimated, calendar=OFFICE)
    assert steps["touch_s"].to_list() == [None, 3600, None]
    assert steps["waiting_s"].to_list() == [None, 3600, None]
    assert steps["lead_working_s"].to_list() == [None, 2 * 3600, 4 * 3600]


def test_touch_time_stands_still_while_a_step_is_suspended() -> None:
    steps = made(
        [
            "1 Enter Ann 02-02 09:00 09:00 17:00",
            "2 Enter Bob 02-02 09:00 09:00 10:00+1",
            "3 Enter Bob 02-02 09:00 09:00 10:00",
        ]
    ).steps
    at = steps["started_at"][0]
    hours = [at + dt.timedelta(hours=number) for number in range(24)]
    stops = [
        # From before the lunch break until after it, and once more within what is suspended already.
        [(hours[3], hours[5]), (hours[4], hours[5])],
        # Never resumed: nothing was done from then on.
        [(hours[1], None)],
        None,
    ]
    pauses = pl.Series(
        "pauses",
        [stop and [{"suspended_at": begin, "resumed_at": end} for begin, end in stop] for stop in stops],
        dtype=PAUSES,
    )
    measured = measure_steps(log_of(steps.with_columns(pauses)), calendar=OFFICE)
    assert measured["touch_s"].to_list() == [6 * 3600, 3600, 3600]
    assert measured["touch_working_s"].to_list() == [6 * 3600, 3600, 3600]
    assert (
        measured["lead_working_s"].to_list()
        == measure_steps(log_of(steps), calendar=OFFICE)["lead_working_s"].to_list()
    )


def test_columns_that_a_log_brings_along_stay_with_its_steps() -> None:
    steps = made(["1 Enter Ann 02-02 09:00 09:00 10:00"]).steps.with_columns(pl.lit(5).alias("case:amount"))
    assert measure_steps(log_of(steps), calendar=OFFICE)["case:amount"].to_list() == [5]


def test_a_step_beside_the_first_waits_from_the_arrival() -> None:
    beside = made(["1 Enter Ann 02-02 09:00 09:00 12:00", "1 Scan Bob 02-02 09:00 10:00 11:00"])
    steps = measure_steps(beside, calendar=OFFICE)
    assert steps["is_first"].to_list() == [True, True]
    assert steps["waiting_working_s"].to_list() == [None, 3600]


def test_waiting_over_night_and_a_closed_day_counts_working_time_alone() -> None:
    over = made(["1 Enter Ann 02-03 16:00 16:00 16:30", "1 Check Bob 02-03 16:30 09:30+2 10:00+2"])
    check = measure_steps(over, calendar=OFFICE).row(1, named=True)
    assert check["waiting_s"] == 41 * 3600
    assert check["waiting_working_s"] == 3600


def test_a_repeat_is_rework_only_once_the_first_is_done() -> None:
    repeated = made(
        [
            "1 Check Ann 02-02 09:00 09:00 11:00",
            "1 Check Bob 02-02 09:00 10:00 12:00",
            "1 Check Cy 02-02 11:00 11:00 12:00",
            "2 Check Ann 02-02 09:00 09:00 09:00",
            "2 Check Ann 02-02 09:00 09:00 09:00",
        ]
    )
    assert measure_steps(repeated, calendar=OFFICE)["is_rework"].to_list() == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_who_hands_to_whom_is_seen_from_the_cause_not_the_row_above() -> None:
    side_by_side = made(
        [
            "1 Enter Ann 02-02 09:00 09:00 10:00",
            "1 Scan Bob 02-02 10:00 10:00 11:00",
            "1 Check Ann 02-02 10:00 10:30 12:00",
            "1 Bill - 02-02 12:00 12:00 12:30",
        ]
    )
    steps = measure_steps(side_by_side, calendar=OFFICE)
    assert steps["follows"].to_list() == [None, "Enter", "Enter", "Check"]
    assert steps["leads_to"].to_list() == ["Scan", None, "Bill", None]
    assert steps["is_handoff"].to_list() == [None, True, False, None]
    assert steps["is_crossing"].to_list() == [None] * 4


def test_months_and_weeks_are_those_of_the_calendars_zone() -> None:
    late = made(["1 Enter Ann 02-01 00:00 00:00 00:30"])
    here, there = (measure_steps(late, calendar=always(zone=zone)) for zone in (ZONE, "UTC"))
    assert (str(here["month"][0]), str(here["week"][0])) == ("2026-02-01", "2026-01-26")
    assert (str(there["month"][0]), str(there["week"][0])) == ("2026-01-01", "2026-01-26")


def test_an_empty_log_has_no_steps() -> None:
    steps = measure_steps(log_of(pl.DataFrame(schema=STEPS)), calendar=OFFICE)
    assert steps.height == 0
    assert steps.columns == [*STEPS, *ADDED]
    assert steps["touch_working_s"].dtype == pl.Float64


@pytest.mark.parametrize("column", ["follows", "leads_to"])
def test_neighbours_keep_the_type_of_activities(column: str) -> None:
    log = made(["1 Enter Ann 02-02 09:00 09:00 10:00"])
    assert measure_steps(log, calendar=OFFICE)[column].dtype == pl.Categorical()
