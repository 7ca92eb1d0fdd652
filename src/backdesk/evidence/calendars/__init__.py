"""Working time: windows, holidays, zones; vectorised.

A calendar says on which local wall clock people work; the functions count that time between instants,
exactly over daylight saving, for millions of pairs at once.

>>> import numpy as np
>>> office = parse("Mon-Fri 08:00-12:00,13:00-17:00; holidays NL", zone="Europe/Amsterdam")
>>> received = np.array(["2026-12-24T15:00", "2026-12-28T09:30"], dtype="datetime64[us]")
>>> delivered = np.array(["2026-12-28T09:00", "2026-12-28T13:30"], dtype="datetime64[us]")
>>> working_seconds(office, starts=received, ends=delivered) / 3600
array([3., 3.])
"""

from backdesk.evidence.calendars.closures import Closure, ImpossibleClosure, closed_days, with_closures
from backdesk.evidence.calendars.combining import (
    Combination,
    ImpossiblePeriod,
    NothingToCombine,
    Periods,
    WorkingTime,
    intersect,
    subtract,
    unite,
)
from backdesk.evidence.calendars.discovering import (
    Basis,
    CannotDiscover,
    Discovery,
    Thresholds,
    discover_calendars,
    discover_people_calendars,
    machines,
)
from backdesk.evidence.calendars.icalendar import UnreadableICalendar, read_icalendar, write_icalendar
from backdesk.evidence.calendars.model import (
    ALWAYS,
    Calendar,
    CalendarError,
    ImpossibleWindow,
    NoWorkingTime,
    SpecialDay,
    UnknownZone,
    Window,
    always,
)
from backdesk.evidence.calendars.pausing import (
    NotPauses,
    add_unpaused_working_seconds,
    unpaused_working_seconds,
)
from backdesk.evidence.calendars.prosimos import (
    ARRIVALS,
    NotWeekly,
    UnreadableProsimos,
    read_prosimos,
    write_prosimos,
)
from backdesk.evidence.calendars.public_holidays import UnknownHolidays
from backdesk.evidence.calendars.text import UnreadableCalendar, parse
from backdesk.evidence.calendars.working import (
    Instants,
    NotInstants,
    add_working_seconds,
    daily_working_seconds,
    working_seconds,
    working_share,
    working_stretches,
)

__all__ = [
    "ALWAYS",
    "ARRIVALS",
    "Basis",
    "Calendar",
    "CalendarError",
    "CannotDiscover",
    "Closure",
    "Combination",
    "Discovery",
    "ImpossibleClosure",
    "ImpossiblePeriod",
    "ImpossibleWindow",
    "Instants",
    "NoWorkingTime",
    "NotInstants",
    "NotPauses",
    "NotWeekly",
    "NothingToCombine",
    "Periods",
    "SpecialDay",
    "Thresholds",
    "UnknownHolidays",
    "UnknownZone",
    "UnreadableCalendar",
    "UnreadableICalendar",
    "UnreadableProsimos",
    "Window",
    "WorkingTime",
    "add_unpaused_working_seconds",
    "add_working_seconds",
    "always",
    "closed_days",
    "daily_working_seconds",
    "discover_calendars",
    "discover_people_calendars",
    "intersect",
    "machines",
    "parse",
    "read_icalendar",
    "read_prosimos",
    "subtract",
    "unite",
    "unpaused_working_seconds",
    "with_closures",
    "working_seconds",
    "working_share",
    "working_stretches",
    "write_icalendar",
    "write_prosimos",
]
