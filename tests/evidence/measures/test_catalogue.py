"""Each measure is defined once, says how it merges, and stands in the documentation as it is computed."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings

from backdesk.evidence.assessment import DEFINITIONS
from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    AGREED_MEASURES,
    CATALOGUE,
    FAMILIES,
    GROUP_MEASURES,
    SERVICE_CATALOGUE,
    cases,
    measure_steps,
    partitioned,
)
from scripts import methods
from tests.evidence.measures.logs import OFFICE, logs


def test_each_measure_is_defined_once() -> None:
    names = [entry.name for family in FAMILIES.values() for entry in family]
    assert len(names) == len(set(names)) == len(CATALOGUE)


def test_each_measure_says_when_it_misleads() -> None:
    every = (*CATALOGUE.values(), *SERVICE_CATALOGUE.values(), *DEFINITIONS.values())
    assert [one.name for one in every if not one.limits] == []


def test_figures_of_groups_merge_and_others_say_whether_they_do() -> None:
    for name, entry in CATALOGUE.items():
        assert entry.merges.startswith("exactly") == (
            name in (*GROUP_MEASURES, *AGREED_MEASURES) or entry.of_each
        ), name


@settings(deadline=None, max_examples=15)
@given(logs(min_size=1))
def test_figures_of_each_case_stand_one_partition_after_the_other(log: StepLog) -> None:
    of_each = [name for name, entry in CATALOGUE.items() if entry.of_each]
    whole = cases(measure_steps(log, calendar=OFFICE), calendar=OFFICE)
    parts = [
        cases(measure_steps(part, calendar=OFFICE), calendar=OFFICE) for part in partitioned(log, into=3)
    ]
    of_cases = ["case", *(name for name in of_each if name in whole.columns)]
    assert len(of_cases) == 6
    together = pl.concat(parts).sort("arrived_at", "case").select(of_cases)
    assert together.rows() == whole.select(of_cases).rows()


def test_the_pages_of_methods_are_those_of_the_catalogue() -> None:
    written = {file.name: file.read_text() for file in methods.PLACE.glob("*.md")}
    assert written == methods.pages(), "python scripts/methods.py writes them anew"
    for name, entry in CATALOGUE.items():
        assert any(f"`{name}`, in {entry.unit}: {entry.definition}." in page for page in written.values())
