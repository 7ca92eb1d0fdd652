"""Cases come when the trade sends them: rates against the means of a Poisson process."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from backdesk.evidence.demonstration.arrivals import black_friday, draw_arrivals, is_month_end
from backdesk.evidence.demonstration.people import employ
from backdesk.evidence.demonstration.period import WARM_UP, Period, months_before
from backdesk.evidence.demonstration.work import Arrivals

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
YEAR = Period(first=dt.date(2025, 11, 1), until=dt.date(2026, 11, 1), zone="Europe/Copenhagen")


def draw(arrivals: Arrivals, *, period: Period = YEAR) -> list[dt.datetime]:
    seconds = draw_arrivals(arrivals, period=period, staff=(), rng=np.random.default_rng(5))
    return [dt.datetime.fromtimestamp(second, tz=COPENHAGEN) for second in seconds]


def recorded(arrivals: Arrivals) -> list[dt.datetime]:
    return [at for at in draw(arrivals) if at.date() >= YEAR.first]


def test_a_year_brings_twelve_months_of_cases_within_chance() -> None:
    assert len(recorded(Arrivals(per_month=1000))) == pytest.approx(12_000, abs=4 * 12_000**0.5)


def test_cases_come_in_order_in_the_hours_and_on_the_days_they_may() -> None:
    came = draw(Arrivals(per_month=500, weekdays=(1, 0, 0, 0, 0, 0, 1), hours=(9.0, 11.0)))
    assert came == sorted(came)
    assert {at.weekday() for at in came} == {0, 6}
    assert {at.hour for at in came} == {9, 10}


def test_a_season_multiplies_its_month() -> None:
    months = Counter(at.month for at in recorded(Arrivals(per_month=1000, season={3: 2.0, 7: 0.0})))
    assert months[3] / months[5] == pytest.approx(2.0 * 22 / 21, rel=0.15)  # weekdays of March and of May
    assert months[7] == 0


def test_growth_adds_its_share_over_the_year() -> None:
    months = Counter((at.year, at.month) for at in recorded(Arrivals(per_month=3000, growth=0.5)))
    assert months[2026, 10] / months[2025, 11] == pytest.approx(1.5 * 22 / 20, rel=0.12)


def test_the_last_days_are_the_only_ones_where_asked() -> None:
    came = draw(Arrivals(per_month=100, last_days=30))
    assert min(came).date() >= YEAR.until - dt.timedelta(days=30)


def test_after_black_friday_more_comes_for_two_weeks() -> None:
    came = Counter(at.date() for at in draw(Arrivals(per_month=3000, black_friday=3.0)))
    friday = black_friday(2025)
    after = sum(came[friday + dt.timedelta(days=n)] for n in range(14))
    before = sum(came[friday - dt.timedelta(days=n)] for n in range(1, 15))
    assert after / before == pytest.approx(3.0, rel=0.15)


@pytest.mark.parametrize(("year", "day"), [(2024, 22), (2025, 28), (2026, 27), (2019, 22)], ids=str)
def test_black_friday_is_the_fourth_of_november(year: int, day: int) -> None:
    assert black_friday(year) == dt.date(year, 11, day)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_has_five_days_of_month_end(month: int) -> None:
    days = [dt.date(2026, month, 1) + dt.timedelta(days=n) for n in range(31)]
    ends = [day for day in days if day.month == month and is_month_end(day)]
    assert len(ends) == 5
    assert all(day.weekday() < 5 for day in ends)


def test_a_roll_call_is_one_case_for_everybody_employed() -> None:
    staff = employ(period=YEAR, rng=np.random.default_rng(5))
    seconds = draw_arrivals(Arrivals(roll_call=10), period=YEAR, staff=staff, rng=np.random.default_rng(5))
    days = Counter(dt.datetime.fromtimestamp(second, tz=COPENHAGEN).date() for second in seconds)
    assert days[dt.date(2025, 12, 10)] == 120  # before one joined, and another left
    assert days[dt.date(2026, 4, 10)] == 119
    assert days[dt.date(2026, 10, 10)] == 120
    assert {day.day for day in days} == {10}


def test_the_warm_up_is_drawn_too() -> None:
    assert min(draw(Arrivals(per_month=3000, weekdays=(1,) * 7))).date() == YEAR.first - WARM_UP


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 11, 1), 12, dt.date(2025, 11, 1)),
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 3, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
        (dt.date(2026, 12, 31), 25, dt.date(2024, 11, 30)),
    ],
)
def test_months_are_counted_back(day: dt.date, months: int, expected: dt.date) -> None:
    assert months_before(day, months) == expected


def test_hours_of_a_day_are_local_also_where_clocks_change() -> None:
    spring = YEAR.second(dt.date(2026, 3, 29), hour=12)
    assert dt.datetime.fromtimestamp(spring, tz=COPENHAGEN).hour == 12
    assert spring - YEAR.second(dt.date(2026, 3, 29)) == 11 * 3600
