"""A task that repeats is read as the task between gateways, and moves work accordingly."""

from __future__ import annotations

from itertools import product

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.process.bpmn import (
    BrokenProcess,
    Flow,
    ProcessModel,
    Token,
    advance,
    begin,
    problems,
    read_bpmn,
    write_bpmn,
)
from backdesk.evidence.process.bpmn.example import INVOICE
from backdesk.evidence.process.conformance import conform, quality
from tests.shared import shared_data

CHECK = b'backdesk:kind="review" backdesk:of="Key"/>'


def read(loop: str) -> ProcessModel:
    """The example, of which the check repeats."""
    assert INVOICE.count(CHECK) == 1
    return read_bpmn(INVOICE.replace(CHECK, CHECK.replace(b"/>", b">") + loop.encode() + b"</userTask>"))


def looping(condition: str, **says: str) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in says.items())
    inner = f"<loopCondition>{condition}</loopCondition>"
    return f"<standardLoopCharacteristics{attributes}>{inner}</standardLoopCharacteristics>"


def checks_done(model: ProcessModel, *, wanted: int) -> int:
    """Play the process through, the condition to check again holding as often as wanted; count the checks."""
    asked = 0

    def decide(flow: Flow) -> bool:
        nonlocal asked
        asked += flow.condition == "output.more"
        return flow.condition == "output.more" and asked <= wanted

    done: list[str] = []
    moved = begin(model, decide=decide)
    while not moved.ended:
        (at,) = moved.produced
        done.append(at.node)
        moved = advance(model, tokens=[Token(id=1, node=at.node)], completed=1, decide=decide)
    return done.count("Check")


@pytest.mark.parametrize(("before", "wanted"), list(product(("true", "false"), range(4))))
def test_a_task_is_done_again_as_long_as_its_condition_holds(before: str, wanted: int) -> None:
    model = read(looping("output.more", testBefore=before))
    assert problems(model) == ()
    assert checks_done(model, wanted=wanted) == (wanted if before == "true" else wanted + 1)


@pytest.mark.parametrize("before", ["true", "false"])
def test_what_is_drawn_out_is_written_and_read_back_the_same(before: str) -> None:
    model = read(looping("output.more", testBefore=before))
    assert read_bpmn(write_bpmn(model)) == model
    assert {node.lane for node in model.of_kind("exclusive")} == {"Agents"}


def test_without_a_loop_nothing_is_drawn_out() -> None:
    assert read("") == read_bpmn(INVOICE)


def test_without_a_condition_the_process_can_be_compared_but_does_not_run() -> None:
    model = read('<standardLoopCharacteristics testBefore="false"/>')
    assert [one.element for one in problems(model)] == ["Checked", "Check_again", "Check_done"]


@pytest.mark.parametrize(
    ("loop", "says"),
    [
        (looping("output.more", loopMaximum="3"), "Check: loopMaximum is not in the subset; count in the loopCond"),
        (looping(""), "line .*, Check: The condition is empty; write CEL"),
        ("<standardLoopCharacteristics><odd/></standardLoopCharacteristics>", "“odd” is not in the subset"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_of_a_loop_is_said(loop: str, says: str) -> None:
    with pytest.raises(BrokenProcess, match=says):
        read(loop)


@pytest.mark.parametrize("name", ["LoanOrigination-SC-LU", "insurance", "production", "purchasing_example"])
def test_models_of_other_tools_are_read(name: str) -> None:
    model = read_bpmn(shared_data("eventlogs", "optimos", name, f"{name}.bpmn").read_bytes())
    assert any(flow.id.endswith("_again") for flow in model.flows.values())
    assert read_bpmn(write_bpmn(model)) == model


def test_what_is_done_several_times_in_a_row_fits_a_model_of_another_tool() -> None:
    folder = ("eventlogs", "optimos", "purchasing_example")
    model = read_bpmn(shared_data(*folder, "purchasing_example.bpmn").read_bytes())
    steps = eventlog.to_steps(eventlog.read(shared_data(*folder, "purchasing_example.csv.gz"))).steps
    assert quality(conform(steps, model=model)).fitness == pytest.approx(0.844, abs=5e-4)
