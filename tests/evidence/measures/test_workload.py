"""How much lay open and was in work, against a twin that counts half hours."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import always
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import CATALOGUE, HELD, fullest, workload
from backdesk.evidence.measures.workloads import Every, Held, period_starts
from tests.evidence.measures import naive
from tests.evidence.measures.logs import OFFICE, SLOT, ZONE, logs, made

STATES = {"open": ("enabled_at", "started_at"), "in_work": ("started_at", "ended_at")}


@settings(deadline=None, max_examples=20)
@given(logs(min_size=1), st.sampled_from(["hour", "day", "week"]), st.sampled_from([(), ("resource",)]))
def test_load_as_counted_out(log: StepLog, every: Every, by: tuple[str, ...]) -> None:
    table = workload(log.steps, calendar=OFFICE, by=by, every=every)
    rows = log.steps.to_dicts()
    groups = {tuple(row[name] for name in by) for row in rows}
    periods = sorted(set(table["period"]))
    assert table.height == len(groups) * len(periods)
    for found in table.sample(min(table.height, 8), seed=1).iter_rows(named=True):
        own = [row for row in rows if all(row[name] == found[name] for name in by)]
        told = _told(own, found["period"], every)
        assert {name: found[name] for name in told} == told


@settings(deadline=None, max_examples=30)
@given(logs(min_size=1), st.sampled_from(["hour", "day", "week"]))
def test_what_is_held_adds_up_to_what_was_waited_and_worked(log: StepLog, every: Every) -> None:
    table = workload(log.steps, calendar=always(zone=ZONE), every=every)
    for state, (begin, end) in STATES.items():
        held = (table[f"{state}_mean"] * table["working_hours"]).sum()
        hours = log.steps.select((pl.col(end) - pl.col(begin)).dt.total_seconds().sum() / 3600).item()
        assert held == pytest.approx(hours)
    assert table["enabled"].sum() == table["done"].sum() == log.steps.height


@settings(deadline=None, max_examples=20)
@given(logs(min_size=1), st.sampled_from(["hour", "day", "week"]), st.sampled_from(sorted(HELD)))
def test_as_many_are_held_at_the_fullest_time_of_a_period_as_its_peak(
    log: StepLog, every: Every, held: Held
) -> None:
    table = workload(log.steps, calendar=OFFICE, every=every)
    begins, ends = HELD[held]
    peaks = table.select("period", f"{held}_peak").rows()
    for (since, peak), (until, _) in [*pairwise(peaks)][:8]:
        at = fullest(log.steps, held=held, since=since, until=until).astimezone(dt.UTC)
        assert since <= at < until
        assert log.steps.filter((pl.col(begins) <= at) & (pl.col(ends) > at)).height == peak


def test_what_is_not_ended_is_in_work_to_the_end_and_not_done() -> None:
    steps = made(["1 Enter Ann 02-02 09:00 09:00 10:00", "2 Enter Ann 02-02 09:00 10:00 11:00"]).steps
    going_on = steps.with_columns(pl.when(case="1").then(None).otherwise("ended_at").alias("ended_at"))
    table = workload(going_on, calendar=OFFICE, every="hour")
    assert table.select("in_work_peak", "done").rows() == [(1, 0), (2, 0), (0, 1)]


def test_a_moment_between_two_steps_is_no_peak() -> None:
    rows = ["1 Enter Ann 02-02 09:00 09:00 10:00", "2 Enter Ann 02-02 10:00 10:00 11:00"]
    table = workload(made(rows).steps, calendar=OFFICE)
    assert table.select("open_peak", "in_work_peak").rows() == [(0, 1)]


def test_a_period_without_working_time_has_no_mean() -> None:
    table = workload(made(["1 Enter Ann 02-01 09:00 10:00 11:00"]).steps, calendar=OFFICE)
    assert table.select("working_hours", "open_mean", "open_peak").rows() == [(0.0, None, 1)]


@pytest.mark.parametrize("every", ["hour", "day", "week"])
def test_periods_follow_one_another_over_every_change_of_the_clocks(every: Every) -> None:
    for zone in ("Europe/Amsterdam", "Africa/Cairo", "Australia/Lord_Howe"):
        year = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 12, 31, tzinfo=dt.UTC)]
        found = period_starts(pl.Series(year), zone=zone, every=every)
        lengths = {later - earlier for earlier, later in pairwise(found.dt.convert_time_zone("UTC"))}
        whole = {"hour": 1, "day": 24, "week": 168}[every]
        assert all(
            abs(length - dt.timedelta(hours=whole)) <= dt.timedelta(hours=every != "hour")
            for length in lengths
        )
        assert not found.null_count()


def test_no_steps_are_no_load() -> None:
    table = workload(made([]).steps, calendar=OFFICE, by=["resource"])
    assert table.height == 0
    assert set(table.columns) - {"resource", "period"} <= set(CATALOGUE)
    assert (
        table.columns
        == workload(
            made(["1 Enter Ann 02-02 09:00 09:00 10:00"]).steps, calendar=OFFICE, by=["resource"]
        ).columns
    )


def _told(rows: list[dict[str, Any]], period: dt.datetime, every: Every) -> dict[str, Any]:
    begin = period.astimezone(dt.UTC)
    end = (period + _LENGTHS[every]).replace(tzinfo=ZoneInfo(ZONE)).astimezone(dt.UTC)
    slots = [begin + number * SLOT for number in range((end - begin) // SLOT)]
    working = naive.slots(begin, end, OFFICE)
    figures: dict[str, Any] = {"working_hours": len(working) / 2}
    figures["enabled"] = sum(begin <= row["enabled_at"] < end for row in rows)
    figures["done"] = sum(begin <= row["ended_at"] < end for row in rows)
    for state, (since, until) in STATES.items():
        held = {at: sum(row[since] <= at < row[until] for row in rows) for at in slots}
        figures[f"{state}_peak"] = max(held.values())
        mean = sum(held[at] for at in working) / len(working) if working else None
        figures[f"{state}_mean"] = None if mean is None else pytest.approx(mean)
    return figures


_LENGTHS = {"hour": dt.timedelta(hours=1), "day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}
