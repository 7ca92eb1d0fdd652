"""The model of a forecast: a level that moves from week to week, and the shares of the hours of the week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

HOURS: Final = 168
_ROUNDS: Final = 4
_FIRST_WEEKS: Final = 4
_DAMPING: Final = 0.8
_SMOOTHINGS: Final = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
_TRENDS: Final = (0.0, 0.05, 0.2)
_QUARTER: Final = 13


@dataclass(frozen=True, slots=True)
class Counts:
    """What arrived in each hour of each whole week from `first` on, a Monday.

    `arrived` has a row a week and a column an hour of the week; `closed`, likewise, says which hours are of days
    that are closed against the week's habit, and goes on over the weeks to be forecast.
    """

    first: dt.date
    arrived: Numbers
    closed: npt.NDArray[np.bool_]

    @property
    def weeks(self) -> int:
        """Return the number of whole weeks."""
        return len(self.arrived)


@dataclass(frozen=True, slots=True)
class Model:
    """What is expected of an hour: the level of its week times the hour's share of a week.

    `weeks` is how many the model has seen; `closed_share` what a closed day brings of an open one's.
    """

    weeks: int
    level: float
    trend: float
    shares: Numbers
    closed_share: float
    closed: npt.NDArray[np.bool_]

    def expected(self, week: int) -> Numbers:
        """Return what each hour of a week to come is expected to bring."""
        steps = week - self.weeks + 1
        level = self.level + self.trend * sum(_DAMPING**step for step in range(1, steps + 1))
        return max(level, 0.0) * self.shares * np.where(self.closed[week], self.closed_share, 1.0)


def fit(counts: Counts, *, upto: int) -> dict[str, Model]:
    """Fit the model to the first weeks, by each of the ways the level may go on from there.

    Shares and levels are raked to the margins of what arrived in open hours: the maximum likelihood of a Poisson
    with their product as its mean.
    """
    arrived, closed = counts.arrived[:upto], counts.closed[:upto]
    open_hours = ~closed
    inside = np.where(closed, 0.0, arrived)
    levels = np.full(upto, inside.sum() / upto)
    for _ in range(_ROUNDS):
        shares = _divided(inside.sum(axis=0), open_hours.T @ levels)
        shares = _divided(shares, np.array(shares.sum()))
        levels = _divided(inside.sum(axis=1), open_hours @ shares)
    # A week that was closed whole says nothing of the level.
    told = (open_hours @ shares) > 0
    usual = float(np.sum(closed * levels[:, None] * shares))
    closed_share = float(arrived[closed].sum()) / usual if usual >= 1 else 1.0
    models = {
        name: Model(upto, *goes_on(levels[told]), shares, closed_share, counts.closed)
        for name, goes_on in LEVELS.items()
    }
    return models | {AS_MANY: Model(upto, float(arrived[-1].sum()), 0.0, shares, 1.0, counts.closed)}


def _smoothed(levels: Numbers) -> tuple[float, float]:
    return _best_smoothing(levels, (0.0,))


def _with_trend(levels: Numbers) -> tuple[float, float]:
    return _best_smoothing(levels, _TRENDS)


def _mean_of_a_quarter(levels: Numbers) -> tuple[float, float]:
    return float(levels[-_QUARTER:].mean()), 0.0


LEVELS: Final[Mapping[str, Callable[[Numbers], tuple[float, float]]]] = {
    "level smoothed": _smoothed,
    "level smoothed, with a damped trend": _with_trend,
    "mean of the last quarter": _mean_of_a_quarter,
}
"""How the level and its trend follow from the levels of the weeks so far."""
AS_MANY: Final = "as many as last week"


def _best_smoothing(levels: Numbers, trends: tuple[float, ...]) -> tuple[float, float]:
    """Return the last level and its trend, of the smoothing that forecast the week ahead best."""
    alpha, beta = np.array(tuple(product(_SMOOTHINGS, trends))).T
    level, trend = np.full(alpha.shape, levels[:_FIRST_WEEKS].mean()), np.zeros(alpha.shape)
    missed = np.zeros(alpha.shape)
    for seen in levels:
        ahead = level + _DAMPING * trend
        missed += (seen - ahead) ** 2
        level = ahead + alpha * (seen - ahead)
        trend = _DAMPING * trend + alpha * beta * (seen - ahead)
    best = int(missed.argmin())
    return float(level[best]), float(trend[best])


def dispersion(expected: Numbers, arrived: Numbers) -> float:
    """Return how much more than a Poisson's the errors scatter: d of a variance of m + d m², by moments.

    >>> dispersion(np.array([10.0, 10.0]), np.array([14.0, 6.0]))
    0.06
    """
    squares = float((expected**2).sum())
    return max(float(((arrived - expected) ** 2 - expected).sum()) / squares, 0.0) if squares else 0.0


def bounds(expected: Numbers, *, dispersed: Numbers, confidence: float) -> tuple[Numbers, Numbers]:
    """Return the bounds, whole numbers, of the interval of a negative binomial of that mean and dispersion.

    >>> low, high = bounds(np.array([0.0, 10.0]), dispersed=np.array(0.1), confidence=0.8)
    >>> low.tolist(), high.tolist()
    ([0.0, 5.0], [0.0, 16.0])
    """
    # Kept out of the start of programs that forecast nothing.
    from scipy.stats import nbinom

    from backdesk.evidence.statistics.proportions import check_confidence

    check_confidence(confidence)
    size = 1 / np.maximum(dispersed, 1e-6)
    chance = size / (size + expected)
    low, high = (nbinom.ppf(at, size, chance) for at in ((1 - confidence) / 2, (1 + confidence) / 2))
    return np.where(expected > 0, low, 0.0), np.where(expected > 0, high, 0.0)


def _divided(part: Numbers, whole: Numbers) -> Numbers:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
