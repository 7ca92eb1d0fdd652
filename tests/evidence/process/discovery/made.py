"""Process trees made by Hypothesis, the words they allow, and naive twins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from backdesk.evidence.process.discovery import (
    TAU,
    ProcessTree,
    activity,
    exclusive,
    loop,
    parallel,
    sequence,
)

LABELS = "abcdefgh"
few = settings(deadline=None, max_examples=40)
Words = frozenset[tuple[str, ...]]
Shape = list["Shape"] | None
MAKE: dict[str, Callable[..., ProcessTree]] = {
    "sequence": sequence,
    "exclusive": exclusive,
    "parallel": parallel,
    "loop": loop,
}


def any_trees(*, labels: str = LABELS) -> st.SearchStrategy[ProcessTree]:
    """Trees of any shape, with silent steps and labels that come twice, as they are written by others."""

    def grown(inner: st.SearchStrategy[ProcessTree]) -> st.SearchStrategy[ProcessTree]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        operators = st.sampled_from(("sequence", "exclusive", "parallel", "loop"))
        return st.builds(ProcessTree, operators, parts)

    leaves = st.sampled_from([TAU, *map(activity, labels)])
    return st.recursive(leaves, grown, max_leaves=6)


@st.composite
def clear_trees(draw: st.DrawFn) -> ProcessTree:
    """Trees of the class that the Inductive Miner finds again: each label once, none silent, loops with clear ends.

    In the first part of a loop no activity both begins and ends it.
    """
    names = iter(LABELS)
    shapes: st.SearchStrategy[Shape] = st.recursive(
        st.none(), lambda inner: st.lists(inner, min_size=2, max_size=3), max_leaves=7
    )
    operators = st.sampled_from(tuple(MAKE))

    def grow(shape: Shape, above: str) -> ProcessTree:
        if shape is None:
            return activity(next(names))
        operator = draw(operators.filter(lambda one: one != above))
        parts = [grow(part, operator) for part in shape]
        if operator == "loop" and starts(parts[0]) & ends(parts[0]):
            operator = "sequence"
        return MAKE[operator](*parts)

    return grow(draw(shapes), "")


def starts(tree: ProcessTree) -> frozenset[str]:
    """The activities that a tree without silent steps begins with."""
    return _outer(tree, 0)


def ends(tree: ProcessTree) -> frozenset[str]:
    """The activities that a tree without silent steps ends with."""
    return _outer(tree, -1)


def _outer(tree: ProcessTree, side: int) -> frozenset[str]:
    if tree.label is not None:
        return frozenset((tree.label,))
    if tree.operator == "sequence":
        return _outer(tree.parts[side], side)
    if tree.operator == "loop":
        return _outer(tree.parts[0], side)
    return frozenset().union(*(_outer(part, side) for part in tree.parts))


def follows(tree: ProcessTree) -> frozenset[tuple[str, str]]:
    """What can come straight after what in a tree without silent steps."""
    found = frozenset().union(*(follows(part) for part in tree.parts)) if tree.parts else frozenset()
    match tree.operator:
        case "sequence":
            for first, second in zip(tree.parts, tree.parts[1:], strict=False):
                found |= set(product(ends(first), starts(second)))
        case "parallel":
            for one, other in product(tree.parts, repeat=2):
                if one is not other:
                    found |= set(product(one.activities(), other.activities()))
        case "loop":
            do, *redo = tree.parts
            for part in redo:
                found |= set(product(ends(do), starts(part))) | set(product(ends(part), starts(do)))
    return found


def played(tree: ProcessTree, chance: Random) -> tuple[str, ...]:
    """Go through a tree once, at random."""
    match tree.operator:
        case None:
            return () if tree.label is None else (tree.label,)
        case "sequence":
            return tuple(label for part in tree.parts for label in played(part, chance))
        case "exclusive":
            return played(chance.choice(tree.parts), chance)
        case "parallel":
            return _shuffled([list(played(part, chance)) for part in tree.parts], chance)
        case _:
            do, *redo = tree.parts
            word = played(do, chance)
            while chance.random() < 0.5:
                word += played(chance.choice(redo), chance) + played(do, chance)
            return word


def _shuffled(words: list[list[str]], chance: Random) -> tuple[str, ...]:
    turns = [place for place, word in enumerate(words) for _ in word]
    chance.shuffle(turns)
    rest = [iter(word) for word in words]
    return tuple(next(rest[turn]) for turn in turns)


def words_of(tree: ProcessTree, longest: int) -> Words:
    """All words of a tree up to a length: by the definition, slowly."""
    match tree.operator:
        case None:
            return frozenset(((),) if tree.label is None else ((tree.label,),))
        case "exclusive":
            return frozenset().union(*(words_of(part, longest) for part in tree.parts))
        case "loop":
            return _loop_words(tree, longest)
        case _:
            found: Words = frozenset(((),))
            for part in tree.parts:
                found = _together(found, words_of(part, longest), longest, mix=tree.operator == "parallel")
            return found


def _loop_words(tree: ProcessTree, longest: int) -> Words:
    do, *redo = (words_of(part, longest) for part in tree.parts)
    again = _together(frozenset().union(*redo), do, longest)
    found = do
    while not (more := _together(found, again, longest)) <= found:
        found |= more
    return found


def _together(first: Words, second: Words, longest: int, *, mix: bool = False) -> Words:
    pairs = ((one, other) for one in first for other in second if len(one) + len(other) <= longest)
    if not mix:
        return frozenset(one + other for one, other in pairs)
    return frozenset(word for one, other in pairs for word in _mixed(one, other))


def _mixed(one: tuple[str, ...], other: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not one or not other:
        yield one + other
        return
    yield from ((one[0], *rest) for rest in _mixed(one[1:], other))
    yield from ((other[0], *rest) for rest in _mixed(one, other[1:]))


def normal(tree: ProcessTree) -> ProcessTree:
    """The same tree, however its parts were ordered where order does not matter."""
    parts = tuple(map(normal, tree.parts))
    if tree.operator in ("exclusive", "parallel"):
        parts = tuple(sorted(parts, key=str))
    if tree.operator == "loop":
        parts = (parts[0], *sorted(parts[1:], key=str))
    return ProcessTree(tree.operator, parts, tree.label)
