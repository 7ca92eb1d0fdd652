"""The order of steps, who follows whom and who makes whom possible, to be compiled: a case after the other, once.

What takes a long walk, as a case of very many steps that go on at once, it gives up; `concurrency` and `enabling` then
find the same in a general way.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

Whole = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.uint8]]

NONE: Final = -1
NEVER: Final = (1 << 63) - 1
TOO_LONG: Final = -1

# Places in `sizes`.
ROWS, CASES, ACTIVITIES, NEIGHBOURS = range(4)


class Steps(NamedTuple):
    """What is known of each step; the rows stand in any order."""

    case: Whole  # numbers from 0
    activity: Whole  # likewise
    start: Whole
    end: Whole  # NEVER while it goes on
    order: Whole  # settles what stands first where times are equal


class Turns(NamedTuple):
    """What is found; a place is where a step stands by case, start, end and order."""

    begins: Whole  # of each case the first place; two more
    rows: Whole  # of each place
    by_end: Whole  # the places of each case by end and order
    turn: Whole  # of each place among these


class Counts(NamedTuple):
    """What is counted of two activities, in square tables; each case counts once."""

    follows: Whole  # cases in which the second follows the first directly, and nowhere the other way round
    both_ways: Whole  # cases with either, where the lesser number stands first
    overlaps: Whole  # cases in which they overlap, where the lesser number stands first
    last_follows: Whole  # the number of the last case of these, from 1
    last_overlaps: Whole


def count(steps: Steps, turns: Turns, counts: Counts, sizes: Whole, patience: int) -> int:
    """Put the steps in order, and count what follows and what overlaps: 0, or TOO_LONG."""
    _by_case(steps, turns, sizes)
    for case in range(sizes[CASES]):
        first, end = turns.begins[case], turns.begins[case + 1]
        patience = _by_start(steps, turns.rows, first, end, patience)
        patience = _by_end(steps, turns, first, end, patience)
        patience = _count_case(steps, turns, counts, case, sizes, patience)
        if patience < 0:
            return TOO_LONG
    return 0


def precede(steps: Steps, turns: Turns, beside: Flags, before: Whole, sizes: Whole, patience: int) -> int:
    """Find for each place that of what made it possible, or NONE: 0, or TOO_LONG.

    `beside` tells for each pair of activities whether they run side by side.
    """
    for case in range(sizes[CASES]):
        first, end = turns.begins[case], turns.begins[case + 1]
        ended = first  # how many of the case have, by then
        for place in range(first, end):
            row = turns.rows[place]
            while ended < end and steps.end[turns.rows[turns.by_end[ended]]] <= steps.start[row]:
                ended += 1
            # Of what ended at the same instant only what stands before it.
            latest = min(ended, turns.turn[place]) - 1
            own = steps.activity[row] * sizes[ACTIVITIES]
            while latest >= first and beside[own + steps.activity[turns.rows[turns.by_end[latest]]]]:
                latest -= 1
                patience -= 1
            before[place] = turns.by_end[latest] if latest >= first else NONE
        if patience < 0:
            return TOO_LONG
    return 0


def _by_case(steps: Steps, turns: Turns, sizes: Whole) -> None:
    """Put the rows of each case together, in the order in which they stand."""
    begins, rows = turns.begins, sizes[ROWS]
    for row in range(rows):
        begins[steps.case[row] + 2] += 1
    for case in range(sizes[CASES]):
        begins[case + 1] += begins[case]
    for row in range(rows):
        case = (
            steps.case[row] + 1
        )  # where the next of this one goes; in the end that is where the next one begins
        turns.rows[begins[case]] = row
        begins[case] += 1


def _by_start(steps: Steps, rows: Whole, first: int, end: int, patience: int) -> int:
    """Sort by insertion, as most stand so already; what is left of the patience."""
    for place in range(first + 1, end):
        row, free = rows[place], place
        while free > first and patience >= 0 and _starts_before(steps, row, rows[free - 1]):
            rows[free] = rows[free - 1]
            free -= 1
            patience -= 1
        rows[free] = row
    return patience


def _starts_before(steps: Steps, one: int, other: int) -> bool:
    if steps.start[one] != steps.start[other]:
        return bool(steps.start[one] < steps.start[other])
    return _ends_before(steps, one, other)


def _by_end(steps: Steps, turns: Turns, first: int, end: int, patience: int) -> int:
    """Sort by insertion, as most end in the order in which they start."""
    rows, by_end = turns.rows, turns.by_end
    for place in range(first, end):
        free = place
        while free > first and patience >= 0 and _ends_before(steps, rows[place], rows[by_end[free - 1]]):
            by_end[free] = by_end[free - 1]
            free -= 1
            patience -= 1
        by_end[free] = place
    for turn in range(first, end):
        turns.turn[by_end[turn]] = turn
    return patience


def _ends_before(steps: Steps, one: int, other: int) -> bool:
    if steps.end[one] != steps.end[other]:
        return bool(steps.end[one] < steps.end[other])
    return bool(steps.order[one] < steps.order[other])


def _count_case(steps: Steps, turns: Turns, counts: Counts, case: int, sizes: Whole, patience: int) -> int:
    """Count a case's steps that have ended; what is left of the patience."""
    activities, last = sizes[ACTIVITIES], NONE
    for place in range(turns.begins[case], turns.begins[case + 1]):
        row = turns.rows[place]
        if steps.end[row] == NEVER:
            continue
        own = steps.activity[row]
        if last not in (NONE, own):
            _follow(counts, last, own, activities, case + 1)
        last = own
        if steps.end[row] > steps.start[row]:
            patience = _overlap(steps, turns, counts, place, case, sizes, patience)
    return patience


def _follow(counts: Counts, one: int, other: int, activities: int, case: int) -> None:
    there, back = one * activities + other, other * activities + one
    if counts.last_follows[there] == case:
        return
    counts.last_follows[there] = case
    if counts.last_follows[back] == case:
        counts.follows[back] -= 1
        counts.both_ways[min(there, back)] += 1
    else:
        counts.follows[there] += 1


def _overlap(
    steps: Steps, turns: Turns, counts: Counts, place: int, case: int, sizes: Whole, patience: int
) -> int:
    """Count whom a step overlaps of the next ones that last."""
    row, seen, end = turns.rows[place], 0, turns.begins[case + 1]
    own = steps.activity[row]
    place += 1
    while place < end and seen < sizes[NEIGHBOURS] and steps.start[turns.rows[place]] < steps.end[row]:
        other = turns.rows[place]
        if steps.start[other] < steps.end[other] < NEVER:
            lesser, greater = min(own, steps.activity[other]), max(own, steps.activity[other])
            pair = lesser * sizes[ACTIVITIES] + greater
            counts.overlaps[pair] += counts.last_overlaps[pair] != case + 1
            counts.last_overlaps[pair] = case + 1
            seen += 1
        place += 1
        patience -= 1
    return patience
