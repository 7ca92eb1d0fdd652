"""When the cases of a process come in: through the day, the week, the month and the trade's year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np

from backdesk.evidence.demonstration.people import Employee
from backdesk.evidence.demonstration.period import DAY, Period
from backdesk.evidence.demonstration.work import Arrivals

_AFTER_BLACK_FRIDAY = 14 * DAY
_DAYS_PER_MONTH = 365.25 / 12


def draw_arrivals(
    arrivals: Arrivals, *, period: Period, staff: Sequence[Employee], rng: np.random.Generator
) -> list[int]:
    """Return the seconds since 1970 UTC at which cases arrive, in order.

    >>> june = Period(first=dt.date(2026, 6, 1), until=dt.date(2026, 7, 1), zone="Europe/Copenhagen")
    >>> seconds = draw_arrivals(
    ...     Arrivals(per_month=300), period=june, staff=(), rng=np.random.default_rng(1))
    >>> 550 < len(seconds) < 750  # June, and the five weeks before it that warm the company up
    True
    """
    if arrivals.roll_call is not None:
        return list(_roll_calls(arrivals.roll_call, period, staff))
    seconds = [
        period.second(day, hour=hour)
        for day in period.days()
        for hour in rng.uniform(*arrivals.hours, size=rng.poisson(_expected(arrivals, day, period)))
    ]
    return sorted(seconds)


def black_friday(year: int) -> dt.date:
    """Return the fourth Friday of November.

    >>> black_friday(2026)
    datetime.date(2026, 11, 27)
    """
    first = dt.date(year, 11, 1)
    return first + ((4 - first.weekday()) % 7 + 21) * DAY


def is_month_end(day: dt.date) -> bool:
    """Say whether a day is among the last three or first two weekdays of a month (holidays not looked at).

    >>> [day for day in range(1, 31) if is_month_end(dt.date(2026, 6, day))]
    [1, 2, 26, 29, 30]
    """
    ahead = _weekdays_ahead(day, 3)
    behind = _weekdays_ahead(day, -2)
    return day.weekday() < 5 and (ahead.month != day.month or behind.month != day.month)


def _weekdays_ahead(day: dt.date, count: int) -> dt.date:
    """Go so many working days ahead, or back."""
    step = DAY if count > 0 else -DAY
    while count:
        day += step
        count -= (1 if step > dt.timedelta() else -1) * (day.weekday() < 5)
    return day


def _expected(arrivals: Arrivals, day: dt.date, period: Period) -> float:
    if arrivals.last_days is not None and (period.until - day).days > arrivals.last_days:
        return 0.0
    weekly = arrivals.weekdays
    rate = arrivals.per_month / _DAYS_PER_MONTH * 7 * weekly[day.weekday()] / sum(weekly)
    rate *= arrivals.season.get(day.month, 1.0)
    rate *= 1 + arrivals.growth * (day - period.first).days / 365
    if is_month_end(day):
        rate *= arrivals.month_end
    if dt.timedelta() <= day - black_friday(day.year) < _AFTER_BLACK_FRIDAY:
        rate *= arrivals.black_friday
    return rate


def _roll_calls(day_of_month: int, period: Period, staff: Sequence[Employee]) -> Iterator[int]:
    for day in period.days():
        if day.day == day_of_month:
            employed = [person for person in staff if _is_employed(person, day)]
            yield from (period.second(day, hour=6) + n for n, _ in enumerate(employed))


def _is_employed(person: Employee, day: dt.date) -> bool:
    return (person.joined is None or person.joined <= day) and (person.left is None or day < person.left)
