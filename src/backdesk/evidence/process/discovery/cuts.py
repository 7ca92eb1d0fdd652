"""Cuts: ways to part the activities of a block so that its directly-follows graph tells what joins the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backdesk.evidence.process.discovery.relations import Relations, between_repeats
from backdesk.evidence.process.discovery.trees import Operator
from backdesk.evidence.process.discovery.variants import Flags, Ints, Traces


@dataclass(frozen=True, slots=True)
class Cut:
    """An operator, and the part (from 0, in its order) that each of `activities` falls into."""

    operator: Operator
    activities: Ints
    part: Ints

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return int(self.part.max()) + 1


def find_cut(found: Relations, traces: Traces) -> Cut | None:
    """Find the cut of a directly-follows graph, None where there is none.

    Tried in this order: exclusive choice, sequence, parallel, loop.

    Source: Leemans, Fahland and van der Aalst, Discovering Block-Structured Process Models from Event Logs: A
    Constructive Approach (Petri Nets 2013); the strict sequence cut and the minimum self-distance from
    Leemans, Robust Process Mining with Guarantees (2017), chapter 6.

    >>> from backdesk.evidence.process.discovery.relations import relations_of
    >>> from backdesk.evidence.process.discovery.variants import counted
    >>> log = counted([["a", "b", "d"], ["a", "c", "d"]])
    >>> cut = find_cut(relations_of(log.traces, log.beside), log.traces)
    >>> cut.operator, dict(zip(log.names, cut.part.tolist(), strict=True))
    ('sequence', {'a': 0, 'b': 1, 'c': 1, 'd': 2})
    """
    if found.activities.size < 2:
        return None
    reach = _reachable(found.edges)
    for operator, part in _candidates(found, traces, reach):
        if part.any():
            return Cut(operator, found.activities, part)
    return None


def _candidates(found: Relations, traces: Traces, reach: Flags) -> Iterator[tuple[Operator, Ints]]:
    yield "exclusive", _components(found.edges)
    yield "sequence", _sequence(found, reach)
    yield "parallel", _parallel(found, traces)
    yield "loop", _loop(found)


def _sequence(found: Relations, reach: Flags) -> Ints:
    """Part where work never comes back: pairs that reach each other both ways, or not at all, stay together."""
    groups = _components(reach == reach.T)
    ahead = reach.sum(axis=1)
    most = np.zeros(groups.max() + 1, dtype=np.int64)
    np.maximum.at(most, groups, ahead)
    return _numbered(_strict(found, np.argsort(np.argsort(-most))[groups]))


def _strict(found: Relations, part: Ints) -> Ints:
    """Put parts together that are skipped together, so that one choice is told for them.

    A part that some traces jump over is joined by those before it that lead nowhere beyond it, and by those
    behind it that are reached from nowhere before it.
    """
    parts = int(part.max()) + 1
    first, last = _span(found, part, parts)
    source, target = (part[places] for places in np.nonzero(found.edges))
    begins, ends = part[found.begin], part[found.end]
    joined = np.arange(parts)
    for one in range(parts):
        jumped = ((source < one) & (target > one)).any() or (begins > one).any() or (ends < one).any()
        if not jumped:
            continue
        before, behind = one - 1, one + 1
        while before >= 0 and last[before] <= one:
            before -= 1
        while behind < parts and first[behind] >= one:
            behind += 1
        joined[before + 1 : behind] = joined[before + 1 : behind].min()
    return joined[part]


def _span(found: Relations, part: Ints, parts: int) -> tuple[Ints, Ints]:
    """Give for each part the first part it is reached from, and the last it leads to; outside counts as beyond."""
    first, last = np.full(parts, parts), np.full(parts, -1)
    source, target = (part[places] for places in np.nonzero(found.edges))
    np.minimum.at(first, target, source)
    np.maximum.at(last, source, target)
    first[part[found.begin]] = -1
    last[part[found.end]] = parts
    return first, last


def _parallel(found: Relations, traces: Traces) -> Ints:
    """Part where everything follows everything both ways, and each part has a beginning and an end."""
    apart = found.edges & found.edges.T
    groups = _components(~apart)
    if groups.any():
        near = between_repeats(traces, found.activities) & ~found.beside
        groups = _components(~apart | near | near.T)
    parts = int(groups.max()) + 1
    whole = np.isin(np.arange(parts), groups[found.begin]) & np.isin(np.arange(parts), groups[found.end])
    if not whole.any():
        return np.zeros_like(groups)
    return _numbered(np.where(whole[groups], groups, np.flatnonzero(whole)[0]))


def _loop(found: Relations) -> Ints:
    """Part into what begins and ends, and what only leads back from every end to every beginning."""
    edges, begin, end = found.edges, found.begin, found.end
    body = begin | end
    if body.all():
        return np.zeros(body.size, dtype=np.int64)
    rest = np.flatnonzero(~body)
    groups = _components(edges[np.ix_(rest, rest)])
    from_ends, to_begins = edges[end].any(axis=0), edges[:, begin].any(axis=1)
    leaves: Flags = np.asarray(
        edges[begin & ~end].any(axis=0)
        | edges[:, end & ~begin].any(axis=1)
        | (from_ends & ~edges[end].all(axis=0))
        | (to_begins & ~edges[:, begin].all(axis=1))
    )
    in_body = np.zeros(groups.max() + 1, dtype=np.bool_)
    in_body[groups[leaves[rest]]] = True
    part = np.zeros(body.size, dtype=np.int64)
    part[rest] = np.where(in_body[groups], 0, groups + 1)
    return _numbered(part)


def _reachable(edges: Flags) -> Flags:
    """Tell what can be reached from where, in any number of steps; from itself each can."""
    reach = (edges | np.eye(len(edges), dtype=np.bool_)).astype(np.float32)
    while True:
        further = (reach @ reach > 0).astype(np.float32)
        if np.array_equal(further, reach):
            return reach > 0
        reach = further


def _components(edges: Flags) -> Ints:
    """Number the parts that hang together, in the order of their first members."""
    return _numbered(_reachable(edges | edges.T).argmax(axis=1))


def _numbered(groups: Ints) -> Ints:
    """Number groups from 0, without gaps, in their order."""
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
