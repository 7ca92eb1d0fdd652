"""How much will arrive, hour by hour and week by week, with an interval, tried on the past."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.calendars import Calendar, daily_working_seconds
from backdesk.evidence.calendars.working import microseconds
from backdesk.evidence.measures.definition import Measure
from backdesk.evidence.measures.forecasting_model import HOURS, Counts, Numbers, bounds, fit
from backdesk.evidence.measures.forecasting_trials import AS_LAST_WEEK, Trial, best, scores, spread, trials

FEWEST_WEEKS: Final = 12
FEWEST_ARRIVALS: Final = 100
_A_WEEK: Final = dt.timedelta(weeks=1)


class TooLittleHistory(Exception):
    """A record too short, or with too few arrivals, to forecast from and to try the forecast on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected to arrive, and how well such forecasts did on the record itself.

    - `weeks`: `week` (its Monday), `expected`, `low`, `high`; `hours`: the same by `hour` (aware)
    - `history`: `week`, `arrived`, the whole weeks of the record
    - `method`: which of several ways to forecast was chosen, since it did best on the record cut short
    - `test`: for `every` (`week`, `hour`) and `method` (`forecast`, the one chosen, and `as last week`) the `forecasts`
      made from a record cut short, their `mase`, `pinball` and `coverage`: see `CATALOGUE`

    `confidence` is how often the interval is meant to hold what arrives.
    """

    weeks: pl.DataFrame
    hours: pl.DataFrame
    history: pl.DataFrame
    test: pl.DataFrame
    method: str
    confidence: float


def forecast(arrivals: pl.Series, *, calendar: Calendar, weeks: int = 4, confidence: float = 0.8) -> Forecast:
    """Forecast what arrives in the weeks after the last whole week of a record.

    `arrivals` are instants. Expected is level x share of the hour of the week: the shares are of all the record; the
    level of a week is smoothed exponentially, as it forecast one week ahead best, with a damped trend or without, or
    is the mean of thirteen weeks, or as many as last week. Of these ways the one is taken that missed least on the
    record cut short (`method`), or "as last week" itself: on those weeks it is never worse than that, and looks a
    little better than it will be. Days on which the calendar is closed against its week are left out of both, and
    expected to bring what closed days brought so far. The interval is of a negative binomial whose dispersion is that
    of the forecasts made from the record cut short, week by week, so what the level may do is in it. The same
    forecasts are held against those that say: as last week. Raises `TooLittleHistory` under twelve whole weeks or a
    hundred arrivals, `NotInstants` (of calendars) for times without a zone, and for a confidence or a number of weeks
    that is none `ImpossibleCount` (of statistics) and `ValueError`.
    Source: Gardner and McKenzie, Management Science 31, 1985 (damped trend); Hyndman and Koehler, Int. J. of
    Forecasting 22, 2006 (MASE); Tashman, Int. J. of Forecasting 16, 2000 (rolling origin).

    >>> from backdesk.evidence.calendars import parse
    >>> office = parse("Mon-Fri 09:00-17:00", zone="UTC")
    >>> day = [dt.datetime(2026, 1, 5, 9 + hour, tzinfo=dt.UTC) for hour in (0, 0, 1)]
    >>> record = [at + dt.timedelta(weeks=week) for week in range(40) for at in day]
    >>> found = forecast(pl.Series(record), calendar=office, weeks=1)
    >>> found.weeks.with_columns(pl.col("expected").round(2)).rows()
    [(datetime.date(2026, 10, 5), 3.0, 1.0, 5.0)]
    """
    if weeks < 1:
        raise ValueError(f"{weeks} weeks cannot be forecast; give 1 or more")
    counts = _counted(arrivals, calendar, weeks)
    past = trials(counts, ahead=weeks)
    method = best(past)
    own = past[method]
    expected = _expected(counts, method, weeks)
    first = counts.first + counts.weeks * _A_WEEK
    return Forecast(
        weeks=_with_interval("week", _mondays(first, weeks), expected.sum(axis=1), own, confidence),
        hours=_with_interval("hour", _hours(first, weeks, calendar.zone), expected.ravel(), own, confidence),
        history=pl.DataFrame(
            {
                "week": _mondays(counts.first, counts.weeks),
                "arrived": counts.arrived.sum(axis=1).astype(np.int64),
            }
        ),
        test=scores(counts, {"forecast": own, AS_LAST_WEEK: past[AS_LAST_WEEK]}, confidence=confidence),
        method=method,
        confidence=confidence,
    )


_HYNDMAN: Final = "Hyndman and Koehler, International Journal of Forecasting 22, 2006"

FORECAST_ENTRIES: Final = (
    Measure(
        name="expected",
        title="Expected",
        unit="cases",
        definition="level of the week x the hour's share of a week; on days the calendar closes against its week, x "
        "what closed days brought of open ones so far. The level is smoothed exponentially, with a damped trend or "
        "without, or the mean of thirteen weeks, or what last week brought: whichever missed least on the record cut "
        "short",
        source="Gardner and McKenzie, Management Science 31, 1985",
        limits="takes the weeks to come to be like those before: a new customer or a holiday the calendar does not "
        "know is not foreseen",
    ),
    Measure(
        name="low",
        title="At least",
        unit="cases",
        definition="lower bound of the interval: a negative binomial about what is expected, which scatters as the "
        "forecasts made from the record cut short did",
        limits="as wide as forecasts of this record have missed so far: what has never happened is not in it",
    ),
    Measure(
        name="high",
        title="At most",
        unit="cases",
        definition="upper bound of the same interval",
        limits="as wide as forecasts of this record have missed so far: what has never happened is not in it",
    ),
    Measure(
        name="mase",
        title="Error against the week before",
        unit="ratio",
        definition="mean absolute error of the forecasts made from the record cut short / mean absolute change from "
        "one week to the next in the record; under 1 is better than such changes",
        source=_HYNDMAN,
        limits="of the weeks tried alone; a record that hardly changes makes small misses look large",
    ),
    Measure(
        name="pinball",
        title="Loss of the interval",
        unit="cases",
        definition="mean of the pinball losses of both bounds: how far what arrived was above or below, weighted by "
        "how seldom it should be; the less the better",
        source="Koenker and Bassett, Econometrica 46, 1978",
        limits="in cases, so records of different size cannot be compared by it",
    ),
    Measure(
        name="coverage",
        title="Held by the interval",
        unit="%",
        definition="forecasts whose interval, made from what was known then, held what arrived / forecasts; hours "
        "in which nothing was expected and nothing came are left out",
        source="Tashman, International Journal of Forecasting 16, 2000 (rolling origin)",
        limits="of few forecasts it says little: ten that all held may be chance",
    ),
)


def _expected(counts: Counts, method: str, weeks: int) -> Numbers:
    if method == AS_LAST_WEEK:
        return np.repeat(counts.arrived[-1:], weeks, axis=0)
    model = fit(counts, upto=counts.weeks)[method]
    return np.stack([model.expected(week) for week in range(counts.weeks, counts.weeks + weeks)])


def _with_interval(
    every: str, periods: pl.Series, expected: Numbers, past: list[Trial], confidence: float
) -> pl.DataFrame:
    low, high = bounds(expected, dispersed=np.array(spread(past, every)), confidence=confidence)
    table = pl.DataFrame({every: periods, "expected": expected, "low": low, "high": high})
    return table.drop_nulls(every)


def _counted(arrivals: pl.Series, calendar: Calendar, ahead: int) -> Counts:
    """Count what arrived in each hour of each whole week, on the wall clock of the calendar's zone."""
    microseconds(arrivals)  # times without a zone are refused in words, not taken for UTC
    local = arrivals.drop_nulls().dt.convert_time_zone(calendar.zone).dt.replace_time_zone(None).alias("at")
    if not len(local):
        raise TooLittleHistory(_too_little(0, 0))
    days = local.dt.date()
    first, last = days.sort().gather([0, -1])
    first, last = _monday(first + dt.timedelta(days=6)), _monday(last)
    weeks = max((last - first) // _A_WEEK, 0)
    begin = dt.datetime.combine(first, dt.time())
    hours = (local.filter(local >= begin) - begin).dt.total_hours()
    within = hours.filter(hours < weeks * HOURS).to_numpy()
    if weeks < FEWEST_WEEKS or len(within) < FEWEST_ARRIVALS:
        raise TooLittleHistory(_too_little(weeks, len(within)))
    arrived = np.bincount(within, minlength=weeks * HOURS).reshape(weeks, HOURS).astype(np.float64)
    return Counts(first=first, arrived=arrived, closed=_closed(calendar, first, weeks + ahead))


def _closed(calendar: Calendar, first: dt.date, weeks: int) -> np.ndarray:
    """Say of each hour of the weeks whether its day is closed though the week has it open."""
    days = daily_working_seconds(calendar, first=first, last=first + weeks * _A_WEEK - dt.timedelta(days=1))
    usual = {window.weekday for window in calendar.week}
    closed = days.select((pl.col("seconds") == 0) & (pl.col("date").dt.weekday() - 1).is_in(usual))
    return np.repeat(closed.to_series().to_numpy(), 24).reshape(weeks, HOURS)


def _mondays(first: dt.date, weeks: int) -> pl.Series:
    return pl.date_range(first, first + (weeks - 1) * _A_WEEK, "1w", eager=True)


def _hours(first: dt.date, weeks: int, zone: str) -> pl.Series:
    """Return the local hours of the weeks; null where the clocks leave one out."""
    begin = dt.datetime.combine(first, dt.time())
    local = pl.datetime_range(begin, begin + weeks * _A_WEEK, "1h", closed="left", eager=True)
    return local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _too_little(weeks: int, arrivals: int) -> str:
    return (
        f"the record has {weeks} whole weeks with {arrivals} arrivals; a forecast needs at least "
        f"{FEWEST_WEEKS} weeks and {FEWEST_ARRIVALS} arrivals"
    )
