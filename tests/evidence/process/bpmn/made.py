"""Processes made by Hypothesis: of blocks, and so of good shape; or of any parts at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import Flow, Kind, Lane, Node, ProcessModel
from backdesk.evidence.process.bpmn.model import Party


class Plan:
    """A part of a process, with one way in and one way out."""


@dataclass(frozen=True)
class Task(Plan):
    id: str


@dataclass(frozen=True)
class Run(Plan):
    """Parts one after another."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True)
class Choice(Plan):
    """The first part where the condition `id` holds, else the other; without one, nothing."""

    id: str
    first: Plan
    other: Plan | None


@dataclass(frozen=True)
class Fork(Plan):
    id: str
    parts: tuple[Plan, Plan]


@dataclass(frozen=True)
class Loop(Plan):
    """The part, and again as long as the condition `id` holds after it."""

    id: str
    part: Plan


def plans(*, forks_in_loops: bool = True) -> st.SearchStrategy[Plan]:
    """Plans of processes; every condition is the id of its choice or loop."""

    def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(
            st.tuples(st.just("run"), inner, inner),
            st.tuples(st.just("choice"), inner, inner | st.none()),
            st.tuples(st.just("fork"), inner, inner),
            st.tuples(st.just("loop"), inner),
        )

    blocks = st.recursive(st.just(("task",)), around, max_leaves=7)
    named = blocks.map(lambda block: _named(block, count(1)))
    return named if forks_in_loops else named.filter(lambda plan: not _has_fork_in_loop(plan))


def _named(block: Any, numbers: Iterator[int]) -> Plan:
    kind, *parts = block
    id_ = f"{kind}_{next(numbers)}"
    if kind == "task":
        return Task(id_)
    inner = [None if part is None else _named(part, numbers) for part in parts]
    match kind:
        case "run":
            return Run(tuple(part for part in inner if part))
        case "choice":
            return Choice(id_, *inner)  # type: ignore[arg-type]
        case "fork":
            return Fork(id_, tuple(inner))  # type: ignore[arg-type]
        case _:
            # A loop of nothing but gateways would be refused: each round begins with a task.
            return Loop(id_, Run((Task(f"{id_}_task"), *(part for part in inner if part))))


def _has_fork_in_loop(plan: Plan, *, looped: bool = False) -> bool:
    match plan:
        case Fork(_, parts):
            return looped or any(_has_fork_in_loop(part) for part in parts)
        case Run(parts):
            return any(_has_fork_in_loop(part, looped=looped) for part in parts)
        case Choice(_, first, other):
            return any(_has_fork_in_loop(part, looped=looped) for part in (first, other) if part)
        case Loop(_, part):
            return _has_fork_in_loop(part, looped=True)
    return False


@dataclass
class _Builder:
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    def node(self, id_: str, kind: Kind, default: str | None = None) -> str:
        self.nodes.append(Node(id=id_, kind=kind, name=id_, default=default))
        return id_

    def flow(self, source: str, target: str, condition: str | None = None) -> str:
        self.flows.append(Flow(id=f"f_{len(self.flows)}", source=source, target=target, condition=condition))
        return self.flows[-1].id

    def build(self, plan: Plan, before: str, after: str, condition: str | None = None) -> None:
        """Build a plan between two nodes, the condition on the flow into it."""
        match plan:
            case Task(id_):
                self.flow(before, self.node(id_, "user"), condition)
                self.flow(id_, after)
            case Run(parts):
                self.run(parts, before, after, condition)
            case Fork(id_, parts):
                first, last = self.node(f"{id_}_a", "parallel"), self.node(f"{id_}_b", "parallel")
                self.flow(before, first, condition)
                for part in parts:
                    self.build(part, first, last)
                self.flow(last, after)
            case Choice(id_, part, other):
                first, last = f"{id_}_a", self.node(f"{id_}_b", "exclusive")
                self.flow(before, first, condition)
                self.build(part, first, last, condition=id_)
                self.node(first, "exclusive", default=f"f_{len(self.flows)}")
                if other:
                    self.build(other, first, last)
                else:
                    self.flow(first, last)
                self.flow(last, after)
            case Loop(id_, part):
                first, last = self.node(f"{id_}_a", "exclusive"), f"{id_}_b"
                self.flow(before, first, condition)
                self.build(part, first, last)
                self.flow(last, first, id_)
                self.node(last, "exclusive", default=self.flow(last, after))

    def run(self, parts: tuple[Plan, ...], before: str, after: str, condition: str | None) -> None:
        for number, part in enumerate(parts, 1):
            here = after
            if number < len(parts):
                here = self.node(f"between_{len(self.nodes)}", "exclusive")
            self.build(part, before, here, condition)
            before, condition = here, None


