"""What a person is told of a case that went otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import ProcessModel
from backdesk.evidence.process.conformance import Aligner, Deviation, deviations
from tests.evidence.process.bpmn.made import of_blocks
from tests.evidence.process.conformance.naive import cases
from tests.evidence.process.conformance.processes import IN_ORDER, INVOICES


def told(model: ProcessModel, *activities: str) -> list[str]:
    return [str(one) for one in found(model, *activities)]


def found(model: ProcessModel, *activities: str) -> tuple[Deviation, ...]:
    aligner = Aligner(model)
    alignment = aligner.align(activities)
    return deviations(alignment, tasks=[name for name in activities if aligner.label(name) is not None])


@pytest.mark.parametrize(
    ("activities", "sentences"),
    [
        (["Receive", "Check", "Approve", "Pay", "Archive"], []),
        (["Receive", "Check", "Pay", "Archive"], ["“Approve” was skipped after “Check”."]),
        (["Check", "Approve", "Pay", "Archive"], ["“Receive” was skipped at the beginning."]),
        (["Receive", "Check", "Approve", "Pay"], ["The case stopped before “Archive”."]),
        (["Receive", "Check"], ["The case stopped before “Approve”."]),
        (
            ["Receive", "Check", "Pay", "Approve", "Archive"],
            ["“Pay” was done before “Approve”, the process has it after."],
        ),
        (
            ["Pay", "Receive", "Check", "Approve", "Archive"],
            ["“Pay” was done before “Approve”, the process has it after."],
        ),
        (
            ["Check", "Approve", "Pay", "Receive", "Archive"],
            ["“Receive” was done after “Check”, the process has it before."],
        ),
        (
            ["Receive", "Check", "Check", "Approve", "Pay", "Archive"],
            ["“Check” was done 2 times, the process has it once here."],
        ),
        (
            ["Receive", "Check", "Telephone call", "Approve", "Pay", "Archive"],
            ["“Telephone call” is no task of the process."],
        ),
        (
            ["Check", "Telephone call"],
            [
                "“Receive” was skipped at the beginning.",
                "“Telephone call” is no task of the process.",
                "The case stopped before “Approve”.",
            ],
        ),
    ],
)
def test_says_where_a_case_departs(activities: list[str], sentences: list[str]) -> None:
    assert told(IN_ORDER, *activities) == sentences


def test_names_the_step_and_the_task() -> None:
    (skipped,) = found(IN_ORDER, "Receive", "Check", "Pay", "Archive")
    assert (skipped.kind, skipped.task, skipped.step) == ("skipped", "Approve", 1)


def test_side_by_side_either_order_is_right() -> None:
    assert told(INVOICES, "Receive", "Approve", "Check", "Pay", "Archive") == []
    assert told(INVOICES, "Receive", "Check", "Approve", "Remind", "Pay", "Archive") == []


def test_a_task_of_a_branch_that_was_not_taken_is_too_much_there() -> None:
    (extra,) = found(INVOICES, "Receive", "Check", "Approve", "Pay", "Archive", "Remind")
    assert str(extra) == "“Remind” was done after “Archive”, the process does not have it here."
    (extra,) = found(INVOICES, "Remind", "Receive", "Check", "Approve", "Pay", "Archive")
    assert str(extra) == "“Remind” was done at the beginning, the process does not have it here."


@settings(deadline=None, max_examples=30)
@given(model=of_blocks, data=st.data())
def test_there_is_something_to_say_where_and_only_where_it_costs(
    model: ProcessModel, data: st.DataObject
) -> None:
    activities = data.draw(cases(model))
    several = found(model, *activities)
    cost = Aligner(model).align(activities).cost
    assert bool(several) == bool(cost)
    assert len(several) <= cost
    assert {one.activity for one in several if one.kind == "unknown"} == {"Telephone call"} & set(activities)
    assert all(str(one).count("“") in (1, 2) for one in several)
