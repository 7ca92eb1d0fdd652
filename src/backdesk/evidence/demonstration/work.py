"""The words a demonstration process is described in: activities, the ways between them, how cases arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """When an activity is done, if not at once: its work is collected until the next session opens.

    `hour` is the local hour of the company (10.5 = half past ten), `weekdays` counts from 0 = Monday,
    `month_days` are days of the month (empty = every day that `weekdays` lets through).

    >>> Sessions(hour=10, weekdays=(1, 4)).weekdays
    (1, 4)
    """

    hour: float
    weekdays: tuple[int, ...] = EVERY_DAY
    month_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A way a case can take after an activity; several names in `to` are done side by side."""

    to: tuple[str, ...]
    share: float = 1.0


def goes_to(*names: str, share: float = 1.0) -> Route:
    """Name the activities that follow, and the share of the cases that go there.

    >>> goes_to("Approve payment", share=0.8)
    Route(to=('Approve payment',), share=0.8)
    """
    return Route(to=names, share=share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One kind of step: who does it, how long it takes an experienced person, and where the case goes next.

    - `by`: titles of the people who do it; empty where the system does it by itself, in no time
    - `minutes`: median of the working minutes; `spread`: standard deviation of their logarithm
    - `then`: routes, tried in order against one draw; what the shares leave over ends the case
    - `reply_hours`: median elapsed hours until somebody outside replies, before the case goes on
    - `urgency`: the lower goes first when a person can choose
    - `gathers`: waits until every branch of the case that runs side by side has come in
    - `is_new`: nobody in the company has done it before

    >>> Activity(name="Post invoice", by=("Accounts payable clerk",), minutes=5).is_automated
    False
    """

    name: str
    by: tuple[str, ...] = ()
    minutes: float = 0.0
    spread: float = 0.45
    then: tuple[Route, ...] = ()
    sessions: Sessions | None = None
    reply_hours: float = 0.0
    urgency: int = 5
    gathers: bool = False
    is_new: bool = False

    @property
    def is_automated(self) -> bool:
        return not self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """How many cases come in, and when: a Poisson process whose rate follows the trade's year.

    - `per_month`: cases in an ordinary month; `weekdays`: weight of each day, Monday first
    - `hours`: local hours between which they come
    - `season`: multiple by month of the year (1..12); `month_end`: multiple on the last three and first two
      working days of a month; `black_friday`: multiple in the two weeks after Black Friday
    - `growth`: added share of the rate per year; `last_days`: only in so many days before the end
    - `roll_call`: instead of all that, one case for each employee on this day of the month

    >>> Arrivals(per_month=100).roll_call is None
    True
    """

    per_month: float = 0.0
    weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 0, 0)
    hours: tuple[float, float] = (7.5, 17.0)
    season: Mapping[int, float] = field(default_factory=dict)
    month_end: float = 1.0
    black_friday: float = 1.0
    growth: float = 0.0
    last_days: int | None = None
    roll_call: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """The work of one function: its cases are numbered `prefix`-..., and begin with the first activity.

    >>> greet = Activity(name="Greet")
    >>> Process(function="Reception", prefix="R", arrivals=Arrivals(), activities=(greet,)).first.name
    'Greet'
    """

    function: str
    prefix: str
    arrivals: Arrivals
    activities: tuple[Activity, ...]

    @property
    def first(self) -> Activity:
        return self.activities[0]
