from collections import Counter
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given

from backdesk.evidence.process.flows import (
    STEP_ORDER,
    causal_edges,
    directly_follows,
    end_activities,
    start_activities,
)
from tests.evidence.process.logs import case_lists, measured, patient


def counts(edges: pl.DataFrame) -> dict[tuple[str, str], int]:
    return {(row["source"], row["target"]): row["count"] for row in edges.to_dicts()}


@patient
@given(case_lists())
def test_directly_follows_agrees_with_counting_pairs_by_hand(cases: dict[str, list[str]]) -> None:
    naive = Counter(pair for activities in cases.values() for pair in pairwise(activities))
    found = directly_follows(measured(cases).sample(fraction=1, shuffle=True, seed=7), order=STEP_ORDER)
    assert counts(found) == naive


@patient
@given(case_lists())
def test_every_event_but_the_first_of_its_case_follows_another(cases: dict[str, list[str]]) -> None:
    steps = measured(cases)
    assert directly_follows(steps, order=STEP_ORDER)["count"].sum() == steps.height - len(cases)


@patient
@given(case_lists())
def test_every_step_either_starts_or_follows(cases: dict[str, list[str]]) -> None:
    steps = measured(cases)
    starting = steps["follows"].null_count()
    assert causal_edges(steps)["count"].sum() + starting == steps.height


@patient
@given(case_lists())
def test_every_case_starts_once_and_ends_once(cases: dict[str, list[str]]) -> None:
    steps = measured(cases)
    assert dict(start_activities(steps).rows()) == Counter(activities[0] for activities in cases.values())
    assert dict(end_activities(steps).rows()) == Counter(activities[-1] for activities in cases.values())


def test_the_gap_between_steps_is_from_end_to_start() -> None:
    edges = directly_follows(measured({"a": ["Receive", "Check"]}), order=STEP_ORDER)
    assert edges.row(0, named=True) == {
        "source": "Receive",
        "target": "Check",
        "count": 1,
        "cases": 1,
        "median_seconds": 600.0,
        "mean_seconds": 600.0,
        "p90_seconds": 600.0,
    }


def test_overlapping_steps_have_a_negative_gap() -> None:
    steps = measured({"a": ["Receive", "Check"]}).with_columns(
        ended_at=pl.col("ended_at") + pl.duration(minutes=30)
    )
    assert directly_follows(steps, order=STEP_ORDER)["median_seconds"].to_list() == [-1200.0]


def test_cases_are_counted_once_however_often_they_repeat_a_pair() -> None:
    edges = causal_edges(measured({"a": ["Check", "Check", "Check"], "b": ["Check", "Check"]}))
    assert edges.select("count", "cases").rows() == [(3, 2)]


@pytest.mark.parametrize(("clock", "seconds"), [("elapsed", 600.0), ("working", 300.0)])
def test_waiting_is_told_in_the_clock_asked_for(clock: str, seconds: float) -> None:
    edges = causal_edges(measured({"a": ["Receive", "Check"]}), waiting=clock)  # type: ignore[arg-type]
    assert edges["median_seconds"].to_list() == [seconds]


def test_the_order_of_events_at_one_instant_is_that_of_the_file() -> None:
    at = pl.Series("at", [0, 0, 0]).cast(pl.Datetime("us", "UTC"))
    events = pl.DataFrame({"line": [3, 1, 2], "case": ["a"] * 3, "activity": list("XYZ"), "at": at})
    assert set(counts(directly_follows(events))) == {("Y", "Z"), ("Z", "X")}


def test_a_log_without_pairs_gives_an_empty_table() -> None:
    steps = measured({"a": ["Receive"]})
    assert directly_follows(steps, order=STEP_ORDER).is_empty()
    assert causal_edges(steps).schema == directly_follows(steps, order=STEP_ORDER).schema


def test_there_may_be_more_activities_than_their_pairs_have_room_for_in_a_small_number() -> None:
    names = [f"{number:05}" for number in range(2**16 + 1)]
    frame = pl.DataFrame({"case": "1", "line": range(len(names)), "activity": names}).with_columns(
        at=pl.lit(0).cast(pl.Datetime("us", "UTC"))
    )
    found = directly_follows(frame)
    assert found["source"].to_list() == names[:-1]
    assert found["target"].to_list() == names[1:]
