"""Who hands to whom, against a twin that walks from step to step."""

from __future__ import annotations

from statistics import fmean, median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import CATALOGUE, handovers, measure_steps
from tests.evidence.measures import naive
from tests.evidence.measures.logs import OFFICE, logs, made


@settings(deadline=None, max_examples=50)
@given(logs(), st.sampled_from(["resource", "party"]))
def test_handovers_as_walked_through(log: StepLog, between: str) -> None:
    found = handovers(measure_steps(log, calendar=OFFICE), between=between)
    assert {(row.pop("giver"), row.pop("taker")): row for row in found.to_dicts()} == _told(log, between)


def test_what_goes_there_and_straight_back_is_told() -> None:
    rows = [
        "1 Enter Ann 02-02 09:00 09:00 10:00",
        "1 Check Bob 02-02 10:00 10:00 11:00",
        "1 Bill Bob 02-02 11:00 11:00 11:30",
        "1 Enter Ann 02-02 11:30 11:30 12:00",
        "2 Enter Ann 02-03 09:00 09:00 10:00",
        "2 Check Bob 02-03 10:00 10:00 11:00",
        "2 Bill Cy 02-03 11:00 11:00 11:30",
        "2 Enter Ann 02-03 11:30 11:30 12:00",
    ]
    table = handovers(measure_steps(made(rows), calendar=OFFICE))
    told = {
        (giver, taker): (count, back)
        for giver, taker, count, back in table.select("giver", "taker", "handovers", "returned").iter_rows()
    }
    # Bob had two steps of the first case in hand, and Ann had it next; the second went on to Cy, and came back by him.
    assert told == {
        ("Ann", "Bob"): (2, 1),
        ("Bob", "Ann"): (1, 0),
        ("Bob", "Cy"): (1, 0),
        ("Cy", "Ann"): (1, 0),
    }


def test_figures_of_handovers_are_in_the_catalogue() -> None:
    table = handovers(measure_steps(made([]), calendar=OFFICE))
    assert table.height == 0
    assert set(table.columns) - {"giver", "taker"} <= set(CATALOGUE)


def _told(log: StepLog, between: str) -> dict[tuple[str, str], dict[str, Any]]:
    rows = naive.measured(log.steps, OFFICE)
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        row["giver"] = giver = None if row["cause"] is None else rows[row["cause"]][between]
        if giver is not None and row[between] not in (None, giver):
            found.setdefault((giver, row[between]), []).append(row)
    back = {id(_opening(rows, row, between)) for row in rows if _comes_back(rows, row, between)}
    return {
        pair: {
            "handovers": len(steps),
            "cases": len({step["case"] for step in steps}),
            "handover_hours_median": median(w) / 3600
            if (w := naive.known(steps, "waiting_working_s"))
            else None,
            "crossing_share": naive.mean_known(steps, "is_crossing"),
            "returned": sum(id(step) in back for step in steps),
            "returned_share": pytest.approx(fmean(id(step) in back for step in steps)),
        }
        for pair, steps in found.items()
    }


def _opening(rows: list[dict[str, Any]], row: dict[str, Any], between: str) -> dict[str, Any]:
    """Walk back from what caused a step to the step with which those hands took the work over."""
    step: dict[str, Any] = rows[row["cause"]]
    while step["cause"] is not None and rows[step["cause"]][between] == step[between]:
        step = rows[step["cause"]]
    return step


def _comes_back(rows: list[dict[str, Any]], row: dict[str, Any], between: str) -> bool:
    if row["giver"] is None or row[between] in (None, row["giver"]):
        return False
    return bool(_opening(rows, row, between)["giver"] == row[between])
