"""The closest run of a process of few situations: a table of every situation at every place in a case.

What it takes is known beforehand, the length of the case times the square of the situations, where a search may lose
its way among runs that are all about as close. Costs equal those of the search: a test holds them together.

Source: Adriansyah, Aligning Observed and Modeled Behavior (2014), section 4.2 (the synchronous product), whose shortest
path is found row by row, as Needleman and Wunsch (Journal of Molecular Biology 48, 1970) do for sequences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backdesk.evidence.process.conformance.net import Marking

Numbers = npt.NDArray[np.int32]
Doable = Callable[[Marking], Sequence[tuple[int, str, Marking]]]
Step = tuple[str | None, bool]
"""A move: the task done by the process, and whether the case did a step."""

FAR: Final = 1 << 28
"""More than any case costs, and twice it is still a number."""
_NOWHERE: Final = np.empty(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situations:
    """All situations of a process, by number from 0, its beginning, and how far each is from each."""

    sources: Numbers
    """By task that can be done somewhere: where, what it is called, and where it leads."""
    tasks: tuple[str, ...]
    targets: Numbers
    by_label: dict[int, npt.NDArray[np.intp]]
    tasks_between: Numbers
    """The fewest tasks from a situation (row) to another (column); `FAR` where no way leads."""
    first_move: Numbers
    """Which of the moves such a way begins with."""
    ends: npt.NDArray[np.intp]

    def closest(self, trace: Sequence[int]) -> tuple[int, tuple[Step, ...]]:
        """Give the cost of the run closest to a trace of labels, and its moves; `FAR` or more where no run ends."""
        entered = np.full((len(trace) + 1, len(self.tasks_between)), FAR, dtype=np.int32)
        left = np.empty_like(entered)  # after any tasks that the case did not do
        entered[0, 0], left[0] = 0, self.tasks_between[0]
        for place, label in enumerate(trace, start=1):
            entered[place] = left[place - 1] + 1
            moves = self.by_label.get(label, _NOWHERE)
            np.minimum.at(entered[place], self.targets[moves], left[place - 1, self.sources[moves]])
            left[place] = (entered[place][:, None] + self.tasks_between).min(axis=0)
        if not self.ends.size:
            return FAR, ()
        end = int(self.ends[left[-1, self.ends].argmin()])
        return int(left[-1, end]), tuple(reversed([*self._back(trace, entered, left, end)]))

    def _back(self, trace: Sequence[int], entered: Numbers, left: Numbers, at: int) -> Iterator[Step]:
        for place in range(len(trace), -1, -1):
            before = int((entered[place] + self.tasks_between[:, at]).argmin())
            for move in reversed([*self._way(before, at)]):
                yield self.tasks[move], False
            at = before
            if place:
                moves = self.by_label.get(trace[place - 1], _NOWHERE)
                same = (self.targets[moves] == at) & (
                    left[place - 1, self.sources[moves]] == entered[place, at]
                )
                done = moves[same][:1]
                yield (self.tasks[done[0]] if done.size else None), True
                at = int(self.sources[done[0]]) if done.size else at

    def _way(self, here: int, there: int) -> Iterator[int]:
        while here != there:
            move = int(self.first_move[here, there])
            yield move
            here = int(self.targets[move])


def situations(
    begin: Marking, doable: Doable, can_end: Callable[[Marking], bool], *, most: int
) -> Situations | None:
    """Look at every situation a process can be in; None where there are more than `most`."""
    number = {begin: 0}
    moves: list[tuple[int, int, str, int]] = []
    for here in (ahead := [begin]):
        for label, task, after in doable(here):
            if number.setdefault(after, len(ahead)) == len(ahead):
                ahead.append(after)
            moves.append((number[here], label, task, number[after]))
        if len(ahead) > most:
            return None
    by_label: defaultdict[int, list[int]] = defaultdict(list)
    for place, (_, label, _, _) in enumerate(moves):
        by_label[label].append(place)
    sources, targets = (np.array([move[side] for move in moves], dtype=np.int32) for side in (0, 3))
    between, first = _ways(sources, targets, len(ahead))
    return Situations(
        sources=sources,
        tasks=tuple(task for _, _, task, _ in moves),
        targets=targets,
        by_label={label: np.array(places, dtype=np.intp) for label, places in by_label.items()},
        tasks_between=between,
        first_move=first,
        ends=np.flatnonzero([can_end(marking) for marking in ahead]),
    )


def _ways(sources: Numbers, targets: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Find the shortest ways between all situations (Floyd, Communications of the ACM 5, 1962)."""
    between = np.full((size, size), FAR, dtype=np.int32)
    first = np.full((size, size), -1, dtype=np.int32)
    between[sources, targets] = 1
    first[sources, targets] = np.arange(sources.size)
    np.fill_diagonal(between, 0)
    for middle in range(size):
        around = between[:, middle, None] + between[middle]
        shorter = around < between
        between[shorter] = around[shorter]
        first = np.where(shorter, first[:, middle, None], first)
    return between, first
