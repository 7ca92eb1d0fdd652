"""What follows what in the traces of a block: the directly-follows graph that cuts are looked for in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backdesk.evidence.process.discovery.variants import Flags, Ints, Traces


@dataclass(frozen=True, slots=True)
class Relations:
    """The directly-follows graph of some traces; places in the arrays are places in `activities`.

    `follows[a, b]` counts, in cases, how often b comes straight after a; `starts` and `ends` how often a trace
    begins and ends there. `beside` marks the pairs that overlap in time.
    """

    activities: Ints
    follows: Ints
    starts: Ints
    ends: Ints
    beside: Flags

    @property
    def edges(self) -> Flags:
        """Who can follow whom; of two that overlap each can follow the other."""
        return (self.follows > 0) | self.beside

    @property
    def begin(self) -> Flags:
        """Where traces begin."""
        return self.starts > 0

    @property
    def end(self) -> Flags:
        """Where traces end."""
        return self.ends > 0


def relations_of(traces: Traces, beside: Flags) -> Relations:
    """Count what follows what, by cases; `beside` is about all activities of the log.

    >>> numbers = lambda *values: np.array(values, dtype=np.int64)
    >>> traces = Traces(numbers(0, 1, 0, 2), numbers(0, 0, 1, 1), numbers(3, 4))
    >>> found = relations_of(traces, np.zeros((3, 3), dtype=np.bool_))
    >>> found.follows.tolist(), found.starts.tolist(), found.ends.tolist()
    ([[0, 3, 4], [0, 0, 0], [0, 0, 0]], [7, 0, 0], [0, 3, 4])
    """
    activities, here = _numbered(traces.activity)
    size, weights = activities.size, traces.weights
    inside = traces.trace[:-1] == traces.trace[1:]
    pairs = (here[:-1] * size + here[1:])[inside]
    first, last = np.append(True, ~inside), np.append(~inside, True)
    if not size:
        first = last = np.zeros(0, dtype=np.bool_)
    return Relations(
        activities=activities,
        follows=_counts(pairs, weights[:-1][inside], size * size).reshape(size, size),
        starts=_counts(here[first], weights[first], size),
        ends=_counts(here[last], weights[last], size),
        beside=beside[np.ix_(activities, activities)],
    )


def without_rare(found: Relations, *, noise: float) -> Relations:
    """Leave out ways on that are rarer than `noise` times the most frequent from the same activity.

    Ending counts as a way on; of the beginnings, those rarer than `noise` times the most frequent go.

    Source: Leemans, Fahland and van der Aalst, Discovering Block-Structured Process Models from Event Logs
    Containing Infrequent Behaviour (BPM workshops 2013), section 3.2.
    """
    least = noise * np.maximum(found.follows.max(axis=1, initial=0), found.ends)
    return replace(
        found,
        follows=np.where(found.follows >= least[:, None], found.follows, 0),
        starts=np.where(found.starts >= noise * found.starts.max(initial=0), found.starts, 0),
        ends=np.where(found.ends >= least, found.ends, 0),
    )


def between_repeats(traces: Traces, activities: Ints) -> Flags:
    """Tell for each activity which others lie between two of its own at the least distance it repeats at.

    Of two activities that are truly side by side neither does. Source: Leemans, Robust Process Mining with
    Guarantees (2017), minimum self-distance.
    """
    size = activities.size
    here = _numbered(traces.activity)[1]
    key = traces.trace * size + here
    order = np.argsort(key, kind="stable")
    again = key[order[:-1]] == key[order[1:]]
    before, after = order[:-1][again], order[1:][again]
    least = np.full(size, here.size + 1)
    np.minimum.at(least, here[before], after - before)
    nearest = (after - before) == least[here[before]]
    before, after = before[nearest], after[nearest]
    found = np.zeros((size, size), dtype=np.bool_)
    for step in range(1, int((after - before).max(initial=0))):
        inside = before + step < after
        found[here[before[inside]], here[before[inside] + step]] = True
    return found


def _numbered(activity: Ints) -> tuple[Ints, Ints]:
    """Give the activities that come, ascending, and the place of each step's among them."""
    comes = np.bincount(activity) > 0
    return np.flatnonzero(comes), (np.cumsum(comes) - 1)[activity]


def _counts(places: Ints, weights: Ints, size: int) -> Ints:
    return np.bincount(places, weights=weights, minlength=size).astype(np.int64)
