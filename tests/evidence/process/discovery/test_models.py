"""Trees as BPMN processes: they allow the same, make sense, and are read by other tools."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given
from SpiffWorkflow.bpmn.parser import BpmnParser  # type: ignore[import-untyped]

from backdesk.evidence.process.bpmn import ProcessModel, draw_process, problems, read_bpmn, write_bpmn
from backdesk.evidence.process.discovery import ProcessTree, Replay, as_model, parse
from backdesk.evidence.process.discovery.language import after_label
from backdesk.evidence.process.discovery.models import NothingToDo, first_activities, worked
from tests.evidence.process.discovery.made import any_trees, few, words_of


@few
@given(any_trees())
def test_the_process_of_any_tree_makes_sense_and_is_read_back(tree: ProcessTree) -> None:
    assume(next(tree.activities(), None))
    model = as_model(tree)
    assert problems(model) == ()
    assert read_bpmn(write_bpmn(model, diagram=False)) == model


@few
@given(any_trees(labels="abc"))
def test_a_tree_whose_rounds_all_do_something_allows_the_same(tree: ProcessTree) -> None:
    assert words_of(worked(tree), 4) == words_of(tree, 4)


@few
@given(any_trees(labels="abc"))
def test_a_tree_begins_with_what_something_can_be_left_after(tree: ProcessTree) -> None:
    assert set(first_activities(tree)) == {label for label in "abc" if after_label(tree, label)}


@few
@given(any_trees(labels="ab"))
def test_the_process_allows_what_the_tree_allows(tree: ProcessTree) -> None:
    assume(next(tree.activities(), None))
    model, replay = as_model(tree), Replay(tree)
    for length in range(4):
        for word in product("ab", repeat=length):
            assert runs(model, word) == replay.allows(word)


def runs(model: ProcessModel, word: tuple[str, ...]) -> bool:
    """Play a process by hand: sets of markings, each gateway passed every way it can be."""
    begin = model.leaving(model.of_kind("start")[0].id)[0].id
    now = _settled(model, {frozenset((begin,))})
    for label in word:
        now = _settled(model, {after for marking in now for after in _done(model, marking, label)})
    end = {flow.id for node in model.of_kind("end") for flow in model.entering(node.id)}
    return any(marking <= end for marking in now)


def _settled(model: ProcessModel, markings: set[frozenset[str]]) -> set[frozenset[str]]:
    found, ahead = set(markings), list(markings)
    while ahead:
        marking = ahead.pop()
        for after in _passed(model, marking):
            if after not in found:
                found.add(after)
                ahead.append(after)
    return found


def _passed(model: ProcessModel, marking: frozenset[str]) -> list[frozenset[str]]:
    found = []
    for gateway in model.of_kind("exclusive", "parallel"):
        into = {flow.id for flow in model.entering(gateway.id)}
        out = {flow.id for flow in model.leaving(gateway.id)}
        if gateway.kind == "parallel" and into <= marking:
            found.append(marking - into | out)
        if gateway.kind == "exclusive":
            found += [marking - {one} | {other} for one in into & marking for other in out]
    return found


def _done(model: ProcessModel, marking: frozenset[str], label: str) -> list[frozenset[str]]:
    return [
        marking - {into.id} | {model.leaving(task.id)[0].id}
        for task in model.of_kind("user")
        for into in model.entering(task.id)
        if task.name == label and into.id in marking
    ]


def test_decisions_ask_for_what_they_lead_to_and_by_default_do_nothing() -> None:
    model = as_model(parse("->( 'a', X( 'b', ->( 'c', 'd' ), tau ) )"))
    asked = {flow.condition for flow in model.flows.values()} - {None}
    assert asked == {'output.next in ["b"]', 'output.next in ["c"]'}
    split = next(node for node in model.of_kind("exclusive") if node.default)
    assert model.flows[split.default or ""].target == model.of_kind("exclusive")[-1].id


def test_what_may_be_repeated_or_skipped_takes_two_gateways() -> None:
    model = as_model(parse("->( 'a', X( *( 'b', tau ), tau ) )"))
    assert len(model.of_kind("exclusive")) == 2


def test_a_process_is_drawn_with_its_activities() -> None:
    picture = draw_process(as_model(parse("->( 'Enter', +( 'Check', 'Pay' ) )"), name="Payments"))
    assert all(f">{name}<" in picture for name in ("Enter", "Check", "Pay"))


def test_another_tool_opens_the_file(tmp_path: Path) -> None:
    tree = parse("->( 'Enter', X( *( 'Check', 'Ask' ), tau ), +( 'Pay', 'File' ) )")
    (tmp_path / "found.bpmn").write_bytes(write_bpmn(as_model(tree, id_="Found", name="Found")))
    parser = BpmnParser()
    parser.add_bpmn_file(str(tmp_path / "found.bpmn"))
    names = {task.bpmn_name for task in parser.get_spec("Found").task_specs.values()}
    assert {"Enter", "Check", "Ask", "Pay", "File"} <= names


def test_of_nothing_there_is_no_process() -> None:
    with pytest.raises(NothingToDo, match="no activity"):
        as_model(parse("X( tau, tau )"))
