"""Costs, fitness and precision that another implementation finds, too.

By pm4py 2.7.23.11 on the same logs and on the BPMN files of the same processes (`conformance_diagnostics_alignments`,
`fitness_alignments`, `precision_alignments`), as `bench/conformance.py` does it. Its precision is the same where all
cases fit; elsewhere it aligns prefixes of cases, not whole cases.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.process.bpmn import ProcessModel
from backdesk.evidence.process.conformance import Conformance, conform, quality
from tests.evidence.process.conformance.processes import COMPENSATION, RECEIPT
from tests.shared import shared_data


def compared(log: str, model: ProcessModel) -> Conformance:
    """By the order in which steps ended, as the other goes by events."""
    path = shared_data("eventlogs", "logs", log)
    read = eventlog.read(path, now=datetime(2026, 11, 22, tzinfo=UTC))
    return conform(eventlog.to_steps(read).steps, model=model, order=("ended_at", "line"))


def test_running_example_fits_the_process_of_its_book() -> None:
    found = quality(compared("running-example.xes", COMPENSATION))
    assert found.fitness == 1
    assert found.precision == pytest.approx(0.5350877192982456)


def test_the_receipt_phase_departs_as_often_as_is_known() -> None:
    found = compared("08_receipt.xes.gz", RECEIPT)
    costs = {
        0: 725,
        1: 16,
        2: 163,
        3: 277,
        4: 178,
        5: 15,
        6: 20,
        7: 16,
        8: 8,
        9: 7,
        10: 1,
        11: 2,
        12: 3,
        13: 1,
        18: 2,
    }
    assert Counter(found.cases["cost"]) == costs
    assert found.cases["fitness"].mean() == pytest.approx(0.8352572406629631)
    assert found.fitness == pytest.approx(
        0.84530, abs=5e-5
    )  # the other's costs of silent moves take a little off
    assert found.unsettled_cases == 0
