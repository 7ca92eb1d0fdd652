"""Best sets of a graph by minimum cuts: what is gained by each member against what crosses the border."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backdesk.evidence.assessment._flows import near_side

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_LARGEST = 2**30  # scipy's flows are 32-bit integers
_NOTHING = 1e-9
_CLOSE = 1e-6  # relative; sets whose worth differs by less are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """A best set: its members, what they gain and what crosses its border."""

    members: Mask
    gain: float
    crossings: float


def best_set(gain: Floats, crossings: Floats, price: float) -> Best:
    """Find the set with the largest gain less `price` times what crosses its border.

    `gain` of each member may be negative, or minus infinity where it must stay outside; `crossings` is
    symmetric, with an empty diagonal. Project selection as a minimum cut: Picard, Management Science 22
    (1976).
    """
    n = len(gain)
    finite = np.where(np.isfinite(gain), gain, 0.0)
    never = np.abs(finite).sum() + price * crossings.sum() + 1.0
    capacity = np.zeros((n + 2, n + 2))
    capacity[:n, :n] = price * crossings
    capacity[n, :n] = np.maximum(finite, 0.0)
    capacity[:n, n + 1] = np.where(np.isfinite(gain), np.maximum(-finite, 0.0), never)
    # the sum of all capacities bounds every flow and every step on the way to it
    whole = np.rint(capacity * (_LARGEST / max(capacity.sum(), _NOTHING))).astype(np.int64)
    members = near_side(whole, n, n + 1)
    return _best(members[:n], finite, crossings)


def best_sets(gain: Floats, crossings: Floats, *, least: float, most: float) -> list[Best]:
    """Find every set that is best for some price between `least` and `most`, largest border first.

    The worth of the best set is a convex, piecewise linear function of the price; its corners are found by
    meeting lines until no set lies above them (Eisner and Severance, Journal of the ACM 23, 1976).
    """
    first, last = best_set(gain, crossings, least), best_set(gain, crossings, most)
    return [first, *_between(first, last, gain, crossings), last] if _differ(first, last) else [first]


def _between(left: Best, right: Best, gain: Floats, crossings: Floats) -> Iterator[Best]:
    drop = left.crossings - right.crossings
    if drop <= _CLOSE * max(left.crossings, 1.0):
        return
    price = (left.gain - right.gain) / drop
    found = best_set(gain, crossings, price)
    line = left.gain - price * left.crossings
    if found.gain - price * found.crossings <= line + _CLOSE * max(
        abs(line), np.abs(gain[gain > 0]).sum(), 1e-9
    ):
        return
    yield from _between(left, found, gain, crossings)
    yield found
    yield from _between(found, right, gain, crossings)


def _best(members: Mask, gain: Floats, crossings: Floats) -> Best:
    border = crossings[np.ix_(members, ~members)].sum()
    return Best(members=members, gain=float(gain[members].sum()), crossings=float(border))


def _differ(one: Best, other: Best) -> bool:
    return bool((one.members != other.members).any())
