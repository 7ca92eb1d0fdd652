"""Times at which a calendar is closed beyond its weeks and holidays, and calendars with them taken out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from backdesk.evidence.calendars.combining import Periods, WorkingTime, subtract
from backdesk.evidence.calendars.model import Calendar, CalendarError, SpecialDay

_A_DAY = dt.timedelta(days=1)
_LONGEST = 3660 * _A_DAY


class ImpossibleClosure(CalendarError):
    """A closure that ends before it starts, or is half date, half time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A time at which nobody works: whole days (two dates) or a stretch (two aware times, to the second).

    The end is not included. Raises `ImpossibleClosure`.

    >>> str(Closure(summary="Move", start=dt.date(2026, 5, 4), end=dt.date(2026, 5, 6)))
    '2026-05-04..2026-05-06 Move'
    """

    summary: str = ""
    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        timed = isinstance(self.start, dt.datetime)
        if timed != isinstance(self.end, dt.datetime):
            raise ImpossibleClosure(
                f"the closure {self} is half date, half time; give two dates or two times"
            )
        for name in ("start", "end") if timed else ():
            object.__setattr__(self, name, self._instant(getattr(self, name)))
        if self.end < self.start or (not timed and self.end == self.start):
            raise ImpossibleClosure(f"the closure {self} ends before it starts; the end is not included")
        if not timed and self.end - self.start > _LONGEST:
            raise ImpossibleClosure(f"the closure {self} is longer than ten years; end it earlier")

    def __str__(self) -> str:
        return f"{self.start.isoformat()}..{self.end.isoformat()} {self.summary}".rstrip()

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days closed whole, none where the closure has times."""
        if isinstance(self.start, dt.datetime):
            return ()
        return tuple(self.start + step * _A_DAY for step in range((self.end - self.start).days))

    def order(self) -> tuple[str, str, str]:
        """Return what to sort closures by."""
        return self.start.isoformat(), self.end.isoformat(), self.summary

    def _instant(self, moment: dt.datetime) -> dt.datetime:
        if moment.tzinfo is None:
            raise ImpossibleClosure(f"the closure {self} has a time without a zone; give aware times")
        return moment.astimezone(dt.UTC).replace(microsecond=0)


def with_closures(calendar: Calendar, *, closures: Iterable[Closure]) -> WorkingTime:
    """Return the calendar closed at those times too, exactly over daylight saving.

    Whole days are days of the calendar's zone and close as holidays do: the night that begins on one falls
    out, the one that ends on it stays. They overrule special days. Stretches close what lies in them.

    >>> import numpy as np
    >>> from backdesk.evidence.calendars import parse, working_seconds
    >>> office = parse("Mon-Fri 09:00-17:00", zone="UTC")
    >>> noon = dt.datetime(2026, 12, 23, 12, tzinfo=dt.UTC)
    >>> closures = [Closure(start=dt.date(2026, 12, 24), end=dt.date(2026, 12, 26)),
    ...             Closure(start=noon, end=noon + dt.timedelta(hours=5))]
    >>> week = np.array(["2026-12-21", "2026-12-28"], dtype="datetime64[us]")
    >>> working_seconds(with_closures(office, closures=closures), starts=week[:1], ends=week[1:]) / 3600
    array([19.])
    """
    known = list(closures)
    closed = {date for closure in known for date in closure.dates}
    kept = [special for special in calendar.exceptions if special.date not in closed]
    specials = (*kept, *(SpecialDay(date=date) for date in sorted(closed)))
    whole = replace(calendar, exceptions=specials) if closed else calendar
    stretches = tuple(
        (closure.start, closure.end)
        for closure in known
        if isinstance(closure.start, dt.datetime) and isinstance(closure.end, dt.datetime)
    )
    return subtract(whole, Periods(periods=stretches)) if stretches else whole


def closed_days(calendar: Calendar, *, summary: str = "Closed") -> tuple[Closure, ...]:
    """Return the special days on which a calendar is closed, one closure for days in a row.

    Special days with hours of their own are no closures and are left aside; so are holidays.

    >>> from backdesk.evidence.calendars import parse
    >>> office = parse("Mon-Fri 9-17; closed 2026-12-24..2026-12-25,2026-12-31", zone="UTC")
    >>> [str(closure) for closure in closed_days(office)]
    ['2026-12-24..2026-12-26 Closed', '2026-12-31..2027-01-01 Closed']
    """
    runs: list[tuple[dt.date, dt.date]] = []
    for special in calendar.exceptions:
        if special.windows:
            continue
        if runs and runs[-1][1] == special.date:
            runs[-1] = (runs[-1][0], special.date + _A_DAY)
        else:
            runs.append((special.date, special.date + _A_DAY))
    return tuple(Closure(summary=summary, start=start, end=end) for start, end in runs)
