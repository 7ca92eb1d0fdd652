"""Processes written as one draws them on paper: `begin > ?which`, `?which > a > done`, `?which =*> b > done`."""

from __future__ import annotations

import re

from backdesk.evidence.process.bpmn import Flow, Kind, Node, ProcessModel

_SIGNS: dict[str, Kind] = {"?": "exclusive", "+": "parallel", "#": "service", "@": "timer"}
_ARROW = re.compile(r"\s*(=\*>|>)\s*")


def drawn(*ways: str) -> ProcessModel:
    """Give the process with these ways; `?` is an exclusive gateway, `+` a parallel one, `=*>` a default flow.

    The node `begin` starts, `done…` ends, the others are user tasks. Where an exclusive gateway parts, its
    flows have their own id for condition.
    """
    nodes: dict[str, Node] = {}
    ends: list[tuple[str, str, bool]] = []
    for way in ways:
        names = _ARROW.split(way)
        for name in names[::2]:
            nodes.setdefault(_bare(name), _node(name))
        for source, arrow, target in zip(names[:-2:2], names[1::2], names[2::2], strict=True):
            ends.append((_bare(source), _bare(target), arrow == "=*>"))
    parting = {
        source for source, _, _ in ends if nodes[source].kind == "exclusive" and _count(ends, source) > 1
    }
    flows = [
        Flow(
            id=f"{source}_{target}",
            source=source,
            target=target,
            condition=None if default or source not in parting else f"{source}_{target}",
        )
        for source, target, default in ends
    ]
    defaults = {source: f"{source}_{target}" for source, target, default in ends if default}
    placed = [
        Node(id=node.id, kind=node.kind, name=node.name, default=defaults.get(node.id), until=node.until)
        for node in nodes.values()
    ]
    return ProcessModel.of("drawn", "Drawn", placed, flows)


def _node(name: str) -> Node:
    bare = _bare(name)
    if bare == "begin" or bare.startswith("done"):
        return Node(id=bare, kind="start" if bare == "begin" else "end")
    kind = _SIGNS.get(name[0], "user")
    return Node(id=bare, kind=kind, name=bare, until="2026-12-24T12:00+01:00" if kind == "timer" else None)


def _bare(name: str) -> str:
    return name.lstrip("?+#@")


def _count(ends: list[tuple[str, str, bool]], source: str) -> int:
    return sum(end[0] == source for end in ends)
