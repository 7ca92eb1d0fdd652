"""An item's clock as its page shows it: the stretches it is made of, the terms, and a picture of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backdesk.desks.services import Service
from backdesk.evidence.clocks import Clock, Segment, Stage
from backdesk.evidence.clocks import Pause as Stop
from backdesk.platform.web import formats
from backdesk.platform.web.parts import Kind, Status
from backdesk.work.models import Pause
from backdesk.work.queries.clocks import RETURNED

STATES: Mapping[str, Kind] = {
    "proposed": "warn",
    "approved": "good",
    "refused": "bad",
    "withdrawn": "neutral",
}
Place: TypeAlias = "Callable[[datetime], float]"
#: Of the picture, in per cent: what is narrower is still seen.
LEAST = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch of the picture, in per cent of its width."""

    kind: str
    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    kind: str
    x: str
    anchor: str
    word: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """One of the working stretches of a time in which the clock ran."""

    begins_at: datetime
    ends_at: datetime
    counted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Part of the clock's time with one reason; `within` are the working stretches of a part in which it ran."""

    kind: str
    status: Status
    begins_at: datetime
    ends_at: datetime
    counted: str
    why: str
    within: tuple[Worked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Terms the clock ran under, and what they make of it."""

    since: datetime
    calendar: str
    zone: str
    target: str
    counted_before: str
    due_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLine:
    pause: Pause
    status: Status
    who: str
    decided_by: str
    may_end: bool
    may_withdraw: bool


def stretches(clock: Clock) -> tuple[Stretch, ...]:
    """What ran or lay outside working hours, without a pause between, is one."""
    return tuple(
        _stretch(list(group), kind)
        for (kind, _terms, _place), group in groupby(_numbered(clock.segments), key=lambda one: one[0])
    )


def timeline(clock: Clock, *, received_at: datetime, now: datetime) -> Timeline:
    """From the receipt to the due time, or to now where that is later."""
    end = clock.ended_at or now
    expected = clock.due_at or clock.due_if_answered
    last = max(filter(None, (end, expected, received_at + timedelta(minutes=1))))
    whole = (last - received_at) / timedelta(seconds=1)

    def place(at: datetime) -> float:
        return 100 * ((at - received_at) / timedelta(seconds=1)) / whole

    return Timeline(
        bars=tuple(_bar(one, place) for one in clock.segments),
        marks=tuple(_marks(clock, end=end, expected=expected, place=place)),
        begins_at=received_at,
        ends_at=last,
    )


def agreed(clock: Clock, services: Sequence[Service]) -> tuple[Agreed, ...]:
    """`services`: one for each of the terms of the clock."""
    return tuple(_agreed(stage, services[stage.terms]) for stage in clock.stages)


def target_of(service: Service) -> str:
    """What is agreed on turnaround, in words."""
    turnaround = service.targets.turnaround
    if turnaround is None:
        return _("no target")
    if turnaround.days is None:
        return _("%(time)s of working time") % {"time": worked(float(turnaround.hours or 0) * 3600)}
    days = ngettext("%(days)s working day", "%(days)s working days", turnaround.days) % {
        "days": turnaround.days
    }
    rule = (
        _("the day of receipt is day 0")
        if turnaround.day_rule == "day0"
        else _("the day of receipt is day 1")
    )
    if turnaround.until is None:
        return _("%(days)s, until work ends that day; %(rule)s") % {"days": days, "rule": rule}
    return _("%(days)s, until %(time)s; %(rule)s") % {
        "days": days,
        "time": f"{turnaround.until:%H:%M}",
        "rule": rule,
    }


def worked(seconds: float) -> str:
    """A length of working time to the minute; it has hours, and no days."""
    minutes = round(seconds / 60)
    if 0 < seconds < 30:
        return _("under a minute")
    if not minutes // 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    said = {"hours": formats.number(minutes // 60), "minutes": minutes % 60}
    return (_("%(hours)s h %(minutes)s min") if minutes % 60 else _("%(hours)s h")) % said


def _numbered(segments: Sequence[Segment]) -> Iterator[tuple[tuple[str, int, int], Segment]]:
    """Each with what it goes together with: its kind, its terms, and its place where it stands alone."""
    for place, one in enumerate(segments):
        runs = one.kind in ("running", "closed")
        yield ("running" if runs else one.kind, one.terms, -1 if runs else place), one


def _stretch(group: Sequence[tuple[object, Segment]], kind: str) -> Stretch:
    segments = [one for _key, one in group]
    return Stretch(
        kind=kind,
        status=_status(kind),
        begins_at=segments[0].begins_at,
        ends_at=segments[-1].ends_at,
        counted=worked(sum(one.counted_seconds for one in segments)),
        why=_why(kind, segments),
        within=tuple(
            Worked(begins_at=one.begins_at, ends_at=one.ends_at, counted=worked(one.counted_seconds))
            for one in segments
            if one.kind == "running"
        ),
    )


def _status(kind: str) -> Status:
    known = {
        "running": Status(kind="info", word=_("Ran")),
        "paused": Status(kind="neutral", word=_("Stood still")),
        "undecided pause": Status(kind="warn", word=_("Ran, undecided")),
        "refused pause": Status(kind="bad", word=_("Ran, refused")),
    }
    return known[kind]


def _why(kind: str, segments: Sequence[Segment]) -> str:
    if kind == "running":
        count = sum(one.kind == "running" for one in segments)
        if not count:
            return _("Outside working hours: nothing counts.")
        if count == 1:
            return _("Working time on the calendar.")
        return ngettext(
            "Working time on the calendar, in %(count)s stretch.",
            "Working time on the calendar, in %(count)s stretches.",
            count,
        ) % {"count": count}
    reasons = ", ".join(dict.fromkeys(_reason(one) for one in segments[0].pauses))
    if kind == "paused":
        return _("Approved pause: %(reasons)s.") % {"reasons": reasons}
    if kind == "refused pause":
        return _("A pause was refused, so the clock ran: %(reasons)s.") % {"reasons": reasons}
    return _("A pause is not decided yet; until then the clock runs: %(reasons)s.") % {"reasons": reasons}


def _reason(pause: Stop) -> str:
    return _("with the client, who returned it") if pause.reason == RETURNED else pause.reason


def _bar(segment: Segment, place: Place) -> Bar:
    x = place(segment.begins_at)
    said = {
        "running": _("counted"),
        "closed": _("outside working hours"),
        "paused": _("stood still"),
        "undecided pause": _("undecided pause"),
        "refused pause": _("refused pause"),
    }
    return Bar(
        kind=segment.kind.replace(" ", "-"),
        x=f"{x:.2f}%",
        width=f"{max(place(segment.ends_at) - x, LEAST):.2f}%",
        title=f"{formats.instant(segment.begins_at)} – {formats.instant(segment.ends_at)}: {said[segment.kind]}",
    )


def _marks(clock: Clock, *, end: datetime, expected: datetime | None, place: Place) -> Iterator[Mark]:
    marks = [("now", _("ended") if clock.ended_at else _("now"), end)]
    if expected is not None:
        marks.append(("due", _("due") if clock.due_at else _("due if answered now"), expected))
    for kind, word, at in marks:
        x = min(max(place(at), 0.0), 100.0)
        anchor = "start" if x < 15 else "end" if x > 85 else "middle"
        yield Mark(kind=kind, x=f"{x:.2f}%", anchor=anchor, word=word, at=at)


def _agreed(stage: Stage, service: Service) -> Agreed:
    return Agreed(
        since=stage.begins_at,
        calendar=service.calendar,
        zone=service.zone,
        target=target_of(service),
        counted_before=worked(stage.counted_before_seconds) if stage.counted_before_seconds else "",
        due_at=stage.due_at,
        why=_why_due(stage),
    )


def _why_due(stage: Stage) -> str:
    known = {
        "counts": _("What was left of the target, counted on this calendar."),
        "day": _("The last moment of the day agreed."),
        "at the change": _("More than this target had counted already: due when the terms changed."),
        "before the change": _("It was due before the terms changed, and stays so."),
        "paused": _("No due time while the clock stands still."),
        "no target": _("No target is agreed, so nothing falls due."),
        "never": _("The calendar does not work that much any more."),
    }
    return known[stage.why]
