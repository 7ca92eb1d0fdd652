"""When people work, found from when they were seen: against a twin that counts hour by hour, and known answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import calendars
from backdesk.evidence.assessment.preparing import people_only
from backdesk.evidence.eventlog import read, to_steps
from backdesk.evidence.measures import CATALOGUE, working_time_found, working_times
from tests.shared import shared_data

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
Seen = tuple[str | None, str | None, int, int, bool]
seen = st.tuples(
    st.sampled_from(["Ann", "Bob", "Cy", None]),
    st.sampled_from(["Sales", "Office", None]),
    st.integers(0, 60 * 24 * 20),
    st.sampled_from([0, 1, 30, 60, 200]),
    st.booleans(),
)


def steps(rows: list[Seen]) -> pl.DataFrame:
    """By person, team, the minute since Monday it began, how many it took, and whether the start was estimated."""
    begun = [MONDAY + timedelta(minutes=minute) for _, _, minute, _, _ in rows]
    return pl.DataFrame(
        {
            "resource": [row[0] for row in rows],
            "team": [row[1] for row in rows],
            "started_at": begun,
            "ended_at": [at + timedelta(minutes=row[3]) for at, row in zip(begun, rows, strict=True)],
            "start_estimated": [row[4] for row in rows],
        },
        schema={
            "resource": pl.String,
            "team": pl.String,
            "started_at": pl.Datetime("us", "UTC"),
            "ended_at": pl.Datetime("us", "UTC"),
            "start_estimated": pl.Boolean,
        },
    )


def office(*, weeks: int = 6, people: int = 4, hours: range = range(8, 16)) -> list[Seen]:
    """Each works every hour of five days a week, but for the last, who comes in the night."""
    rows: list[Seen] = []
    for week in range(weeks):
        for day in range(5):
            for number in range(people):
                night = number == people - 1
                for hour in range(0, 4) if night else hours:
                    minute = ((week * 7 + day) * 24 + hour) * 60
                    team = "Night" if night else "Day"
                    rows.append((f"Person {number}", team, minute, 60, False))
    return rows


@settings(deadline=None, max_examples=40)
@given(st.lists(seen, max_size=40), st.sampled_from(["UTC", "Europe/Amsterdam", "Asia/Kolkata"]))
def test_the_hours_of_each_are_those_a_twin_counts(rows: list[Seen], zone: str) -> None:
    table = working_times(steps(rows), zone=zone)
    found = {(row["level"], row["name"]): row for row in table.to_dicts()}
    told = naive(rows, zone)
    assert found.keys() == told.keys()
    for key, expected in told.items():
        assert {name: found[key][name] for name in expected} == pytest.approx(expected), key


@settings(deadline=None, max_examples=20)
@given(st.lists(seen, min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[Seen], chance: Any) -> None:
    mixed = chance.sample(rows, len(rows))
    assert working_times(steps(mixed), zone="UTC").rows() == working_times(steps(rows), zone="UTC").rows()


@settings(deadline=None, max_examples=30)
@given(st.lists(seen, min_size=1, max_size=30))
def test_what_is_found_reads_back_as_a_calendar_of_as_many_hours(rows: list[Seen]) -> None:
    for row in working_times(steps(rows), zone="UTC").to_dicts():
        calendar = calendars.parse(row["calendar"], zone="UTC")
        assert sum(window.minutes for window in calendar.week) == 60 * row["calendar_hours"]
        assert str(calendar) == row["calendar"]


def test_the_office_works_by_day_and_who_works_by_night_departs() -> None:
    table = working_times(steps(office(people=6)), zone="UTC")
    whole = table.row(0, named=True)
    assert (whole["calendar"], whole["people"], whole["days"]) == ("Mon-Fri 00:00-04:00,08:00-16:00", 6, 30)
    crowd = working_times(steps(office(people=8)), zone="UTC")
    assert working_time_found(crowd).calendar == "Mon-Fri 08:00-16:00", (
        "one of eight is less than a fifth of seven"
    )
    departing = crowd.filter("departs").select("level", "name", "calendar", "outside_share").rows()
    assert departing == [
        ("team", "Night", "Mon-Fri 00:00-04:00", 1.0),
        ("person", "Person 7", "Mon-Fri 00:00-04:00", 1.0),
    ]


def test_a_step_that_ends_on_the_hour_was_done_before_it() -> None:
    found = working_times(steps(office(people=3, hours=range(9, 17))), zone="UTC").filter(name="Day")
    assert found["calendar"].to_list() == ["Mon-Fri 09:00-17:00"]


def test_hours_are_those_of_the_clock_over_a_change_of_it() -> None:
    """From nine to five in Amsterdam, summer and winter, is two stretches in UTC."""
    at = [datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Amsterdam")) + timedelta(days=n) for n in range(60)]
    rows: list[Seen] = [
        (f"P{number}", None, int((one.astimezone(UTC) - MONDAY).total_seconds()) // 60 + 60 * hour, 60, False)
        for one in at
        if one.weekday() < 5
        for number in range(3)
        for hour in range(8)
    ]
    there = working_time_found(working_times(steps(rows), zone="Europe/Amsterdam"))
    assert (there.calendar, there.confidence, there.support) == ("Mon-Fri 09:00-17:00", 1.0, 1.0)
    assert working_time_found(working_times(steps(rows), zone="UTC")).calendar == "Mon-Fri 07:00-16:00"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "it names nobody who did the work"),
        ([(None, *row[1:]) for row in office()], "it names nobody who did the work"),
        (
            [(*row[:4], True) for row in office()],
            "most of its steps tell when they ended, not when they began",
        ),
        (office(people=2), "it names 2 people only"),
        (office(weeks=3), "it holds work of fewer than 20 days"),
    ],
    ids=["nothing", "nobody", "ends only", "two people", "three weeks"],
)
def test_what_cannot_be_told_is_said_with_its_reason(rows: list[Seen], why: str) -> None:
    found = working_time_found(working_times(steps(rows), zone="UTC"))
    assert found.problem == why
    assert found.calendar is None


def test_hours_that_hardly_come_back_are_none_to_reckon_with() -> None:
    """Each day another hour of the week: what is seen once is no habit."""
    rows: list[Seen] = [
        (f"P{day % 3}", None, (day * 24 + day * 7 % 24) * 60, 10, False) for day in range(7 * 8)
    ]
    assert "come back on 12 % of the days only" in str(
        working_time_found(working_times(steps(rows), zone="UTC")).problem
    )
    busy = working_times(steps(office()), zone="UTC")
    few = busy.with_columns(calendar_support=pl.lit(0.4))
    assert working_time_found(few).problem == "only 40 % of the recorded times lie in hours that many work in"


def test_each_figure_is_in_the_catalogue() -> None:
    figures = {"calendar_hours", "calendar_confidence", "calendar_support", "outside_share"}
    assert figures <= set(working_times(steps([]), zone="UTC").columns)
    assert figures <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("Procure_to_Pay.csv.gz", "Mon-Fri 09:00-17:00"),
        ("Loan_Application.csv.gz", "Mon-Fri 09:00-17:00"),
    ],
)
def test_logs_simulated_on_office_hours_show_them(log: str, found: str) -> None:
    reading = read(shared_data("eventlogs", "eed", log), now=datetime(2026, 1, 1, tzinfo=UTC))
    own = people_only(to_steps(reading))[0].steps
    assert working_time_found(working_times(own, zone=reading.zone)).calendar == found


def naive(rows: list[Seen], zone: str) -> dict[tuple[str, str], dict[str, float]]:
    """Count each recorded time by itself."""
    times = [
        (who, team, at.astimezone(ZoneInfo(zone)), is_start)
        for who, team, minute, took, estimated in rows
        if who
        for at, is_start in moments(minute, took, estimated=estimated)
    ]
    of: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for one in times:
        of["whole", ""].append(one)
        of["person", one[0]].append(one)
        if one[1]:
            of["team", one[1]].append(one)
    usual = hours(of["whole", ""]) if times else set()
    return {key: figures(own, usual, pooled=key[0] != "whole") for key, own in of.items()}


def moments(minute: int, took: int, *, estimated: bool) -> list[tuple[datetime, bool]]:
    begun = MONDAY + timedelta(minutes=minute)
    ended = begun + timedelta(minutes=took)
    last = ended - timedelta(microseconds=1) if took else ended
    return [(last, False)] if estimated else [(begun, True), (last, False)]


def hours(own: list[Any]) -> set[tuple[int, int]]:
    """By the hours of each person and day, of the whole."""
    people = {(who, at.date(), at.hour) for who, _, at, _ in own}
    return most_of(Counter((date.weekday(), hour) for _, date, hour in people))


def most_of(counts: Mapping[Any, int]) -> set[Any]:
    return {one for one, count in counts.items() if 5 * count >= max(counts.values())}


def figures(own: list[Any], usual: set[tuple[int, int]], *, pooled: bool) -> dict[str, float]:
    chosen = hours(own)
    if pooled:
        weekdays = Counter(date.weekday() for _, date in {(who, at.date()) for who, _, at, _ in own})
        by_clock = Counter(hour for _, _, hour in {(who, at.date(), at.hour) for who, _, at, _ in own})
        chosen = set(product(most_of(weekdays), most_of(by_clock)))
    dates = {at.date() for _, _, at, _ in own}
    at_hours = Counter((at.weekday(), at.hour) for _, _, at, _ in own)
    hits = sum(len({at.date() for _, _, at, _ in own if (at.weekday(), at.hour) == hour}) for hour in chosen)
    chances = sum(sum(date.weekday() == weekday for date in dates) for weekday, _ in chosen)
    return {
        "people": len({who for who, *_ in own}),
        "days": len(dates),
        "times": len(own),
        "starts": sum(is_start for *_, is_start in own),
        "calendar_hours": len(chosen),
        "calendar_confidence": hits / chances,
        "calendar_support": sum(at_hours[hour] for hour in chosen) / len(own),
        "outside_share": sum(n for hour, n in at_hours.items() if hour not in usual) / len(own),
    }
