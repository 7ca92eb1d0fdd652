"""The Inductive Miner - infrequent: from the variants of a log to a process tree that is sound by construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.process.discovery import trees
from backdesk.evidence.process.discovery.cuts import Cut, find_cut
from backdesk.evidence.process.discovery.relations import Relations, relations_of, without_rare
from backdesk.evidence.process.discovery.splits import cut_before, split
from backdesk.evidence.process.discovery.trees import TAU, ProcessTree
from backdesk.evidence.process.discovery.variants import Flags, Traces, Variants, variants_of

MOST_ACTIVITIES: Final = 150
"""Of a log of more, no model would be read by anybody, and looking for it takes minutes."""
_MOST_LEFT_OUT: Final = 50
"""Of a block of more activities without a cut it is not tried whether leaving one out gives one."""


class NothingToDiscover(ValueError):
    """The log, or what is kept of it, holds no step."""


class TooManyActivities(ValueError):
    """The log has more activities than a model can show; the message says how many."""


def discover(steps: pl.DataFrame, *, noise: float = 0.2) -> ProcessTree:
    """Find a block-structured model of a log.

    Each activity comes once. With `noise` 0 every case fits the model. Of a log that a tree wrote, which has
    all that can directly follow each other in it, no activity twice, no silent step, and no loop whose first
    part begins and ends with the same activity, that tree is found again.

    Args:
        steps: `case`, `activity`, `started_at`, `ended_at`, `start_estimated` and `line` of `STEPS`.
        noise: ways on that are rarer than this part of the most frequent one from the same activity are left
            aside where a block has no clear structure with them; 0 to 1.

    Raises:
        ValueError: `noise` lies outside 0 to 1.
        NothingToDiscover: there is no step.
        TooManyActivities: there are more than 150 activities.

    Source: Leemans, Fahland and van der Aalst, Discovering Block-Structured Process Models from Event Logs
    Containing Infrequent Behaviour (BPM workshops 2013); overlapping steps after Leemans, Fahland and van der
    Aalst, Using Life Cycle Information in Process Discovery (BPM workshops 2015).

    >>> from backdesk.evidence.process._example import three_cases
    >>> print(discover(three_cases(), noise=0))
    ->( 'Receive', X( ->( *( 'Check', tau ), 'Pay' ), tau ) )
    """
    return discover_variants(variants_of(steps), noise=noise)


def discover_variants(variants: Variants, *, noise: float = 0.2) -> ProcessTree:
    """Find a block-structured model of variants; see `discover`.

    >>> from backdesk.evidence.process.discovery.variants import counted
    >>> print(discover_variants(counted([["a", "b", "c"], ["b", "a", "c"]])))
    ->( +( 'a', 'b' ), 'c' )
    """
    if not 0 <= noise <= 1:
        raise ValueError(f"noise is {noise}: it must lie between 0 and 1")
    if not variants.names:
        raise NothingToDiscover(
            "No steps to make a model of: the log, or what the filter keeps of it, is empty."
        )
    if len(variants.names) > MOST_ACTIVITIES:
        raise TooManyActivities(
            f"The log has {len(variants.names)} activities; a model is made of up to {MOST_ACTIVITIES}. "
            "Keep fewer, for example those of one function."
        )
    return _Miner(variants.names, variants.beside, noise).block(variants.traces)


@dataclass(frozen=True, slots=True)
class _Miner:
    names: tuple[str, ...]
    beside: Flags
    noise: float

    def block(self, traces: Traces) -> ProcessTree:
        """Make the tree of some traces; empty ones count as noise where they are few."""
        filled = traces.lengths > 0
        if filled.all():
            return self._filled(traces)
        whole = traces.only(np.ones(traces.activity.size, dtype=np.bool_), filled)
        empty = traces.counts[~filled].sum()
        if not whole.counts.size:
            return TAU
        inner = self._filled(whole)
        return trees.exclusive(inner, TAU) if empty > self.noise * traces.counts.sum() else inner

    def _filled(self, traces: Traces) -> ProcessTree:
        if not traces.counts.size:
            return TAU
        found = relations_of(traces, self.beside)
        clear = without_rare(found, noise=self.noise)
        if found.activities.size == 1 and not clear.follows.any():
            return trees.activity(self.names[int(found.activities[0])])
        cut = find_cut(found, traces) or find_cut(clear, traces)
        return self._parted(traces, cut) if cut else self._fallen_through(traces, found)

    def _parted(self, traces: Traces, cut: Cut) -> ProcessTree:
        parts = split(traces, cut)
        match cut.operator:
            case "exclusive":
                parts.sort(key=lambda part: -int(part.counts.sum()))
                return trees.exclusive(*(self.block(part) for part in parts if part.counts.size))
            case "sequence":
                return trees.sequence(*map(self.block, parts))
            case "parallel":
                return trees.parallel(*map(self.block, parts))
            case _:
                return trees.loop(*map(self.block, parts))

    def _fallen_through(self, traces: Traces, found: Relations) -> ProcessTree:
        """Say something true of a block that has no cut, the least general first.

        An activity that comes once in each trace is beside the rest; so is one without which the rest has a
        cut; it is a loop, where it ends and begins anew; or anything in any order.
        """
        for cut in self._beside_the_rest(traces, found):
            return self._parted(traces, cut)
        begins = np.isin(traces.activity, found.activities[found.begin])
        inner = np.diff(traces.trace, prepend=-1) == 0
        after_end = np.append(False, np.isin(traces.activity, found.activities[found.end])[:-1])
        for again in (begins & inner & after_end, begins & inner):
            if again.any():
                return trees.loop(self.block(cut_before(traces, again)), TAU)
        return self._anything(found)

    def _beside_the_rest(self, traces: Traces, found: Relations) -> Iterator[Cut]:
        size = found.activities.size
        if size < 2:
            return
        yield from (_one_beside(found, place) for place in _once_in_each(traces, found))
        if size <= _MOST_LEFT_OUT:
            for place in range(size):
                rest = traces.left_by(traces.activity != found.activities[place])
                if find_cut(relations_of(rest, self.beside), rest):
                    yield _one_beside(found, place)

    def _anything(self, found: Relations) -> ProcessTree:
        leaves = [trees.activity(self.names[code]) for code in found.activities.tolist()]
        return trees.loop(trees.exclusive(*leaves), TAU)


def _once_in_each(traces: Traces, found: Relations) -> list[int]:
    """Give the places of the activities that each trace has exactly once."""
    here = np.searchsorted(found.activities, traces.activity)
    size = found.activities.size
    times = np.bincount(traces.trace * size + here, minlength=traces.counts.size * size)
    once = (times.reshape(traces.counts.size, size) == 1).all(axis=0)
    return [int(place) for place in np.flatnonzero(once)]


def _one_beside(found: Relations, place: int) -> Cut:
    part = np.ones(found.activities.size, dtype=np.int64)
    part[place] = 0
    return Cut("parallel", found.activities, part)
