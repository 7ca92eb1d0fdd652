"""The stretch of days a demonstration covers, in the zone of the company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
WARM_UP = 35 * DAY
"""Simulated before the first day and left out: on day one there is already work on the desks."""
AFTERMATH = 45 * DAY
"""Calendars reach this far beyond the end, so that work begun before it has an end to run to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `first` to before `until`, local to `zone`.

    >>> year = Period(first=dt.date(2025, 11, 1), until=dt.date(2026, 11, 1), zone="Europe/Copenhagen")
    >>> year.length, year.after(0.5)
    (365, datetime.date(2026, 5, 2))
    """

    first: dt.date
    until: dt.date
    zone: str

    @property
    def length(self) -> int:
        """Days in the period."""
        return (self.until - self.first).days

    @property
    def simulated_from(self) -> dt.date:
        return self.first - WARM_UP

    def after(self, share: float) -> dt.date:
        """The day on which so much of the period has passed."""
        return self.first + round(share * self.length) * DAY

    def days(self) -> Iterator[dt.date]:
        """Every day that is simulated, the warm-up included."""
        return (self.simulated_from + n * DAY for n in range((self.until - self.simulated_from).days))

    def second(self, day: dt.date, *, hour: float = 0.0) -> int:
        """The instant of a local hour of a day, in seconds since 1970 UTC."""
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))
        return int((midnight + dt.timedelta(hours=hour)).timestamp())


def months_before(day: dt.date, months: int) -> dt.date:
    """Count back so many months, to the same day of the month or the last one there is.

    >>> months_before(dt.date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    month = day.year * 12 + day.month - 1 - months
    first = dt.date(month // 12, month % 12 + 1, 1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))
