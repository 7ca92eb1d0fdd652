"""Processes made by Hypothesis: of blocks, and so of good shape; or of any parts at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import Flow, Kind, Lane, Node, ProcessModel
from backdesk.evidence.process.bpmn.model import Party

_task = st.just(("task",))
_blocks = st.recursive(
    _task,
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), inner, inner),
        st.tuples(st.just("choice"), inner, st.one_of(inner, st.none())),
        st.tuples(st.just("fork"), inner, inner),
        st.tuples(st.just("loop"), inner),
    ),
    max_leaves=6,
)


@dataclass
class _Builder:
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    def node(self, kind: Kind, **further: object) -> str:
        id_ = f"{kind}_{len(self.nodes)}"
        self.nodes.append(Node(id=id_, kind=kind, name=id_, **further))  # type: ignore[arg-type]
        return id_

    def flow(self, source: str, target: str, *, guarded: bool = False) -> str:
        id_ = f"flow_{len(self.flows)}"
        self.flows.append(Flow(id=id_, source=source, target=target, condition=id_ if guarded else None))
        return id_

    def default(self, gateway: str, flow: str) -> None:
        place = next(n for n, node in enumerate(self.nodes) if node.id == gateway)
        self.nodes[place] = Node(id=gateway, kind="exclusive", name=gateway, default=flow)

    def block(self, block: tuple[object, ...], before: str, after: str, *, guarded: bool = False) -> str:
        """Build a block between two nodes; return the flow into it."""
        kind, *parts = block
        if kind == "task":
            task = self.node("user")
            into = self.flow(before, task, guarded=guarded)
            self.flow(task, after)
            return into
        if kind == "sequence":
            middle = self.node("user")
            into = self.block(parts[0], before, middle, guarded=guarded)  # type: ignore[arg-type]
            self.block(parts[1], middle, after)  # type: ignore[arg-type]
            return into
        return self.gateways(str(kind), parts, before, after, guarded=guarded)

    def gateways(self, kind: str, parts: list[object], before: str, after: str, *, guarded: bool) -> str:
        gate: Kind = "parallel" if kind == "fork" else "exclusive"
        first, last = self.node(gate), self.node(gate)
        into = self.flow(before, first, guarded=guarded)
        if kind == "loop":
            task = self.node("user")
            self.flow(first, task)
            self.block(parts[0], task, last)  # type: ignore[arg-type]
            self.flow(last, first, guarded=True)
            self.default(last, self.flow(last, after))
            return into
        self.block(parts[0], first, last, guarded=kind == "choice")  # type: ignore[arg-type]
        other = self.flow(first, last) if parts[1] is None else self.block(parts[1], first, last)  # type: ignore[arg-type]
        if kind == "choice":
            self.default(first, other)
        self.flow(last, after)
        return into


def _of_blocks(block: tuple[object, ...]) -> ProcessModel:
    builder = _Builder()
    start, end = builder.node("start"), builder.node("end")
    builder.block(block, start, end)
    return ProcessModel.of("made", "Made", builder.nodes, builder.flows)


of_blocks = _blocks.map(_of_blocks)
"""Sound processes of user tasks, choices, forks and loops; a condition is the id of its flow."""

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
