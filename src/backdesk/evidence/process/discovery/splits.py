"""Splits: the traces of a block parted along a cut, each part with the traces it was gone through by."""

from __future__ import annotations

from typing import Final

import numpy as np

from backdesk.evidence.process.discovery.cuts import Cut
from backdesk.evidence.process.discovery.variants import Flags, Ints, Traces, merged

_AT_ONCE: Final = 2_000_000
"""Cells of the table in which the best way through a sequence is looked for."""


def split(traces: Traces, cut: Cut) -> list[Traces]:
    """Part traces along a cut, in the order of its parts; what does not fit the cut is left out, as little as can be.

    Of a choice a trace goes to the part with most of its steps. Of a sequence it is cut where fewest steps
    stand on the wrong side. Of a loop it is cut wherever the part changes.

    Source: Leemans, Fahland and van der Aalst (BPM workshops 2013), section 3.3.

    >>> from backdesk.evidence.process.discovery.relations import relations_of
    >>> from backdesk.evidence.process.discovery.cuts import find_cut
    >>> from backdesk.evidence.process.discovery.variants import counted
    >>> log = counted([["a", "b"], ["a"], ["a", "c"], ["a", "c", "b"]])
    >>> cut = Cut("sequence", np.arange(3), np.array([0, 1, 1]))
    >>> [part.counts.tolist() for part in split(log.traces, cut)]
    [[4], [1, 1, 1, 1]]
    """
    lookup = np.full(int(cut.activities.max()) + 1, -1)
    lookup[cut.activities] = cut.part
    part = lookup[traces.activity]
    match cut.operator:
        case "exclusive":
            return _exclusive(traces, part, cut.parts)
        case "sequence":
            kept = _in_order(traces, part, cut.parts)
            return [traces.only(kept & (part == one)) for one in range(cut.parts)]
        case "parallel":
            return [traces.only(part == one) for one in range(cut.parts)]
        case _:
            return _loop(traces, part, cut.parts)


def cut_before(traces: Traces, steps: Flags) -> Traces:
    """Cut traces before the marked steps, so that each piece is a trace.

    >>> traces = Traces(np.array([7, 8, 7, 8]), np.zeros(4, dtype=np.int64), np.array([3]))
    >>> cut_before(traces, np.array([False, False, True, False])).counts.tolist()
    [6]
    """
    fresh = steps | _first_steps(traces)
    piece = np.cumsum(fresh) - 1
    return merged(traces.activity, piece, traces.weights[fresh])


def _first_steps(traces: Traces) -> Flags:
    first: Flags = np.diff(traces.trace, prepend=-1) != 0
    return first


def _exclusive(traces: Traces, part: Ints, parts: int) -> list[Traces]:
    size = traces.counts.size
    steps = np.bincount(traces.trace * parts + part, minlength=size * parts).reshape(size, parts)
    goes_to = steps.argmax(axis=1)
    return [traces.only(part == one, goes_to == one) for one in range(parts)]


def _loop(traces: Traces, part: Ints, parts: int) -> list[Traces]:
    """Take each run of steps of one part for a trace; between two runs of other parts, the first did nothing."""
    begins = _first_steps(traces)
    runs = begins | (np.diff(part, prepend=-1) != 0)
    run = np.cumsum(runs) - 1
    kind, trace = part[runs], traces.trace[runs]
    other = kind > 0
    opens = np.diff(trace, prepend=-1) != 0
    closes = np.append(opens[1:], True)
    idle = other * (closes + 0 + np.where(opens, 1, np.append(False, other[:-1])))
    weights = traces.counts[trace]
    pieces = Traces(traces.activity, run, weights)
    found = [pieces.only(part == one, kind == one) for one in range(parts)]
    nothing = int((idle * weights).sum())
    if nothing:
        body = found[0]
        found[0] = merged(body.activity, body.trace, np.append(body.counts, nothing))
    return found


def _in_order(traces: Traces, part: Ints, parts: int) -> Flags:
    """Mark as many steps of each trace as can be whose parts never go back."""
    kept = np.ones(part.size, dtype=np.bool_)
    goes_back = (np.diff(part) < 0) & (np.diff(traces.trace) == 0)
    astray = np.unique(traces.trace[1:][goes_back])
    lengths = traces.lengths
    begins = np.cumsum(lengths) - lengths
    astray = astray[np.argsort(lengths[astray], kind="stable")]
    while astray.size:
        longest = lengths[astray]
        many = max(int((np.arange(1, astray.size + 1) * longest * parts <= _AT_ONCE).sum()), 1)
        block, astray = astray[:many], astray[many:]
        places = begins[block][:, None] + np.arange(int(longest[many - 1]))
        there = places < (begins + lengths)[block][:, None]
        parted = np.where(there, part[np.where(there, places, 0)], -1)
        kept[places[there]] = _longest_rise(parted, parts)[there]
    return kept


def _longest_rise(parted: Ints, parts: int) -> Flags:
    """Mark in each row a longest subsequence that never falls; -1 fills rows up.

    `most[i, row, p]` is how many steps from i on can be kept if none before part p may be.
    """
    rows, length = parted.shape
    every = np.arange(rows)
    most = np.zeros((length + 1, rows, parts), dtype=np.int32)
    for step in range(length - 1, -1, -1):
        here = parted[:, step]
        with_it = 1 + most[step + 1, every, here]
        may = (np.arange(parts) <= here[:, None]) & (here >= 0)[:, None]
        most[step] = np.maximum(most[step + 1], np.where(may, with_it[:, None], 0))
    kept = np.zeros((rows, length), dtype=np.bool_)
    least = np.zeros(rows, dtype=np.int64)
    for step in range(length):
        here = parted[:, step]
        take = (here >= least) & (1 + most[step + 1, every, here] >= most[step + 1, every, least])
        kept[:, step] = take
        least = np.where(take, here, least)
    return kept
