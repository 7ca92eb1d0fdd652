"""A whole log against a process: fitness, sums, limits, and what was decided on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backdesk.evidence.process.bpmn import Flow, Node, ProcessModel, problems, read_bpmn
from backdesk.evidence.process.conformance import Aligner, Conformance, NeverEnds, NothingToCompare, conform
from tests.evidence.process.bpmn.made import Fork, Run, Task, built
from tests.evidence.process.conformance.processes import IN_ORDER, INVOICES, steps
from tests.shared import shared_data

RIGHT = ["Receive", "Check", "Approve", "Pay", "Archive"]
LOG = {
    "a": RIGHT,
    "b": RIGHT,
    "c": ["Receive", "Check", "Pay", "Archive"],
    "d": ["Receive", "Check", "Check", "Approve", "Pay"],
}


@pytest.fixture(scope="module")
def compared() -> Conformance:
    return conform(steps(LOG), model=IN_ORDER)


def test_each_way_is_aligned_once_that_of_most_cases_first(compared: Conformance) -> None:
    assert compared.variants[0].activities == tuple(RIGHT)
    assert compared.cases_of_variant == (2, 1, 1)
    assert compared.cases["case"].to_list() == ["a", "b", "c", "d"]
    assert compared.cases["cost"].to_list() == [0, 0, 1, 2]


def test_fitness_is_one_less_what_it_costs_over_the_most_it_could(compared: Conformance) -> None:
    most = [10, 10, 9, 10]
    assert compared.cases["fitness"].to_list() == [1, 1, 1 - 1 / 9, 1 - 2 / 10]
    assert compared.fitness == 1 - 3 / sum(most)
    assert compared.fitness_bounds == (compared.fitness, compared.fitness)
    assert compared.fitting_cases == 2


def test_deviations_are_summed_by_kind_and_activity_with_their_cases(compared: Conformance) -> None:
    table = {(row["kind"], row["activity"]): row for row in compared.by_kind.to_dicts()}
    assert set(table) == {("skipped", "Approve"), ("repeated", "Check"), ("stopped", "Archive")}
    skipped = table["skipped", "Approve"]
    assert (skipped["cases"], skipped["share"], skipped["times"]) == (1, 0.25, 1)
    assert (skipped["cycle_s"], skipped["other_cycle_s"]) == (4 * 3600, 5 * 3600)
    assert compared.cases_with(kind="skipped", activity="Approve")["case"].to_list() == ["c"]
    assert compared.cases_with(kind="skipped", activity="Pay").is_empty()


def test_every_case_tells_its_own(compared: Conformance) -> None:
    assert [(case, one.kind) for case, one in compared.every_deviation()] == [
        ("c", "skipped"),
        ("d", "repeated"),
        ("d", "stopped"),
    ]
    assert compared.deviations_of("a") == ()
    with pytest.raises(KeyError):
        compared.deviations_of("nobody")


@pytest.mark.usefixtures("searched")
def test_beyond_the_limit_it_is_not_settled_and_says_so() -> None:
    found = conform(steps(LOG), model=IN_ORDER, limit=2)
    assert found.unsettled_cases == 4
    assert found.fitness is None
    low, high = found.fitness_bounds
    assert low == 0
    assert 1 - 3 / 39 <= high <= 1
    assert found.by_kind.is_empty()
    assert {one.pairs for one in found.variants} == {()}


@pytest.mark.usefixtures("searched")
def test_what_is_not_settled_costs_at_least_what_is_known_of_it() -> None:
    activities = ["Call", "Call", "Receive"]
    found = Aligner(IN_ORDER).align(activities, limit=1)
    assert (found.settled, found.fitness) == (False, None)
    assert 2 <= found.cost <= Aligner(IN_ORDER).align(activities).cost


@pytest.mark.usefixtures("searched")
def test_the_limit_of_all_leaves_the_rarest_ways() -> None:
    found = conform(steps(LOG), model=IN_ORDER, limit_of_all=7)
    assert found.cases.filter("settled")["case"].to_list() == ["a", "b"]
    low, high = found.fitness_bounds
    assert (found.fitness, found.unsettled_cases) == (1, 2)
    assert low < 1 - 3 / 39 <= high


def test_names_meet_whatever_their_spaces_and_capitals() -> None:
    assert Aligner(IN_ORDER).align([" receive", "CHECK", "Approve", "Pay", "Archive"]).cost == 0


def test_an_activity_may_be_called_otherwise_in_the_log() -> None:
    activities = ["Receive", "Look", "Approve", "Pay", "Archive"]
    assert Aligner(IN_ORDER).align(activities).cost == 2
    assert Aligner(IN_ORDER, named={"look": "Check"}).align(activities).cost == 0


def with_machine(model: ProcessModel, task: str) -> ProcessModel:
    nodes = [replace(node, kind="service") if node.id == task else node for node in model.nodes.values()]
    return ProcessModel.of(model.id, model.name, nodes, list(model.flows.values()))


def test_a_machine_the_log_never_names_is_taken_as_unrecorded() -> None:
    activities = [name for name in RIGHT if name != "Archive"]
    found = conform(steps({"a": activities}), model=with_machine(IN_ORDER, "Archive"))
    assert found.fitness == 1
    assert "Archive" in found.notes[-1]


def test_but_a_machine_the_log_names_anywhere_is_missed_where_it_is_not() -> None:
    found = conform(steps({"a": RIGHT, "b": RIGHT[:-1]}), model=with_machine(IN_ORDER, "Archive"))
    assert [one.kind for one in found.deviations_of("b")] == ["stopped"]
    assert len(found.notes) == 1


def test_two_tasks_of_one_name_are_either_of_them() -> None:
    twice = built(Run((Task("first"), Task("Check"), Task("last"))))
    nodes = [replace(node, name="Check") if node.kind == "user" else node for node in twice.nodes.values()]
    model = ProcessModel.of("twice", "Twice", nodes, list(twice.flows.values()))
    assert Aligner(model).align(["Check", "Check", "Check"]).cost == 0
    assert Aligner(model).align(["Check", "Check"]).cost == 1


def test_a_process_that_gets_stuck_is_refused() -> None:
    nodes = [
        Node(id="start", kind="start"),
        Node(id="either", kind="exclusive"),
        Node(id="a", kind="user", name="A"),
        Node(id="b", kind="user", name="B"),
        Node(id="both", kind="parallel"),
        Node(id="end", kind="end"),
    ]
    ways = [
        ("start", "either"),
        ("either", "a"),
        ("either", "b"),
        ("a", "both"),
        ("b", "both"),
        ("both", "end"),
    ]
    flows = [Flow(id=f"f{n}", source=source, target=target) for n, (source, target) in enumerate(ways)]
    with pytest.raises(NeverEnds, match='before "end" work waits for ever at a parallel gateway'):
        conform(steps({"a": ["A"]}), model=ProcessModel.of("stuck", "Stuck", nodes, flows))


def test_of_a_model_of_another_tool_it_is_said_at_which_joins_its_work_is_stuck() -> None:
    """It was made by a machine, whose forks come together in the wrong places."""
    model = read_bpmn(shared_data("eventlogs", "optimos", "production", "production.bpmn").read_bytes())
    with pytest.raises(NeverEnds) as refused:
        Aligner(model)
    assert str(refused.value).count('"') == 2 * 4
    stuck = [model.nodes[one.element].kind for one in problems(model) if one.element and "stuck" in one.says]
    assert stuck.count("parallel") == 4


def test_without_a_step_there_is_nothing_to_compare() -> None:
    with pytest.raises(NothingToCompare):
        conform(steps({"a": RIGHT}).clear(), model=INVOICES)


def test_many_branches_side_by_side_stay_few_situations() -> None:
    """Forks and choices passed at once would give 3 to the power of the branches; passed late, they do not."""
    names = [f"Task_{n}" for n in range(14)]
    forked = built(_forks(names))
    found = Aligner(forked).align(list(reversed(names)))
    assert (found.cost, found.settled) == (0, True)
    assert found.looked_into < 40


def _forks(names: list[str]) -> Task | Fork:
    if len(names) == 1:
        return Task(names[0])
    half = len(names) // 2
    return Fork(f"f{names[0][5:]}_{len(names)}", (_forks(names[:half]), _forks(names[half:])))


def test_it_tells_how_far_it_is_with_each_way_and_stops_where_it_is_told_to(compared: Conformance) -> None:
    told: list[tuple[float, str]] = []
    log, model = steps(LOG), compared.model
    found = conform(log, model=model, progress=lambda fraction, phase: told.append((fraction, phase)))
    ways = len(found.variants)
    assert ways > 1
    assert told == [(way / ways, "comparing") for way in range(ways)]

    class CalledOff(Exception):
        pass

    def call_off(fraction: float, phase: str) -> None:
        raise CalledOff

    with pytest.raises(CalledOff):
        conform(log, model=model, progress=call_off)
