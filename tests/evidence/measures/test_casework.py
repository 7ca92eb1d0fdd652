"""Cases and the ways they take, against a twin in plain loops."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import parse
from backdesk.evidence.eventlog import EVENTS, StepLog
from backdesk.evidence.measures import cases, measure_steps, variants
from tests.evidence.measures import naive
from tests.evidence.measures.logs import BEGIN, OFFICE, SLOT, logs, made


@settings(deadline=None, max_examples=60)
@given(logs())
def test_as_computed_case_by_case(log: StepLog) -> None:
    rows = naive.measured(log.steps, OFFICE)
    table = cases(measure_steps(log, calendar=OFFICE), calendar=OFFICE)
    assert set(table["case"]) == {row["case"] for row in rows}
    for found in table.iter_rows(named=True):
        expected = case_of([row for row in rows if row["case"] == found["case"]])
        assert {name: found[name] for name in expected} == expected


def case_of(rows: list[naive.Row]) -> dict[str, Any]:
    arrived, completed = min(row["started_at"] for row in rows), max(row["ended_at"] for row in rows)
    working = naive.seconds(naive.slots(arrived, completed, OFFICE)) / 3600
    touch, waiting, handoffs, crossings = (
        naive.known(rows, column)
        for column in ("touch_working_s", "waiting_working_s", "is_handoff", "is_crossing")
    )
    return {
        "arrived_at": arrived,
        "completed_at": completed,
        "steps": len(rows),
        "cycle_hours": (completed - arrived).total_seconds() / 3600,
        "cycle_working_hours": working,
        "touch_hours": sum(touch) / 3600 if touch else None,
        "waiting_hours": sum(waiting) / 3600 if waiting else None,
        "flow_efficiency": sum(touch) / 3600 / working if touch and working else None,
        "handoffs": sum(handoffs) if handoffs else None,
        "crossings": sum(crossings) if crossings else None,
        "rework_steps": sum(row["is_rework"] for row in rows),
        "people": len({row["resource"] for row in rows} - {None}) or None,
        "estimated_share": pytest.approx(sum(row["start_estimated"] for row in rows) / len(rows)),
        "variant_text": " → ".join(row["activity"] for row in rows),
    }


@settings(deadline=None, max_examples=40)
@given(logs(min_size=1), st.randoms())
def test_the_order_of_rows_does_not_matter(log: StepLog, random: Any) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    shuffled = steps[random.sample(range(steps.height), steps.height)]
    assert variants(shuffled).equals(variants(steps))
    same = ("case", "arrived_at", "steps", "cycle_working_hours", "handoffs", "variant")
    assert cases(shuffled, calendar=OFFICE).select(same).equals(cases(steps, calendar=OFFICE).select(same))


@settings(deadline=None, max_examples=40)
@given(logs())
def test_variants_are_the_cases_counted_by_the_way_they_went(log: StepLog) -> None:
    table = variants(log.steps)
    ways = Counter(cases(measure_steps(log, calendar=OFFICE), calendar=OFFICE)["variant_text"])
    assert dict(table.select("variant_text", "cases").rows()) == ways
    assert table["cases"].is_sorted(descending=True)
    assert table["variant"].n_unique() == table.height
    assert table.is_empty() or table["cumulative_share"][-1] == pytest.approx(1)
    assert table["case_share"].sum() == pytest.approx(1 if ways else 0)


def test_a_variant_keeps_its_name_from_log_to_log() -> None:
    one = made(["1 Enter Ann 02-02 09:00 09:00 10:00", "2 Bill Ann 02-02 09:00 09:00 10:00"])
    other = made(["7 Bill Cy 02-03 09:00 09:00 10:00"])
    assert variants(other.steps)["variant"][0] in variants(one.steps)["variant"].to_list()


def test_events_are_counted_whatever_their_lifecycle() -> None:
    rows = [
        {"line": line, "case": "1", "activity": "Enter", "lifecycle": lifecycle, "at": BEGIN + line * SLOT}
        for line, lifecycle in ((2, "complete"), (1, "start"))
    ]
    table = variants(pl.DataFrame(rows, schema=EVENTS))
    assert table.select("variant_text", "steps", "cycle_hours_median").rows() == [("Enter → Enter", 2, 0.5)]


def test_flow_efficiency_is_missing_where_a_case_has_no_working_time() -> None:
    sunday = made(["1 Enter Ann 02-01 09:00 09:00 10:00"])
    table = cases(measure_steps(sunday, calendar=OFFICE), calendar=OFFICE)
    assert table.select("cycle_hours", "cycle_working_hours", "flow_efficiency").row(0) == (1.0, 0.0, None)


def test_cycle_time_is_on_the_calendar_given() -> None:
    log = made(["1 Enter Ann 02-02 09:00 09:00 10:00", "1 Check Bob 02-02 10:00 09:00+1 10:00+1"])
    contract = parse("Mon-Fri 09:00-17:00", zone=OFFICE.zone)
    table = cases(measure_steps(log, calendar=OFFICE), calendar=contract)
    assert table.select("cycle_hours", "cycle_working_hours").row(0) == (25.0, 9.0)
