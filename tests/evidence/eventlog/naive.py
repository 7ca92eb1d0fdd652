"""The same answers found the slow and obvious way."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from itertools import pairwise
from typing import NamedTuple

Key = tuple[object, ...]


class Mark(NamedTuple):
    case: str
    activity: str
    resource: str | None
    at: int
    opens: bool


class Step(NamedTuple):
    case: int
    activity: int
    start: int
    end: int


def paired(marks: list[Mark]) -> set[tuple[int, int]]:
    """Walk through the marks in time, once with the person and once without."""
    first = _queued(marks, range(len(marks)), lambda mark: (mark.case, mark.activity, mark.resource))
    done = {index for pair in first for index in pair}
    rest = [index for index in range(len(marks)) if index not in done]
    return first | _queued(marks, rest, lambda mark: (mark.case, mark.activity))


def _queued(marks: list[Mark], indices: object, key: object) -> set[tuple[int, int]]:
    waiting: dict[Key, deque[int]] = defaultdict(deque)
    pairs = set()
    for index in sorted(indices, key=lambda index: (marks[index].at, not marks[index].opens, index)):  # type: ignore
        queue = waiting[key(marks[index])]  # type: ignore[operator]
        if marks[index].opens:
            queue.append(index)
        elif queue:
            pairs.add((queue.popleft(), index))
    return pairs


def concurrent(steps: list[Step]) -> set[tuple[int, int]]:
    """Count case by case, pair by pair."""
    only: Counter[tuple[int, int]] = Counter()
    both: Counter[tuple[int, int]] = Counter()
    overlaps: Counter[tuple[int, int]] = Counter()
    together: Counter[tuple[int, int]] = Counter()
    for case in {step.case for step in steps}:
        rows = sorted(
            (step.start, step.end, index, step) for index, step in enumerate(steps) if step.case == case
        )
        work = [row[3] for row in rows]
        follows = {(a.activity, b.activity) for a, b in pairwise(work) if a.activity != b.activity}
        only.update(pair for pair in follows if pair[::-1] not in follows)
        both.update(pair for pair in follows if pair[::-1] in follows)
        counts = Counter(step.activity for step in work)
        together.update((a, b) for a in counts for b in counts if a != b or counts[a] > 1)
        found = {
            pair
            for place, a in enumerate(work)
            for b in work[place + 1 :]
            if a.start < a.end and b.start < b.end and b.start < a.end
            for pair in ((a.activity, b.activity), (b.activity, a.activity))
        }
        overlaps.update(found)
    balanced = {
        (a, b)
        for a, b in only
        if min(only[a, b], only[b, a]) >= 2
        and 3 * min(only[a, b], only[b, a]) >= max(only[a, b], only[b, a])
        and 2 * both[a, b] <= only[a, b] + only[b, a]
    }
    return balanced | {
        pair for pair in overlaps if overlaps[pair] >= 2 and 4 * overlaps[pair] >= together[pair]
    }


def predecessors(steps: list[Step], beside: set[tuple[int, int]]) -> list[int | None]:
    """Look at every other step of the case."""
    found: list[int | None] = []
    for index, step in enumerate(steps):
        before = [
            (other.end, place)
            for place, other in enumerate(steps)
            if other.case == step.case
            and other.end <= step.start
            and (other.end, place) < (step.end, index)
            and (step.activity, other.activity) not in beside
        ]
        found.append(max(before)[1] if before else None)
    return found


def pauses(
    work: list[tuple[str | None, int, int | None]], marks: list[tuple[str | None, int, bool]]
) -> tuple[list[list[tuple[int, int | None]]], int]:
    """Go through the minutes: what begins, then what stops and goes on, then what ends."""
    found: list[list[tuple[int, int | None]]] = [[] for _ in work]
    running: list[int] = []
    stopped: dict[int, int] = {}
    left_out = 0
    for minute in range(60):
        running += [place for place, (_, start, _) in enumerate(work) if start == minute]
        for who, at, stops in marks:
            if at != minute:
                continue
            fitting = [place for place in running if (place in stopped) != stops]
            own = [place for place in fitting if work[place][0] == who]
            if not fitting:
                left_out += 1
            elif stops:
                stopped[(own or fitting)[0]] = minute
            else:
                place = (own or fitting)[0]
                found[place].append((stopped.pop(place), minute))
        for place in list(running):
            _, start, long = work[place]
            if long is not None and start + long == minute:
                running.remove(place)
                if place in stopped:
                    found[place].append((stopped.pop(place), minute))
    for place, since in stopped.items():
        found[place].append((since, None))
    return [[one for one in row if one[0] != one[1]] for row in found], left_out
