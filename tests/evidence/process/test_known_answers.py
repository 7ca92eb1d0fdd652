"""Real logs: figures that independent tools found, and pictures in time."""

import time
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence.calendars import parse
from backdesk.evidence.eventlog import Reading, read, to_steps
from backdesk.evidence.measures import measure_steps
from backdesk.evidence.process import _project, causal_edges, directly_follows, draw, process_map
from tests.shared import shared_data

LOGS = ("logs/02_teleclaims.xes.gz", "logs/08_receipt.xes.gz", "simod/PurchasingExample.csv.gz")
OFFICE = parse("Mon-Fri 08:00-17:00", zone="Europe/Amsterdam")


@pytest.fixture(scope="module")
def loans() -> Reading:
    return read(shared_data("eventlogs", "logs", "bpic2012.xes.gz"))


def measured(path: Path) -> pl.DataFrame:
    return measure_steps(to_steps(read(path)), calendar=OFFICE)


def test_loan_applications_have_249113_pairs_over_125_edges(loans: Reading) -> None:
    pairs = directly_follows(loans.events)
    assert (pairs["count"].sum(), pairs.height) == (249_113, 125)
    assert pairs["count"].sum() == loans.events.height - loans.events["case"].n_unique()


def test_every_loan_application_is_submitted_then_partly_submitted(loans: Reading) -> None:
    submitted = directly_follows(loans.events).filter(pl.col("source") == "A_SUBMITTED")
    assert submitted.select("target", "count", "cases").rows() == [("A_PARTLYSUBMITTED", 13_087, 13_087)]


def test_the_map_of_loan_applications_is_drawn_in_time_with_every_activity(loans: Reading) -> None:
    steps = measure_steps(to_steps(loans), calendar=OFFICE)
    shown = process_map(steps)
    begun = time.process_time()
    picture = draw(shown, max_edges=40)
    assert time.process_time() - begun < 5
    assert "Left out" not in picture
    assert [edge.count for edge in shown.starts] == [13_087]
    assert shown.main_path[:3] == ("A_SUBMITTED", "A_PARTLYSUBMITTED", "A_PREACCEPTED")
    assert all(f">{node.steps:,}" in picture for node in shown.nodes)


@pytest.mark.parametrize("name", LOGS)
def test_each_step_of_a_real_log_has_its_place_on_the_whole_map(name: str) -> None:
    steps = measured(shared_data("eventlogs", name))
    whole = process_map(steps, paths_share=1)
    assert sum(edge.count for edge in (*whole.starts, *whole.edges)) == steps.height
    assert sum(edge.count for edge in whole.ends) == steps["case"].n_unique()
    assert sum(edge.count for edge in whole.edges) == causal_edges(steps)["count"].sum()


@pytest.mark.parametrize("name", LOGS)
def test_the_predecessor_named_by_each_step_is_found_again(name: str) -> None:
    steps = _project.in_order(measured(shared_data("eventlogs", name)))
    found = _project._predecessors(steps)
    assert ((found >= 0) == steps["follows"].is_not_null().to_numpy()).all()


@pytest.mark.parametrize("name", LOGS[:2])
def test_leaving_out_half_of_the_activities_of_a_real_log_keeps_every_remaining_step(name: str) -> None:
    half = process_map(measured(shared_data("eventlogs", name)), activities_share=0.5, paths_share=1)
    arriving = sum(edge.count for edge in (*half.starts, *half.edges))
    assert arriving == sum(node.steps for node in half.nodes)
