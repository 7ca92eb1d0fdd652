"""Calendars of every kind, and stretches of time in which zones change their offset."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from backdesk.evidence.calendars import Calendar, SpecialDay, Window

TURNS = {
    "Europe/Amsterdam": [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2024, 12, 25)],
    "America/New_York": [dt.date(2026, 3, 8), dt.date(2026, 11, 1)],
    "Australia/Lord_Howe": [dt.date(2026, 4, 5), dt.date(2026, 10, 4)],
    "Asia/Kolkata": [dt.date(2026, 8, 15)],
    "Pacific/Apia": [dt.date(2011, 12, 30), dt.date(2012, 4, 1)],
    "America/Sao_Paulo": [dt.date(2018, 2, 18), dt.date(2018, 11, 4)],
}
"""Zones with days on which something happens to their clocks; Sao Paulo's changed at midnight."""

HOLIDAYS = {
    "Europe/Amsterdam": "NL",
    "America/New_York": "US-NY",
    "Australia/Lord_Howe": "AU-NSW",
    "Asia/Kolkata": "IN",
    "Pacific/Apia": "WS",
    "America/Sao_Paulo": "BR-SP",
    "UTC": "NL",
}
AROUND = dt.timedelta(days=3)


@st.composite
def windows(draw: st.DrawFn, weekday: int | None = None) -> Window:
    """Draw a window: of any length, over midnight too."""
    return Window(
        weekday=draw(st.integers(0, 6)) if weekday is None else weekday,
        start=draw(st.integers(0, 1439)),
        end=draw(st.integers(1, 1440)),
    )


@st.composite
def calendars(draw: st.DrawFn, zone: str, near: dt.date) -> Calendar:
    """Draw a calendar with up to a dozen windows, some overlapping, and special days near a date."""
    dates = draw(st.lists(st.integers(-3, 3), unique=True, max_size=3))
    specials = []
    for days in dates:
        date = near + dt.timedelta(days=days)
        hours = draw(st.lists(windows(weekday=date.weekday()), max_size=2))
        specials.append(SpecialDay(date=date, windows=tuple(hours)))
    return Calendar(
        zone=zone,
        week=tuple(draw(st.lists(windows(), min_size=1, max_size=12))),
        holidays=draw(st.sampled_from([None, HOLIDAYS[zone]])),
        exceptions=tuple(specials),
    )


@st.composite
def stretches(draw: st.DrawFn, near: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Draw a stretch of a few days around a date, to the minute."""
    noon = dt.datetime.combine(near, dt.time(12), tzinfo=dt.UTC)
    start = noon - AROUND + dt.timedelta(minutes=draw(st.integers(0, 1440)))
    return start, start + dt.timedelta(minutes=draw(st.integers(1440, 4 * 1440)))
