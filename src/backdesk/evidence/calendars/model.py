"""What a working calendar is: weekly windows in a zone, public holidays and days of its own."""

from __future__ import annotations

import datetime as dt
import difflib
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES = 24 * 60


class CalendarError(Exception):
    """Something about a calendar that cannot be; the message says what, and what would be right."""


class UnknownZone(CalendarError):
    """A time zone that the zone database does not hold."""


class ImpossibleWindow(CalendarError):
    """A window outside a day, or on a day it does not belong to."""


class NoWorkingTime(CalendarError):
    """A calendar in which no instant is working time."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """One stretch of working time: minutes of the local day, the end not included.

    `weekday` is 0 for Monday. An `end` at or before the `start` runs into the next day and still belongs
    to the day it began on: a holiday closes it whole. Raises `ImpossibleWindow`.

    >>> str(Window(weekday=0, start=8 * 60, end=17 * 60))
    'Mon 08:00-17:00'
    >>> Window(weekday=4, start=22 * 60, end=6 * 60).minutes
    480
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end == 0:
            object.__setattr__(self, "end", DAY_MINUTES)
        if not (0 <= self.weekday < 7 and 0 <= self.start < DAY_MINUTES and 0 < self.end <= DAY_MINUTES):
            raise ImpossibleWindow(
                f"a window has a weekday 0 to 6, a start of 0 to 1439 and an end of 0 to 1440 minutes, "
                f"not weekday {self.weekday}, start {self.start}, end {self.end}"
            )

    @property
    def minutes(self) -> int:
        """Length on the wall clock, in minutes."""
        return self.end - self.start + (DAY_MINUTES if self.end <= self.start else 0)

    @property
    def hours(self) -> str:
        """The window without its day, as written: `08:00-17:00`."""
        return f"{_clock(self.start)}-{_clock(self.end)}"

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.hours}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SpecialDay:
    """A date with windows of its own instead of the week's; with none it is closed. It overrules a holiday.

    The windows carry the weekday of the date. Raises `ImpossibleWindow`.

    >>> SpecialDay(date=dt.date(2026, 12, 24), windows=()).windows
    ()
    """

    date: dt.date
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", tuple(sorted(set(self.windows))))
        for window in self.windows:
            if window.weekday != self.date.weekday():
                raise ImpossibleWindow(
                    f"{self.date} is a {WEEKDAYS[self.date.weekday()]}, its window is for a "
                    f"{WEEKDAYS[window.weekday]}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When work is done: an instant is working time where its local wall clock lies in a window.

    `zone` is an IANA name, `holidays` a country, with or without a region (`NL`, `DE-BY`), whose public
    holidays are closed. Windows may overlap, they count once. `str()` writes what `parse` reads.
    Raises `UnknownZone`, `UnknownHolidays`, `NoWorkingTime`.

    >>> office = Calendar(
    ...     zone="Europe/Amsterdam",
    ...     week=tuple(Window(weekday=day, start=480, end=1020) for day in range(5)),
    ...     holidays="NL",
    ... )
    >>> str(office)
    'Mon-Fri 08:00-17:00; holidays NL'
    """

    zone: str
    week: tuple[Window, ...]
    holidays: str | None = None
    exceptions: tuple[SpecialDay, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "week", tuple(sorted(set(self.week))))
        object.__setattr__(self, "exceptions", tuple(sorted(set(self.exceptions))))
        check_zone(self.zone)
        if self.holidays is not None:
            # Looked up only for calendars that name holidays: the package takes a while to import.
            from backdesk.evidence.calendars.public_holidays import check_code

            object.__setattr__(self, "holidays", check_code(self.holidays))
        _check_days(self.week, self.exceptions)

    def __str__(self) -> str:
        parts = [*_weekly_parts(self.week)]
        if self.holidays is not None:
            parts.append(f"holidays {self.holidays}")
        parts += _special_parts(self.exceptions)
        return "; ".join(parts)


def always(*, zone: str = "UTC") -> Calendar:
    """Return the calendar that is always open, so that working time is elapsed time.

    >>> str(always(zone="Asia/Kolkata"))
    '24/7'
    """
    return Calendar(zone=zone, week=whole_week())


def whole_week() -> tuple[Window, ...]:
    """Return the seven windows that leave no gap."""
    return tuple(Window(weekday=day, start=0, end=DAY_MINUTES) for day in range(7))


def check_zone(zone: str) -> None:
    """Raise `UnknownZone`, with the names that come close, unless the zone database holds `zone`."""
    try:
        zoneinfo.ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise UnknownZone(_unknown_zone(zone)) from None


def _unknown_zone(zone: str) -> str:
    names = {name.lower(): name for name in zoneinfo.available_timezones()}
    by_city = {name.rsplit("/", 1)[-1].lower(): name for name in sorted(names.values(), reverse=True)}
    wanted = zone[:60].strip().lower()
    near = [names[name] for name in difflib.get_close_matches(wanted, names, n=3, cutoff=0.75)]
    near += [by_city[city] for city in difflib.get_close_matches(wanted.rsplit("/", 1)[-1], by_city, n=2)]
    hint = " or ".join(dict.fromkeys(near)) or "a name such as Europe/Amsterdam"
    return f"there is no time zone {zone[:60]!r}; did you mean {hint}?"


def _check_days(week: Sequence[Window], exceptions: Sequence[SpecialDay]) -> None:
    for earlier, later in pairwise(exceptions):
        if earlier.date == later.date:
            raise ImpossibleWindow(f"{later.date} has two sets of windows; give it one")
    if not week and not any(day.windows for day in exceptions):
        raise NoWorkingTime("the calendar has no working time; give it windows, such as Mon-Fri 08:00-17:00")


def _weekly_parts(week: Sequence[Window]) -> Iterable[str]:
    if tuple(week) == whole_week():
        return ["24/7"]
    hours = {
        weekday: ",".join(window.hours for window in windows)
        for weekday, windows in groupby(week, key=lambda window: window.weekday)
    }
    days = {text: [day for day in hours if hours[day] == text] for text in hours.values()}
    return [f"{_weekdays(on)} {text}" for text, on in days.items()]


def _weekdays(days: Sequence[int]) -> str:
    runs = [list(run) for _, run in groupby(days, key=lambda day: day - days.index(day))]
    return ",".join(_run(run) for run in runs)


def _run(run: Sequence[int]) -> str:
    if len(run) < 3:
        return ",".join(WEEKDAYS[day] for day in run)
    return f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"


def _special_parts(exceptions: Sequence[SpecialDay]) -> list[str]:
    closed = [day.date.isoformat() for day in exceptions if not day.windows]
    opened = [
        f"open {day.date.isoformat()} {','.join(window.hours for window in day.windows)}"
        for day in exceptions
        if day.windows
    ]
    return [*([f"closed {','.join(closed)}"] if closed else []), *opened]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


ALWAYS = always()
