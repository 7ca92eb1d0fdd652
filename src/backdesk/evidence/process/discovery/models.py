"""A process tree as a BPMN process, which other tools open and work can be run by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from backdesk.evidence.process.bpmn import Flow, Kind, Node, ProcessModel
from backdesk.evidence.process.discovery import trees
from backdesk.evidence.process.discovery.trees import ProcessTree

_MOST_WRITTEN: Final = 4
"""How often an activity of a loop may be written, at most, so that no round of it does nothing."""


class NothingToDo(ValueError):
    """The tree has no activity, so there is nothing a process could ask anybody to do."""


def as_model(tree: ProcessTree, *, id_: str = "Process", name: str = "") -> ProcessModel:
    """Make a BPMN process that allows what a tree allows.

    Activities become user tasks. Which way a decision goes the log does not tell; so that the process can be
    run, each way but the default asks in `output.next` for the name of the activity it leads to. A loop that
    could go round without doing anything is written so that each round does something.

    Args:
        tree: what to write; an activity that comes several times becomes several tasks.
        id_: id of the process.
        name: its name.

    Raises:
        NothingToDo: the tree has no activity.

    >>> from backdesk.evidence.process.bpmn import problems
    >>> model = as_model(trees.parse("->( 'Enter', X( 'Check', tau ), +( 'Pay', 'File' ) )"))
    >>> [node.name for node in model.of_kind("user")], problems(model)
    (['Enter', 'Check', 'Pay', 'File'], ())
    """
    if next(tree.activities(), None) is None:
        raise NothingToDo("The model has no activity: there would be nothing to do.")
    return _Building().model(worked(tree), id_, name)


def worked(tree: ProcessTree) -> ProcessTree:
    """Write a tree so that no loop goes round without an activity; it allows the same.

    Where that would write a loop's activities more than four times over, it is written as any of them in any
    order, which allows more.

    >>> print(worked(trees.parse("*( X( 'a', tau ), X( 'b', tau ) )")))
    *( tau, 'a', 'b' )
    """
    parts = tuple(map(worked, tree.parts))
    if tree.operator != "loop" or not (
        parts[0].may_be_empty and any(part.may_be_empty for part in parts[1:])
    ):
        return _as_rounds(trees.rebuilt(tree, parts))
    labels = tuple(dict.fromkeys(tree.activities()))
    most = _MOST_WRITTEN * len(labels)
    rounds = list(dict.fromkeys(islice((one for part in parts for one in _doings(part)), most + 1)))
    if sum(1 for one in rounds for _ in one.activities()) > most:
        rounds = list(map(trees.activity, labels))
    return trees.loop(trees.TAU, *rounds)


def _as_rounds(tree: ProcessTree) -> ProcessTree:
    """Write what may be done any number of times as rounds of it alone, which takes two gateways fewer."""
    match tree.parts:
        case (ProcessTree(operator="loop", parts=(do, again)), skip) if again.is_silent and skip.is_silent:
            return trees.loop(trees.TAU, do) if tree.operator == "exclusive" else tree
        case _:
            return tree


def _doings(tree: ProcessTree) -> Iterator[ProcessTree]:
    """Give trees, none of which may be empty, that repeated in any order allow what this one repeated allows."""
    if not tree.may_be_empty or tree.operator == "parallel":
        yield from _once(tree)
    else:
        for part in tree.parts:
            yield from _doings(part)


def _once(tree: ProcessTree) -> Iterator[ProcessTree]:
    """Give trees that together allow what this one allows, but for doing nothing."""
    parts = tree.parts
    if not tree.may_be_empty:
        yield tree
    elif tree.operator == "exclusive":
        for part in parts:
            yield from _once(part)
    elif tree.operator == "loop":
        rounds = trees.loop(trees.sequence(trees.exclusive(*parts[1:]), parts[0]), trees.TAU)
        yield rounds
        yield from (trees.sequence(one, trees.exclusive(rounds, trees.TAU)) for one in _once(parts[0]))
    elif tree.operator is not None:
        join = trees.sequence if tree.operator == "sequence" else trees.parallel
        for place, part in enumerate(parts):
            yield from (join(one, *parts[place + 1 :]) for one in _once(part))


def first_activities(tree: ProcessTree) -> tuple[str, ...]:
    """Tell with which activities a tree can begin, each once.

    >>> first_activities(trees.parse("->( X( 'a', tau ), +( 'b', 'c' ), 'd' )"))
    ('a', 'b', 'c')
    """
    found: list[str] = [] if tree.label is None else [tree.label]
    for place, part in enumerate(tree.parts):
        found += first_activities(part)
        is_needed = tree.operator == "sequence" or (tree.operator == "loop" and place == 0)
        if is_needed and not part.may_be_empty:
            break
    return tuple(dict.fromkeys(found))


def _height(tree: ProcessTree) -> int:
    """Tell how many activities stand above each other in a drawing."""
    heights = [_height(part) for part in tree.parts] or [1]
    return max(heights) if tree.operator == "sequence" else sum(heights)


@dataclass(frozen=True, slots=True)
class _Way:
    """A flow that leads nowhere yet: out of a node, taken where the next activity is one of `to`, if it says so."""

    out_of: str
    to: tuple[str, ...] | None = None


class _Building:
    """Nodes and flows as they come; each block has one way in and one way out."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []

    def model(self, tree: ProcessTree, id_: str, name: str) -> ProcessModel:
        start = _Way(self._node("start"))
        self._lead(self._block(tree, start), self._node("end"))
        defaults = {flow.source: flow.id for flow in self.flows if flow.condition is None}
        asked = {flow.source for flow in self.flows if flow.condition is not None}
        nodes = [
            replace(node, default=defaults[node.id]) if node.id in asked else node for node in self.nodes
        ]
        return ProcessModel.of(id_, name, nodes, self.flows)

    def _block(self, tree: ProcessTree, way: _Way) -> _Way:
        match tree.operator:
            case None:
                return way if tree.label is None else _Way(self._behind(way, "user", tree.label))
            case "sequence":
                for part in tree.parts:
                    way = self._block(part, way)
                return way
            case "parallel":
                fork = self._behind(way, "parallel")
                parts = sorted(tree.parts, key=_height)  # drawn so, the flow out of none runs through another
                return self._joined("parallel", [self._block(part, _Way(fork)) for part in parts])
            case "exclusive":
                return self._choice(tree.parts, way)
            case _:
                return self._rounds(tree.parts, way)

    def _choice(self, parts: Sequence[ProcessTree], way: _Way) -> _Way:
        """Choose among blocks; the default is to do nothing, else the first."""
        split = self._behind(way, "exclusive")
        default = trees.TAU if trees.TAU in parts else parts[0]
        ways = [_Way(split, None if part == default else first_activities(part)) for part in parts]
        return self._joined("exclusive", list(map(self._block, parts, ways)))

    def _rounds(self, parts: Sequence[ProcessTree], way: _Way) -> _Way:
        """Do the first block, and come back to it through another; the default is to go on."""
        do, *redo = parts
        entry = self._behind(way, "exclusive")
        split = self._behind(self._block(do, _Way(entry)), "exclusive")
        for part in redo:
            back = _Way(split, first_activities(trees.sequence(part, do)))
            self._lead(self._block(part, back), entry)
        return _Way(split)

    def _joined(self, kind: Kind, ways: Sequence[_Way]) -> _Way:
        join = self._node(kind)
        for way in ways:
            self._lead(way, join)
        return _Way(join)

    def _behind(self, way: _Way, kind: Kind, name: str = "") -> str:
        node = self._node(kind, name)
        self._lead(way, node)
        return node

    def _node(self, kind: Kind, name: str = "") -> str:
        node = Node(id=f"{kind}_{len(self.nodes) + 1}", kind=kind, name=name)
        self.nodes.append(node)
        return node.id

    def _lead(self, way: _Way, node: str) -> None:
        id_ = f"flow_{len(self.flows) + 1}"
        asks = None if way.to is None else f"output.next in {json.dumps(way.to, ensure_ascii=False)}"
        self.flows.append(Flow(id=id_, source=way.out_of, target=node, condition=asks))
