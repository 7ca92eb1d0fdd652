from itertools import combinations, pairwise

from hypothesis import given, settings

from backdesk.evidence.process.bpmn import ProcessModel, read_bpmn
from backdesk.evidence.process.bpmn.example import INVOICE
from backdesk.evidence.process.bpmn.placing import Placed, Point, Rectangle, place
from tests.evidence.process.bpmn.drawn import drawn
from tests.evidence.process.bpmn.made import of_anything, of_blocks

patient = settings(deadline=None, max_examples=25)


@patient
@given(of_anything())
def test_no_two_nodes_lie_on_each_other(model: ProcessModel) -> None:
    placed = place(model)
    standing = [placed.nodes[node.id] for node in model.nodes.values() if node.attached_to is None]
    assert not any(overlap(one, other) for one, other in combinations(standing, 2))


@patient
@given(of_anything())
def test_flows_run_at_right_angles_from_node_to_node_within_the_picture(model: ProcessModel) -> None:
    placed = place(model)
    for flow in model.flows.values():
        corners = placed.flows[flow.id].corners
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners))
        assert touches(corners[0], placed.nodes[flow.source])
        assert touches(corners[-1], placed.nodes[flow.target])
        assert all(-1 <= x <= placed.width + 1 and -1 <= y <= placed.height + 1 for x, y in corners)


@patient
@given(of_blocks)
def test_no_flow_runs_through_a_node(model: ProcessModel) -> None:
    assert not list(runs_through(model, place(model)))


@patient
@given(of_anything())
def test_no_flow_runs_through_a_node_of_any_process(model: ProcessModel) -> None:
    assert not list(runs_through(model, place(model)))


@patient
@given(of_anything())
def test_a_node_lies_in_its_lane_and_lanes_fill_the_pool(model: ProcessModel) -> None:
    placed = place(model)
    for node in model.nodes.values():
        if node.lane and not node.attached_to:
            left, top, width, height = placed.lanes[node.lane]
            x, y, wide, high = placed.nodes[node.id]
            assert left <= x
            assert x + wide <= left + width
            assert top <= y
            assert y + high <= top + height
    if placed.pool:
        assert placed.pool[3] == sum(lane[3] for lane in placed.lanes.values())


def test_work_runs_from_left_to_right_along_the_usual_way() -> None:
    nodes = place(read_bpmn(INVOICE)).nodes
    usual = [nodes[id_] for id_ in ("Received", "Key", "Clear", "Check", "Good", "Done")]
    assert [x for x, *_ in usual] == sorted(x for x, *_ in usual)
    assert len({y + height / 2 for _, y, _, height in usual}) == 1


def test_a_loop_runs_back_beneath_what_it_repeats() -> None:
    way = place(drawn("begin > do > ?good", "?good =*> done", "?good > do")).flows["good_do"].corners
    assert max(y for _, y in way) > way[0][1]
    assert way[-1][0] < way[0][0]


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def touches(point: Point, bounds: Rectangle) -> bool:
    left, top, width, height = bounds
    return left - 0.1 <= point[0] <= left + width + 0.1 and top - 0.1 <= point[1] <= top + height + 0.1


def runs_through(model: ProcessModel, placed: Placed) -> list[tuple[str, str]]:
    """Pairs of a flow and a node it runs through, its own ends and the timers on their borders apart."""
    found = []
    for flow in model.flows.values():
        own = {flow.source, flow.target, model.nodes[flow.source].attached_to}
        for node in model.nodes.values():
            if node.id in own or node.attached_to in own:
                continue
            left, top, width, height = placed.nodes[node.id]
            inside = (left + 1, top + 1, width - 2, height - 2)
            if any(overlap(stretch(a, b), inside) for a, b in pairwise(placed.flows[flow.id].corners)):
                found.append((flow.id, node.id))
    return found


def stretch(a: Point, b: Point) -> Rectangle:
    return min(a[0], b[0]) - 0.2, min(a[1], b[1]) - 0.2, abs(a[0] - b[0]) + 0.4, abs(a[1] - b[1]) + 0.4
