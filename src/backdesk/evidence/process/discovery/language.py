"""What a process tree allows: replay of orders of activities, by derivatives.

What is left of a tree after an activity is again a tree, or one of a few. Each set of trees that may be left is
numbered when it first comes up, so that replaying a log soon is one look-up a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from backdesk.evidence.process.discovery import trees
from backdesk.evidence.process.discovery.trees import ProcessTree
from backdesk.evidence.process.discovery.variants import Flags, Variants

Left = frozenset[ProcessTree]


class Replay:
    """Says whether a tree allows an order of activities.

    Source: Antimirov, Partial Derivatives of Regular Expressions and Finite Automaton Constructions (1996), with
    the shuffle for parallel parts.

    >>> replay = Replay(trees.parse("->( 'a', +( 'b', X( 'c', tau ) ) )"))
    >>> [replay.allows(word) for word in ("abc", "acb", "ab", "a", "abb")]
    [True, True, True, False, False]
    """

    def __init__(self, tree: ProcessTree) -> None:
        self._states: list[Left] = [frozenset((tree,))]
        self._numbers: dict[Left, int] = {self._states[0]: 0}
        self._moves: dict[tuple[int, str], int] = {}

    def allows(self, word: Iterable[str]) -> bool:
        """Say whether the tree can be gone through by just these activities."""
        state = 0
        for label in word:
            known = self._moves.get((state, label))
            state = self._move(state, label) if known is None else known
        return any(tree.may_be_empty for tree in self._states[state])

    def _move(self, state: int, label: str) -> int:
        left = frozenset(after for tree in self._states[state] for after in after_label(tree, label))
        number = self._numbers.setdefault(left, len(self._states))
        if number == len(self._states):
            self._states.append(left)
        self._moves[state, label] = number
        return number


def after_label(tree: ProcessTree, label: str) -> Left:
    """Give what may be left of a tree once an activity is done; nothing where it cannot be done first.

    >>> [str(left) for left in after_label(trees.parse("*( ->( 'a', 'b' ), tau )"), "a")]
    ["->( 'b', X( *( ->( 'a', 'b' ), tau ), tau ) )"]
    """
    match tree.operator:
        case None:
            return frozenset((trees.TAU,) if tree.label == label else ())
        case "exclusive":
            return frozenset(left for part in tree.parts for left in after_label(part, label))
        case "sequence":
            return _after_sequence(tree.parts, label)
        case "parallel":
            return frozenset(
                trees.parallel(*tree.parts[:place], left, *tree.parts[place + 1 :])
                for place, part in enumerate(tree.parts)
                for left in after_label(part, label)
            )
        case _:
            return _after_loop(tree, label)


def fitting(tree: ProcessTree, *, variants: Variants) -> Flags:
    """Tell for each variant whether the tree allows it.

    >>> from backdesk.evidence.process.discovery.variants import counted
    >>> fitting(trees.parse("->( 'a', 'b' )"), variants=counted([["a", "b"], ["b"]])).tolist()
    [False, True]
    """
    replay = Replay(tree)
    return np.array([replay.allows(word) for word in variants.words()], dtype=np.bool_)


def share_fitting(tree: ProcessTree, *, variants: Variants) -> float:
    """Tell the share of cases that the tree allows as they went, 0 to 1; 1 where there is no case.

    >>> from backdesk.evidence.process.discovery.variants import counted
    >>> share_fitting(trees.parse("->( 'a', 'b' )"), variants=counted({("a", "b"): 3, ("b",): 1}))
    0.75
    """
    counts = variants.traces.counts
    return float(counts[fitting(tree, variants=variants)].sum() / counts.sum()) if counts.size else 1.0


def _after_sequence(parts: Sequence[ProcessTree], label: str) -> Left:
    found: set[ProcessTree] = set()
    for place, part in enumerate(parts):
        found |= {trees.sequence(left, *parts[place + 1 :]) for left in after_label(part, label)}
        if not part.may_be_empty:
            break
    return frozenset(found)


def _after_loop(tree: ProcessTree, label: str) -> Left:
    """Do the first part, or, where that may be empty, another; then rounds may follow."""
    do, *redo = tree.parts
    again = trees.exclusive(*redo)
    rounds = trees.exclusive(trees.sequence(again, tree), trees.TAU)
    if again.is_silent:
        rounds = trees.exclusive(tree, trees.TAU)
    found = {trees.sequence(left, rounds) for left in after_label(do, label)}
    if do.may_be_empty:
        found |= {trees.sequence(left, tree) for left in after_label(again, label)}
    return frozenset(found)
