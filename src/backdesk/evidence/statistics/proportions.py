"""Two-sided intervals of shares, such as the accuracy that a sample of reviews shows."""

from __future__ import annotations

import math
from typing import NamedTuple

import scipy  # which imports scipy.special where it is first asked for


class ImpossibleCount(Exception):
    """Counts of which no share can be taken, or a confidence that is none."""


class Interval(NamedTuple):
    """An estimate with the bounds of its interval, all shares; of a difference from -1 to 1."""

    estimate: float
    low: float
    high: float


def wilson(*, count: int, total: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of `count` in `total`: for display, good with few observations too.

    It covers the true share about as often as `confidence` says, on average. Raises `ImpossibleCount`.
    Source: Wilson, JASA 22 (1927); the examples are of Newcombe, Statistics in Medicine 17 (1998), 857-872,
    table I, method 3.

    >>> found = [wilson(count=count, total=total) for count, total in ((81, 263), (15, 148), (0, 20), (1, 29))]
    >>> [f"{low:.4f} to {high:.4f}" for _, low, high in found]
    ['0.2553 to 0.3662', '0.0624 to 0.1605', '0.0000 to 0.1611', '0.0061 to 0.1718']
    """
    _check(count, total, confidence)
    z, share = _z(confidence), count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    # At the ends the bound is exact; rounding must not put the estimate outside.
    low = 0.0 if count == 0 else middle - reach
    high = 1.0 if count == total else middle + reach
    return Interval(estimate=share, low=low, high=high)


def clopper_pearson(*, count: int, total: int, confidence: float = 0.95) -> Interval:
    """Return the exact interval of `count` in `total`: where a decision hangs on it.

    It covers the true share at least as often as `confidence` says, whatever that share is. Raises
    `ImpossibleCount`. Source: Clopper and Pearson, Biometrika 26 (1934); the examples are of Newcombe,
    Statistics in Medicine 17 (1998), 857-872, table I, method 5.

    >>> found = [clopper_pearson(count=count, total=total) for count, total in ((81, 263), (15, 148), (0, 20), (1, 29))]
    >>> [f"{low:.4f} to {high:.4f}" for _, low, high in found]
    ['0.2527 to 0.3676', '0.0578 to 0.1617', '0.0000 to 0.1684', '0.0009 to 0.1776']
    """
    _check(count, total, confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(scipy.special.betaincinv(count, total - count + 1, tail))
    high = 1.0 if count == total else float(scipy.special.betaincinv(count + 1, total - count, 1 - tail))
    return Interval(estimate=count / total, low=low, high=high)


def difference(
    *, count: int, total: int, other_count: int, other_total: int, confidence: float = 0.95
) -> Interval:
    """Return the interval of one share less another, of two samples that do not depend on each other.

    Raises `ImpossibleCount`. Source: Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10 (hybrid
    score); the example is of its table II.

    >>> found = difference(count=56, total=70, other_count=48, other_total=80)
    >>> f"{found.estimate:.4f}, {found.low:.4f} to {found.high:.4f}"
    '0.2000, 0.0524 to 0.3339'
    """
    one = wilson(count=count, total=total, confidence=confidence)
    other = wilson(count=other_count, total=other_total, confidence=confidence)
    apart = one.estimate - other.estimate
    return Interval(
        estimate=apart,
        low=apart - math.hypot(one.estimate - one.low, other.high - other.estimate),
        high=apart + math.hypot(one.high - one.estimate, other.estimate - other.low),
    )


def _check(count: int, total: int, confidence: float) -> None:
    if total <= 0:
        raise ImpossibleCount(
            "nothing was observed, so no share is known; ask for it once there are observations"
        )
    if not 0 <= count <= total:
        raise ImpossibleCount(f"{count} of {total} is no share; a count is from 0 to the total")
    check_confidence(confidence)


def check_confidence(confidence: float) -> None:
    """Raise `ImpossibleCount` for a confidence that is none."""
    if not 0 < confidence < 1:
        raise ImpossibleCount(
            f"a confidence of {confidence:g} is none; give one between 0 and 1, such as 0.95"
        )


def _z(confidence: float) -> float:
    return float(scipy.special.ndtri((1 + confidence) / 2))
