"""What will arrive: against arrivals drawn from a known truth, and against real ones held back."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import polars as pl
import pytest

from backdesk.evidence.calendars import NotInstants, parse
from backdesk.evidence.eventlog import read, to_steps
from backdesk.evidence.measures import CATALOGUE, Forecast, TooLittleHistory, forecast
from backdesk.evidence.measures.forecasting_model import (
    AS_MANY,
    HOURS,
    LEVELS,
    Counts,
    bounds,
    dispersion,
    fit,
)
from backdesk.evidence.measures.forecasting_trials import AS_LAST_WEEK, Trial, best
from backdesk.evidence.statistics import ImpossibleCount
from tests.shared import shared_data

FIRST = dt.date(2026, 1, 5)
OFFICE = parse("Mon-Fri 08:00-18:00; closed 2026-02-16,2026-06-08,2026-11-09", zone="Europe/Amsterdam")
WEEKS = 40
AHEAD = 4


def test_intervals_hold_what_comes_as_often_as_they_say() -> None:
    """A truth that drifts and scatters more than a Poisson: of all weeks and hours held back, 80 % are to be inside."""
    held: dict[str, list[bool]] = {"weeks": [], "hours": []}
    for seed in range(15):
        drawn = _drawn(np.random.default_rng(seed), WEEKS + AHEAD)
        found = forecast(_instants(drawn[:WEEKS]), calendar=OFFICE, weeks=AHEAD)
        came = {"weeks": drawn[WEEKS:].sum(axis=1), "hours": drawn[WEEKS:].ravel()}
        for name, table in (("weeks", found.weeks), ("hours", found.hours)):
            told = table["expected"].to_numpy() > 0
            inside = (table["low"].to_numpy() <= came[name]) & (came[name] <= table["high"].to_numpy())
            held[name] += inside[told].tolist()
    assert 0.7 <= np.mean(held["weeks"]) <= 0.92
    assert 0.78 <= np.mean(held["hours"]) <= 0.95


def test_the_forecast_does_better_than_the_week_before() -> None:
    found = forecast(_instants(_drawn(np.random.default_rng(1), WEEKS)), calendar=OFFICE)
    figures = {(every, method): rest for every, method, *rest in found.test.rows()}
    for every in ("week", "hour"):
        _, mase, pinball, coverage = figures[every, "forecast"]
        _, naive_mase, naive_pinball, _ = figures[every, "as last week"]
        assert mase < naive_mase
        assert pinball < naive_pinball
        assert 0.65 <= coverage <= 0.95


def test_a_closed_day_is_expected_to_bring_what_closed_days_brought() -> None:
    found = forecast(_instants(_drawn(np.random.default_rng(2), WEEKS)), calendar=OFFICE, weeks=6)
    days = dict(found.hours.group_by(pl.col("hour").dt.date()).agg(pl.col("expected").sum()).rows())
    usual, closed = days[dt.date(2026, 11, 16)], days[dt.date(2026, 11, 9)]
    assert closed < usual / 10
    assert days[dt.date(2026, 11, 14)] == 0


def test_level_and_shares_are_found_again() -> None:
    shares = np.zeros(HOURS)
    shares[[8, 9, 32, 33]] = (0.1, 0.2, 0.3, 0.4)
    closed = np.zeros((16, HOURS), dtype=bool)
    closed[3, :24] = True
    arrived = np.where(closed[:15], 0.0, 50.0) * shares
    models = fit(Counts(first=FIRST, arrived=arrived, closed=closed), upto=15)
    for model in models.values():
        assert model.expected(15) == pytest.approx(50 * shares)
    assert [models[name].closed_share for name in LEVELS] == [0] * len(LEVELS)


def test_a_trend_is_followed_and_dies_away() -> None:
    arrived = np.repeat(np.arange(20.0, 80.0)[:, None] / HOURS, HOURS, axis=1)
    counts = Counts(first=FIRST, arrived=arrived, closed=np.zeros((100, HOURS), dtype=bool))
    model = fit(counts, upto=60)["level smoothed, with a damped trend"]
    week = [model.expected(number).sum() for number in (59, 60, 61, 99)]
    assert 77 < week[0] < week[1] < week[2] < week[3] < 90


def test_scatter_is_found_again() -> None:
    rng = np.random.default_rng(3)
    expected = rng.uniform(5, 50, 40_000)
    arrived = rng.poisson(rng.gamma(1 / 0.3, 0.3 * expected)).astype(float)
    assert dispersion(expected, arrived) == pytest.approx(0.3, rel=0.05)
    low, high = bounds(expected, dispersed=np.array(0.3), confidence=0.8)
    assert np.mean((low <= arrived) & (arrived <= high)) == pytest.approx(0.82, abs=0.03)
    assert dispersion(expected, rng.poisson(expected).astype(float)) < 0.005


@pytest.mark.parametrize(("weeks", "a_week"), [(11, 50), (30, 3), (0, 0)])
def test_too_little_history_is_refused(weeks: int, a_week: int) -> None:
    drawn = np.zeros((weeks, HOURS), dtype=int)
    drawn[:, 9] = a_week
    told = f"{max(weeks - 1, 0) if a_week else 0} whole weeks|12 weeks and 100 arrivals"
    with pytest.raises(TooLittleHistory, match=told):
        forecast(_instants(drawn), calendar=OFFICE)


def test_what_cannot_be_forecast_is_refused_in_words() -> None:
    drawn = np.zeros((20, HOURS), dtype=int)
    drawn[:, 9] = 10
    arrived = _instants(drawn)
    with pytest.raises(ValueError, match="0 weeks cannot be forecast; give 1 or more"):
        forecast(arrived, calendar=OFFICE, weeks=0)
    with pytest.raises(ImpossibleCount, match="a confidence of 80 is none"):
        forecast(arrived, calendar=OFFICE, confidence=80)
    with pytest.raises(NotInstants, match="Datetime with a zone"):
        forecast(arrived.dt.replace_time_zone(None), calendar=OFFICE)


def test_hours_are_those_of_the_wall_clock_when_the_clocks_change() -> None:
    drawn = np.zeros((63, HOURS), dtype=int)
    drawn[:, 9] = 20
    found = forecast(_instants(drawn), calendar=OFFICE, weeks=2)
    # The second week holds the Sunday, 28 March 2027, that has no third hour.
    assert found.hours["hour"].dt.convert_time_zone("UTC").n_unique() == found.hours.height == 2 * HOURS - 1
    nine = found.hours.filter(pl.col("expected") > 0)["hour"]
    assert {at.hour for at in nine} == {9}


def test_figures_of_the_forecast_are_in_the_catalogue() -> None:
    found = forecast(_instants(_drawn(np.random.default_rng(1), 14)), calendar=OFFICE)
    figures = {*found.weeks.columns, *found.test.columns} - {"week", "every", "method", "forecasts"}
    assert figures <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("levels", "method"),
    [
        ([40, 90] * 15, "mean of the last quarter"),
        ([50] * 10 + [80] * 8 + [130] * 8, AS_MANY),
        ([20 * week for week in range(1, 30)], "level smoothed, with a damped trend"),
    ],
)
def test_the_way_that_does_best_on_the_record_is_taken(levels: list[int], method: str) -> None:
    drawn = np.zeros((len(levels), HOURS), dtype=int)
    drawn[:, 9] = levels
    assert forecast(_instants(drawn), calendar=OFFICE).method == method


def test_the_last_week_is_taken_where_no_other_way_is_as_good_by_the_hour() -> None:
    arrived = np.eye(HOURS)[:1]
    wrong, right = np.full((1, HOURS), 1 / HOURS), arrived
    found = {AS_MANY: [Trial(9, 9, wrong[0], arrived[0])], AS_LAST_WEEK: [Trial(9, 9, right[0], arrived[0])]}
    assert best(found) == AS_LAST_WEEK
    assert best({AS_MANY: found[AS_LAST_WEEK], AS_LAST_WEEK: found[AS_LAST_WEEK]}) == AS_MANY


@pytest.mark.parametrize("seed", range(4))
def test_on_its_own_record_it_is_never_worse_than_the_week_before(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = np.zeros((16, HOURS), dtype=int)
    drawn[:, rng.integers(0, HOURS, 3)] = rng.poisson(20 * np.exp(np.cumsum(rng.normal(0, 0.6, 16))))[:, None]
    figures = {
        (every, method): mase
        for every, method, _, mase, *_ in forecast(_instants(drawn), calendar=OFFICE).test.rows()
    }
    for every in ("week", "hour"):
        assert figures[every, "forecast"] <= figures[every, AS_LAST_WEEK] + 1e-9


@pytest.mark.parametrize(
    ("name", "method", "share"),
    [
        ("logs/helpdesk.xes.gz", "level smoothed", 0.9),
        ("logs/08_receipt.xes.gz", "mean of the last quarter", 0.8),
        ("bpic2020/DomesticDeclarations.xes.gz", AS_MANY, 1),
    ],
)
def test_real_arrivals_are_forecast_better_than_by_the_week_before(
    name: str, method: str, share: float
) -> None:
    found = _of_log(name)
    mase = {method: mase for every, method, _, mase, *_ in found.test.rows() if every == "week"}
    assert found.method == method
    assert mase["forecast"] <= share * mase[AS_LAST_WEEK] + 1e-9


@pytest.mark.parametrize("name", ["logs/helpdesk.xes.gz", "bpic2020/DomesticDeclarations.xes.gz"])
def test_real_arrivals_fall_into_the_interval_about_as_often_as_it_says(name: str) -> None:
    figures = {(every, method): rest for every, method, *rest in _of_log(name).test.rows()}
    _, _, pinball, coverage = figures["hour", "forecast"]
    assert 0.75 <= coverage <= 0.98
    assert pinball < figures["hour", "as last week"][2]
    assert 0.6 <= figures["week", "forecast"][3] <= 0.95


@cache
def _of_log(name: str) -> Forecast:
    log = to_steps(read(shared_data("eventlogs", *name.split("/")), zone="Europe/Amsterdam"))
    arrivals = log.steps.group_by("case").agg(pl.col("started_at").min())["started_at"]
    office = parse("Mon-Fri 08:00-18:00; holidays NL", zone="Europe/Amsterdam")
    return forecast(arrivals, calendar=office)


def _drawn(rng: np.random.Generator, weeks: int) -> np.ndarray:
    """Draw what arrives each hour: by the hour of the week, a level that drifts, more scattered than a Poisson."""
    shares = np.zeros((7, 24))
    shares[:5, 8:18] = np.array([1.4, 1.1, 1.0, 1.0, 0.7])[:, None] * np.array([1, 2, 3, 3, 2, 2, 3, 2, 1, 1])
    shares = shares.ravel() / shares.sum()
    level = 150 * np.exp(np.cumsum(rng.normal(0, 0.05, weeks)))
    mean = level[:, None] * shares * rng.gamma(20, 1 / 20, (weeks, 1))
    drawn: np.ndarray = rng.poisson(mean)
    for special in OFFICE.exceptions:
        week, day = divmod((special.date - FIRST).days, 7)
        if week < weeks:
            drawn[week, day * 24 : day * 24 + 24] = 0
    return drawn


def _instants(drawn: np.ndarray) -> pl.Series:
    """Give an instant for each arrival, and one in the week after, which shows that the last week is whole."""
    hours = np.repeat(np.arange(drawn.size), drawn.ravel())
    begin = np.datetime64(FIRST, "us")
    at = begin + hours.astype("timedelta64[h]") + np.timedelta64(30, "m")
    after = at[:1] - at[:1] + begin + np.timedelta64(len(drawn), "W")
    return pl.Series(np.append(at, after)).dt.replace_time_zone(OFFICE.zone)
