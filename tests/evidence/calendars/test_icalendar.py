"""Closures in iCalendar files: read, taken out of calendars to the minute, written, refused line by line."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import (
    Calendar,
    CalendarError,
    Closure,
    ImpossibleClosure,
    UnknownZone,
    UnreadableICalendar,
    closed_days,
    daily_working_seconds,
    parse,
    read_icalendar,
    with_closures,
    working_seconds,
    write_icalendar,
)
from tests.evidence.calendars.naive import DAY, MINUTE, minutes, windows_of, works_at
from tests.evidence.calendars.strategies import TURNS, calendars, stretches

STAMP = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
FIVE_ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


@st.composite
def closures(draw: st.DrawFn, near: dt.date) -> Closure:
    summary = draw(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=90))
    if draw(st.booleans()):
        first = near + draw(st.integers(-4, 4)) * DAY
        return Closure(summary=summary, start=first, end=first + draw(st.integers(1, 3)) * DAY)
    start, end = draw(stretches(near))
    return Closure(summary=summary, start=start, end=min(end, start + draw(st.integers(0, 3000)) * MINUTE))


@pytest.mark.parametrize("zone", FIVE_ZONES)
def test_closures_are_taken_out_as_counted_minute_by_minute(zone: str) -> None:
    near = TURNS.get(zone, [dt.date(2026, 3, 29)])[0]

    @settings(max_examples=15, deadline=None)
    @given(calendars(zone, near), st.lists(closures(near), max_size=4), stretches(near))
    def agrees(calendar: Calendar, closed: list[Closure], stretch: tuple[dt.datetime, dt.datetime]) -> None:
        own = with_closures(
            calendar, closures=read_icalendar(write_icalendar(closed, stamp=STAMP), zone="UTC")
        )
        days = {date for closure in closed for date in closure.dates}
        spans = [(c.start, c.end) for c in closed if isinstance(c.start, dt.datetime)]
        without_days = Calendar(
            zone=zone,
            week=calendar.week,
            holidays=calendar.holidays,
            exceptions=tuple(special for special in calendar.exceptions if special.date not in days),
        )

        def works(at: dt.datetime) -> bool:
            closed_now = any(start <= at < end for start, end in spans)
            return not closed_now and works_outside(without_days, at, days)

        every = list(minutes(*stretch))
        counted = [0, *itertools.accumulate(works(at) for at in every)]
        ends = np.array([at.replace(tzinfo=None) for at in every], dtype="datetime64[us]")
        seconds = working_seconds(own, starts=stretch[0], ends=ends)
        assert seconds.tolist() == [60 * count for count in counted[:-1]]

    agrees()


def works_outside(calendar: Calendar, at: dt.datetime, closed: set[dt.date]) -> bool:
    """Ask the clock on the wall, where the windows that begin on closed days do not exist."""
    if not closed:
        return works_at(calendar, at)
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - DAY
    here = () if today in closed else windows_of(calendar, today)
    before = () if yesterday in closed else windows_of(calendar, yesterday)
    return any(w.start <= minute < (w.end if w.end > w.start else 1440) for w in here) or any(
        minute < w.end for w in before if w.end <= w.start
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(closures(dt.date(2026, 3, 29)), max_size=6), st.sampled_from(FIVE_ZONES))
def test_what_is_written_is_read_back_the_same(closed: list[Closure], zone: str) -> None:
    written = write_icalendar(closed, stamp=STAMP)
    assert set(read_icalendar(written, zone=zone)) == set(closed)
    assert read_icalendar(written.encode(), zone=zone) == read_icalendar(written, zone=zone)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert write_icalendar(reversed(closed), stamp=STAMP) == written


def test_any_line_break_in_a_summary_is_written_as_one() -> None:
    closure = Closure(summary="a\r\nb\rc", start=dt.date(2026, 5, 4), end=dt.date(2026, 5, 5))
    (read,) = read_icalendar(write_icalendar([closure], stamp=STAMP), zone="UTC")
    assert read.summary == "a\nb\nc"


def test_all_day_and_timed_events_are_read() -> None:
    read = events(
        "SUMMARY:Christmas\\, both days\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227",
        "DTSTART;TZID=America/New_York:20260308T013000\nDTEND;TZID=America/New_York:20260308T033000",
        "DTSTART:20260501T120000\nDURATION:PT90M",
        "DTSTART:20260502T120000Z\nDURATION:P1W",
        "DTSTART;VALUE=DATE:20260503\nDURATION:P2D",
        "DTSTART;VALUE=DATE:20260506",
        "DTSTART:20260507T000000Z",
    )
    assert [str(closure) for closure in read] == [
        "2026-03-08T06:30:00+00:00..2026-03-08T07:30:00+00:00",
        "2026-05-01T10:00:00+00:00..2026-05-01T11:30:00+00:00",
        "2026-05-02T12:00:00+00:00..2026-05-09T12:00:00+00:00",
        "2026-05-03..2026-05-05",
        "2026-05-06..2026-05-07",
        "2026-05-07T00:00:00+00:00..2026-05-07T00:00:00+00:00",
        "2026-12-25..2026-12-27 Christmas, both days",
    ]


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Amsterdam", "20260329T023000", "2026-03-29T01:30"),  # skipped: at the offset before
        ("Europe/Amsterdam", "20261025T023000", "2026-10-25T00:30"),  # twice: the first
        ("America/New_York", "20260308T023000", "2026-03-08T07:30"),
        ("America/New_York", "20261101T013000", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "20261004T021500", "2026-10-03T15:45"),
        ("Australia/Lord_Howe", "20260405T014500", "2026-04-04T14:45"),
        ("Asia/Kolkata", "20260329T023000", "2026-03-28T21:00"),
    ],
)
def test_times_the_clocks_skip_or_repeat_are_meant_as_the_standard_says(
    zone: str, local: str, utc: str
) -> None:
    (closure,) = events(f"DTSTART;TZID={zone}:{local}")
    assert closure.start.isoformat() == f"{utc}:00+00:00"


def test_a_day_in_a_duration_is_a_day_on_the_wall_and_hours_are_real() -> None:
    day, hours = events("DTSTART:20260328T120000\nDURATION:P1D", "DTSTART:20260328T120000\nDURATION:PT24H")
    assert (str(day)[27:43], str(hours)[27:43]) == ("2026-03-29T10:00", "2026-03-29T11:00")


def test_lines_are_unfolded_and_names_are_read_in_any_case() -> None:
    file = "begin:vcalendar\r\nversion:2.0\r\nbegin:vevent\r\nsummary:Mo\r\n ve o\r\n\tut\r\n"
    file += 'dtstart;x-p="a;b:c";value=date:2026\r\n 0504\r\nend:vevent\r\nend:vcalendar\r\n'
    assert [str(closure) for closure in read_icalendar(file, zone="UTC")] == [
        "2026-05-04..2026-05-05 Move out"
    ]


def test_cancelled_events_are_left_out_and_transparent_ones_where_asked() -> None:
    file = calendar_file(
        "STATUS:CANCELLED\nDTSTART;VALUE=DATE:20260501",
        "TRANSP:TRANSPARENT\nDTSTART;VALUE=DATE:20260502",
        "TRANSP:OPAQUE\nSTATUS:CONFIRMED\nDTSTART;VALUE=DATE:20260503",
    )
    assert [closure.start.day for closure in read_icalendar(file, zone="UTC")] == [2, 3]
    assert [c.start.day for c in read_icalendar(file, zone="UTC", transparent=False)] == [3]


def test_zones_alarms_and_remarks_are_passed_over() -> None:
    file = calendar_file(
        "DTSTART;TZID=Europe/Berlin:20260501T090000\nDTEND;TZID=Europe/Berlin:20260501T100000\nX-COLOUR:red\n"
        "DESCRIPTION:a\\nb\nBEGIN:VALARM\nTRIGGER:-PT5M\nACTION:DISPLAY\nEND:VALARM\nUID:1",
    ).replace(
        "BEGIN:VEVENT",
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nRRULE:FREQ=YEARLY\nEND:STANDARD\nEND:VTIMEZONE\n"
        "BEGIN:VEVENT",
    )
    (closure,) = read_icalendar(file, zone="UTC")
    assert str(closure) == "2026-05-01T07:00:00+00:00..2026-05-01T08:00:00+00:00"


@pytest.mark.parametrize("name", ["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"])
def test_repeating_events_are_refused_by_line(name: str) -> None:
    with pytest.raises(
        UnreadableICalendar, match=f"line 5, {name}: repeating events are not read; list each"
    ):
        events(f"DTSTART;VALUE=DATE:20260501\n{name}:FREQ=YEARLY")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("SUMMARY:x", "line 3, BEGIN: the event has no DTSTART"),
        ("DTSTART:20260501", "line 4, DTSTART: '20260501' is no time; write ;VALUE=DATE:20261224"),
        ("DTSTART;VALUE=DATE:20260230", "line 4, DTSTART: '20260230' is on no calendar or clock"),
        ("DTSTART;VALUE=DATE:2026-02-03", "line 4, DTSTART: '2026-02-03' is no time"),
        ("DTSTART;VALUE=DATE:20260501T000000", "'20260501T000000' is no time"),
        ("DTSTART:20260501T250000", "on no calendar or clock"),
        ("DTSTART;VALUE=PERIOD:20260501T100000/PT1H", "VALUE=PERIOD is not read, only DATE and DATE-TIME"),
        ("DTSTART;TZID=Mars:20260501T100000", "line 4, DTSTART: TZID: there is no time zone 'Mars'"),
        ("DTSTART;TZID=../x:20260501T100000", "there is no time zone"),
        ("DTSTART:00010101T000000", "outside the years 1 to 9999"),
        ("DTSTART;VALUE=DATE:99991231", "after the year 9999"),
        ("DTSTART;VALUE=DATE:20260501\nDURATION:P900000W", "line 5, DURATION: 'P900000W' is no duration"),
        ("DTSTART;VALUE=DATE:99990501\nDURATION:P999999D", "line 5, DURATION: the event ends after"),
        ("DTSTART;VALUE=DATE:20260501\nDURATION:PT5H", "an event of whole days lasts days or weeks"),
        ("DTSTART:20260501T100000Z\nDURATION:-PT5H", "'-PT5H' is no duration; write it like PT2H"),
        ("DTSTART:20260501T100000Z\nDURATION:P", "'P' is no duration"),
        ("DTSTART:20260501T100000Z\nDURATION:P1DT", "'P1DT' is no duration"),
        (
            "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501",
            "line 5, DTEND: the closure .* ends before",
        ),
        ("DTSTART:20260501T100000Z\nDTEND:20260501T090000Z", "line 5, DTEND: the closure .* ends before"),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20460501", "longer than ten years"),
        ("DTSTART;VALUE=DATE:20260501\nDTEND:20260501T090000Z", "line 5, DTEND: DTSTART and DTEND must both"),
        (
            "DTSTART:20260501T090000Z\nDTEND:20260501T100000Z\nDURATION:PT1H",
            "line 6, DURATION: .* DTEND as well",
        ),
        ("DTSTART:20260501T090000Z\nDTSTART:20260501T090000Z", "line 5, DTSTART: .* already, in line 4"),
        ("STATUS:MAYBE", "line 4, STATUS: 'MAYBE' is none of CONFIRMED"),
        ("DTSTRAT:20260501T100000Z", "line 4, DTSTRAT: this property is not understood"),
        ("DTSTART;VALUE=DATE", "line 4, DTSTART: it has no value after a colon"),
        ("=x", "line 4, =x: it is no property; lines are like"),
        ("BEGIN:VTODO\nEND:VTODO", "line 4, BEGIN: 'VTODO' is not read here, only VALARM"),
        ("END:VCALENDAR", "line 4, END: 'VCALENDAR' was not begun"),
    ],
)
def test_what_is_not_understood_is_refused_by_line_and_property(event: str, said: str) -> None:
    with pytest.raises(UnreadableICalendar, match=said):
        events(event)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "line 1, BEGIN: the file ends before END:VCALENDAR"),
        ("SUMMARY:x", "line 1, SUMMARY: it stands outside BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nVERSION:1.0", "line 2, VERSION: '1.0' is not read, only 2.0"),
        ("BEGIN:VCALENDAR\nCALSCALE:JULIAN", "line 2, CALSCALE: 'JULIAN'"),
        ("BEGIN:VCALENDAR\nMETHOD:CANCEL", "line 2, METHOD: 'CANCEL'"),
        ("BEGIN:VCALENDAR\nHELLO:1", "line 2, HELLO: this property is not understood"),
        (
            "BEGIN:VCALENDAR\nBEGIN:VJOURNAL",
            "line 2, BEGIN: 'VJOURNAL' is not read here, only VEVENT and VTIMEZONE",
        ),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260501",
            "line 3, DTSTART: the file ends before",
        ),
    ],
)
def test_files_of_another_kind_are_refused(file: str, said: str) -> None:
    with pytest.raises(UnreadableICalendar, match=said):
        read_icalendar(file, zone="UTC")


def test_a_file_in_another_encoding_is_refused_by_line() -> None:
    with pytest.raises(UnreadableICalendar, match=r"line 3.*not in UTF-8"):
        read_icalendar("BEGIN:VCALENDAR\nVERSION:2.0\nNAME:é".encode("latin-1"), zone="UTC")
    with pytest.raises(UnknownZone):
        read_icalendar("", zone="Mars/Olympus")
    with pytest.raises(UnreadableICalendar, match=r"the stamp .* has no time zone"):
        write_icalendar([], stamp=STAMP.replace(tzinfo=None))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            "{}{}:{}".format,
            st.sampled_from(["DTSTART", "DTEND", "DURATION", "BEGIN", "END", "SUMMARY", "RRULE", "é", " "]),
            st.sampled_from(["", ";VALUE=DATE", ";TZID=Asia/Kolkata", ';TZID="', ";TZID=/"]),
            st.sampled_from(["20260501", "20260501T000000Z", "P1D", "VEVENT", "VALARM", "00000000"])
            | st.text(),
        ),
        max_size=8,
    )
)
def test_nothing_but_clean_errors(lines: list[str]) -> None:
    with contextlib.suppress(CalendarError):
        events("\n".join(lines))


def test_a_closed_day_closes_the_night_that_begins_on_it_as_a_holiday_does() -> None:
    nights = parse("Mon-Sun 22:00-06:00", zone="Europe/Amsterdam")
    eve = Closure(start=dt.date(2026, 4, 27), end=dt.date(2026, 4, 28))
    daily = daily_working_seconds(
        with_closures(nights, closures=[eve]), first=dt.date(2026, 4, 26), last=dt.date(2026, 4, 28)
    )
    assert (daily["seconds"] / 3600).to_list() == [8.0, 6.0, 2.0]


def test_closed_days_go_out_and_come_back() -> None:
    office = parse("Mon-Fri 9-17; closed 2026-12-24..2026-12-25; open 2026-12-27 10:00-14:00", zone="UTC")
    bare = parse("Mon-Fri 9-17; open 2026-12-27 10:00-14:00", zone="UTC")
    file = write_icalendar(closed_days(office), stamp=STAMP)
    assert with_closures(bare, closures=read_icalendar(file, zone="UTC")) == office
    assert with_closures(bare, closures=[]) == bare


def test_closures_that_cannot_be_are_refused() -> None:
    day, moment = dt.date(2026, 5, 4), dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
    with pytest.raises(ImpossibleClosure, match="half date, half time"):
        Closure(start=day, end=moment)
    with pytest.raises(ImpossibleClosure, match="ends before it starts"):
        Closure(start=day, end=day)
    with pytest.raises(ImpossibleClosure, match="time without a zone"):
        Closure(start=moment, end=moment.replace(tzinfo=None))


def events(*bodies: str) -> tuple[Closure, ...]:
    return read_icalendar(calendar_file(*bodies), zone="Europe/Amsterdam")


def calendar_file(*bodies: str) -> str:
    inner = "\n".join(f"BEGIN:VEVENT\n{body}\nEND:VEVENT" for body in bodies)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{inner}\nEND:VCALENDAR\n"
