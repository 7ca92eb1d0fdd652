from datetime import timedelta

import pytest
from hypothesis import given, settings

from backdesk.evidence.process.bpmn import Flow, Lane, Node, ProcessModel, problems, read_bpmn
from backdesk.evidence.process.bpmn.example import INVOICE
from tests.evidence.process.bpmn.drawn import drawn
from tests.evidence.process.bpmn.made import of_anything, of_blocks


def test_the_example_has_no_problems() -> None:
    assert problems(read_bpmn(INVOICE)) == ()


@settings(deadline=None, max_examples=30)
@given(of_blocks)
def test_a_process_of_whole_blocks_has_none(model: ProcessModel) -> None:
    assert problems(model) == ()


@settings(deadline=None, max_examples=60)
@given(of_anything())
def test_any_process_can_be_checked_and_what_is_said_names_its_parts(model: ProcessModel) -> None:
    parts = {None, *model.nodes, *model.flows, *model.lanes}
    assert {problem.element for problem in problems(model)} <= parts


@pytest.mark.parametrize(
    ("ways", "element", "says"),
    [
        (["do > done"], None, "There is no start event"),
        (["begin > do"], None, "There is no end event"),
        (["begin > done"], None, "There is no task"),
        (["begin > do > done", "alone > done"], "alone", "No flow leads to the user task “alone”"),
        (["begin > do > done", "round > other > round"], "round", "cannot be reached from the start"),
        (["begin > do > done", "do > halt"], "do", "2 flows lead out of the user task “do”"),
        (["begin > ?w", "?w > halt", "?w =*> do > done"], "halt", "leads nowhere; lead it to an end event"),
        (["begin > ?w", "?w > a > b > a", "?w =*> do > done"], "a", "no way leads to an end"),
        (["begin > do > done > do"], "done", "nothing comes after an end"),
        (["begin > do > begin", "do > done"], "begin", "A flow leads into the start"),
        (["begin > ?w", "?w > a > done", "?w > b > done"], "w", "has no default flow"),
        (["begin > a > ?w", "?w > ?v", "?v > ?w", "?v =*> done", "?w =*> b > done"], "v", "gateways alone lead back"),
        (["begin > ?w", "?w > a > +j", "?w =*> b > +j", "+j > done"], "j", "work would get stuck"),
        (["begin > ?w", "?w > a > +j", "?w > b > +j", "+j > done"], "j", "work would get stuck"),
        (["begin > +f", "+f > a > +j", "+f > b > ?w", "?w > +j", "?w =*> done", "+j > done"], "j", "get stuck"),
        (["begin > +f", "+f > a > +j", "+f > b > +j", "+j > ?w", "?w > a", "?w =*> c > done"], "j", "get stuck"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_shape_is_said_of_its_element(
    ways: list[str], element: str | None, says: str
) -> None:
    assert [
        problem for problem in problems(drawn(*ways)) if problem.element == element and says in problem.says
    ]


def test_a_second_start_is_one_too_many() -> None:
    model = read_bpmn(INVOICE.replace(b"<startEvent", b'<startEvent id="Too"/><startEvent', 1))
    assert any(
        problem.element == "Received" and "second start" in problem.says for problem in problems(model)
    )


def test_a_fork_whose_ways_end_apart_is_right() -> None:
    assert problems(drawn("begin > +f", "+f > a > done", "+f > b > done2")) == ()


def test_a_join_that_meets_within_one_move_is_right() -> None:
    assert problems(drawn("begin > do > +f", "+f > +j", "+f > a > +j", "+j > b > done")) == ()


def test_a_loop_round_a_fork_is_endless_only_where_each_way_of_the_fork_may_be_empty() -> None:
    fork = (
        "begin > ?m > +f",
        "+f > ?v",
        "?v > b > ?x",
        "?v =*> ?x > +j",
        "+j > ?w",
        "?w > ?m",
        "?w =*> done",
    )
    one_works = problems(drawn(*fork, "+f > a > +j"))
    none_need = problems(drawn(*fork, "+f > ?u", "?u > a > ?y", "?u =*> ?y > +j"))
    assert one_works == ()
    assert {problem.element for problem in none_need if "gateways alone" in problem.says} >= {"f", "j", "w"}


def test_conditions_belong_to_exclusive_gateways() -> None:
    assert "Only flows out of an exclusive gateway" in said(flow_out_of("user", condition="true"))
    assert "needs a condition" in said(drawn_choice(default=None, conditions=(None, "x")))
    assert "leave out its condition" in said(drawn_choice(default="f0", conditions=("x", "y")))


def test_a_default_flow_is_one_of_the_gateways_own() -> None:
    nodes = [
        node
        for node in drawn_choice(default=None, conditions=("x", "y")).nodes.values()
        if node.id != "which"
    ]
    flows = drawn_choice(default=None, conditions=("x", "y")).flows.values()
    odd = ProcessModel.of("p", "", [*nodes, Node(id="which", kind="exclusive", default="into")], [*flows])
    assert "leads out of another element" in said(odd)


def test_timers_that_do_not_interrupt_are_played_once() -> None:
    late = Node(id="late", kind="timer", lasts=timedelta(hours=1), attached_to="do", interrupting=False)
    nodes = [*drawn("begin > do > done", "chase > done").nodes.values(), late]
    flows = [
        *drawn("begin > do > done", "chase > done").flows.values(),
        Flow(id="l", source="late", target="chase"),
    ]
    assert problems(ProcessModel.of("p", "", nodes, flows)) == ()


def test_a_process_with_more_situations_than_are_played_is_not_called_wrong() -> None:
    ways = [f"+f > {name} > +j" for name in "abcdeghiklmnopq"]
    assert problems(drawn("begin > +f", *ways, "+j > z > done")) == ()


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ({"kind": "think"}, "backdesk:kind is do, key, review, client, not “think”"),
        ({"skil": "x"}, "has no backdesk:skil; it has kind, of"),
        ({"kind": "review"}, "says in backdesk:of the id of the user task"),
        ({"kind": "review", "of": "do"}, "says in backdesk:of"),
        ({"kind": "review", "of": "begin"}, "says in backdesk:of"),
        ({"of": "other"}, "Only a review says what it is of"),
        ({"minutes": "soon"}, "backdesk:minutes is the standard time"),
        ({"minutes": "0"}, "backdesk:minutes is the standard time"),
        ({"minutes": "NaN"}, "backdesk:minutes is the standard time"),
    ],
)
def test_attributes_of_tasks_are_checked(attributes: dict[str, str], says: str) -> None:
    found = problems(with_task(Node(id="do", kind="user", name="Do", attributes=attributes)))
    assert [problem.element for problem in found if says in problem.says] == ["do"]


def test_people_need_names_and_lanes() -> None:
    lanes = [Lane(id="us", name="", party="provider")]
    model = with_task(Node(id="do", kind="user", name=" "), lanes=lanes)
    assert {(problem.element, problem.says.split(":")[0]) for problem in problems(model)} >= {
        ("us", "The lane has no name."),
        ("do", "The user task has no name; people read it in their list of work."),
        ("do", "The user task lies in no lane"),
    }


def said(model: ProcessModel) -> str:
    return " ".join(problem.says for problem in problems(model))


def flow_out_of(task: str, *, condition: str) -> ProcessModel:
    nodes = drawn("begin > user > done").nodes.values()
    flows = [
        Flow(id="a", source="begin", target="user"),
        Flow(id="b", source=task, target="done", condition=condition),
    ]
    return ProcessModel.of("p", "", [*nodes], flows)


def drawn_choice(*, default: str | None, conditions: tuple[str | None, str | None]) -> ProcessModel:
    base = drawn("begin > ?which > a > done", "b > done")
    nodes = [node for node in base.nodes.values() if node.id != "which"]
    flows = [Flow(id="into", source="begin", target="which")]
    flows += [
        Flow(id=f"f{n}", source="which", target="ab"[n], condition=text) for n, text in enumerate(conditions)
    ]
    flows += [Flow(id=f"g{n}", source=n, target="done") for n in "ab"]
    return ProcessModel.of("p", "", [*nodes, Node(id="which", kind="exclusive", default=default)], flows)


def with_task(task: Node, lanes: list[Lane] | None = None) -> ProcessModel:
    base = drawn("begin > do > ?on > other > done")
    nodes = [task if node.id == "do" else node for node in base.nodes.values()]
    return ProcessModel.of("p", "", nodes, [*base.flows.values()], lanes or [])
