"""Fitness, precision and size of a process, worked out by hand."""

from __future__ import annotations

import pytest

from backdesk.evidence.process.conformance import Quality, conform, precision, quality
from tests.evidence.process.bpmn.made import Choice, Loop, Run, Task, built
from tests.evidence.process.conformance.processes import IN_ORDER, INVOICES, steps

RIGHT = ["Receive", "Check", "Approve", "Pay", "Archive"]
FLOWER = built(Loop("l", Choice("a", Task("A"), Choice("b", Task("B"), Task("C")))))


def test_a_process_that_allows_just_what_happened_is_as_good_as_can_be() -> None:
    found = quality(conform(steps({"a": RIGHT}), model=IN_ORDER))
    assert (found.fitness, found.precision, found.f1) == (1, 1, 1)
    assert (found.tasks, found.gateways) == (5, 4)


def test_each_way_that_nobody_went_takes_from_precision() -> None:
    """Allowed are 1, 2 (Check or Approve), 1, 2 (Remind or Pay), 1 ways on; each case went one of them."""
    assert quality(conform(steps({"a": RIGHT}), model=INVOICES)).precision == 5 / 7


def test_a_way_that_some_case_went_counts_for_all_that_stood_there() -> None:
    other = ["Receive", "Approve", "Check", "Pay", "Archive"]
    found = quality(conform(steps({"a": RIGHT, "b": other}), model=INVOICES))
    assert found.precision == (2 * 1 + 2 * 2 + 2 * (1 + 1 + 1)) / (2 * 1 + 2 * 2 + 2 * (1 + 2 + 1))


def test_a_process_that_allows_everything_says_little() -> None:
    found = quality(conform(steps({"a": ["A", "B", "C"], "b": ["A", "B", "C"]}), model=FLOWER))
    assert (found.fitness, found.precision) == (1, 1 / 3)
    assert found.f1 == pytest.approx(0.5)


def test_cases_that_depart_are_followed_along_the_run_they_come_closest_to() -> None:
    assert quality(conform(steps({"a": [*RIGHT[:2], "Call", *RIGHT[2:]]}), model=INVOICES)).precision == 5 / 7


@pytest.mark.parametrize("case", [[*RIGHT[:2], "Call", *RIGHT[2:]], [*RIGHT[:2], *RIGHT[3:]]])
def test_what_a_case_does_beside_the_process_tells_nothing_of_what_the_process_allows(
    case: list[str],
) -> None:
    """pm4py 2.7.23.11 finds less than 1: no ways on from a sequence in the log are those the process has there."""
    assert quality(conform(steps({"a": case}), model=IN_ORDER)).precision == 1


def test_a_round_that_may_follow_the_last_step_is_not_counted() -> None:
    """As by pm4py; the source has no sign for stopping, so a case could but go on, or count as imprecise."""
    again = built(Run((Task("A"), Loop("l", Task("B")))))
    assert quality(conform(steps({"a": ["A", "B"]}), model=again)).precision == 1


@pytest.mark.usefixtures("searched")
def test_where_nothing_is_settled_nothing_is_said() -> None:
    found = conform(steps({"a": RIGHT}), model=built(Run((Task("A"), Task("B")))), limit=0)
    assert precision(found) is None
    assert Quality(fitness=None, precision=None, tasks=1, gateways=0, flows=2).f1 is None
