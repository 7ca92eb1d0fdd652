"""Two questions about ranges of a row of numbers, each answered for all ranges at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from backdesk.evidence.eventlog.numbering import distinct
from backdesk.evidence.measures.causes import Integers

NOTHING: Final = np.iinfo(np.int64).max


def sums_above(
    values: Integers, weights: Integers, *, first: Integers, last: Integers, above: Integers
) -> Integers:
    """Return for each range `[first, last)` the sum of the weights whose values are greater than `above`.

    `values` and `weights` are one row, `first`, `last` and `above` one entry a range. Takes
    (values + ranges) x log(different values) steps, however long the ranges are.
    Source: wavelet matrix; Claude, Navarro, Ordonez, Information Systems 47, 2015.

    >>> asked = sums_above(np.array([5, 1, 7]), np.array([10, 20, 40]), first=np.array([0, 0, 1]),
    ...                    last=np.array([3, 2, 3]), above=np.array([1, 4, 7]))
    >>> asked.tolist()
    [50, 10, 0]
    """
    different = distinct(values)
    rank, least = np.searchsorted(different, values), np.searchsorted(different, above, side="right")
    low, high, total = first, last, np.zeros(len(first), dtype=np.int64)
    for bit in reversed(range(len(different).bit_length())):
        greater, stays = (rank >> bit & 1).astype(bool), (least >> bit & 1).astype(bool)
        added = _before(np.where(greater, weights, 0))
        total += np.where(stays, 0, added[high] - added[low])
        lesser = _before(~greater)
        low, high = (np.where(stays, lesser[-1] + end - lesser[end], lesser[end]) for end in (low, high))
        order = np.argsort(greater, kind="stable")
        rank, weights = rank[order], weights[order]
    equal = _before(weights)
    return total + equal[high] - equal[low]


def least_over(first: Integers, last: Integers, values: Integers, *, size: int) -> Integers:
    """Return for each of `size` places the least value of the ranges `[first, last)` over it, else `NOTHING`.

    >>> places = least_over(np.array([0, 1]), np.array([3, 2]), np.array([5, 4]), size=4)
    >>> places[:3].tolist(), bool(places[3] == NOTHING)
    ([5, 4, 5], True)
    """
    level = np.frexp((last - first).astype(np.float64))[1] - 1
    least = np.full(size, NOTHING, dtype=np.int64)
    # Two blocks of the greatest power of two cover a range; from the longest on each is handed to its halves.
    for of in range(int(level.max(initial=0)), -1, -1):
        own = (level == of) & (last > first)
        np.minimum.at(least, first[own], values[own])
        np.minimum.at(least, last[own] - (1 << of), values[own])
        if of:
            half = 1 << (of - 1)
            least[half:] = np.minimum(least[half:], least[:-half].copy())
    return least


def _before(weights: Integers) -> Integers:
    """Return the sums before each place, and of all."""
    sums = np.zeros(len(weights) + 1, dtype=np.int64)
    np.cumsum(weights, out=sums[1:])
    return sums
