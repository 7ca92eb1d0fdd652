"""What calendars share, have together and leave each other, against the clocks on their walls."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import (
    Calendar,
    Combination,
    ImpossiblePeriod,
    NothingToCombine,
    Periods,
    SpecialDay,
    Window,
    WorkingTime,
    add_working_seconds,
    daily_working_seconds,
    intersect,
    parse,
    subtract,
    unite,
    working_seconds,
    working_share,
)
from tests.evidence.calendars.naive import MINUTE, any_works_at, minutes
from tests.evidence.calendars.strategies import calendars, stretches

TURNS = {
    "Europe/Amsterdam": dt.date(2026, 3, 29),
    "America/New_York": dt.date(2026, 3, 8),
    "Australia/Lord_Howe": dt.date(2026, 4, 5),
    "Asia/Kolkata": dt.date(2026, 3, 29),
    "UTC": dt.date(2026, 3, 29),
}
COMBINE: list[Callable[..., Combination]] = [intersect, unite, subtract]
PAIRS = list(itertools.permutations(TURNS, 2))


@st.composite
def periods(draw: st.DrawFn, near: dt.date) -> Periods:
    spans = draw(st.lists(stretches(near), max_size=3))
    return Periods(periods=tuple(spans))


@st.composite
def working_times(draw: st.DrawFn, zones: tuple[str, str], near: dt.date) -> WorkingTime:
    """Draw calendars of two zones combined, one level or two deep."""
    first, second = (draw(calendars(zone, near)) for zone in zones)
    combined = COMBINE[draw(st.integers(0, 2))](first, second)
    if draw(st.booleans()):
        return combined
    return COMBINE[draw(st.integers(0, 2))](combined, draw(periods(near)))


@pytest.mark.parametrize("zones", PAIRS, ids="-".join)
def test_as_counted_minute_by_minute(zones: tuple[str, str]) -> None:
    near = TURNS[zones[0]]

    @settings(max_examples=8, deadline=None)
    @given(working_times(zones, near), stretches(near), st.data())
    def agrees(calendar: WorkingTime, stretch: tuple[dt.datetime, dt.datetime], data: st.DataObject) -> None:
        counted = [0, *itertools.accumulate(any_works_at(calendar, at) for at in minutes(*stretch))]
        index = st.integers(0, len(counted) - 1)
        pairs = data.draw(st.lists(st.tuples(index, index), min_size=1, max_size=20))
        seconds = working_seconds(
            calendar,
            starts=instants([stretch[0] + first * MINUTE for first, _ in pairs]),
            ends=instants([stretch[0] + last * MINUTE for _, last in pairs]),
        )
        assert seconds.tolist() == [60 * (counted[last] - counted[first]) for first, last in pairs]

    agrees()


@pytest.mark.parametrize("zones", PAIRS[::4], ids="-".join)
def test_adding_is_the_inverse_of_counting(zones: tuple[str, str]) -> None:
    near = TURNS[zones[0]]

    @settings(max_examples=10, deadline=None)
    @given(
        st.tuples(*(calendars(zone, near) for zone in zones)),
        stretches(near),
        st.lists(st.integers(-(10**5), 10**5), min_size=1, max_size=9),
    )
    def inverts(
        parts: tuple[Calendar, Calendar], stretch: tuple[dt.datetime, ...], amounts: list[int]
    ) -> None:
        calendar, start = unite(*parts), stretch[0]
        seconds = np.array(amounts, dtype=np.float64)
        reached = add_working_seconds(calendar, starts=start, seconds=seconds)
        assert working_seconds(calendar, starts=start, ends=reached).tolist() == seconds.tolist()
        nearer = reached - np.sign(seconds).astype("timedelta64[us]")
        short = np.abs(working_seconds(calendar, starts=start, ends=nearer))
        assert (short[seconds != 0] < np.abs(seconds[seconds != 0])).all()

    inverts()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_what_is_shared_and_what_is_had_together_add_up_to_both(data: st.DataObject) -> None:
    near = TURNS["Europe/Amsterdam"]
    one = data.draw(calendars("Europe/Amsterdam", near))
    other = data.draw(calendars("America/New_York", near))
    start, end = data.draw(stretches(near))

    def seconds(calendar: WorkingTime) -> float:
        return float(working_seconds(calendar, starts=start, ends=end))

    assert seconds(intersect(one, other)) + seconds(unite(one, other)) == seconds(one) + seconds(other)
    assert seconds(subtract(one, other)) == seconds(one) - seconds(intersect(one, other))
    assert seconds(intersect(one, other)) == seconds(intersect(other, one))


@settings(max_examples=20, deadline=None)
@given(
    calendars("Australia/Lord_Howe", TURNS["Australia/Lord_Howe"]), stretches(TURNS["Australia/Lord_Howe"])
)
def test_a_calendar_with_itself_is_itself(
    calendar: Calendar, stretch: tuple[dt.datetime, dt.datetime]
) -> None:
    def worked(of: WorkingTime) -> float:
        return float(working_seconds(of, starts=stretch[0], ends=stretch[1]))

    alone = worked(calendar)
    assert worked(intersect(calendar, calendar, calendar)) == alone
    assert worked(unite(calendar, calendar)) == alone
    assert worked(unite(calendar)) == alone
    assert worked(subtract(calendar, calendar)) == 0


def test_amsterdam_and_new_york_share_an_hour_more_while_only_one_has_changed_its_clocks() -> None:
    client = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    provider = parse("Mon-Fri 09:00-17:00", zone="America/New_York")
    daily = daily_working_seconds(
        intersect(client, provider), first=dt.date(2026, 3, 2), last=dt.date(2026, 4, 3)
    )
    hours = daily.filter(pl.col("seconds") > 0).with_columns(pl.col("seconds") / 3600)
    by_week = hours.group_by(pl.col("date").dt.week(), maintain_order=True).agg(pl.col("seconds").unique())
    assert by_week["seconds"].to_list() == [[2.0], [3.0], [3.0], [3.0], [2.0]]


def test_a_due_time_on_shared_hours_falls_when_both_are_there() -> None:
    client = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    provider = parse("Mon-Fri 09:00-18:00", zone="Asia/Kolkata")
    friday = np.array(["2026-03-27T08:00"], dtype="datetime64[us]")
    # Friday 8:00 to 12:30 UTC is shared, after the clocks went forward Monday 7:00 to 12:30.
    due = add_working_seconds(intersect(client, provider), starts=friday, seconds=5 * 3600)
    assert due.tolist() == [dt.datetime(2026, 3, 30, 7, 30)]  # noqa: DTZ001


def test_hours_that_never_meet_have_no_due_time() -> None:
    one = Calendar(zone="UTC", week=(), exceptions=(opened(dt.date(2026, 3, 2)),))
    other = Calendar(zone="UTC", week=(), exceptions=(opened(dt.date(2026, 3, 3)),))
    start = np.array(["2026-03-01"], dtype="datetime64[us]")
    assert np.isnat(add_working_seconds(intersect(one, other), starts=start, seconds=1.0)).all()
    assert add_working_seconds(unite(one, other), starts=start, seconds=2 * 3600.0).tolist() == [
        dt.datetime(2026, 3, 3, 10)  # noqa: DTZ001
    ]


def test_a_period_is_time_of_its_own() -> None:
    overtime = Periods(periods=((utc(9), utc(12)), (utc(11), utc(13)), (utc(20), utc(20))))
    day, next_day = (np.array([date], dtype="datetime64[us]") for date in ("2026-03-28", "2026-03-29"))
    assert working_seconds(overtime, starts=day, ends=next_day).tolist() == [4 * 3600]
    assert working_share(overtime, instants=instants([utc(10), utc(14)])) == 0.5
    due = add_working_seconds(overtime, starts=day, seconds=3600.0)
    assert due.tolist() == [dt.datetime(2026, 3, 28, 10)]  # noqa: DTZ001
    office = parse("Mon-Fri 9-17", zone="Europe/Amsterdam")
    assert working_seconds(unite(office, overtime), starts=day, ends=next_day).tolist() == [4 * 3600]


def test_a_period_in_one_of_two_hours_of_the_same_name_closes_that_one_only() -> None:
    night = parse("Sun 02:00-03:00", zone="Europe/Amsterdam")  # 2026-10-25 has this hour twice
    second = Periods(periods=((utc(1, day=25, month=10), utc(2, day=25, month=10)),))
    daily = daily_working_seconds(
        subtract(night, second), first=dt.date(2026, 10, 25), last=dt.date(2026, 10, 25)
    )
    assert daily["seconds"].to_list() == [3600]
    assert (
        daily_working_seconds(night, first=dt.date(2026, 10, 25), last=dt.date(2026, 10, 25))[
            "seconds"
        ].item()
        == 7200
    )


def test_combinations_say_what_they_are() -> None:
    client, provider = parse("Mon 9-17", zone="Europe/Berlin"), parse("Mon 8-16", zone="UTC")
    closed = Periods(periods=((utc(9), utc(12)),))
    assert str(subtract(intersect(client, provider), closed)) == (
        "((Mon 09:00-17:00, Europe/Berlin) and (Mon 08:00-16:00, UTC)) "
        "without (2026-03-28T09:00:00+00:00..2026-03-28T12:00:00+00:00)"
    )
    assert str(unite(client, provider)) == "(Mon 09:00-17:00, Europe/Berlin) or (Mon 08:00-16:00, UTC)"
    assert unite(provider, client).zone == "UTC"
    assert unite(client, provider) == Combination(kind="any", parts=(client, provider))
    assert len({unite(client, provider), unite(client, provider)}) == 1
    assert closed.zone == "UTC"


def test_impossible_periods_and_empty_combinations_are_refused() -> None:
    with pytest.raises(ImpossiblePeriod, match=r"2026-03-28T12.* ends before it starts"):
        Periods(periods=((utc(12), utc(9)),))
    with pytest.raises(ImpossiblePeriod, match="has no time zone"):
        Periods(periods=((dt.datetime(2026, 3, 28), utc(9)),))  # noqa: DTZ001
    with pytest.raises(NothingToCombine, match="at least one"):
        intersect()


def opened(date: dt.date) -> SpecialDay:
    return SpecialDay(date=date, windows=(Window(weekday=date.weekday(), start=540, end=600),))


def utc(hour: int, day: int = 28, month: int = 3) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def instants(times: list[dt.datetime]) -> npt.NDArray[np.datetime64]:
    return np.array([time.astimezone(dt.UTC).replace(tzinfo=None) for time in times], dtype="datetime64[us]")
