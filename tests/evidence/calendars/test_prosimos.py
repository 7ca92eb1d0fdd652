"""Weekly calendars of Prosimos: the files of its makers, the way back, and what is refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import (
    ARRIVALS,
    Calendar,
    CalendarError,
    NotWeekly,
    SpecialDay,
    UnknownZone,
    UnreadableProsimos,
    parse,
    read_prosimos,
    working_seconds,
    write_prosimos,
)
from tests.evidence.calendars.strategies import windows
from tests.shared import shared_data

OFFICE = {"from": "MONDAY", "to": "FRIDAY", "beginTime": "09:00:00", "endTime": "17:00:00"}


@pytest.mark.parametrize(
    ("name", "count"),
    [("LoanOrigination-SC-LU", 19), ("insurance", 2), ("production", 19), ("purchasing_example", 24)],
)
def test_simulation_parameters_are_read_and_written_back_the_same(name: str, count: int) -> None:
    text = shared_data("eventlogs", "optimos", name, f"{name}.json").read_bytes()
    raw = json.loads(text)
    calendars = read_prosimos(text, zone="Europe/Tallinn")
    assert len(calendars) == len({entry["id"] for entry in raw["resource_calendars"]}) + 1 == count + 1
    for entry in raw["resource_calendars"]:
        assert minutes_of(calendars[entry["id"]]) == minutes_in(entry["time_periods"])
    assert minutes_of(calendars[ARRIVALS]) == minutes_in(raw[ARRIVALS])
    assert read_prosimos(write_prosimos(calendars), zone="Europe/Tallinn") == calendars


def test_calendars_by_name_are_read() -> None:
    text = shared_data("eventlogs", "wta", "PurchasingExample_calendar.json").read_text()
    calendars = read_prosimos(text, zone="UTC")
    assert len(calendars) == 27
    for name, periods in json.loads(text).items():
        assert minutes_of(calendars[name]) == minutes_in(periods)
    assert str(calendars["Kim Passa"]).startswith("Mon 00:15-00:30,01:15-01:30,01:45-02:00,04:00-04:15")


def minutes_of(calendar: Calendar) -> int:
    return sum(window.minutes for window in calendar.week)


def minutes_in(periods: list[dict[str, str]]) -> int:
    """Count by hand: every minute of the week that lies in a period."""
    days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
    open_minutes = set()
    for period in periods:
        first, last = days.index(period["from"]), days.index(period["to"])
        start, end = (
            60 * int(period[side][:2]) + int(period[side][3:5]) for side in ("beginTime", "endTime")
        )
        end += period["endTime"][6:8] == "59"
        open_minutes |= {(day, minute) for day in range(first, last + 1) for minute in range(start, end)}
    return len(open_minutes)


@settings(max_examples=60, deadline=None)
@given(st.lists(windows(), min_size=1, max_size=12))
def test_what_is_written_is_the_same_working_time_when_read(week: list) -> None:  # type: ignore[type-arg]
    calendar = Calendar(zone="UTC", week=tuple(week))
    back = read_prosimos(write_prosimos({"Ann": calendar}), zone="UTC")
    hours = np.datetime64("2026-03-02", "us") + np.arange(0, 14 * 1440, 7) * np.timedelta64(1, "m")
    assert (
        working_seconds(calendar, starts=hours[:1], ends=hours).tolist()
        == working_seconds(back["Ann"], starts=hours[:1], ends=hours).tolist()
    )
    assert read_prosimos(write_prosimos(back), zone="UTC") == back


def test_days_from_one_to_another_wrap_around_the_week() -> None:
    period = OFFICE | {"from": "SATURDAY", "to": "MONDAY"}
    assert str(read(period)) == "Mon,Sat,Sun 09:00-17:00"


@pytest.mark.parametrize(
    "end", ["23:59:59.999", "23:59:59.999000", "23:59:59", "00:00:00", "24:00:00", "24:00"]
)
def test_the_end_of_the_day_is_its_end(end: str) -> None:
    assert str(read(OFFICE | {"endTime": end})) == "Mon-Fri 09:00-24:00"


def test_times_may_be_written_without_zeros() -> None:
    assert str(read(OFFICE | {"beginTime": "9:0:0", "endTime": "9:30"})) == "Mon-Fri 09:00-09:30"


def test_a_list_of_calendars_is_read_too() -> None:
    calendars = read_prosimos(
        json.dumps([{"id": "Ann", "name": "Ann", "time_periods": [OFFICE]}]), zone="UTC"
    )
    assert str(calendars["Ann"]) == "Mon-Fri 09:00-17:00"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("nonsense", "no JSON"),
        ("7", "holds no calendars"),
        ('{"resource_calendars": 7}', "no list of calendars"),
        ('[{"id": "Ann"}]', "calendar 1 needs an id and time_periods"),
        ('[{"id": "A", "time_periods": []}]', "calendar 'A' has no periods"),
        ('{"Ann": 5}', "'Ann' is no list of periods"),
        ('{"Ann": [5]}', "calendar 'Ann', period 1: it has no fields"),
    ],
)
def test_documents_of_another_kind_are_refused(document: str, said: str) -> None:
    with pytest.raises(UnreadableProsimos, match=said):
        read_prosimos(document, zone="UTC")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"from": "MONTAG"}, "'MONTAG' is no day; days are MONDAY"),
        ({"from": None}, "'None' is no day"),
        ({"beginTime": "25:00:00"}, "'25:00:00' is no time; write it like 09:00:00"),
        ({"endTime": "24:01:00"}, "no time"),
        ({"beginTime": 9}, "'9' is no time"),
        ({"beginTime": "09:00:30"}, "not on a full minute"),
        ({"endTime": "12:00:00.5"}, "not on a full minute"),
        ({"beginTime": "17:00:00", "endTime": "09:00:00"}, "does not run forward; cut a night at 24:00"),
        ({"probability": 0.5}, "it has from, to, beginTime, endTime, probability; a period has"),
    ],
)
def test_periods_that_are_not_understood_are_refused_by_their_place(
    change: dict[str, object], said: str
) -> None:
    with pytest.raises(UnreadableProsimos, match=f"calendar 'Ann', period 2: .*{said}"):
        read_prosimos(json.dumps({"Ann": [OFFICE, OFFICE | change]}), zone="UTC")


def test_an_id_given_twice_is_refused_where_the_periods_differ() -> None:
    calendar, other = {"id": "Ann", "time_periods": [OFFICE]}, {"id": "Ann", "time_periods": [OFFICE, OFFICE]}
    with pytest.raises(UnreadableProsimos, match="calendar 2: the id 'Ann' is already that of other periods"):
        read_prosimos(json.dumps({"resource_calendars": [calendar, other]}), zone="UTC")
    assert list(read_prosimos(json.dumps([calendar, calendar]), zone="UTC")) == ["Ann"]


def test_an_unknown_zone_is_said() -> None:
    with pytest.raises(UnknownZone):
        read_prosimos(json.dumps({"Ann": [OFFICE]}), zone="Europe/Amsterdom")


def test_holidays_and_special_days_are_left_out_only_when_said() -> None:
    closed = SpecialDay(date=dt.date(2026, 12, 24))
    special = Calendar(zone="UTC", week=parse("Mon 9-17", zone="UTC").week, exceptions=(closed,))
    for calendar in (special, parse("Mon 9-17; holidays NL", zone="UTC")):
        with pytest.raises(NotWeekly, match="'Ann' has holidays or special days"):
            write_prosimos({"Ann": calendar})
        written = write_prosimos({"Ann": calendar}, week_only=True)
        assert str(read_prosimos(written, zone="UTC")["Ann"]) == "Mon 09:00-17:00"


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=9)
        | st.sampled_from(list(OFFICE.values())),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*OFFICE, "id", "time_periods", "resource_calendars"]), inner, max_size=5
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_but_clean_errors(document: object) -> None:
    with contextlib.suppress(CalendarError):
        read_prosimos(json.dumps(document), zone="UTC")


def read(period: dict[str, str]) -> Calendar:
    return read_prosimos(json.dumps({"Ann": [period]}), zone="UTC")["Ann"]
