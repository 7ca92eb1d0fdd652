"""Where a row of periods changes: every split of every figure looked at, and the looking paid for by permutation.

For each figure the periods hold how often it was observed and the sum of what was observed. At a split, the means
before and after are held against each other; the greatest such difference of any figure at any split is what is
tested. How great it becomes where nothing changes is found by putting the periods into other orders: so the error rate
is what it is said to be, whatever the figures, however many, and however they hang together within a period.

Sources: Westfall and Young, Resampling-Based Multiple Testing (1993), chapter 2 (the greatest of all); Phipson and
Smyth, Permutation p-values should never be zero (2010); splitting on: Vostrikova, Detecting disorder (1981).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_FEWEST = 5.0
"""Expected cases of the rarer outcome, on each side of a split; below, a difference says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was observed: a row a period, a column a figure."""

    counts: Floats
    """How many observations."""
    sums: Floats
    """The sum of what was observed."""
    squares: Floats
    """The sum of their squares."""
    needed: Floats
    """By figure: how many observations a side of a split must have."""

    def part(self, first: int, end: int) -> Table:
        """Give the periods from the first up to, not including, the end."""
        rows = slice(first, end)
        return Table(
            counts=self.counts[rows], sums=self.sums[rows], squares=self.squares[rows], needed=self.needed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The split at which some figure changed most, and how likely that is where nothing changed."""

    at: int
    """Periods before it."""
    p_value: float
    scores: Floats
    """By figure: the difference of the means in standard errors, positive where it rose."""
    threshold: float
    """The score that, where nothing changed, any figure anywhere reaches in `1 - confidence` of the cases."""


def rare_enough(counts: Floats, sums: Floats) -> Floats:
    """Say how many observations of yes and no a side needs, so that the rarer answer is expected `5` times."""
    share = sums.sum(axis=0) / np.maximum(counts.sum(axis=0), 1)
    rarer = np.minimum(share, 1 - share)
    return np.where(rarer > 0, _FEWEST / np.maximum(rarer, 1e-12), np.inf)


def strongest_split(
    table: Table, *, least: int, rounds: int, confidence: float, rng: np.random.Generator
) -> Split | None:
    """Find the split of the greatest difference and test it against `rounds` other orders of the periods.

    Returns None where no split leaves `least` periods on each side, or there is nothing to compare.
    """
    periods = len(table.counts)
    if periods < 2 * least or not table.counts.size:
        return None
    scores = _scores(table, least)
    best = np.abs(scores).max(axis=1, initial=0.0)
    greatest = np.array([_greatest(table, rng.permutation(periods), least) for _ in range(rounds)])
    at = int(best.argmax())
    return Split(
        at=least + at,
        p_value=float((1 + (greatest >= best[at]).sum()) / (1 + rounds)),
        scores=scores[at],
        threshold=float(np.quantile(np.append(greatest, best[at]), confidence, method="higher")),
    )


def changes(
    table: Table, *, least: int, rounds: int, confidence: float, rng: np.random.Generator
) -> list[tuple[int, Split, int]]:
    """Find the changes one after another, each between the one before and the one after it: first, split, end.

    A part without a change is left; one with a change is split there and its two parts are looked at. At the end
    each change is tested again between its neighbours alone; those that do not stand out there are dropped.
    """

    def test(first: int, end: int) -> Split | None:
        part = table.part(first, end)
        return strongest_split(part, least=least, rounds=rounds, confidence=confidence, rng=rng)

    borders = {0, len(table.counts)}
    ahead = [(0, len(table.counts))]
    while ahead:
        first, end = ahead.pop()
        found = test(first, end)
        if found and found.p_value <= 1 - confidence:
            borders.add(first + found.at)
            ahead += [(first + found.at, end), (first, first + found.at)]
    return _standing_out(sorted(borders), test, most=1 - confidence)


def _standing_out(
    borders: list[int], test: Callable[[int, int], Split | None], *, most: float
) -> list[tuple[int, Split, int]]:
    """Leave out the least clear change, one after another, until all stand out between their neighbours."""
    while len(borders) > 2:
        tested = [
            (first, found, end)
            for first, end in zip(borders[:-2], borders[2:], strict=True)
            if (found := test(first, end))
        ]
        p_values = [found.p_value for _, found, _ in tested]
        if max(p_values) <= most:
            return tested
        del borders[p_values.index(max(p_values)) + 1]
    return []


def _greatest(table: Table, order: npt.NDArray[np.int64], least: int) -> float:
    shuffled = Table(
        counts=table.counts[order], sums=table.sums[order], squares=table.squares[order], needed=table.needed
    )
    return float(np.abs(_scores(shuffled, least)).max(initial=0.0))


def _scores(table: Table, least: int) -> Floats:
    """Give the differences in standard errors: a row a split, a column a figure; 0 where too little is known.

    The spread is that of observations or, where those of one period resemble each other, that of periods. Both are
    the same in every order of the periods.
    """
    before = np.cumsum(table.counts, axis=0)[least - 1 : len(table.counts) - least]
    total = table.counts.sum(axis=0)
    after = total - before
    summed = np.cumsum(table.sums, axis=0)[least - 1 : len(table.counts) - least]
    mean = table.sums.sum(axis=0) / np.maximum(total, 1)
    each = table.squares.sum(axis=0) / np.maximum(total, 1) - mean**2
    together = ((table.sums - mean * table.counts) ** 2).sum(axis=0) / np.maximum(total, 1)
    spread = np.maximum(each, together)
    known = (np.minimum(before, after) >= table.needed) & (spread > 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (table.sums.sum(axis=0) - summed) / after - summed / before
        return np.where(known, apart / np.sqrt(spread * (1 / before + 1 / after)), 0.0)
