"""Clocks of every kind around the days on which clocks change: terms that change, pauses that overlap."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from backdesk.evidence.calendars import WorkingTime, intersect, parse, unite
from backdesk.evidence.clocks import DayRule, Pause, Terms
from tests.evidence.calendars.naive import MINUTE
from tests.evidence.calendars.strategies import calendars

KOLKATA = parse("Mon-Sat 08:30-20:15", zone="Asia/Kolkata")
MONDAYS = parse("Mon 20:00-20:30", zone="UTC")
UNTIL = st.one_of(st.none(), st.times().map(lambda time: time.replace(second=0, microsecond=0)))


@st.composite
def working_times(draw: st.DrawFn, zone: str, near: dt.date) -> WorkingTime:
    """Draw a calendar, now and then what two share; without holidays, which warn of years far out."""
    one = replace(draw(calendars(zone, near)), holidays=None)
    if draw(st.integers(0, 4)):
        return one
    return unite(intersect(one, KOLKATA), MONDAYS)


@st.composite
def histories(
    draw: st.DrawFn, zones: tuple[str, str], near: dt.date, received_at: dt.datetime
) -> list[Terms]:
    """Draw up to three terms, the first in force at the receipt, the others of another target, calendar or zone."""
    changes = draw(st.lists(st.integers(1, 4000), unique=True, max_size=2))
    since = [-draw(st.integers(0, 3)), *sorted(changes)]
    return [draw(terms(draw(st.sampled_from(zones)), near, received_at + at * MINUTE)) for at in since]


@st.composite
def terms(draw: st.DrawFn, zone: str, near: dt.date, since: dt.datetime) -> Terms:
    """Draw terms with a target in seconds or days, or none."""
    calendar = draw(working_times(zone, near))
    kind = draw(st.sampled_from(["seconds", "seconds", "days", "none"]))
    if kind == "days":
        rule: DayRule = draw(st.sampled_from(("day0", "day1")))
        days = draw(st.integers(rule == "day1", 3))
        return Terms(since=since, calendar=calendar, target_days=days, day_rule=rule, until=draw(UNTIL))
    seconds = 60.0 * draw(st.integers(1, 2000)) if kind == "seconds" else None
    return Terms(since=since, calendar=calendar, target_seconds=seconds)


@st.composite
def pauses(draw: st.DrawFn, received_at: dt.datetime) -> Pause:
    """Draw a pause, approved, refused or undecided; some begin before the receipt, some last."""
    began_at = received_at + draw(st.integers(-500, 6000)) * MINUTE
    long = draw(st.one_of(st.none(), *3 * [st.integers(0, 2000)]))
    return Pause(
        began_at=began_at,
        ended_at=None if long is None else began_at + long * MINUTE,
        approved=draw(st.sampled_from([True, True, False, None])),
    )
