"""People work when they are at work, and do one thing at a time."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from backdesk.evidence.calendars import parse, working_seconds, working_share
from backdesk.evidence.demonstration import Demonstration


def test_every_step_starts_and_ends_in_the_working_hours_of_its_person(
    demo: Demonstration, steps: pl.DataFrame
) -> None:
    calendars = {person.name: person.calendar for person in demo.people}
    for (name,), theirs in steps.group_by("Person"):
        if name == demo.system_user:
            continue
        calendar = calendars[str(name)]
        just_before_end = theirs["ended"].dt.offset_by("-1s")  # a window's end is not in it
        assert working_share(calendar, instants=theirs["started"]) == 1, name
        assert working_share(calendar, instants=just_before_end) == 1, name


def test_the_system_takes_no_time(demo: Demonstration, steps: pl.DataFrame) -> None:
    by_system = steps.filter(Person=demo.system_user)
    assert not by_system.is_empty()
    assert (by_system["minutes"] == 0).all()
    assert (steps.filter(pl.col("Person") != demo.system_user)["minutes"] > 0).all()


def test_nobody_does_two_things_at_once(demo: Demonstration, steps: pl.DataFrame) -> None:
    by_people = steps.filter(pl.col("Person") != demo.system_user).sort("Person", "started")
    free = pl.col("started") >= pl.col("ended").shift().over("Person")
    assert by_people.select(free.all()).item()


def test_long_work_spans_the_night_and_short_work_does_not(demo: Demonstration, steps: pl.DataFrame) -> None:
    nightly = (
        pl.col("started").dt.convert_time_zone(demo.zone).dt.date()
        != pl.col("ended").dt.convert_time_zone(demo.zone).dt.date()
    )
    spanning = steps.group_by("Activity").agg(nightly.mean().alias("share")).rows_by_key("Activity")
    assert spanning["Solve incident"][0][0] > 0.05
    assert spanning["Prepare equipment"][0][0] > 0.05
    assert spanning["Capture invoice data"][0][0] == 0


def test_who_joined_or_left_works_only_while_here(demo: Demonstration, steps: pl.DataFrame) -> None:
    joined = [person for person in demo.people if person.joined]
    left = [person for person in demo.people if person.left]
    assert (len(joined), len(left)) == (1, 1)
    first = steps.filter(Person=joined[0].name)["started"].min()
    last = steps.filter(Person=left[0].name)["ended"].max()
    assert isinstance(first, dt.datetime)
    assert isinstance(last, dt.datetime)
    assert joined[0].joined is not None
    assert left[0].left is not None
    assert first.date() >= joined[0].joined > demo.first
    assert last.date() < left[0].left < demo.until


def test_two_zones_with_calendars_of_their_own(demo: Demonstration) -> None:
    holidays = {(person.calendar.zone, person.calendar.holidays) for person in demo.people}
    assert holidays == {("Europe/Copenhagen", "DK"), ("Asia/Kolkata", "IN-MH")}


def test_people_have_leave_and_sick_days_of_their_own(demo: Demonstration) -> None:
    away = [len(person.calendar.exceptions) for person in demo.people]
    assert min(away) > 5
    assert len({person.calendar.exceptions for person in demo.people}) == len(away)


def test_the_calendar_of_the_company_fits_its_record(demo: Demonstration, steps: pl.DataFrame) -> None:
    company = parse(demo.calendar, zone=demo.zone)
    by_people = steps.filter(pl.col("Person") != demo.system_user)
    assert working_share(company, instants=by_people["started"]) > 0.98


@pytest.mark.parametrize("title", ["Accounts payable clerk", "Data steward", "Front-end engineer"])
def test_nobody_works_longer_than_their_hours(demo: Demonstration, steps: pl.DataFrame, title: str) -> None:
    for person in demo.people:
        if person.title == title:
            theirs = steps.filter(Person=person.name)
            worked = working_seconds(person.calendar, starts=theirs["started"], ends=theirs["ended"]).sum()
            first, until = (
                dt.datetime(d.year, d.month, d.day, tzinfo=dt.UTC) for d in (demo.first, demo.until)
            )
            assert worked < working_seconds(person.calendar, starts=first, ends=until).item()
