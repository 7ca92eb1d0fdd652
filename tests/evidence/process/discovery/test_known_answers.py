"""Real logs: what pm4py finds in the same events (`pm4py_trees.json`, its origin within), and what holds for ours."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence.eventlog import read
from backdesk.evidence.process.bpmn import problems
from backdesk.evidence.process.discovery import (
    Variants,
    as_model,
    discover_variants,
    parse,
    share_fitting,
    variants_of,
)
from tests.evidence.process.discovery.made import normal
from tests.shared import shared_data

THEIRS = json.loads(Path(__file__).with_name("pm4py_trees.json").read_text())


def variants(name: str) -> Variants:
    """Each event of a log taken for a step without duration."""
    events = read(shared_data("eventlogs", "logs", name)).events
    at = pl.col("at")
    return variants_of(
        events.select(
            "case", "activity", "line", started_at=at, ended_at=at, start_estimated=pl.lit(value=False)
        )
    )


@pytest.fixture(scope="module")
def receipt() -> Variants:
    return variants("08_receipt.xes.gz")


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_of_the_running_example_the_model_is_that_of_pm4py(noise: float) -> None:
    tree = discover_variants(variants("running-example.xes"), noise=noise)
    assert normal(tree) == normal(parse(THEIRS[f"running-example.xes {noise}"]))


def test_of_the_permits_as_many_cases_fit_as_fit_the_model_of_pm4py(receipt: Variants) -> None:
    ours = discover_variants(receipt, noise=0.2)
    theirs = parse(THEIRS["08_receipt.xes.gz 0.2"])
    assert [round(share_fitting(tree, variants=receipt) * receipt.cases) for tree in (ours, theirs)] == [
        713,
        713,
    ]


def test_of_the_permits_every_case_fits_without_noise_and_the_model_is_sound(receipt: Variants) -> None:
    """So does, by its alignments, pm4py's; both have all 27 activities."""
    tree = discover_variants(receipt, noise=0)
    assert share_fitting(tree, variants=receipt) == 1
    assert len(list(tree.activities())) == 27
    assert problems(as_model(tree)) == ()


def test_of_the_loans_most_cases_fit_with_noise_left_aside() -> None:
    """13,087 cases, 4,366 variants; of pm4py's model with noise 0.2 87.8 % fit. Without noise: the bench."""
    loans = variants("bpic2012.xes.gz")
    assert (loans.cases, loans.traces.counts.size) == (13_087, 4_366)
    tree = discover_variants(loans, noise=0.2)
    assert share_fitting(tree, variants=loans) == pytest.approx(0.877, abs=0.001)
    assert problems(as_model(tree)) == ()
