"""Tokens that move through a process: one function to begin, one to go on; pure, for live work and simulation.

A token rests at a user task, a service task or a timer until that is completed, or waits at a parallel gateway
for those on the other flows into it. All else is passed at once: what `begin` and `advance` return is where
the tokens rest next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from backdesk.evidence.process.bpmn.model import Flow, Node, ProcessModel

Decide = Callable[[Flow], bool]
"""Says whether the condition of a flow holds now."""

MOST_PASSED: Final = 5_000
"""Nodes passed in one go from which it is taken for endless."""


class TokenError(ValueError):
    """The tokens cannot move as asked; the message says why and names the element."""


class NotHere(TokenError):
    """No token rests there: the step is done already, is only waiting to be joined, or never was."""


class NoWayOut(TokenError):
    """At an exclusive gateway no condition holds and there is no default flow."""


class Endless(TokenError):
    """The tokens go round through gateways alone and never come to rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token and where it is; at a parallel gateway `via` is the flow it came by.

    >>> Token(id=1, node="Key").via is None
    True
    """

    id: int
    node: str
    via: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a new token comes to rest; at a parallel gateway `via` is the flow it came by.

    >>> Place(node="Key", via="ToKey").node
    'Key'
    """

    node: str
    via: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What one move does: tokens that go, places of tokens that come, and what lay between.

    >>> Advance(consumed=(1,), produced=(), passed=("Done",), ended=True).ended
    True
    """

    consumed: tuple[int, ...]
    produced: tuple[Place, ...]
    passed: tuple[str, ...]
    """Starts, gateways, ends and boundary timers gone through, in order; one may come several times."""
    ended: bool
    """Whether no token is left."""


def begin(model: ProcessModel, *, decide: Decide) -> Advance:
    """Start a process: give the places where its first tokens rest.

    Args:
        model: a process without `problems`.
        decide: asked for conditions on the flows out of exclusive gateways, in the order of the file, until
            one holds.

    Raises:
        TokenError: the process has no start, or several; or as `advance` does.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> begin(read_bpmn(INVOICE), decide=lambda flow: False).produced
    (Place(node='Key', via='ToKey'),)
    """
    starts = model.of_kind("start")
    if len(starts) != 1:
        raise TokenError(f"The process “{model.name or model.id}” has {len(starts)} starts; it needs one.")
    move = _Move(model, (), decide)
    move.passed.append(starts[0].id)
    return move.along(model.leaving(starts[0].id))


def advance(
    model: ProcessModel,
    *,
    tokens: Sequence[Token],
    completed: int,
    decide: Decide,
    by: str | None = None,
) -> Advance:
    """Complete a step: take its token away and give the places where those that follow from it rest.

    A parallel gateway fires when a token waits on every flow into it, and takes the longest waiting of each
    (the first in `tokens`). Several tokens may rest at one node; each is a step of its own.

    Args:
        model: the process.
        tokens: all tokens of this run, the oldest first.
        completed: id of the token whose step is done.
        decide: as in `begin`.
        by: id of the boundary timer that fired, if it was not the step itself that was completed. The token
            stays where the timer does not interrupt.

    Raises:
        NotHere: no token of that id rests at a step, or `by` is no timer on it.
        NoWayOut: an exclusive gateway without default, and no condition holds.
        Endless: gateways lead round to gateways.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> model = read_bpmn(INVOICE)
    >>> at_check = advance(model, tokens=[Token(id=7, node="Key")], completed=7, decide=lambda flow: False)
    >>> at_check.consumed, at_check.produced, at_check.passed
    ((7,), (Place(node='Check', via='ToCheck'),), ('Clear',))
    """
    token = next((token for token in tokens if token.id == completed), None)
    if token is None:
        raise NotHere(f"Token {completed} is not among those of this process: its step is done or gone.")
    node = model.nodes.get(token.node)
    if node is None or not node.rests:
        raise NotHere(f"Token {completed} waits at “{token.node}”, which nobody completes.")
    timer = _boundary(model, node, by)
    move = _Move(model, tokens, decide)
    if timer is None or timer.interrupting:
        move.consume(token.id)
    if timer is not None:
        move.passed.append(timer.id)
    return move.along(model.leaving(timer.id if timer else node.id))


def _boundary(model: ProcessModel, node: Node, by: str | None) -> Node | None:
    if by is None:
        return None
    timer = model.nodes.get(by)
    if timer is None or timer.attached_to != node.id:
        raise NotHere(f"“{by}” is no timer on the border of “{node.id}”.")
    return timer


class _Move:
    """One move: flows are walked first in, first out, and joins tried as tokens reach them."""

    def __init__(self, model: ProcessModel, tokens: Sequence[Token], decide: Decide) -> None:
        self.model = model
        self.decide = decide
        self.waiting: list[tuple[int | None, Place]] = []
        """At joins; tokens there before have their id, those of this move have none."""
        self.left = len(tokens)
        for token in tokens:
            if not model.nodes[token.node].rests:
                self.waiting.append((token.id, Place(node=token.node, via=token.via)))
        self.consumed: list[int] = []
        self.produced: list[Place] = []
        self.passed: list[str] = []

    def consume(self, token: int) -> None:
        self.consumed.append(token)
        self.left -= 1

    def along(self, flows: Sequence[Flow]) -> Advance:
        """Walk until every token rests or is gone."""
        ahead = deque(flows)
        while ahead:
            flow = ahead.popleft()
            ahead.extend(self._enter(self.model.nodes[flow.target], flow))
            if len(self.passed) > MOST_PASSED:
                raise Endless(f"The process goes round through “{flow.target}” without coming to a step.")
        fresh = [place for id_, place in self.waiting if id_ is None]
        return Advance(
            consumed=tuple(self.consumed),
            produced=(*self.produced, *fresh),
            passed=tuple(self.passed),
            ended=not (self.left or self.produced or fresh),
        )

    def _enter(self, node: Node, flow: Flow) -> Sequence[Flow]:
        """Let a token into a node; return the flows it goes on by, at once."""
        if node.rests:
            self.produced.append(Place(node=node.id, via=flow.id))
            return ()
        if node.kind == "parallel" and not self._joins(node, flow):
            return ()
        self.passed.append(node.id)
        return (self._chosen(node),) if node.kind == "exclusive" else self.model.leaving(node.id)

    def _joins(self, node: Node, flow: Flow) -> bool:
        """Put a token at a join; take one of each flow into it away if all are there."""
        self.waiting.append((None, Place(node=node.id, via=flow.id)))
        meeting = []
        for way in self.model.entering(node.id):
            place = Place(node=node.id, via=way.id)
            first = next((pair for pair in self.waiting if pair[1] == place), None)
            if first is None:
                return False
            meeting.append(first)
        for pair in meeting:
            self.waiting.remove(pair)
            if pair[0] is not None:
                self.consume(pair[0])
        return True

    def _chosen(self, gateway: Node) -> Flow:
        flows = self.model.leaving(gateway.id)
        if len(flows) == 1 and flows[0].condition is None:
            return flows[0]
        for flow in flows:
            if flow.id != gateway.default and flow.condition is not None and self.decide(flow):
                return flow
        if gateway.default is None:
            raise NoWayOut(
                f"At “{gateway.name or gateway.id}” ({gateway.id}) no condition holds and there is no default flow."
            )
        return self.model.flows[gateway.default]
