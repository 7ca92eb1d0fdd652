"""What went through without a person's touch, going by the names steps stand under."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from backdesk.evidence.assessment.preparing import people_only
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import Breakdown, aggregate, finish, measure_steps, partial
from tests.evidence.measures.logs import OFFICE, made

LOG = made(
    f"{case} {activity} {name} 02-02 {time} {time} {end}"
    for case, names in {
        "1": ("Batch", "RPA-7"),
        "2": ("Batch", "Ann"),
        "3": ("Batch", "-"),  # perhaps Ann, perhaps nobody
        "4": ("Ann", "-"),  # touched, whoever came after her
        "5": ("Batch", "batch"),
        "6": ("-", "-"),
    }.items()
    for (activity, time, end), name in zip(
        (("Enter", "09:00", "10:00"), ("Check", "10:00", "11:00")), names, strict=True
    )
)


def rate(log: StepLog, **asked: str) -> float | None:
    steps = measure_steps(log, calendar=OFFICE)
    breakdown = Breakdown(only=("straight_through_rate",), **asked)  # type: ignore[arg-type]
    found: float | None = finish(partial(steps, breakdown=breakdown)).item()
    return found


def test_cases_no_person_touched_of_those_that_tell() -> None:
    assert rate(LOG) == 2 / 4
    assert rate(LOG, where_case="resource = 'Batch'") == 2 / 3
    assert rate(LOG, where_case="resource = 'RPA-7'") == 1


def test_a_case_counts_whole_whatever_steps_are_asked_for() -> None:
    assert rate(LOG, where="activity = 'Enter' and resource = 'Batch'") == 2 / 3


def test_its_interval_is_that_of_the_cases_that_tell() -> None:
    steps = measure_steps(LOG, calendar=OFFICE)
    kept = partial(steps, breakdown=Breakdown(only=("straight_through_rate",)))
    share, low, high = finish(kept, confidence=0.95).row(0)
    assert (share, low, high) == (0.5, pytest.approx(0.150, abs=5e-4), pytest.approx(0.850, abs=5e-4))


def test_a_system_taken_out_from_among_the_people_is_still_one() -> None:
    hidden, told = people_only(LOG)
    assert told == ("Batch, RPA-7 and batch: read as a system, not as a person.",)
    assert hidden.steps["resource"].drop_nulls().unique().to_list() == ["Ann"]
    assert rate(hidden) == rate(LOG)
    assert rate(people_only(renamed("staff"))[0]) == 0  # anybody is a person, too


def test_each_group_has_its_own() -> None:
    steps = measure_steps(LOG, calendar=OFFICE)
    table = aggregate(steps, by="resource", only=["straight_through_rate"])
    assert dict(table.rows()) == {"Ann": 0, "Batch": 2 / 3, "RPA-7": 1, "batch": 1, None: 0}


def renamed(name: str) -> StepLog:
    name_of_all = pl.lit(name).cast(LOG.steps.schema["resource"]).alias("resource")
    return dataclasses.replace(LOG, steps=LOG.steps.with_columns(name_of_all))
