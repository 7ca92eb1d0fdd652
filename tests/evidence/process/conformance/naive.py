"""The cheapest alignment by brute force over the tokens that live work moves by, and processes with timers.

Nothing here knows of nets, prices or lazily passed gateways: every decision is played either way, at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from heapq import heappop, heappush

from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import Flow, Node, ProcessModel, Token, begin
from backdesk.evidence.process.bpmn import _exploring as playing
from tests.evidence.process.bpmn.made import of_blocks

Situation = tuple[playing._Standing, ...]
MOST_TOKENS = 6


def cheapest(model: ProcessModel, activities: Sequence[str]) -> int:
    """What the best alignment costs: Dijkstra over situations and places in the case."""
    starts = {
        playing._after((), move, model) for move in playing._every(lambda ask: begin(model, decide=ask))
    }
    ahead: list[tuple[int, int, Situation]] = [(0, 0, start) for start in starts]
    costs: dict[tuple[int, Situation], int] = {}
    while ahead:
        cost, place, situation = heappop(ahead)
        if costs.setdefault((place, situation), cost) < cost:
            continue
        if place == len(activities) and not situation:
            return cost
        if place < len(activities):
            _ahead(ahead, costs, (cost + 1, place + 1, situation))
        for name, after in moves(model, situation):
            _ahead(ahead, costs, (cost + (name is not None), place, after))
            if place < len(activities) and name == activities[place]:
                _ahead(ahead, costs, (cost, place + 1, after))
    raise AssertionError("no run comes to its end")


def _ahead(
    ahead: list[tuple[int, int, Situation]],
    costs: dict[tuple[int, Situation], int],
    state: tuple[int, int, Situation],
) -> None:
    cost, place, situation = state
    if len(situation) <= MOST_TOKENS and costs.get((place, situation), cost + 1) > cost:
        heappush(ahead, state)


def moves(model: ProcessModel, situation: Situation) -> Iterator[tuple[str | None, Situation]]:
    """What may happen next: a task by its name, or a timer."""
    tokens = [Token(id=n, node=at.node, via=at.via or None) for n, at in enumerate(situation)]
    for token, at in zip(tokens, situation, strict=True):
        if not model.nodes[at.node].rests:
            continue
        timers = [timer.id for timer in model.boundaries(at.node) if timer.id not in at.fired]
        for by in (None, *timers):
            name = model.nodes[at.node].name if by is None and model.nodes[at.node].kind != "timer" else None
            for move in playing._every(playing._completing(model, tokens, token, by)):
                yield name, playing._after(situation, move, model, (token.id, by))


@st.composite
def with_timers(draw: st.DrawFn) -> ProcessModel:
    """Processes of blocks, some of whose tasks have a timer that leads to one more task and then to the end."""
    model = draw(of_blocks.filter(lambda made: len(made.of_kind("user")) <= 4))
    nodes, flows = list(model.nodes.values()), list(model.flows.values())
    for task in model.of_kind("user"):
        stops = draw(st.sampled_from([None, None, True, False]))
        if stops is not None:
            timer, late = f"t_{task.id}", f"late_{task.id}"
            nodes.append(
                Node(
                    id=timer, kind="timer", lasts=timedelta(hours=1), attached_to=task.id, interrupting=stops
                )
            )
            nodes.append(Node(id=late, kind="user", name=late))
            flows.append(Flow(id=f"f_{timer}", source=timer, target=late))
            flows.append(Flow(id=f"f_{late}", source=late, target="end"))
    return ProcessModel.of("made", "Made", nodes, flows)


@st.composite
def cases(draw: st.DrawFn, model: ProcessModel, *, most: int = 6) -> list[str]:
    """What a case may have done: steps of the process in any order, and one that is none."""
    names = [node.name for node in model.of_kind("user")]
    return draw(st.lists(st.sampled_from([*names, "Telephone call"]), max_size=most))
