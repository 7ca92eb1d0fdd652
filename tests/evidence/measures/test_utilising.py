"""How busy the people of any group are with it, against half hours counted out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import UnknownGrouping, measure_steps, people, utilised
from tests.evidence.measures import naive
from tests.evidence.measures.logs import OFFICE, logs, made

GROUPINGS: tuple[list[str], ...] = ([], ["resource"], ["activity"], ["party", "activity"])
FIGURES = ("busy_hours", "available_hours", "utilisation")


@settings(deadline=None, max_examples=20)
@given(logs(min_size=1), st.sampled_from(GROUPINGS))
def test_as_counted_person_by_person(log: StepLog, by: list[str]) -> None:
    measured, record = measure_steps(log, calendar=OFFICE), naive.measured(log.steps, OFFICE)
    table = utilised(measured, calendar=OFFICE, by=by)
    available = dict(people(measured, calendar=OFFICE).select("resource", "available_hours").rows())
    groups: dict[tuple[Any, ...], list[naive.Row]] = {}
    for row in record:
        if row["resource"] is not None:
            groups.setdefault(tuple(row[key] for key in by), []).append(row)
    assert table.height == len(groups)
    for found in table.iter_rows(named=True):
        rows = groups[tuple(found[key] for key in by)]
        names = {row["resource"] for row in rows}
        slots = sum(len(naive.busy_slots(rows, name, OFFICE)) for name in names)
        timed = max(naive.known(rows, "touch_s"), default=0) > 0
        assert found["people"] == len(names)
        assert found["available_hours"] == pytest.approx(sum(available[name] for name in names))
        assert found["busy_hours"] == (pytest.approx(slots / 2) if timed else None)


@settings(deadline=None, max_examples=10)
@given(logs(min_size=1), st.sampled_from(("day", "week", "month", "quarter")))
def test_periods_add_up_and_nobody_is_busier_than_there_is_time(log: StepLog, every: Any) -> None:
    measured = measure_steps(log, calendar=OFFICE)
    whole = utilised(measured, calendar=OFFICE, by=["resource"])
    parts = utilised(measured, calendar=OFFICE, by=["resource"], every=every)
    assert (parts["utilisation"].fill_null(0) <= 1 + 1e-9).all()
    together = parts.group_by("resource").agg(pl.col(FIGURES[:2]).sum()).sort("resource")
    expected = whole.select("resource", pl.col(FIGURES[:2]).fill_null(0)).sort("resource")
    for one, other in zip(together.rows(), expected.rows(), strict=True):
        assert one == (other[0], pytest.approx(other[1]), pytest.approx(other[2]))


def test_a_step_over_the_end_of_a_week_is_in_both() -> None:
    steps = measure_steps(made(["1 Enter Ann 01-30 15:00 15:00 10:00+3"]), calendar=OFFICE)
    assert utilised(steps, calendar=OFFICE, every="week").rows() == [
        (dt.date(2026, 1, 26), 1, 4.0, 9.0, 4 / 9),  # two hours of Friday, and Saturday
        (dt.date(2026, 2, 2), 1, 1.0, 7.0, 1 / 7),
    ]


def test_who_does_two_things_at_once_is_busy_with_each_and_once_in_all() -> None:
    steps = measure_steps(
        made(["1 Enter Ann 02-02 09:00 09:00 11:00", "2 Check Ann 02-02 10:00 10:00 12:00"]), calendar=OFFICE
    )
    by_activity = utilised(steps, calendar=OFFICE, by=["activity"])
    assert by_activity["busy_hours"].to_list() == [2, 2]
    assert utilised(steps, calendar=OFFICE)["busy_hours"].to_list() == [3]
    only = utilised(steps, calendar=OFFICE, where="activity = 'Check'")
    assert only.rows() == [(1, 2.0, 7.0, 2 / 7)]
    assert utilised(steps, calendar=OFFICE, where_case="activity = 'Check'").rows() == only.rows()


def test_nobody_named_is_nobody_busy() -> None:
    steps = measure_steps(made(["1 Enter - 02-02 09:00 09:00 11:00"]), calendar=OFFICE)
    for log in (steps, steps.clear()):
        found = utilised(log, calendar=OFFICE, by=["activity"], every="month")
        assert found.height == 0
        assert found.columns == ["activity", "month", "people", *FIGURES]
    with pytest.raises(UnknownGrouping, match="did you mean activity"):
        utilised(steps, calendar=OFFICE, by=["activty"])
