"""What a clock has counted, and when it will have counted enough: the terms one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from backdesk.evidence.calendars import Periods, WorkingTime, add_working_seconds, subtract, working_seconds
from backdesk.evidence.clocks.days import promised
from backdesk.evidence.clocks.model import ImpossibleTerms, Pause, Stage, Terms, in_utc

_FOR_GOOD = dt.datetime(9999, 12, 30, tzinfo=dt.UTC)

_Due: TypeAlias = "tuple[dt.datetime | None, str]"
"""When an item falls due, and why then: see `Stage.why`."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time for which terms are in force, from its beginning to that of the next."""

    index: int
    terms: Terms
    begins_at: dt.datetime


@dataclass(frozen=True, slots=True)
class History:
    """Terms and pauses of one clock up to `at`: now, or its end. `spans` begin with the receipt."""

    received_at: dt.datetime
    at: dt.datetime
    terms: tuple[Terms, ...]
    spans: tuple[Span, ...]
    pauses: tuple[Pause, ...]

    @property
    def due_at(self) -> dt.datetime | None:
        """When it falls due; None where it does not, or a pause without end comes first."""
        return self.stages()[-1].due_at

    @property
    def lasts(self) -> bool:
        """Whether an approved pause has no end."""
        return any(pause.approved and pause.ended_at is None for pause in self.pauses)

    def answered(self) -> History:
        """Return it with the pauses that last ended at `at`."""
        ended = (replace(p, ended_at=max(self.at, p.began_at)) if p.lasts else p for p in self.pauses)
        return replace(self, pauses=tuple(ended))

    def approved(self) -> History:
        """Return it with the undecided pauses approved."""
        return replace(self, pauses=tuple(replace(p, approved=p.approved is not False) for p in self.pauses))

    def counted(self, place: int, until: dt.datetime) -> float:
        """Return the seconds a span counted from its beginning to an instant."""
        span = self.spans[place]
        return float(working_seconds(self._running(span), starts=span.begins_at, ends=until).item())

    def runs_until(self, place: int, seconds: float) -> dt.datetime | None:
        """Return when the clock has run so long on the calendar of a span, from the span's beginning."""
        span = self.spans[place]
        stops_at = min((p.began_at for p in self.pauses if p.approved and p.lasts), default=None)
        if stops_at is not None and (stops_at < span.begins_at or self.counted(place, stops_at) < seconds):
            return None
        return _instant(add_working_seconds(self._running(span), starts=span.begins_at, seconds=seconds))

    def stages(self) -> tuple[Stage, ...]:
        """Return how the due time was reckoned under the terms of each span."""
        stages: list[Stage] = []
        counted = 0.0
        for place, span in enumerate(self.spans):
            counted += self.counted(place - 1, span.begins_at) if place else 0.0
            stages.append(self._stage(place, counted, stages[-1].due_at if stages else None))
        return tuple(stages)

    def _stage(self, place: int, counted: float, due_before: dt.datetime | None) -> Stage:
        span = self.spans[place]
        day = self._day(place)
        target = span.terms.target_seconds if day is None else self._working_until(place, day)
        due, why = self._due(place, counted, target, day, due_before)
        return Stage(
            terms=span.index,
            begins_at=span.begins_at,
            counted_before_seconds=counted,
            target_seconds=target,
            due_at=due,
            why=why,
        )

    def _due(
        self,
        place: int,
        counted: float,
        target: float | None,
        day: dt.datetime | None,
        due_before: dt.datetime | None,
    ) -> _Due:
        span = self.spans[place]
        if target is None:
            return None, "no target" if span.terms.target_days is None else "never"
        is_ahead = day is not None and day > span.begins_at
        if place and target <= counted and not is_ahead:
            return self._used_up(span, due_before)
        return self._ahead(place, max(target - counted, 0.0), day)

    def _used_up(self, span: Span, due_before: dt.datetime | None) -> _Due:
        """Reckon where a new target had counted before its terms came: a stricter one never excuses a breach."""
        if due_before is not None and due_before < span.begins_at:
            return due_before, "before the change"
        due = self._past_pauses(span.begins_at)
        return due, "at the change" if due else "paused"

    def _ahead(self, place: int, left: float, day: dt.datetime | None) -> _Due:
        due = self.runs_until(place, left)
        due_by_day = due if due is None or day is None else self._past_pauses(day)
        if due is None or due_by_day is None:
            return None, "paused" if self.lasts else "never"
        return max((due, "counts"), (due_by_day, "counts" if day is None else "day"))

    def _running(self, span: Span) -> WorkingTime:
        periods = tuple((p.began_at, p.ended_at or _FOR_GOOD) for p in self.pauses if p.approved)
        return subtract(span.terms.calendar, Periods(periods=periods)) if periods else span.terms.calendar

    def _past_pauses(self, instant: dt.datetime) -> dt.datetime | None:
        """Move an instant inside approved pauses to their end; one at which a pause begins stays."""
        for pause in sorted(self.pauses, key=lambda pause: pause.began_at):
            if pause.approved and pause.began_at < instant < (pause.ended_at or _FOR_GOOD):
                if pause.ended_at is None:
                    return None
                instant = pause.ended_at
        return instant

    def _day(self, place: int) -> dt.datetime | None:
        span = self.spans[place]
        if span.terms.target_days is None:
            return None
        received = np.array([self.received_at.replace(tzinfo=None)], dtype="datetime64[us]").view(np.int64)
        due = promised(self.terms[: span.index + 1], received)
        return None if due[0] < 0 else _instant(due.view("datetime64[us]"))

    def _working_until(self, place: int, day: dt.datetime) -> float:
        """Return the working time from the receipt to a promised moment, each span on its calendar."""
        spans = self.spans[: place + 1]
        ends = [*(span.begins_at for span in spans[1:]), day]
        return sum(
            float(working_seconds(span.terms.calendar, starts=span.begins_at, ends=min(end, day)).item())
            for span, end in zip(spans, ends, strict=True)
            if span.begins_at < day
        )


