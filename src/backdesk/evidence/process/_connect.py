"""What holds a process map together: its backbone of frequent ways, and its main path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backdesk.evidence.process.maps import Edge, Node

Key = tuple[str | None, str | None]
_ENOUGH = 0.05
"""A way out is held where it is at least this part of the steps that nothing followed from."""


def backbone(
    nodes: Sequence[Node], edges: Sequence[Edge], starts: Sequence[Edge], ends: Sequence[Edge]
) -> frozenset[Key]:
    """Keep of the paths each node's best way in and out, and a way from start to end through each node.

    Where work mostly comes to an end within a case, beside other branches of it, the few ways on from there
    are noise: such a node needs none.
    """
    ways = sorted(
        (edge for edge in (*edges, *starts, *ends) if not edge.is_loop), key=lambda edge: -edge.count
    )
    enough = {node.activity: _ENOUGH * node.last_steps for node in nodes}
    held = _best_ways(ways, enough)
    forward = _widest_tree((edge.source, edge.target, edge.count) for edge in ways)
    finishing = [(None, node.activity, node.last_steps) for node in nodes if node.last_steps]
    onward = [(edge.target, edge.source, edge.count) for edge in ways if edge.target is not None]
    backward = _widest_tree(sorted((*finishing, *onward), key=lambda way: -way[2]))
    rare_ends = {edge.key for edge in ends if edge.count < enough.get(edge.source or "", 0)}
    return frozenset((held | forward | {(source, target) for target, source in backward}) - rare_ends)


def _best_ways(ways: Sequence[Edge], enough: Mapping[str, float]) -> set[Key]:
    """Return each node's way in and out that comes first; a way out counts from `enough` steps on."""
    into: dict[str | None, Key] = {}
    out: dict[str | None, Key] = {}
    for edge in ways:
        into.setdefault(edge.target, edge.key)
        if edge.count >= enough.get(edge.source or "", 0):
            out.setdefault(edge.source, edge.key)
    return {best[name] for best in (into, out) for name in enough.keys() & best.keys()}


def main_path(edges: Sequence[Edge], starts: Sequence[Edge], ends: Sequence[Edge]) -> tuple[str, ...]:
    """Follow the most frequent way out, from the most frequent start until ending there is more frequent.

    Ways into branches that lead to no end of a case are taken only where there is no other.
    """
    if not starts:
        return ()
    leads_to_end = _before(edges, {edge.source for edge in ends})
    ending = {edge.source: edge.count for edge in ends}
    out: dict[str | None, list[Edge]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: -edge.count):
        out[edge.source].append(edge)
    here = max(starts, key=lambda edge: edge.count).target
    path: list[str] = []
    while here is not None:
        path.append(here)
        ways = [edge for edge in out[here] if edge.target not in path]
        onward = next((edge for edge in ways if edge.target in leads_to_end), next(iter(ways), None))
        goes_on = onward is not None and onward.count > ending.get(here, 0)
        here = onward.target if onward and goes_on else None
    return tuple(path)


def _before(edges: Sequence[Edge], places: set[str | None]) -> set[str | None]:
    """Return the places, and all from which a way leads to one of them."""
    found = set(places)
    while new := {edge.source for edge in edges if edge.target in found} - found:
        found |= new
    return found


def _widest_tree(ways: Iterable[tuple[str | None, str | None, int]]) -> set[Key]:
    """Grow a tree from the outside (None), always along the most frequent way to a place not yet reached."""
    out: dict[str | None, list[tuple[int, int, Key]]] = defaultdict(list)
    for order, (source, target, count) in enumerate(ways):
        out[source].append((-count, order, (source, target)))
    reached: set[str | None] = {None}
    tree: set[Key] = set()
    heap: list[tuple[int, int, Key]] = []
    for way in out[None]:
        heappush(heap, way)
    while heap:
        key = heappop(heap)[2]
        if key[1] in reached:
            continue
        reached.add(key[1])
        tree.add(key)
        for way in out[key[1]]:
            heappush(heap, way)
    return tree
