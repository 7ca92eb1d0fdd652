"""A process as a graph: steps, decisions and forks, the flows between them, and the lanes that say who does them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Literal

from backdesk.evidence.sentences import in_a_row, say

Kind = Literal["start", "end", "user", "service", "exclusive", "parallel", "timer"]
Party = Literal["client", "provider", "either"]

RESTING: Final = frozenset({"user", "service", "timer"})
"""Kinds at which a token stays until somebody, a machine or the clock completes it."""
_ID: Final = re.compile(r"[A-Za-z_][\w.\-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a process: the id of the element (None: the whole), its line in the file where known.

    >>> print(Problem(element="pay", line=12, says="It leads nowhere."))
    line 12, pay: It leads nowhere.
    """

    element: str | None
    says: str
    line: int | None = None

    @property
    def message(self) -> str:
        """What is wrong and where, as a sentence that can be said in other languages."""
        line = [say("line {}", str(self.line))] if self.line else []
        place = [*line, self.element] if self.element else line
        return say("{}: {}", in_a_row(place, most=2), self.says) if place else self.says

    def __str__(self) -> str:
        return str(self.message)


class BrokenProcess(ValueError):
    """A process that cannot be read or built; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element that tokens pass or rest at.

    >>> Node(id="wait", kind="timer", lasts=timedelta(days=2)).rests
    True
    """

    id: str
    kind: Kind
    name: str = ""
    lane: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Ours, of the namespace `urn:backdesk:process:1`."""
    default: str | None = None
    """Of an exclusive gateway: the flow taken where no condition holds."""
    lasts: timedelta | None = None
    """Of a timer: how long it runs."""
    until: str | None = None
    """Of a timer: the moment it fires, ISO 8601 with its offset."""
    attached_to: str | None = None
    """Of a boundary timer: the user task on whose border it sits."""
    interrupting: bool = True
    """Of a boundary timer: whether the user task ends when it fires."""

    @property
    def rests(self) -> bool:
        """Say whether a token stays here until it is completed."""
        return self.kind in RESTING

    @property
    def is_gateway(self) -> bool:
        """Say whether it only decides, forks or joins."""
        return self.kind in ("exclusive", "parallel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """An arrow from node to node; the condition is CEL.

    >>> Flow(id="f", source="check", target="pay").condition is None
    True
    """

    id: str
    source: str
    target: str
    condition: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Who does the steps in it: a party, and a role of that party.

    >>> Lane(id="agents", name="Agents", party="provider", role="agent").party
    'provider'
    """

    id: str
    name: str
    party: Party
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessModel:
    """A process: its nodes, flows and lanes by id, in the order of the file.

    What it names exists: building one with a flow to nowhere raises `BrokenProcess`. Whether the process makes
    sense is told by `problems`.

    >>> nodes = [Node(id="begin", kind="start"), Node(id="done", kind="end")]
    >>> model = ProcessModel.of("p", "Empty", nodes, [Flow(id="f", source="begin", target="done")])
    >>> [flow.id for flow in model.leaving("begin")]
    ['f']
    """

    id: str
    name: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    _leaving: Mapping[str, tuple[Flow, ...]] = field(init=False, repr=False, compare=False)
    _entering: Mapping[str, tuple[Flow, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        broken = list(_inconsistencies(self))
        if broken:
            raise BrokenProcess(broken)
        for name in ("nodes", "flows", "lanes"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "_leaving", _by_end(self, "source"))
        object.__setattr__(self, "_entering", _by_end(self, "target"))

    @classmethod
    def of(
        cls, id_: str, name: str, nodes: Sequence[Node], flows: Sequence[Flow], lanes: Sequence[Lane] = ()
    ) -> ProcessModel:
        """Build a process from its parts.

        Raises:
            BrokenProcess: an id is no XML name or used twice, or a part names another that is not there.
        """
        every = [*(node.id for node in nodes), *(flow.id for flow in flows), *(lane.id for lane in lanes)]
        twice = sorted({id_ for id_ in every if every.count(id_) > 1})
        if twice:
            raise BrokenProcess([Problem(element=id_, says=say("This id is used twice.")) for id_ in twice])
        return cls(
            id=id_,
            name=name,
            nodes={node.id: node for node in nodes},
            flows={flow.id: flow for flow in flows},
            lanes={lane.id: lane for lane in lanes},
        )

    def leaving(self, node: str) -> tuple[Flow, ...]:
        """Return the flows out of a node, in the order of the file."""
        return self._leaving.get(node, ())

    def entering(self, node: str) -> tuple[Flow, ...]:
        """Return the flows into a node, in the order of the file."""
        return self._entering.get(node, ())

    def boundaries(self, node: str) -> tuple[Node, ...]:
        """Return the timers on the border of a user task."""
        return tuple(other for other in self.nodes.values() if other.attached_to == node)

    def lane_of(self, node: str) -> Lane | None:
        """Return the lane a node lies in; a boundary timer lies in that of its task."""
        found = self.nodes[node]
        lane = self.nodes[found.attached_to].lane if found.attached_to else found.lane
        return None if lane is None else self.lanes[lane]

    def of_kind(self, *kinds: Kind) -> tuple[Node, ...]:
        """Return the nodes of some kinds, in the order of the file."""
        return tuple(node for node in self.nodes.values() if node.kind in kinds)


def _by_end(model: ProcessModel, end: Literal["source", "target"]) -> Mapping[str, tuple[Flow, ...]]:
    found: dict[str, tuple[Flow, ...]] = {}
    for flow in model.flows.values():
        found[getattr(flow, end)] = (*found.get(getattr(flow, end), ()), flow)
    return found


def _inconsistencies(model: ProcessModel) -> Iterator[Problem]:
    yield from _ids(model)
    for flow in model.flows.values():
        if flow.source not in model.nodes:
            yield Problem(
                element=flow.id, says=say("The flow comes from “{}”, which is not there.", flow.source)
            )
        if flow.target not in model.nodes:
            yield Problem(
                element=flow.id, says=say("The flow leads to “{}”, which is not there.", flow.target)
            )
        if flow.target in model.nodes and model.nodes[flow.target].attached_to:
            yield Problem(
                element=flow.id, says=say("A flow cannot lead into a boundary timer; the clock does.")
            )
        if flow.condition is not None and (not flow.condition or flow.condition != flow.condition.strip()):
            yield Problem(element=flow.id, says=say("Its condition is empty, or has space around it."))
    for node in model.nodes.values():
        yield from _node_inconsistencies(node, model)


def _ids(model: ProcessModel) -> Iterator[Problem]:
    for parts in (model.nodes, model.flows, model.lanes):
        for key, part in parts.items():
            if key != part.id:
                yield Problem(element=part.id, says=say("It is filed under another id, “{}”.", key))
    for id_ in (model.id, *model.nodes, *model.flows, *model.lanes):
        if not _ID.fullmatch(id_):
            says = say(
                "An id begins with a letter or _ and goes on with letters, digits, _, - and full stops."
            )
            yield Problem(element=id_, says=says)


def _node_inconsistencies(node: Node, model: ProcessModel) -> Iterator[Problem]:
    for holds, says in (
        (node.lane is None or node.lane in model.lanes, say("Its lane “{}” is not there.", node.lane)),
        (
            node.default is None or node.default in model.flows,
            say("Its default flow “{}” is not there.", node.default),
        ),
        (
            node.default is None or node.kind == "exclusive",
            say("Only an exclusive gateway has a default flow."),
        ),
        (
            (node.kind == "timer") == _is_timed(node),
            say("A timer, and nothing else, has either a duration or a moment."),
        ),
        (node.lasts is None or node.lasts > timedelta(), say("Its duration is not more than nothing.")),
        (_sits_well(node, model), say("Only timers sit on a border, and only on that of a user task.")),
        (
            node.interrupting or node.attached_to,
            say("Only a timer on a border says that it does not interrupt."),
        ),
        *((_ID.fullmatch(name), say("“{}” is no name of an attribute.", name)) for name in node.attributes),
    ):
        if not holds:
            yield Problem(element=node.id, says=says)


def _is_timed(node: Node) -> bool:
    return (node.lasts is None) != (node.until is None)


def _sits_well(node: Node, model: ProcessModel) -> bool:
    host = model.nodes.get(node.attached_to or "")
    return not node.attached_to or (node.kind == "timer" and host is not None and host.kind == "user")
