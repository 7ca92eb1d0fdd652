"""Which observations in order bound a quantile, whatever their distribution."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # which imports scipy.special where it is first asked for

Ranks = npt.NDArray[np.int64]


def bounding_ranks(totals: npt.ArrayLike, *, at: float, confidence: float = 0.95) -> tuple[Ranks, Ranks]:
    """Return the ranks, from 1, of the observations between which a quantile lies.

    Of each number of observations in `totals`; it is between them at least as often as `confidence` says. 0 where so
    few observations bound it on no such side. Source: David and Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1;
    the example is the table of Conover, Practical Nonparametric Statistics, for the median.

    >>> low, high = bounding_ranks([5, 6, 10, 20, 100], at=0.5)
    >>> low.tolist(), high.tolist()
    ([0, 1, 2, 6, 40], [0, 6, 9, 15, 61])
    """
    count, tail = np.asarray(totals, dtype=np.int64), (1 - confidence) / 2
    low = _at_least(tail, count, at)
    high = _at_least(1 - tail, count, at) + 1
    return low, np.where(high > count, 0, high)


def _at_least(chance: float, count: Ranks, at: float) -> Ranks:
    """Return the least number that so many of the observations, or fewer, lie below the quantile with that chance."""
    found = np.ceil(scipy.special.bdtrik(chance, count, at))
    below = np.maximum(found - 1, 0)
    return np.where(scipy.special.bdtr(below, count, at) >= chance, below, found).astype(np.int64)
