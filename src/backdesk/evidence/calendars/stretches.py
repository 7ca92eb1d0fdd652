"""Stretches of time as two columns, starts and ends, and what can be done with sets of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from backdesk.evidence.calendars.clock import Integers

Stretches: TypeAlias = tuple[Integers, Integers]
"""Starts and ends, the end not included."""


def united(starts: Integers, ends: Integers) -> Stretches:
    """Sort stretches and unite those that overlap or touch.

    >>> starts, ends = united(np.array([5, 0, 2]), np.array([6, 2, 3]))
    >>> starts.tolist(), ends.tolist()
    ([0, 5], [3, 6])
    """
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    opens = np.ones(len(starts), dtype=np.bool_)
    opens[1:] = starts[1:] > reach[:-1]
    closes = np.append(opens[1:], True)[: len(starts)]
    return starts[opens], reach[closes]


def covered(parts: Sequence[Stretches], *, at_least: int) -> Stretches:
    """Return the stretches that so many of the parts cover; within a part none may overlap.

    >>> starts, ends = covered([(np.array([0, 6]), np.array([4, 9])), (np.array([2]), np.array([7]))], at_least=2)
    >>> starts.tolist(), ends.tolist()
    ([2, 6], [4, 7])
    """
    begins = np.concatenate([starts for starts, _ in parts])
    times = np.concatenate([begins, *(ends for _, ends in parts)])
    steps = np.where(np.arange(len(times)) < len(begins), 1, -1)
    # At the same instant the beginnings go first, so that what touches is not torn apart.
    order = np.lexsort((-steps, times))
    enough = np.cumsum(steps[order]) >= at_least
    before = np.append(False, enough)[:-1]
    starts, ends = times[order][enough & ~before], times[order][~enough & before]
    lasting = starts < ends
    return starts[lasting], ends[lasting]


def left_open(stretches: Stretches, begin: int, end: int) -> Stretches:
    """Return what sorted stretches leave open between two times; those that touch leave nothing between.

    >>> starts, ends = left_open((np.array([2, 4]), np.array([4, 5])), 0, 9)
    >>> starts.tolist(), ends.tolist()
    ([0, 5], [2, 9])
    """
    starts, ends = np.append(begin, stretches[1]), np.append(stretches[0], end)
    lasting = starts < ends
    return starts[lasting], ends[lasting]
