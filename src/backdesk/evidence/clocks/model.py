"""What a clock is made of: the terms that were agreed, the pauses that stopped it, and what comes of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backdesk.evidence.calendars import WorkingTime

DayRule: TypeAlias = Literal["day0", "day1"]
Kind: TypeAlias = Literal["running", "closed", "paused", "undecided pause", "refused pause"]


class ClockError(Exception):
    """Something about a clock that cannot be; the message says what, and what would be right."""


class ImpossibleTerms(ClockError):
    """Terms whose target is none: two at once, no time at all, or days without a rule."""


class ImpossiblePause(ClockError):
    """A pause that ends before it begins."""


class NotAware(ClockError):
    """A time without a zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed from one moment on: the calendar on which time counts, and the target.

    A target is working time (`target_seconds`), or working days (`target_days`) with a `day_rule`, or none: then
    the clock counts and nothing falls due. `until` is the local time of the last day by which an item is due;
    without it, the end of that day's working time. Raises `ImpossibleTerms`, `NotAware`.

    >>> from backdesk.evidence.calendars import parse
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> Terms(since=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), calendar=office, target_days=2)
    Traceback (most recent call last):
    ...
    backdesk.evidence.clocks.model.ImpossibleTerms: a target in days needs its rule: day0 or day1
    """

    since: dt.datetime
    calendar: WorkingTime
    target_seconds: float | None = None
    target_days: int | None = None
    day_rule: DayRule | None = None
    until: dt.time | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", in_utc(self.since, "the terms since"))
        if self.target_days is None:
            self._check_seconds()
        else:
            self._check_days(self.target_days)

    def _check_seconds(self) -> None:
        if self.day_rule is not None or self.until is not None:
            raise ImpossibleTerms("a rule for days, and a time of day, belong to a target in days; give one")
        if self.target_seconds is not None and not self.target_seconds > 0:
            raise ImpossibleTerms(f"a target is more than no time, not {self.target_seconds:g} seconds")

    def _check_days(self, days: int) -> None:
        if self.target_seconds is not None:
            raise ImpossibleTerms("a target is in seconds or in days; give one of them")
        if self.day_rule is None:
            raise ImpossibleTerms("a target in days needs its rule: day0 or day1")
        if days < (self.day_rule == "day1"):
            raise ImpossibleTerms(f"{days} days cannot be counted by {self.day_rule}; give more")
        if self.until is not None and self.until.tzinfo is not None:
            raise ImpossibleTerms("the time of day is local to the calendar; give it without a zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch in which somebody waits for somebody else; it stops the clock if it is approved.

    `approved` is None while nobody has decided: until then it stops nothing. Without `ended_at` it lasts.
    Raises `ImpossiblePause`, `NotAware`.

    >>> began = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
    >>> Pause(id="7", began_at=began, reason="Which supplier?", approved=True).lasts
    True
    """

    began_at: dt.datetime
    ended_at: dt.datetime | None = None
    approved: bool | None = None
    reason: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "began_at", in_utc(self.began_at, "a pause began"))
        if self.ended_at is not None:
            object.__setattr__(self, "ended_at", in_utc(self.ended_at, "a pause ended"))
            if self.ended_at < self.began_at:
                raise ImpossiblePause(
                    f"the pause {self.id} from {self.began_at.isoformat()} ends before it, at "
                    f"{self.ended_at.isoformat()}; swap its ends"
                )

    @property
    def lasts(self) -> bool:
        """Whether it has no end yet."""
        return self.ended_at is None

    def covers(self, instant: dt.datetime) -> bool:
        """Say whether an instant lies in it; the end does not."""
        return self.began_at <= instant and (self.ended_at is None or instant < self.ended_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a clock with one reason: what it counted, under which terms (their index), which pauses cover it.

    `working_seconds` is the calendar's working time in it, `counted_seconds` what the clock took of that.
    """

    begins_at: dt.datetime
    ends_at: dt.datetime
    kind: Kind
    working_seconds: float
    counted_seconds: float
    terms: int
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How the due time was reckoned under terms: what had counted before them, their target, what was left.

    `why`: "counts" (the rest runs from `begins_at`), "day" (until the last moment of a day), "at the change" (more
    than the target had counted already), "before the change" (due by then under the terms before), "paused"
    (a pause without end comes first), "no target", "never" (the calendar does not work that much).
    """

    terms: int
    begins_at: dt.datetime
    counted_before_seconds: float
    target_seconds: float | None
    due_at: dt.datetime | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock as its history makes it; every time in UTC.

    `due_at` is None where the terms have no target, and while a pause without end keeps it from being reached:
    there is no due time while paused; `due_if_answered` is what it were if that pause ended now.
    `due_if_approved` is what it were if the undecided pauses were approved, and those without end answered now.
    `remaining_seconds` is working time, negative when more than the target has counted.
    """

    segments: tuple[Segment, ...]
    stages: tuple[Stage, ...]
    counted_seconds: float
    paused_seconds: float
    target_seconds: float | None
    remaining_seconds: float | None
    due_at: dt.datetime | None
    due_if_answered: dt.datetime | None
    due_if_approved: dt.datetime | None
    is_paused: bool
    is_overdue: bool
    ended_at: dt.datetime | None


def in_utc(instant: dt.datetime, what: str) -> dt.datetime:
    """Return an aware time in UTC; raise `NotAware`.

    >>> in_utc(dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=1))), "received").isoformat()
    '2026-03-02T08:00:00+00:00'
    """
    if instant.tzinfo is None:
        raise NotAware(f"{what} at {instant.isoformat()}, which has no time zone; give an aware time")
    return instant.astimezone(dt.UTC)
