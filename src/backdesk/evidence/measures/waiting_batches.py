"""Steps that one person did in a batch: gathered, then done one after the other or side by side."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backdesk.evidence.eventlog.numbering import distinct
from backdesk.evidence.measures.causes import Integers


def batches(*, group: Integers, enabled: Integers, started: Integers, ended: Integers) -> Integers:
    """Number the batches of steps sorted by `group` (person and activity), then start; from 0, in that order.

    A step belongs to the batch before it if it could have begun when that batch did, and starts no later
    than all of it so far has ended. A step that stands alone is a batch of one.
    Source: Lashkevich et al., CAiSE 2023, with no gap allowed between the steps of a batch.

    >>> numbers = lambda *values: np.array(values, dtype=np.int64)
    >>> batches(group=numbers(0, 0, 0, 0), enabled=numbers(1, 2, 9, 3), started=numbers(5, 6, 10, 20),
    ...         ended=numbers(6, 9, 11, 21)).tolist()
    [0, 0, 1, 2]
    """
    opens = np.ones(len(group), dtype=np.bool_)
    opens[1:] = (group[1:] != group[:-1]) | (enabled[1:] > started[:-1])
    opens[1:] |= started[1:] > _reached(np.cumsum(opens), ended)[:-1]
    run = np.cumsum(opens) - 1
    begins = np.append(np.flatnonzero(opens), len(group))
    # What was cut so far is cut for sure. Only where a step could not begin with its run is one cut left to
    # find, and each such cut moves those after it.
    for late in distinct(run[enabled > started[begins[run]]]):
        rows = slice(begins[late], begins[late + 1])
        opens[rows] = list(_opened(enabled[rows].tolist(), started[rows].tolist(), ended[rows].tolist()))
    return np.cumsum(opens) - 1


def _reached(run: Integers, ended: Integers) -> Integers:
    """Return the latest end so far within each run."""
    latest = np.sort(ended)
    code = run * len(ended) + np.searchsorted(latest, ended)
    reached: Integers = latest[np.maximum.accumulate(code) % max(len(ended), 1)]
    return reached


def _opened(enabled: list[int], started: list[int], ended: list[int]) -> Iterator[bool]:
    """Say of each step in turn whether it opens a batch."""
    begin, reached = started[0], started[0]
    for place, (possible, start, end) in enumerate(zip(enabled, started, ended, strict=True)):
        opens = not place or possible > begin or start > reached
        begin, reached = (start, end) if opens else (begin, max(reached, end))
        yield opens
