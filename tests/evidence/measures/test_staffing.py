"""How busy people are, and who waits for them, against a twin that counts half hours."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backdesk.evidence.calendars import always, parse
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    UnknownGrouping,
    contention,
    measure_steps,
    people,
    performers_utilisation,
    staffing,
)
from tests.evidence.measures import naive
from tests.evidence.measures.logs import OFFICE, ZONE, logs, made


@settings(deadline=None, max_examples=25)
@given(logs())
def test_people_as_counted_out(log: StepLog) -> None:
    rows = naive.measured(log.steps, OFFICE)
    table = people(measure_steps(log, calendar=OFFICE), calendar=OFFICE)
    assert set(table["resource"]) == {row["resource"] for row in rows} - {None}
    for found in table.iter_rows(named=True):
        expected = person_of([row for row in rows if row["resource"] == found["resource"]])
        assert {name: found[name] for name in expected} == expected


def person_of(rows: list[naive.Row]) -> dict[str, Any]:
    first, last = min(row["started_at"] for row in rows), max(row["ended_at"] for row in rows)
    available = (
        naive.seconds(naive.slots(midnight(first), midnight(last) + dt.timedelta(days=1), OFFICE)) / 3600
    )
    touch = naive.known(rows, "touch_working_s")
    timed = any(row["touch_s"] for row in rows)
    busy = naive.seconds(naive.busy_slots(rows, rows[0]["resource"], OFFICE)) / 3600 if timed else None
    return {
        "steps": len(rows),
        "activities": len({row["activity"] for row in rows}),
        "touch_hours": sum(touch) / 3600 if touch else None,
        "busy_hours": busy,
        "available_hours": pytest.approx(available),
        "utilisation": None if busy is None or not available else pytest.approx(busy / available),
        "first_seen": first,
        "last_seen": last,
    }


@settings(deadline=None, max_examples=25)
@given(logs())
def test_contention_as_counted_out(log: StepLog) -> None:
    rows = naive.measured(log.steps, OFFICE)
    table = contention(measure_steps(log, calendar=OFFICE), calendar=OFFICE)
    waited = [row for row in rows if row["resource"] is not None and row["waiting_s"] is not None]
    assert set(table["activity"]) == {row["activity"] for row in waited}
    for found in table.iter_rows(named=True):
        own = [row for row in waited if row["activity"] == found["activity"]]
        busy = sum(naive.seconds(busy_meanwhile(row, rows)) for row in own)
        waiting = sum(row["waiting_working_s"] for row in own)
        assert found == {
            "activity": found["activity"],
            "contention_hours": pytest.approx(busy / 3600),
            "contention_hours_mean": pytest.approx(busy / 3600 / len(own)),
            "contention_share": pytest.approx(busy / waiting) if waiting else None,
        }


def test_the_interval_of_a_mean_holds_what_waits_as_often_as_it_says() -> None:
    rng = np.random.default_rng(20_261_122)
    bounds = [waits_by_week(rng, weeks=40, of_a_week=3.0) for _ in range(120)]
    held = sum(low <= 1.0 <= high for low, high in bounds) / len(bounds)
    assert held == pytest.approx(0.95, abs=0.06)
    by_steps = 1.96 / (40 * 4) ** 0.5
    naively = sum(abs((low + high) / 2 - 1.0) <= by_steps for low, high in bounds) / len(bounds)
    assert naively < 0.8, "as if each step varied by itself, it would hold far less often"


def waits_by_week(rng: np.random.Generator, *, weeks: int, of_a_week: float) -> tuple[Any, ...]:
    """Bounds of a mean of 1 h, where all that wait in a week wait alike."""
    hours = rng.exponential(1.0, weeks)
    steps = 1 + rng.poisson(of_a_week, weeks)
    begin = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    told = pl.DataFrame(
        {
            "activity": ["Check"] * int(steps.sum()),
            "started_at": [begin + dt.timedelta(weeks=w) for w, n in enumerate(steps) for _ in range(n)],
            "busy": np.repeat(hours * 3600, steps),
        }
    )
    return staffing._bounds(told, ["activity"], 0.95).row(0)[1:]


def test_few_weeks_give_no_interval() -> None:
    assert waits_by_week(np.random.default_rng(1), weeks=9, of_a_week=3.0) == (None, None)


def busy_meanwhile(row: naive.Row, rows: list[naive.Row]) -> set[dt.datetime]:
    others = [other for other in rows if other["row"] != row["row"]]
    waiting = naive.slots(row["enabled_at"], row["started_at"], OFFICE)
    return waiting & naive.busy_slots(others, row["resource"], OFFICE)


@settings(deadline=None, max_examples=20)
@given(logs(), st.randoms())
def test_the_order_of_rows_does_not_matter(log: StepLog, random: Any) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    shuffled = steps[random.sample(range(steps.height), steps.height)]
    assert_frame_equal(people(shuffled, calendar=OFFICE), people(steps, calendar=OFFICE))
    assert_frame_equal(contention(shuffled, calendar=OFFICE), contention(steps, calendar=OFFICE))


@settings(deadline=None, max_examples=20)
@given(logs())
def test_nobody_is_busy_for_more_than_there_is_nor_waited_for_longer_than_waited(log: StepLog) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    assert (people(steps, calendar=OFFICE)["utilisation"].drop_nulls() <= 1 + 1e-9).all()
    assert contention(steps, calendar=OFFICE)["contention_share"].drop_nulls().is_between(0, 1 + 1e-9).all()


def test_steps_side_by_side_count_once() -> None:
    both = made(
        [
            "1 Enter Ann 02-02 09:00 09:00 11:00",
            "2 Enter Ann 02-02 09:00 10:00 12:00",
            "3 Enter Ann 02-02 09:00 10:30 11:00",
        ]
    )
    table = people(measure_steps(both, calendar=OFFICE), calendar=OFFICE)
    assert table.select("touch_hours", "busy_hours", "available_hours").row(0) == (4.5, 3.0, 7.0)


def test_a_person_of_instants_has_no_hours_on_record() -> None:
    instants = made(["1 Enter System 02-02 09:00 09:00 09:00"])
    table = people(measure_steps(instants, calendar=OFFICE), calendar=OFFICE)
    assert table.select("touch_hours", "busy_hours", "utilisation").row(0) == (0.0, None, None)


def test_a_person_who_works_outside_the_calendar_is_not_busy_within_it() -> None:
    sunday = made(["1 Enter Ann 02-01 09:00 09:00 10:00"])
    table = people(measure_steps(sunday, calendar=OFFICE), calendar=OFFICE)
    assert table.select("busy_hours", "available_hours", "utilisation").row(0) == (0.0, 0.0, None)


def test_utilisation_of_an_activity_is_that_of_those_who_do_it_most() -> None:
    log = made(
        [
            *(f"{case} Check Ann 02-02 09:00 09:00 09:00" for case in range(3)),
            "8 Enter Ann 02-02 09:00 09:00 12:30",
            "9 Check Bob 02-02 09:00 13:30 17:00",
            "9 Bill - 02-02 17:00 17:00 17:00",
            "7 Check System 02-02 09:00 09:00 09:00",
        ]
    )
    steps = measure_steps(log, calendar=parse("Mon-Fri 09:00-12:30,13:30-20:30", zone=ZONE))
    table = people(steps, calendar=parse("Mon-Fri 09:00-12:30,13:30-20:30", zone=ZONE))
    assert performers_utilisation(steps, table=table).rows() == [
        ("Bill", None),
        ("Check", pytest.approx((3 * 3.5 / 10.5 + 3.5 / 10.5) / 4)),
        ("Enter", pytest.approx(3.5 / 10.5)),
    ]


@settings(deadline=None, max_examples=20)
@given(logs(min_size=1), st.sampled_from((["resource"], ["team"], ["activity", "month"])))
def test_contention_of_any_groups_adds_up_to_that_of_activities(log: StepLog, by: list[str]) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    usual = contention(steps, calendar=OFFICE)
    table = contention(steps, calendar=OFFICE, by=by, confidence=0.95)
    assert table.select(by).is_unique().all()
    assert table["contention_hours"].sum() == pytest.approx(usual["contention_hours"].sum())
    with pytest.raises(UnknownGrouping, match="no column 'desk'"):
        contention(steps, calendar=OFFICE, by=["desk"])


def test_waiting_for_a_person_who_was_idle_is_no_contention() -> None:
    idle = made(["1 Enter Ann 02-02 09:00 09:00 10:00", "1 Check Bob 02-02 10:00 12:00 12:30"])
    table = contention(measure_steps(idle, calendar=always(zone=ZONE)), calendar=always(zone=ZONE))
    assert table.rows() == [("Check", 0.0, 0.0, 0.0)]


def midnight(instant: dt.datetime) -> dt.datetime:
    local = instant.astimezone(ZoneInfo(ZONE))
    return local.replace(hour=0, minute=0).astimezone(dt.UTC)
