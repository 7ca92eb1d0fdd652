"""What a record can be trusted with."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.assessment.preparing import (
    known_work,
    machine_share,
    people_only,
    without_marks,
)
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import measure_steps
from backdesk.evidence.measures.causes import preceding
from backdesk.evidence.measures.systems import AS_NAMED
from tests.evidence.assessment.logs import CLOCK, Step, at, log_of, purchases


def done_by(name: str, steps: int = 60, *, apart: float = 2.0) -> StepLog:
    """One person's steps of an hour each, that many hours apart."""
    return log_of([(f"C-{n}", "Check", name, n * apart, n * apart + 1) for n in range(steps)])


@pytest.mark.parametrize("name", ["SYSTEM", "scan-bot", "Batch 07", "svc_robot", "Hallveth system"])
def test_a_system_is_no_person(name: str) -> None:
    log, notes = people_only(done_by(name))

    assert log.steps["resource"].null_count() == 60
    assert notes == (f"{name}: read as a system, not as a person.",)


def test_who_works_round_the_clock_is_a_machine_whatever_its_name() -> None:
    log, notes = people_only(done_by("112", steps=240, apart=1.0))
    assert log.steps["resource"].null_count() == 240
    assert notes == ("112: at work in sixteen hours of most days, so read as a machine, not as a person.",)
    assert machine_share(done_by("112", steps=240, apart=1.0))["machine_share"].to_list() == [1.0]
    assert machine_share(done_by("112", steps=240, apart=4.0))["machine_share"].to_list() == [0.0]


@pytest.mark.parametrize("name", ["Botha", "Ann Systermann", "Autolitano", "Robotham", "Roberta Machinek"])
def test_a_person_with_a_name_like_a_system_stays_a_person(name: str) -> None:
    log, notes = people_only(done_by(name))

    assert notes == ()
    assert log.steps["resource"].null_count() == 0


@pytest.mark.parametrize("name", ["STAFF MEMBER", "unknown", "__INVALID__", "n/a", "Employee"])
def test_a_name_that_could_be_anybody_is_no_person(name: str) -> None:
    _, notes = people_only(done_by(name))

    assert notes == (f"{name}: could be anybody, so not read as one person.",)


def test_who_has_many_steps_in_hand_at_once_is_a_team() -> None:
    _, notes = people_only(done_by("Claims desk", apart=0.1))

    assert notes == ("Claims desk: many steps in hand at once, so read as a team and not as one person.",)


def test_who_has_two_steps_in_hand_is_a_person() -> None:
    assert people_only(done_by("Ann", apart=0.5))[1] == ()


def test_a_start_estimated_from_a_team_becomes_when_the_step_could_begin() -> None:
    steps: list[Step] = [("A", "Enter", "staff", 0, 1), ("A", "Check", "staff", 5, 6)]
    log, _ = people_only(log_of(steps, estimated=("Check",)))

    check = log.steps.filter(pl.col("activity").cast(pl.String) == "Check").row(0, named=True)
    assert (check["started_at"], check["ended_at"]) == (at(1), at(6))


def test_the_name_in_the_record_is_kept_beside() -> None:
    log, _ = people_only(log_of(purchases(20)))

    register = log.steps.filter(pl.col("activity").cast(pl.String) == "Register")
    assert register[AS_NAMED].cast(pl.String).unique().to_list() == ["scanner system"]
    assert register["resource"].null_count() == 20


def test_the_share_of_machines_is_told_by_activity() -> None:
    assert machine_share(log_of(purchases(20))).rows() == [("Book", 0.0), ("Check", 0.0), ("Register", 1.0)]


def test_a_few_estimated_starts_among_recorded_ones_are_left_out_and_told() -> None:
    steps: list[Step] = [(f"C-{n}", "Check", "Ann", n * 10.0, n * 10 + 1) for n in range(10)]
    log = log_of(steps)
    guessed = log.steps.with_columns((pl.col("case") == "C-3").alias("start_estimated"))
    log = StepLog(steps=guessed, open_steps=log.open_steps, zone="UTC", starts="mixed", notes=())

    measured, notes = known_work(measure_steps(log, calendar=CLOCK))

    assert measured["touch_s"].null_count() == 1
    assert notes[0].startswith("1 step without a recorded start, of activities that mostly have one")


def test_where_all_starts_are_estimated_they_stay() -> None:
    steps: list[Step] = [
        (f"C-{n}", name, "Ann", n * 10.0 + i, n * 10 + i + 1)
        for n in range(5)
        for i, name in enumerate(("In", "Out"))
    ]
    measured, notes = known_work(measure_steps(log_of(steps, estimated=("In", "Out")), calendar=CLOCK))

    assert notes == ()
    assert measured.filter(pl.col("activity").cast(pl.String) == "Out")["touch_s"].null_count() == 0


def test_the_flow_leads_past_what_nobody_works_on() -> None:
    steps: list[Step] = [
        ("A", "Check", "Ann", 0, 1),
        ("A", "Mark", None, 1, 1),
        ("A", "Note", None, 1, 1),
        ("A", "Book", "Ann", 2, 3),
    ]
    measured = measure_steps(log_of(steps), calendar=CLOCK)

    work = without_marks(measured, marks={"Mark", "Note"})

    assert work["activity"].cast(pl.String).to_list() == ["Check", "Book"]
    assert work["follows"].cast(pl.String).to_list() == [None, "Check"]
    assert work["is_handoff"].to_list() == [None, False]
    assert work["is_first"].to_list() == [True, False]


def test_a_case_that_begins_with_a_mark_begins_with_the_first_work() -> None:
    measured = measure_steps(log_of(purchases(3)), calendar=CLOCK)
    work = without_marks(measured, marks={"Register"})

    assert work.filter("is_first")["activity"].cast(pl.String).unique().to_list() == ["Check"]


@st.composite
def ways(draw: st.DrawFn) -> list[Step]:
    """Cases of up to eight steps one after the other, some at the same instant."""
    found: list[Step] = []
    for case in range(draw(st.integers(1, 4))):
        end = 0.0
        for name in draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=8)):
            start = end + draw(st.sampled_from([0.0, 0.0, 1.0]))
            end = start + draw(st.sampled_from([0.0, 0.5, 1.0]))
            found.append((f"C-{case}", name, "Ann", start, end))
    return found


@given(steps=ways(), marks=st.sets(st.sampled_from("ABCD"), max_size=3))
def test_each_step_follows_the_nearest_that_is_no_mark(steps: list[Step], marks: set[str]) -> None:
    measured = measure_steps(log_of(steps), calendar=CLOCK)
    rows = list(zip(measured["activity"].cast(pl.String), preceding(measured), strict=True))

    def nearest(row: int) -> str | None:
        before = rows[row][1]
        while before >= 0 and rows[before][0] in marks:
            before = rows[before][1]
        return rows[before][0] if before >= 0 else None

    expected = [nearest(row) for row, (name, _) in enumerate(rows) if name not in marks]
    assert without_marks(measured, marks=marks)["follows"].cast(pl.String).to_list() == expected
