"""The forecast tried on the past: made from the record cut short, held against what then arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.measures.forecasting_model import (
    AS_MANY,
    HOURS,
    LEVELS,
    Counts,
    Numbers,
    bounds,
    dispersion,
    fit,
)

AS_LAST_WEEK: Final = "as last week"
LEARNT: Final = 8
"""Weeks that the first trial has seen."""
_MOST: Final = 26
_PLACES: Final = 9
"""What errors differ by behind these is rounding."""
_SETTLED: Final = 4
"""Trials that must have ended before one for its interval to be known."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A week forecast from the weeks before `origin`: what was expected and what it brought, by the hour or whole."""

    origin: int
    week: int
    expected: Numbers
    arrived: Numbers

    def told(self, every: str) -> tuple[Numbers, Numbers]:
        """Return what was expected and what arrived, of the week or of its hours but the always empty ones."""
        if every == "week":
            return self.expected.sum(keepdims=True), self.arrived.sum(keepdims=True)
        some = (self.expected > 0) | (self.arrived > 0)
        return self.expected[some], self.arrived[some]


def trials(counts: Counts, *, ahead: int) -> dict[str, list[Trial]]:
    """Forecast from each of the last weeks on, by each way the level may go on and by saying: as the last week seen."""
    found: dict[str, list[Trial]] = {name: [] for name in (*LEVELS, AS_MANY, AS_LAST_WEEK)}
    for origin in range(max(LEARNT, counts.weeks - _MOST), counts.weeks):
        models = fit(counts, upto=origin)
        for week in range(origin, min(origin + ahead, counts.weeks)):
            arrived = counts.arrived[week]
            for name, model in models.items():
                found[name].append(Trial(origin, week, model.expected(week), arrived))
            found[AS_LAST_WEEK].append(Trial(origin, week, counts.arrived[origin - 1], arrived))
    return found


def best(found: Mapping[str, Sequence[Trial]]) -> str:
    """Name the method that missed least by the week, of those that by the hour missed no more than the last week."""
    by_hour = {name: missed(past, 1) for name, past in found.items()}
    good = [name for name in found if by_hour[name] <= by_hour[AS_LAST_WEEK]]
    return min(good, key=lambda name: round(missed(found[name], HOURS), _PLACES))


def missed(past: Sequence[Trial], width: int) -> float:
    """Return the mean absolute error of trials, over so many hours each."""
    each = np.stack([one.arrived - one.expected for one in past]).reshape(-1, width).sum(axis=1)
    return float(np.abs(each).mean())


def spread(past: Sequence[Trial], every: str) -> float:
    """Return the dispersion of the errors of trials."""
    expected, arrived = (
        np.concatenate(side) for side in zip(*(one.told(every) for one in past), strict=True)
    )
    return dispersion(expected, arrived)


def scores(counts: Counts, found: Mapping[str, Sequence[Trial]], *, confidence: float) -> pl.DataFrame:
    """Return how each method did by the week and by the hour: see `Forecast.test`."""
    rows = [
        {"every": every, "method": method, **_score(counts, past, every, confidence)}
        for every, (method, past) in product(("week", "hour"), found.items())
    ]
    return pl.DataFrame(rows)


def _score(
    counts: Counts, past: Sequence[Trial], every: str, confidence: float
) -> dict[str, float | int | None]:
    width = HOURS if every == "week" else 1
    usual = float(np.abs(np.diff(counts.arrived, axis=0).reshape(-1, width).sum(axis=1)).mean())
    rated = [(one, earlier) for one in past if len(earlier := _settled(past, one)) >= _SETTLED]
    return {
        "forecasts": len(past),
        "mase": missed(past, width) / usual if usual else None,
        **_interval_score(rated, every, confidence),
    }


def _settled(past: Sequence[Trial], one: Trial) -> list[Trial]:
    """Return the trials whose outcome was known when one was made."""
    return [other for other in past if other.week < one.origin]


def _interval_score(
    rated: Sequence[tuple[Trial, list[Trial]]], every: str, confidence: float
) -> dict[str, float | None]:
    if not rated:
        return {"pinball": None, "coverage": None}
    told = [one.told(every) for one, _ in rated]
    expected, arrived = (np.concatenate(side) for side in zip(*told, strict=True))
    each = [spread(earlier, every) for _, earlier in rated]
    low, high = bounds(
        expected, dispersed=np.repeat(each, [len(side) for side, _ in told]), confidence=confidence
    )
    tail = (1 - confidence) / 2
    lost = _pinball(arrived, low, tail) + _pinball(arrived, high, 1 - tail)
    return {
        "pinball": float(lost.mean()) / 2,
        "coverage": float(((low <= arrived) & (arrived <= high)).mean()),
    }


def _pinball(arrived: Numbers, bound: Numbers, at: float) -> Numbers:
    missed = arrived - bound
    return np.maximum(at * missed, (at - 1) * missed)