def built(plan: Plan) -> ProcessModel:
    """Give the process of a plan."""
    builder = _Builder()
    builder.node("start", "start")
    builder.node("end", "end")
    builder.build(plan, "start", "end")
    return ProcessModel.of("made", "Made", builder.nodes, builder.flows)


of_blocks = plans().map(built)
"""Sound processes of user tasks, choices, forks and loops."""

_xml_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\t\n"), max_size=12
)
_party: st.SearchStrategy[Party] = st.sampled_from(["client", "provider", "either"])


@st.composite
def of_anything(draw: st.DrawFn) -> ProcessModel:
    """Processes of any parts that name what is there, sensible or not."""
    lanes = [
        Lane(id=f"lane.{n}", name=draw(_xml_text), party=draw(_party), role=draw(st.none() | _xml_text))
        for n in range(draw(st.integers(0, 3)))
    ]
    ids = [f"n-{n}" for n in range(draw(st.integers(0, 9)))]
    nodes = [draw(_nodes(id_, [lane.id for lane in lanes])) for id_ in ids]
    hosts = [node.id for node in nodes if node.kind == "user"]
    nodes += list(_timers(draw, hosts))
    flows = draw(_flows([node.id for node in nodes], ids))
    exclusive = {node.id for node in nodes if node.kind == "exclusive"}
    defaults = {flow.source: flow.id for flow in flows if flow.source in exclusive and draw(st.booleans())}
    chosen = [
        Node(id=node.id, kind="exclusive", name=node.name, lane=node.lane, default=defaults[node.id])
        if node.id in defaults
        else node
        for node in nodes
    ]
    return ProcessModel.of("any", draw(_xml_text), chosen, flows, lanes)


@st.composite
def _nodes(draw: st.DrawFn, id_: str, lanes: list[str]) -> Node:
    kinds: list[Kind] = ["start", "end", "user", "service", "exclusive", "parallel", "timer"]
    kind = draw(st.sampled_from(kinds))
    lasts = draw(_durations) if kind == "timer" and draw(st.booleans()) else None
    return Node(
        id=id_,
        kind=kind,
        name=draw(_xml_text),
        lane=draw(st.sampled_from([None, *lanes])),
        attributes=draw(st.dictionaries(st.sampled_from(["kind", "of", "skill"]), _xml_text, max_size=2)),
        lasts=lasts,
        until="2026-12-24T12:00:00+01:00" if kind == "timer" and lasts is None else None,
    )


_durations = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=9_999))


def _timers(draw: st.DrawFn, hosts: list[str]) -> Iterator[Node]:
    for number, task in enumerate(hosts):
        if draw(st.booleans()):
            stops = draw(st.booleans())
            yield Node(
                id=f"t{number}", kind="timer", lasts=draw(_durations), attached_to=task, interrupting=stops
            )


@st.composite
def _flows(draw: st.DrawFn, sources: list[str], targets: list[str]) -> list[Flow]:
    if not targets:
        return []
    ends = draw(st.lists(st.tuples(st.sampled_from(sources), st.sampled_from(targets)), max_size=14))
    conditions = st.none() | _xml_text.map(str.strip).filter(bool)
    return [
        Flow(id=f"f{n}", source=source, target=target, condition=draw(conditions), name=draw(_xml_text))
        for n, (source, target) in enumerate(ends)
    ]
