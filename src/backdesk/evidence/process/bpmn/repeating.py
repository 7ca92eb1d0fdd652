"""A task that repeats, drawn out as what it means: the task between exclusive gateways, and a flow that leads back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backdesk.evidence.process.bpmn.model import Flow, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """What a task says of its repeating: the condition (CEL) to do it again, asked after each time, or before each."""

    task: str
    condition: str | None
    tests_before: bool

    @property
    def entry(self) -> str:
        """Return the gateway through which the task is come to, at first and again."""
        return f"{self.task}_at"

    @property
    def decision(self) -> str:
        """Return the gateway that decides: behind the task, or the one before it."""
        return self.entry if self.tests_before else f"{self.task}_done"

    def parts(self) -> tuple[str, ...]:
        """Return the ids that are not in the file: gateways, and the flows to the task, from it and back."""
        return (self.entry, self.decision, f"{self.task}_in", f"{self.task}_out", f"{self.task}_again")


def drawn_out(
    nodes: Sequence[Node], flows: Sequence[Flow], loops: Sequence[Loop]
) -> tuple[list[Node], list[Flow]]:
    """Return nodes and flows with every loop drawn out.

    The flow that leads on is the default of the decision where there is a condition to do the task again.

    >>> nodes = [Node(id="begin", kind="start"), Node(id="Ask", kind="user"), Node(id="end", kind="end")]
    >>> flows = [Flow(id="f", source="begin", target="Ask"), Flow(id="g", source="Ask", target="end")]
    >>> _, found = drawn_out(nodes, flows, [Loop(task="Ask", condition="output.open", tests_before=False)])
    >>> [(flow.source, flow.target, flow.condition) for flow in found]  # doctest: +NORMALIZE_WHITESPACE
    [('begin', 'Ask_at', None), ('Ask_done', 'end', None), ('Ask_at', 'Ask', None), ('Ask', 'Ask_done', None),
     ('Ask_done', 'Ask_at', 'output.open')]
    """
    of_task = {loop.task: loop for loop in loops}
    drawn = [
        replace(
            flow,
            source=of_task[flow.source].decision if flow.source in of_task else flow.source,
            target=of_task[flow.target].entry if flow.target in of_task else flow.target,
        )
        for flow in flows
    ]
    gateways: list[Node] = []
    for loop in loops:
        onward = [flow.id for flow in drawn if flow.source == loop.decision]
        default = onward[0] if loop.condition and len(onward) == 1 else None
        lane = next(node.lane for node in nodes if node.id == loop.task)
        ends = dict.fromkeys((loop.entry, loop.decision))
        gateways += [
            Node(id=end, kind="exclusive", lane=lane, default=default if end == loop.decision else None)
            for end in ends
        ]
        drawn += _between(loop)
    return [*nodes, *gateways], drawn


def _between(loop: Loop) -> list[Flow]:
    _, _, into, out, again = loop.parts()
    if loop.tests_before:
        return [
            Flow(id=into, source=loop.entry, target=loop.task, condition=loop.condition),
            Flow(id=again, source=loop.task, target=loop.entry),
        ]
    return [
        Flow(id=into, source=loop.entry, target=loop.task),
        Flow(id=out, source=loop.task, target=loop.decision),
        Flow(id=again, source=loop.decision, target=loop.entry, condition=loop.condition),
    ]
