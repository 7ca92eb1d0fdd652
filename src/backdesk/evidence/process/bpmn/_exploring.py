"""Playing a process through, every decision either way: the situations its tokens can get into.

Source: van der Aalst, The Application of Petri Nets to Workflow Management (1998): soundness.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from backdesk.evidence.process.bpmn.model import Node, Problem, ProcessModel
from backdesk.evidence.process.bpmn.tokens import Advance, Decide, Token, advance, begin
from backdesk.evidence.sentences import Sentence, digits, say

MOST_SITUATIONS: Final = 2_000
_MOST_TOKENS: Final = 12
"""In one situation: beyond them lies a loop that leaves ever more behind."""


@dataclass(frozen=True, slots=True, order=True)
class _Standing:
    """A token where it is; `via` counts at joins alone, a timer that does not interrupt fires once."""

    node: str
    via: str
    fired: tuple[str, ...] = ()


_Situation = tuple[_Standing, ...]


def stuck(model: ProcessModel) -> Iterator[Problem]:
    """Tell at which parallel gateways work can get stuck, or to which it never comes.

    Any branch of a decision may be taken, also of one that is left open, as in models of other tools.

    Args:
        model: of good shape, so that gateways can be passed.
    """
    model = _decided(model)
    seen, passed, whole = _explore(model)
    waiting = {standing.node for situation in seen if _is_stuck(situation, model) for standing in situation}
    for gateway in model.of_kind("parallel"):
        if gateway.id in waiting:
            yield Problem(element=gateway.id, says=_waits_for_ever(gateway, model))
        elif whole and gateway.id not in passed:
            yield Problem(element=gateway.id, says=say("Nothing ever goes through this parallel gateway."))


def _decided(model: ProcessModel) -> ProcessModel:
    """Give each branch of a decision a condition, but for the last."""
    last = {node.id: model.leaving(node.id)[-1].id for node in model.of_kind("exclusive")}
    nodes = [replace(node, default=last.get(node.id)) for node in model.nodes.values()]
    flows = [
        replace(flow, condition="true" if last.get(flow.source, flow.id) != flow.id else None)
        for flow in model.flows.values()
    ]
    return ProcessModel.of(model.id, model.name, nodes, flows, list(model.lanes.values()))


def _is_stuck(situation: _Situation, model: ProcessModel) -> bool:
    return bool(situation) and not any(model.nodes[standing.node].rests for standing in situation)


def _waits_for_ever(gateway: Node, model: ProcessModel) -> Sentence:
    ways = len(model.entering(gateway.id))
    return say(
        "The parallel gateway waits for all {} flows into it, but there is a way through the process on "
        "which not all are taken: work would get stuck. Bring together with an exclusive gateway what one has parted.",
        digits(ways),
    )


def _explore(model: ProcessModel) -> tuple[set[_Situation], set[str], bool]:
    """Return the situations found, the nodes passed, and whether these are all there are."""
    seen: set[_Situation] = set()
    passed: set[str] = set()
    ahead: deque[_Situation] = deque()
    whole = True

    def note(moves: Iterator[tuple[_Situation, Advance]]) -> None:
        nonlocal whole
        for after, move in moves:
            passed.update(move.passed)
            if len(after) > _MOST_TOKENS or len(seen) >= MOST_SITUATIONS:
                whole = False
            elif after not in seen:
                seen.add(after)
                ahead.append(after)

    note((_after((), move, model), move) for move in _every(lambda decide: begin(model, decide=decide)))
    while ahead:
        note(_moves(ahead.popleft(), model))
    return seen, passed, whole


def _moves(situation: _Situation, model: ProcessModel) -> Iterator[tuple[_Situation, Advance]]:
    """Complete each step of a situation, and let each of its timers fire."""
    tokens = [Token(id=n, node=at.node, via=at.via or None) for n, at in enumerate(situation)]
    for token, at in zip(tokens, situation, strict=True):
        if at in situation[: token.id] or not model.nodes[at.node].rests:
            continue
        timers = [timer.id for timer in model.boundaries(at.node) if timer.id not in at.fired]
        for by in (None, *timers):
            for move in _every(_completing(model, tokens, token, by)):
                yield _after(situation, move, model, (token.id, by)), move


def _completing(
    model: ProcessModel, tokens: Sequence[Token], token: Token, by: str | None
) -> Callable[[Decide], Advance]:
    return lambda decide: advance(model, tokens=tokens, completed=token.id, decide=decide, by=by)


def _every(play: Callable[[Decide], Advance]) -> Iterator[Advance]:
    """Play a move with each combination of decisions it asks for."""
    scripts: list[tuple[bool, ...]] = [()]
    while scripts:
        script = scripts.pop()
        asked: list[bool] = []

        def decide(_: object, script: tuple[bool, ...] = script, asked: list[bool] = asked) -> bool:
            asked.append(script[len(asked)] if len(asked) < len(script) else False)
            return asked[-1]

        yield play(decide)
        scripts.extend((*asked[:place], True) for place in range(len(script), len(asked)))


def _after(
    situation: _Situation, move: Advance, model: ProcessModel, completed: tuple[int, str | None] = (-1, None)
) -> _Situation:
    token, by = completed
    stay = [at for n, at in enumerate(situation) if n not in move.consumed and n != token]
    if token >= 0 and token not in move.consumed:
        host = situation[token]
        stay.append(_Standing(host.node, host.via, tuple(sorted((*host.fired, by or "")))))
    come = [
        _Standing(place.node, "" if model.nodes[place.node].rests else place.via or "")
        for place in move.produced
    ]
    return tuple(sorted((*stay, *come)))
