"""The side of a minimum cut that the source is on.

scipy takes a quarter of a second to load, longer than a hundred cuts among a few dozen activities take here; among
hundreds it is a hundred times as fast.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

FEW: Final = 50  # as many as are soon cut without scipy


def near_side(capacity: Ints, source: int, sink: int) -> Mask:
    """Tell whom the source still reaches when no more can flow to the sink: of all minimum cuts the nearest one."""
    return (_few if len(capacity) <= FEW else _many)(capacity, source, sink)


def _few(capacity: Ints, source: int, sink: int) -> Mask:
    """Let flow what can along one shortest way after the other (Edmonds and Karp, Journal of the ACM 19, 1972)."""
    free = capacity.copy()
    while (before := _ways(free, source, sink))[sink] >= 0:
        way = [sink]
        while way[-1] != source:
            way.append(int(before[way[-1]]))
        to, since = way[:-1], way[1:]
        flow = free[since, to].min()
        free[since, to] -= flow
        free[to, since] += flow
    return before >= 0


def _ways(free: Ints, source: int, sink: int) -> Ints:
    """Tell of each by whom it is reached on a shortest way, -1 where it is not; the sink ends the search."""
    before = np.full(len(free), -1)
    before[source] = source
    reached = np.array([source])
    while reached.size and before[sink] < 0:
        onwards = (free[reached] > 0) & (before < 0)
        new = np.flatnonzero(onwards.any(axis=0))
        before[new] = reached[onwards[:, new].argmax(axis=0)]
        reached = new
    return before


def _many(capacity: Ints, source: int, sink: int) -> Mask:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    whole = capacity.astype(np.int32)
    residual = csr_array(whole - maximum_flow(csr_array(whole), source, sink).flow.toarray())
    residual.eliminate_zeros()
    near = np.zeros(len(capacity), dtype=np.bool_)
    near[breadth_first_order(residual, source, return_predecessors=False)] = True
    return near
