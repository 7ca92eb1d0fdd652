"""A clock that is read every minute: slow, plain, and the oracle of the clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias
from zoneinfo import ZoneInfo

from backdesk.evidence.calendars import WorkingTime
from backdesk.evidence.clocks import Pause, Terms
from tests.evidence.calendars.naive import MINUTE, any_works_at, minutes

HORIZON = dt.timedelta(days=7)
Tick: TypeAlias = tuple[dt.datetime, Terms, bool]


@dataclass
class Naive:
    """Ticks from the receipt; every minute it asks which terms are in force, whether they work, who has paused."""

    received_at: dt.datetime
    terms: Sequence[Terms]
    pauses: Sequence[Pause] = ()
    at: dt.datetime = field(kw_only=True)

    @cached_property
    def ticks(self) -> list[Tick]:
        """Every minute with the terms in force, and whether their calendar works."""
        every = list(minutes(self.received_at, self.received_at + HORIZON))
        return [(minute, terms := self.in_force(minute), _works(terms.calendar, minute)) for minute in every]

    def in_force(self, minute: dt.datetime) -> Terms:
        begun = [
            one for one in self.terms if one.since <= minute and one.since <= max(self.at, self.received_at)
        ]
        return begun[-1] if begun else self.terms[0]

    def stops(self, minute: dt.datetime) -> bool:
        return any(pause.approved and pause.covers(minute) for pause in self.pauses)

    def counted(self) -> int:
        """The minutes counted until `at`."""
        return sum(counts for minute, counts in self.counting() if minute < self.at)

    def counting(self) -> list[tuple[dt.datetime, bool]]:
        """Every minute, and whether it counts."""
        return [(minute, works and not self.stops(minute)) for minute, _, works in self.ticks]

    def due_at(self) -> dt.datetime | None:
        """The first minute with enough counted before it, going through the terms as they come.

        Terms whose target is used up when they come leave a due time that has passed; others call it off.
        """
        counted, due, before = 0, None, None
        for minute, terms, works in self.ticks:
            if terms is not before:
                target, not_before = self.target(terms)
                used_up = target is not None and counted >= target and not_before <= minute
                due, before = (due if used_up else None), terms
            waits = any(p.approved and p.began_at < minute and p.covers(minute) for p in self.pauses)
            if (
                due is None
                and target is not None
                and counted >= target
                and minute >= not_before
                and not waits
            ):
                due = minute
            counted += works and not self.stops(minute)
        return due

    def target(self, terms: Terms) -> tuple[float | None, dt.datetime]:
        """The minutes to count under terms, and the moment before which it is never due."""
        if terms.target_days is None:
            seconds = terms.target_seconds
            return (None if seconds is None else seconds / 60), self.received_at
        promised = self.promised(terms)
        worked = [works for minute, _, works in self._until(terms) if minute < promised]
        return sum(worked), promised

    def promised(self, terms: Terms) -> dt.datetime:
        """The end of the day by which it is due were no clock stopped, found by going through the days."""
        ends: dict[dt.date, dt.datetime] = {}
        latest = dt.date.min
        for minute, one, works in self._until(terms):
            if works:
                latest = max(latest, minute.astimezone(ZoneInfo(one.calendar.zone)).date())
                ends[latest] = minute + MINUTE
        if terms.until is not None:
            zone = ZoneInfo(terms.calendar.zone)
            ends = {date: dt.datetime.combine(date, terms.until, zone) for date in ends}
        assert terms.target_days is not None
        further = terms.target_days - (terms.day_rule == "day1")
        possible = [end for end in list(ends.values())[further:-1] if end > self.received_at]
        return possible[0].astimezone(dt.UTC) if possible else self.received_at + 2 * HORIZON

    def _until(self, terms: Terms) -> list[Tick]:
        """The ticks as they would be without the terms that replaced these."""
        place = list(self.terms).index(terms)
        if place == len(self.terms) - 1:
            return self.ticks
        return Naive(self.received_at, self.terms[: place + 1], self.pauses, at=self.at).ticks


_SEEN: dict[tuple[int, dt.datetime], tuple[WorkingTime, bool]] = {}


def _works(calendar: WorkingTime, minute: dt.datetime) -> bool:
    """Ask a calendar once about each minute; it is kept beside the answer, so that no other takes its id."""
    if len(_SEEN) > 200_000:
        _SEEN.clear()
    if (id(calendar), minute) not in _SEEN:
        _SEEN[id(calendar), minute] = calendar, any_works_at(calendar, minute)
    return _SEEN[id(calendar), minute][1]
