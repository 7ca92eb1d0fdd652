"""What the rest of an alignment costs at least: prices on places and activities that no move beats.

A price on each place and each activity of the rest such that no move makes a gain. Then what stands on the tokens and
on the rest of the trace is a lower bound of the cost to come, from every situation at once; so prices found for one
variant serve all. The best prices are the dual of the marking equation.

Source: Adriansyah, Aligning Observed and Modeled Behavior (2014), section 4.4 (the marking equation as heuristic);
Pommerening, Helmert, Röger and Seipp, From Non-Negative to General Operator Cost Partitioning (AAAI 2015): prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from backdesk.evidence.process.conformance.net import Marking, Net

Floats = npt.NDArray[np.float64]
_MOST_PRICES: Final = 48
_NOTHING: Final = 1e-6
"""Less than this is rounding."""


class Bounds:
    """The price lists found so far, and what they say of a situation with a rest of a trace."""

    def __init__(self, net: Net, tasks: Sequence[int | None], labels: int) -> None:
        """Take the label of each move of the net (None: silent) and the number of labels."""
        places = {place for move in net.moves for place in (*move.takes, *move.gives)} | set(net.begin)
        self._places = max(places, default=0) + 1
        self._labels = labels
        self._rules, self._most = _rules(net, tasks, self._places, labels)
        self.prices: Floats = np.empty((0, self._places + labels))
        self._of_marking: dict[Marking, Floats] = {}

    def add_for(self, marking: Marking, rest: Sequence[int]) -> bool:
        """Find the price list that bounds this situation best, and keep it; False: it has no way to an end."""
        from scipy.optimize import linprog

        if len(self.prices) >= _MOST_PRICES:
            return True
        here = np.array(marking, dtype=np.int64)
        left = np.array(rest, dtype=np.int64)
        gain = np.zeros(self._places + self._labels)
        np.add.at(gain, np.concatenate((here, left + self._places)), 1.0)
        limits: list[tuple[float | None, float | None]] = [(None, None)] * self._places
        limits += [(None, 1.0)] * self._labels
        found = linprog(-gain, A_ub=self._rules, b_ub=self._most, bounds=limits, method="highs")
        if found.x is not None and not (np.abs(self.prices - found.x) < _NOTHING).all(axis=1).any():
            self.prices = np.vstack((self.prices, found.x))
            self._of_marking.clear()
        return bool(found.status != _UNBOUNDED)

    def of_rest(self, trace: Sequence[int]) -> Floats:
        """Give the prices of the rest of a trace from each of its places on: a row a place, a column a list."""
        each = self.prices[:, self._places :].T[list(trace)]
        return np.vstack((np.cumsum(each[::-1], axis=0)[::-1], np.zeros(len(self.prices))))

    def of_marking(self, marking: Marking) -> Floats:
        """Give the prices of the tokens of a situation by each list."""
        known = self._of_marking.get(marking)
        if known is None:
            known = self._of_marking[marking] = self.prices[:, list(marking)].sum(axis=1)
        return known

    def least(self, marking: Marking, rest: Floats) -> list[int]:
        """Bound the cost to come from a situation, at each place of a case of which `of_rest` is given."""
        worth = (rest + self.of_marking(marking)).max(axis=1, initial=0.0)
        return [int(cost) for cost in np.ceil(worth - _NOTHING)]


_UNBOUNDED: Final = 3


def _rules(net: Net, tasks: Sequence[int | None], places: int, labels: int) -> tuple[Floats, Floats]:
    """No move may gain: what it takes is worth no more than it costs and gives."""
    rows: list[Floats] = []
    most: list[float] = []
    for move, label in zip(net.moves, tasks, strict=True):
        row = np.zeros(places + labels)
        np.add.at(row, list(move.takes), 1.0)
        np.add.at(row, list(move.gives), -1.0)
        rows.append(row)
        most.append(0.0 if label is None else 1.0)
        if label is not None:
            together = row.copy()
            together[places + label] = 1.0
            rows.append(together)
            most.append(0.0)
    return np.array(rows), np.array(most)
