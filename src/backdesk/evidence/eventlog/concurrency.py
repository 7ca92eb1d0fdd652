"""Find from a log which activities run side by side, so that neither is taken for the cause of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from backdesk.evidence.eventlog.numbering import distinct

Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

CASES_ENOUGH: Final = 2  # that must show a pattern before it counts
BALANCE: Final = 1 / 3  # the rarer order against the other one
LOOPS: Final = 1 / 2  # cases with both orders (a loop) against cases with one
OVERLAP: Final = 1 / 4  # cases in which the two overlap against cases that have both
NEIGHBOURS: Final = 64  # steps that start after a step, searched for overlaps with it
CASES_AT_ONCE: Final = 8192
ACTIVITIES_LIMIT: Final = 1500
_MOST: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Work:
    """The steps of a log as numbers: which case, what was done, from when to when.

    `case` and `activity` are codes from 0, the latter below `activities`; `start` and `end` are microseconds;
    `order` settles what stands first where times are equal. Rows stand in any order.
    """

    case: Ints
    activity: Ints
    start: Ints
    end: Ints
    order: Ints
    activities: int

    def taken(self, rows: Ints | Flags) -> Work:
        """Take some of the rows."""
        case, activity, start, end, order = (
            column[rows] for column in (self.case, self.activity, self.start, self.end, self.order)
        )
        return Work(case, activity, start, end, order, self.activities)

    def by_start(self) -> Ints:
        """Give the rows by case, start, end and order."""
        start, end = self.keys()
        return in_turn(start, in_turn(end, np.argsort(self.order, kind="stable")))

    def keys(self) -> tuple[Ints, Ints]:
        """Give case and start as one number, and case and end: they sort as the two do, in one go."""
        times = np.concatenate((self.start, self.end))
        low, high = (int(times.min()), int(times.max())) if times.size else (0, 0)
        if (high - low + 1) * (int(self.case.max(initial=0)) + 1) > _MOST:  # as where a step never ends
            times = np.unique(times, return_inverse=True)[1]
            low, high = 0, times.size
        before = self.case * (high - low + 1) - low
        return before + times[: before.size], before + times[before.size :]


def in_turn(key: Ints, rows: Ints) -> Ints:
    """Sort rows by their keys; those of equal ones keep their turn. What is nearly sorted costs next to nothing."""
    return rows[np.argsort(key[rows], kind="stable")]


def concurrent_pairs(work: Work) -> Flags:
    """Tell for each pair of activities whether they run side by side: a square matrix of flags.

    Rows stand by case, start, end and order.

    Two signs count. In some cases the one directly follows the other and in about as many the other way
    round, without being a loop within one case (after the heuristics of Weijters and Ribeiro, "Flexible
    Heuristics Miner", CIDM 2011). Or the two overlap in time in many of the cases that have both. A log of
    more than 1,500 activities is no process with parallel branches; then no pair is found.

    >>> numbers = lambda *values: np.array(values, dtype=np.int64)
    >>> case, task = numbers(0, 0, 1, 1, 2, 2, 3, 3), numbers(0, 1, 1, 0, 0, 1, 1, 0)
    >>> at = numbers(1, 2, 1, 2, 1, 2, 1, 2)
    >>> concurrent_pairs(Work(case, task, at, at, numbers(*range(8)), 2)).tolist()
    [[False, True], [True, False]]
    """
    if work.activities > ACTIVITIES_LIMIT:
        return np.zeros((0, 0), dtype=np.bool_)
    return either_order(*_follows(work)) | overlapping(work, _overlaps(work))


def overlapping_pairs(work: Work) -> Flags:
    """Tell for each pair of activities whether they overlap in time in many of the cases that have both.

    At least two cases, and a quarter of those with both; on the diagonal, of those with several. Given a log of
    more than 1,500 activities no pair is found.

    >>> numbers = lambda *values: np.array(values, dtype=np.int64)
    >>> case, task = numbers(0, 0, 1, 1), numbers(0, 1, 0, 1)
    >>> start, end = numbers(1, 2, 1, 2), numbers(3, 4, 3, 4)
    >>> overlapping_pairs(Work(case, task, start, end, numbers(*range(4)), 2)).tolist()
    [[False, True], [True, False]]
    """
    if work.activities > ACTIVITIES_LIMIT:
        return np.zeros((work.activities, work.activities), dtype=np.bool_)
    work = work.taken(work.by_start())
    return overlapping(work, _overlaps(work))


def either_order(one_way: Ints, both_ways: Ints) -> Flags:
    """Find pairs that follow each other directly in either order, in different cases.

    Given are the cases in which the one follows the other and nowhere the other way round, and, of each pair once, the
    cases with both orders.
    """
    rarer, other = np.minimum(one_way, one_way.T), np.maximum(one_way, one_way.T)
    found: Flags = (
        (rarer >= CASES_ENOUGH)
        & (rarer >= BALANCE * other)
        & (both_ways + both_ways.T <= LOOPS * (rarer + other))
    )
    return found


def overlapping(work: Work, overlaps: Ints) -> Flags:
    """Find pairs whose steps overlap in time in a good share of the cases that have both.

    Given are, of each pair once, the cases in which they overlap.
    """
    overlaps = overlaps + overlaps.T - np.diag(np.diag(overlaps))
    found = np.zeros(overlaps.shape, dtype=np.bool_)
    involved = np.flatnonzero((overlaps >= CASES_ENOUGH).any(axis=1))
    if involved.size:
        together = _cases_with_both(work, involved)
        shares = overlaps[np.ix_(involved, involved)]
        found[np.ix_(involved, involved)] = (shares >= CASES_ENOUGH) & (shares >= OVERLAP * together)
    return found


def _follows(work: Work) -> tuple[Ints, Ints]:
    """Count for each pair the cases in which one follows the other in this order alone, and those with both orders."""
    size = work.activities
    first, second = work.activity[:-1], work.activity[1:]
    directly = (work.case[:-1] == work.case[1:]) & (first != second)
    case, first, second = work.case[:-1][directly], first[directly], second[directly]
    pairs = np.minimum(first, second) * size + np.maximum(first, second)
    seen = distinct((case * size * size + pairs) * 2 + (first > second))
    turned, pairs = (seen & 1) == 1, (seen >> 1) % (size * size)
    again = (seen[1:] >> 1) == (seen[:-1] >> 1)  # one case has both orders
    loops = np.append(again, False) | np.append(False, again)
    one_way = _counts(pairs[~loops & ~turned], size) + _counts(pairs[~loops & turned], size).T
    return one_way, _counts(pairs[loops & turned], size)


def _overlaps(work: Work) -> Ints:
    """Count for each pair, the lesser activity first, the cases in which they overlap."""
    size = work.activities
    real = work.end > work.start
    case, activity, start, end = (column[real] for column in (work.case, work.activity, work.start, work.end))
    found = [np.empty(0, dtype=np.int64)]
    here = np.arange(case.size)
    for distance in range(1, NEIGHBOURS + 1):
        here = here[here + distance < case.size]
        there = here + distance
        # sorted by start: where this neighbour does not overlap, no later one does
        overlap = (case[here] == case[there]) & (start[there] < end[here])
        here, there = here[overlap], there[overlap]
        if not here.size:
            break
        lesser, greater = (
            np.minimum(activity[here], activity[there]),
            np.maximum(activity[here], activity[there]),
        )
        found.append((case[here] * size + lesser) * size + greater)
    return _counts(distinct(np.concatenate(found)) % (size * size), size)


def _cases_with_both(work: Work, involved: Ints) -> Ints:
    """Count the cases that have both of two activities; on the diagonal, those that have one repeatedly."""
    place = np.full(work.activities, -1)
    place[involved] = np.arange(involved.size)
    column = place[work.activity]
    row, column = work.case[column >= 0], column[column >= 0]
    together = np.zeros((involved.size, involved.size))
    for low in range(0, int(row.max(initial=0)) + 1, CASES_AT_ONCE):
        here = (row >= low) & (row < low + CASES_AT_ONCE)
        seen = np.zeros((CASES_AT_ONCE, involved.size), dtype=np.float32)
        np.add.at(seen, (row[here] - low, column[here]), 1)
        present = (seen > 0).astype(np.float32)
        block = present.T @ present
        np.fill_diagonal(block, (seen > 1).sum(axis=0))
        together += block
    return together.astype(np.int64)


def _counts(pairs: Ints, size: int) -> Ints:
    counts: Ints = np.bincount(pairs, minlength=size * size).reshape(size, size)
    return counts
