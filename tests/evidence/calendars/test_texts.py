"""Calendars as people write them, and what they are told when one cannot be read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.calendars import (
    Calendar,
    CalendarError,
    ImpossibleWindow,
    NoWorkingTime,
    SpecialDay,
    UnknownHolidays,
    UnknownZone,
    UnreadableCalendar,
    Window,
    parse,
)
from tests.evidence.calendars.strategies import calendars


@given(calendars("Europe/Amsterdam", dt.date(2026, 3, 29)))
def test_what_is_written_reads_back_the_same(calendar: Calendar) -> None:
    assert parse(str(calendar), zone=calendar.zone) == calendar


@given(st.text(st.sampled_from("MonFri 0123456789:-,;. closedphidayN/"), max_size=60))
def test_any_text_is_a_calendar_or_a_clear_error(text: str) -> None:
    try:
        calendar = parse(text, zone="UTC")
    except CalendarError:
        return
    assert parse(str(calendar), zone="UTC") == calendar


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mon-Fri 08:00-12:00,13:00-17:00", "Mon-Fri 08:00-12:00,13:00-17:00"),
        ("friday, monday 9-17", None),
        ("Monday,Wednesday 9-17; sat 9.30-12", "Mon,Wed 09:00-17:00; Sat 09:30-12:00"),
        ("Sat-Mon 22:00-06:00", "Mon,Sat,Sun 22:00-06:00"),
        ("Mon-Sun 00:00-24:00", "24/7"),
        ("Mon-Sun 00:00-00:00", "24/7"),
        ("24/7; holidays de-by", "24/7; holidays DE-BY"),
        ("Mon 9-12; Mon 13-17", "Mon 09:00-12:00,13:00-17:00"),
        (
            "Mon-Fri 9-17; closed 2026-12-30..2027-01-01, 2026-12-24",
            "Mon-Fri 09:00-17:00; closed 2026-12-24,2026-12-30,2026-12-31,2027-01-01",
        ),
        ("open 2026-12-27 10:00-14:00", "open 2026-12-27 10:00-14:00"),
        ("; Mon 9-12 ;;", "Mon 09:00-12:00"),
    ],
)
def test_ways_of_writing(text: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(UnreadableCalendar):
            parse(text, zone="UTC")
    else:
        assert str(parse(text, zone="UTC")) == written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no working hours; write it like Mon-Fri"),
        ("closed 2026-12-24", "no working hours"),
        ("Mon-Fri 8 to 5", "'8 to 5' are not hours; write them like 08:00-12:00"),
        ("Mon-Fri 09:00-17:60", "are not hours"),
        ("Mon-Fri 09:00-25:00", "are not hours"),
        ("Mon-Fri 24:00-08:00", "minutes"),
        ("Mon-Fri 09:00-24:30", "minutes"),
        ("Mon-Fri", "hours are missing"),
        ("Mondy 9-17", "'Mondy' is neither a weekday"),
        ("weekdays 9-17", "one of 24/7, holidays, closed, open"),
        ("Mon 9-17; holidays", "name one country"),
        ("Mon 9-17; holidays NL; holidays DE", "already those of NL"),
        ("Mon 9-17; closed", "a date is missing"),
        ("Mon 9-17; closed 24-12-2026", "'24-12-2026' is no date; write it like 2026-12-24"),
        ("Mon 9-17; closed 2026-02-30", "is no date"),
        ("Mon 9-17; closed 2026-12-24..2026-12-01", "must run forward"),
        ("Mon 9-17; closed 0001-01-01..9999-12-31", "over a year at most"),
        ("Mon 9-17; open 2026-12-24", "hours are missing; write it like open"),
        ("Mon 9-17; open 2026-12-24 9-12; closed 2026-12-24", "2026-12-24 is already given other hours"),
        ("24/7 please", "stands alone"),
    ],
)
def test_a_part_that_cannot_be_read_is_named_with_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(UnreadableCalendar, match=said) as problem:
        parse(text, zone="UTC")
    assert text.rsplit("; ", maxsplit=1)[-1] in str(problem.value)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("XX", "country 'XX'; "),
        ("NLX", "NL"),
        ("DE-BZ", "did you mean DE-"),
        ("EE-Harju", "the holidays of EE are not kept by region; write holidays EE"),
    ],
)
def test_unknown_holidays_are_met_with_suggestions(code: str, said: str) -> None:
    with pytest.raises(UnknownHolidays, match=said):
        parse(f"Mon-Fri 9-17; holidays {code}", zone="UTC")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Amsterdm", "did you mean Europe/Amsterdam"),
        ("amsterdam", "Europe/Amsterdam"),
        ("new_york", "America/New_York"),
        ("../../etc/passwd", "a name such as Europe/Amsterdam"),
        ("", "a name such as"),
        ("Europe", "there is no time zone 'Europe'"),
        ("a\0b", "there is no time zone"),
    ],
)
def test_unknown_zones_are_met_with_suggestions(zone: str, said: str) -> None:
    with pytest.raises(UnknownZone, match=said):
        parse("Mon-Fri 9-17", zone=zone)


def test_impossible_calendars_cannot_be_made() -> None:
    monday = dt.date(2026, 2, 2)
    with pytest.raises(ImpossibleWindow, match="weekday 7"):
        Window(weekday=7, start=0, end=60)
    with pytest.raises(ImpossibleWindow, match="2026-02-02 is a Mon, its window is for a Tue"):
        SpecialDay(date=monday, windows=(Window(weekday=1, start=0, end=60),))
    with pytest.raises(ImpossibleWindow, match="two sets of windows"):
        Calendar(
            zone="UTC",
            week=(Window(weekday=0, start=0, end=60),),
            exceptions=(
                SpecialDay(date=monday),
                SpecialDay(date=monday, windows=(Window(weekday=0, start=0, end=9),)),
            ),
        )
    with pytest.raises(NoWorkingTime, match="give it windows"):
        Calendar(zone="UTC", week=())
