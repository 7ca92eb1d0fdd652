"""One clock explained: what each stretch of it counted, and when it falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from backdesk.evidence.calendars import working_seconds, working_stretches
from backdesk.evidence.clocks.model import Clock, Kind, Pause, Segment, Terms
from backdesk.evidence.clocks.reckoning import History, Span, history


def explain(
    *,
    received_at: dt.datetime,
    terms: Sequence[Terms],
    pauses: Iterable[Pause] = (),
    ended_at: dt.datetime | None = None,
    now: dt.datetime,
) -> Clock:
    """Return the clock of an item as its history makes it, segment by segment, and when it falls due.

    The clock counts the working time from the receipt to `now`, or to `ended_at`, that no approved pause covers;
    pauses that overlap stop it once. Each stretch counts on the calendar then in force: `terms` are sorted by
    `since`, those in force at the receipt count from it (the first do in any case), and changes after `now`, or
    after the end, wait until they come. When the terms change, what has counted stays counted; what the new
    target leaves (target less counted) counts on the new calendar from the change. A new target that is used up
    already is due at the change, or when the terms before made it due, if that was earlier: a stricter target never
    excuses a breach, a wider one does. For targets in days see `days.promised`; pauses move such a due time
    on by the working time they took. Who is due as a pause begins is due then.
    Raises `ImpossibleTerms`, `NotAware`. Source: Backdesk; tested against a minute-by-minute oracle.

    >>> from backdesk.evidence.calendars import parse
    >>> monday, hour = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC), dt.timedelta(hours=1)
    >>> office = Terms(since=monday, calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"), target_seconds=4 * 3600)
    >>> asked = Pause(id="1", began_at=monday + hour, ended_at=monday + 19 * hour, approved=True)
    >>> clock = explain(received_at=monday, terms=[office], pauses=[asked], now=monday + 20 * hour)
    >>> [(segment.kind, segment.counted_seconds / 3600) for segment in clock.segments]
    [('running', 1.0), ('paused', 0.0), ('running', 1.0)]
    >>> clock.due_at.isoformat(), clock.remaining_seconds / 3600
    ('2026-03-03T13:00:00+00:00', 2.0)
    """
    known = history(
        received_at, terms, pauses, now if ended_at is None else ended_at, ended=ended_at is not None
    )
    segments, stages = tuple(_segments(known)), known.stages()
    due_at, target = stages[-1].due_at, stages[-1].target_seconds
    counted = sum(segment.counted_seconds for segment in segments)
    return Clock(
        segments=segments,
        stages=stages,
        counted_seconds=counted,
        paused_seconds=sum(segment.working_seconds for segment in segments if segment.kind == "paused"),
        target_seconds=target,
        remaining_seconds=None if target is None else target - counted,
        due_at=due_at,
        due_if_answered=known.answered().due_at if due_at is None and known.lasts else None,
        due_if_approved=_if_approved(known),
        is_paused=ended_at is None and any(p.approved and p.covers(known.at) for p in known.pauses),
        is_overdue=due_at is not None and known.at > due_at,
        ended_at=None if ended_at is None else known.at,
    )


def counted_at(
    *,
    received_at: dt.datetime,
    terms: Sequence[Terms],
    pauses: Iterable[Pause] = (),
    seconds: float,
    now: dt.datetime,
) -> dt.datetime | None:
    """Return when a clock has counted so much, past or to come: for warnings before it is due.

    None while a pause without end comes first, and where the calendar never works that much; zero gives the
    receipt. Raises `ImpossibleTerms`, `NotAware`. Source: Backdesk; the inverse of `Clock.counted_seconds`.

    >>> from backdesk.evidence.calendars import parse
    >>> friday = dt.datetime(2026, 3, 6, 15, tzinfo=dt.UTC)
    >>> office = Terms(since=friday, calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"), target_seconds=4 * 3600)
    >>> counted_at(received_at=friday, terms=[office], seconds=0.75 * 4 * 3600, now=friday).isoformat()
    '2026-03-09T10:00:00+00:00'
    """
    known = history(received_at, terms, pauses, now, ended=False)
    for place, (_, following) in enumerate(pairwise(known.spans)):
        counted = known.counted(place, following.begins_at)
        if seconds <= counted:
            return known.runs_until(place, max(seconds, 0.0))
        seconds -= counted
    return known.runs_until(len(known.spans) - 1, max(seconds, 0.0))


def _if_approved(known: History) -> dt.datetime | None:
    if all(pause.approved is not None for pause in known.pauses):
        return None
    return known.approved().answered().due_at


def _segments(known: History) -> Iterator[Segment]:
    cuts = {known.received_at, known.at, *(span.begins_at for span in known.spans)}
    cuts |= {edge for pause in known.pauses for edge in (pause.began_at, pause.ended_at) if edge is not None}
    edges = sorted(cut for cut in cuts if known.received_at <= cut <= known.at)
    for begins_at, ends_at in pairwise(edges):
        span = max((span for span in known.spans if span.begins_at <= begins_at), key=lambda span: span.index)
        covering = tuple(pause for pause in known.pauses if pause.covers(begins_at))
        if covering:
            yield _pause(span, begins_at, ends_at, covering)
        else:
            yield from _open_and_closed(span, begins_at, ends_at)


def _pause(span: Span, begins_at: dt.datetime, ends_at: dt.datetime, covering: tuple[Pause, ...]) -> Segment:
    decided = {pause.approved for pause in covering}
    kind: Kind = "paused" if True in decided else "undecided pause" if None in decided else "refused pause"
    worked = float(working_seconds(span.terms.calendar, starts=begins_at, ends=ends_at).item())
    return Segment(
        begins_at=begins_at,
        ends_at=ends_at,
        kind=kind,
        working_seconds=worked,
        counted_seconds=0.0 if kind == "paused" else worked,
        terms=span.index,
        pauses=covering,
    )


def _open_and_closed(span: Span, begins_at: dt.datetime, ends_at: dt.datetime) -> Iterator[Segment]:
    at = begins_at
    for opens_at, closes_at in working_stretches(span.terms.calendar, start=begins_at, end=ends_at):
        if at < opens_at:
            yield _plain(span, "closed", at, opens_at)
        yield _plain(span, "running", opens_at, closes_at)
        at = closes_at
    if at < ends_at:
        yield _plain(span, "closed", at, ends_at)


def _plain(span: Span, kind: Kind, begins_at: dt.datetime, ends_at: dt.datetime) -> Segment:
    seconds = (ends_at - begins_at).total_seconds() if kind == "running" else 0.0
    return Segment(
        begins_at=begins_at,
        ends_at=ends_at,
        kind=kind,
        working_seconds=seconds,
        counted_seconds=seconds,
        terms=span.index,
    )