def history(
    received_at: dt.datetime, terms: Sequence[Terms], pauses: Iterable[Pause], at: dt.datetime, *, ended: bool
) -> History:
    """Return the history of a clock up to an instant; one that has ended takes no pause beyond.

    Raises `ImpossibleTerms`, `NotAware`.
    """
    received_at = in_utc(received_at, "received")
    at = max(in_utc(at, "the clock is read"), received_at)
    check_order(terms)
    known = tuple(sorted(pauses, key=lambda pause: pause.began_at))
    if ended:
        known = tuple(
            replace(pause, ended_at=min(pause.ended_at or at, at)) for pause in known if pause.began_at < at
        )
    first = max((index for index, one in enumerate(terms) if one.since <= received_at), default=0)
    later = [
        Span(index, one, one.since) for index, one in enumerate(terms) if index > first and one.since <= at
    ]
    return History(
        received_at=received_at,
        at=at,
        terms=tuple(terms),
        spans=(Span(first, terms[first], received_at), *later),
        pauses=known,
    )


def check_order(terms: Sequence[Terms]) -> None:
    """Raise `ImpossibleTerms` unless there are terms, each since later than the one before."""
    if not terms:
        raise ImpossibleTerms("a clock needs terms; give at least one")
    for earlier, later in pairwise(terms):
        if later.since <= earlier.since:
            raise ImpossibleTerms(
                f"the terms since {later.since.isoformat()} do not follow those since "
                f"{earlier.since.isoformat()}; sort them, one for each moment"
            )


def _instant(found: np.ndarray) -> dt.datetime | None:
    value: dt.datetime | None = found.reshape(-1)[0].astype("datetime64[us]").item()
    return None if value is None else value.replace(tzinfo=dt.UTC)
