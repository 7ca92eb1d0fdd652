"""With the same decisions and the same order of work the same tasks wait, at every step, as the oracles say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import Advance, Flow, ProcessModel, Token, advance, begin, problems
from tests.evidence.process.bpmn.drawn import drawn
from tests.evidence.process.bpmn.made import Plan, built, plans
from tests.evidence.process.bpmn.oracle import Followed, Spiff

MOST_STEPS = 14


class Ours:
    """One run of a process by our interpreter, its tokens kept as an application would."""

    def __init__(self, model: ProcessModel, decide: Callable[[str], bool]) -> None:
        self.model = model
        self.decide = decide
        self.tokens: list[Token] = []
        self.given = 0
        self.ended = False
        self._apply(begin(model, decide=self._holds))

    def waiting(self) -> Counter[str]:
        return Counter(token.node for token in self.tokens if self.model.nodes[token.node].rests)

    def complete(self, node: str) -> None:
        token = next(token for token in self.tokens if token.node == node)
        self._apply(advance(self.model, tokens=self.tokens, completed=token.id, decide=self._holds))

    def _holds(self, flow: Flow) -> bool:
        assert flow.condition is not None
        return self.decide(flow.condition)

    def _apply(self, move: Advance) -> None:
        self.tokens = [token for token in self.tokens if token.id not in move.consumed]
        for place in move.produced:
            self.given += 1
            self.tokens.append(Token(id=self.given, node=place.node, via=place.via))
        self.ended = move.ended


@settings(deadline=None, max_examples=40)
@given(plans(forks_in_loops=False), st.integers(0, 2**32), st.data())
def test_the_same_tasks_wait_as_with_spiffworkflow(plan: Plan, seed: int, data: st.DataObject) -> None:
    model = built(plan)
    compare(model, lambda decide: Spiff(model, decide), seed, data)


@settings(deadline=None, max_examples=60)
@given(plans(), st.integers(0, 2**32), st.data())
def test_the_same_tasks_wait_as_the_plan_says(plan: Plan, seed: int, data: st.DataObject) -> None:
    compare(built(plan), lambda decide: Followed(plan, decide), seed, data)


def compare(
    model: ProcessModel,
    oracle: Callable[[Callable[[str], bool]], Spiff | Followed],
    seed: int,
    data: st.DataObject,
) -> None:
    """Do the waiting tasks in an order that Hypothesis draws; a condition holds or not by seed and step."""
    assert problems(model) == ()
    step = 0

    def decide(condition: str) -> bool:
        return sha256(f"{seed} {step} {condition}".encode()).digest()[0] < 128

    ours, theirs = Ours(model, decide), oracle(decide)
    while step < MOST_STEPS and ours.waiting():
        assert ours.waiting() == theirs.waiting()
        node = data.draw(st.sampled_from(sorted(ours.waiting())))
        step += 1
        ours.complete(node)
        theirs.complete(node)
    assert ours.waiting() == theirs.waiting()
    assert ours.ended == theirs.ended == (not ours.waiting())


def test_the_comparison_can_fail() -> None:
    model = drawn("begin > do > ?which", "?which > left > done", "?which =*> right > done")
    ours, theirs = Ours(model, lambda _: True), Spiff(model, lambda _: False)
    ours.complete("do")
    theirs.complete("do")
    assert ours.waiting() != theirs.waiting()


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_join_within_a_loop_waits_anew_each_time(order: str) -> None:
    model = drawn(
        "begin > ?again > +fork",
        "+fork > a > +join",
        "+fork > b > +join",
        "+join > ?enough",
        "?enough > ?again",
        "?enough =*> last > done",
    )
    rounds = iter([True, True, True, True, False, False])
    ours, theirs = (Ours(model, lambda _: next(rounds)), Spiff(model, lambda _: next(rounds)))
    for node in [*order] * 3:
        assert ours.waiting() == theirs.waiting()
        ours.complete(node)
        theirs.complete(node)
    assert ours.waiting() == theirs.waiting() == Counter(last=1)
