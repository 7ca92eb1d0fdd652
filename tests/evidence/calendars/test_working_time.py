"""Working time against the clock on the wall, minute by minute, through every change of the clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import (
    ALWAYS,
    Calendar,
    NotInstants,
    SpecialDay,
    Window,
    add_working_seconds,
    always,
    daily_working_seconds,
    parse,
    working,
    working_seconds,
    working_share,
)
from backdesk.evidence.calendars import timeline as laying_out
from backdesk.evidence.calendars.combining import WorkingTime
from backdesk.evidence.calendars.stretches import Stretches
from backdesk.evidence.calendars.timeline import Timeline, day_number, timeline
from tests.evidence.calendars.naive import MINUTE, minutes, working_minutes, works_at
from tests.evidence.calendars.strategies import TURNS, calendars, stretches

each_turn = pytest.mark.parametrize(
    ("zone", "near"), [(zone, near) for zone, dates in TURNS.items() for near in dates]
)


@each_turn
def test_as_counted_minute_by_minute(zone: str, near: dt.date) -> None:
    @settings(max_examples=12, deadline=None)
    @given(calendars(zone, near), stretches(near), st.data())
    def agrees(calendar: Calendar, stretch: tuple[dt.datetime, dt.datetime], data: st.DataObject) -> None:
        start, end = stretch
        counted = working_minutes(calendar, start, end)
        at = st.integers(0, len(counted) - 1)
        pairs = data.draw(st.lists(st.tuples(at, at), min_size=1, max_size=20))
        seconds = working_seconds(
            calendar,
            starts=instants(start + first * MINUTE for first, _ in pairs),
            ends=instants(start + last * MINUTE for _, last in pairs),
        )
        assert seconds.tolist() == [60 * (counted[last] - counted[first]) for first, last in pairs]

    agrees()


@each_turn
def test_share_inside_as_seen_minute_by_minute(zone: str, near: dt.date) -> None:
    @settings(max_examples=6, deadline=None)
    @given(calendars(zone, near), stretches(near))
    def agrees(calendar: Calendar, stretch: tuple[dt.datetime, dt.datetime]) -> None:
        every = list(minutes(*stretch))
        seen = sum(works_at(calendar, instant) for instant in every) / len(every)
        assert working_share(calendar, instants=instants(every)) == pytest.approx(seen)

    agrees()


@each_turn
def test_days_add_up_to_the_stretch_and_agree_with_the_wall(zone: str, near: dt.date) -> None:
    @settings(max_examples=4, deadline=None)
    @given(calendars(zone, near))
    def agrees(calendar: Calendar) -> None:
        first, last = near - dt.timedelta(days=1), near + dt.timedelta(days=1)
        daily = daily_working_seconds(calendar, first=first, last=last)
        expected = dict.fromkeys([first, near, last], 0)
        noon = dt.datetime.combine(near, dt.time(12), tzinfo=dt.UTC)
        for instant in minutes(noon - dt.timedelta(days=3), noon + dt.timedelta(days=3)):
            date = instant.astimezone(ZoneInfo(calendar.zone)).date()
            if date in expected and works_at(calendar, instant):
                expected[date] += 60
        assert dict(daily.iter_rows()) == expected

    agrees()


@each_turn
def test_adding_is_the_inverse_of_counting(zone: str, near: dt.date) -> None:
    @settings(max_examples=25, deadline=None)
    @given(
        calendars(zone, near), stretches(near), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9)
    )
    def inverts(calendar: Calendar, stretch: tuple[dt.datetime, dt.datetime], amounts: list[int]) -> None:
        start, seconds = stretch[0], np.array(amounts, dtype=np.float64)
        reached = add_working_seconds(calendar, starts=start, seconds=seconds)
        assert working_seconds(calendar, starts=start, ends=reached).tolist() == seconds.tolist()
        nearer = reached - np.sign(seconds).astype("timedelta64[us]")
        short = np.abs(working_seconds(calendar, starts=start, ends=nearer))
        assert (short[seconds != 0] < np.abs(seconds[seconds != 0])).all()

    inverts()


@given(calendars("Europe/Amsterdam", dt.date(2026, 3, 29)), st.data())
def test_stretches_laid_end_to_end_add_up(calendar: Calendar, data: st.DataObject) -> None:
    moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001
    a, b, c = (np.array([np.datetime64(data.draw(moments), "us")]) for _ in range(3))
    whole = working_seconds(calendar, starts=a, ends=c)
    assert working_seconds(calendar, starts=a, ends=b) + working_seconds(
        calendar, starts=b, ends=c
    ) == pytest.approx(whole, abs=1e-6)
    assert working_seconds(calendar, starts=c, ends=a) == -whole


@each_turn
def test_what_is_remembered_is_what_would_be_laid_out_anew(zone: str, near: dt.date) -> None:
    @settings(max_examples=8, deadline=None)
    @given(calendars(zone, near), st.integers(-600, 600), st.integers(3, 900))
    def agrees(calendar: Calendar, begins: int, days: int) -> None:
        first = day_number(near) + begins
        remembered = timeline(calendar, first, first + days)
        with pytest.MonkeyPatch.context() as anew:
            anew.setattr(laying_out, "_BLOCK", 1)
            expected = timeline(calendar, first, first + days)
        assert remembered.starts.tolist() == expected.starts.tolist()
        assert remembered.ends.tolist() == expected.ends.tolist()

    agrees()


def test_clocks_of_one_calendar_have_it_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out, lay_out = [], laying_out._laid_out

    def counted(calendar: Calendar, first: int, last: int) -> Stretches:
        laid_out.append((first, last))
        return lay_out(calendar, first, last)

    monkeypatch.setattr(laying_out, "_laid_out", counted)
    unseen = parse("Mon-Fri 08:01-16:59", zone="Europe/Amsterdam")
    for day in range(1, 29):
        add_working_seconds(unseen, starts=dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC), seconds=3600)
    assert len(laid_out) == 1


def test_a_calendar_of_single_dates_is_laid_out_around_them_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All the years there are would take seconds, and a page waits for it."""
    laid_out = []

    def counted(calendar: WorkingTime, first: int, last: int) -> Timeline:
        laid_out.append(last - first)
        return timeline(calendar, first, last)

    monkeypatch.setattr(working, "timeline", counted)
    window = Window(weekday=3, start=8 * 60, end=12 * 60)
    day = SpecialDay(date=dt.date(2026, 12, 24), windows=(window,))
    calendar, start = Calendar(zone="UTC", week=(), exceptions=(day,)), dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    reached = add_working_seconds(calendar, starts=start, seconds=[3600, 4 * 3600 + 1, -3600])
    assert [str(one) for one in reached] == ["2026-12-24T09:00:00.000000", "NaT", "NaT"]
    assert max(laid_out) < 400


def test_a_spring_night_is_an_hour_short_and_an_autumn_night_an_hour_long() -> None:
    night = parse("Sat 22:00-06:00", zone="Europe/Amsterdam")
    hours = working_seconds(
        night,
        starts=utc("2026-03-28 12:00", "2026-10-24 12:00"),
        ends=utc("2026-03-29 12:00", "2026-10-25 12:00"),
    )
    assert (hours / 3600).tolist() == [7.0, 9.0]


def test_a_window_inside_the_hour_that_is_skipped_is_empty_and_one_that_is_repeated_counts_twice() -> None:
    small = parse("Sun 02:00-03:00", zone="Europe/Amsterdam")
    days = utc("2026-03-29 00:00", "2026-10-25 00:00")
    hours = working_seconds(small, starts=days, ends=days + np.timedelta64(1, "D")) / 3600
    assert hours.tolist() == [0.0, 2.0]


def test_a_skipped_day_has_no_working_time() -> None:
    daily = daily_working_seconds(
        always(zone="Pacific/Apia"), first=dt.date(2011, 12, 29), last=dt.date(2011, 12, 31)
    )
    assert (daily["seconds"] / 3600).to_list() == [24.0, 0.0, 24.0]


def test_a_holiday_closes_the_night_that_begins_on_it_but_not_the_one_that_ends_on_it() -> None:
    nights = parse("Mon-Sun 22:00-06:00; holidays NL", zone="Europe/Amsterdam")
    daily = daily_working_seconds(nights, first=dt.date(2026, 4, 26), last=dt.date(2026, 4, 28))
    assert (daily["seconds"] / 3600).to_list() == [8.0, 6.0, 2.0]


def test_a_special_day_overrules_its_holiday() -> None:
    open_on_kings_day = parse(
        "Mon-Fri 9-17; holidays NL; open 2026-04-27 10:00-14:00", zone="Europe/Amsterdam"
    )
    daily = daily_working_seconds(open_on_kings_day, first=dt.date(2026, 4, 27), last=dt.date(2026, 4, 27))
    assert daily["seconds"].to_list() == [4 * 3600]


def test_windows_that_overlap_count_once() -> None:
    twice = parse("Mon 08:00-12:00,10:00-17:00,23:00-02:00; Tue 01:00-03:00", zone="UTC")
    assert working_seconds(twice, starts=utc("2026-02-02 00:00"), ends=utc("2026-02-04 00:00")).tolist() == [
        13 * 3600
    ]


def test_always_is_elapsed_time() -> None:
    starts, ends = utc("2026-03-29 00:30"), utc("2026-03-29 05:00")
    assert working_seconds(ALWAYS, starts=starts, ends=ends) == working_seconds(
        always(zone="Europe/Amsterdam"), starts=starts, ends=ends
    )
    assert working_seconds(ALWAYS, starts=starts, ends=ends).tolist() == [4.5 * 3600]


def test_one_instant_stands_against_many() -> None:
    office = parse("Mon-Fri 9-17", zone="UTC")
    start = dt.datetime(2026, 2, 2, 10, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert working_seconds(
        office, starts=start, ends=utc("2026-02-02 10:00", "2026-02-03 10:00")
    ).tolist() == [
        3600,
        9 * 3600,
    ]


def test_what_is_missing_stays_missing() -> None:
    office = parse("Mon-Fri 9-17", zone="UTC")
    some = pl.Series("at", [dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC), None])
    none = pl.Series("at", [None, None], dtype=pl.Datetime("us", "UTC"))
    assert np.isnan(working_seconds(office, starts=some, ends=some)).tolist() == [False, True]
    assert np.isnan(working_seconds(office, starts=none, ends=none)).all()
    assert np.isnat(add_working_seconds(office, starts=some, seconds=[np.nan, 60.0])).all()
    assert working_share(office, instants=some) == 1.0
    assert np.isnan(working_share(office, instants=none))


def test_empty_columns_give_empty_answers() -> None:
    none = np.array([], dtype="datetime64[us]")
    assert working_seconds(ALWAYS, starts=none, ends=none).shape == (0,)
    assert add_working_seconds(ALWAYS, starts=none, seconds=np.array([])).shape == (0,)


def test_other_time_units_and_zones_are_the_same_instants() -> None:
    office = parse("Mon-Fri 9-17", zone="Europe/Amsterdam")
    at = pl.Series("at", [dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)])
    later = at.dt.offset_by("3h")
    plain = working_seconds(office, starts=at, ends=later)
    for unit in ("ms", "ns"):
        assert working_seconds(office, starts=at.dt.cast_time_unit(unit), ends=later) == plain
    assert working_seconds(office, starts=at.dt.convert_time_zone("Asia/Kolkata"), ends=later) == plain


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (pl.Series("received", [dt.datetime(2026, 1, 1)]), "column 'received' holds Datetime"),  # noqa: DTZ001
        (pl.Series("received", ["2026-01-01"]), "instants .* are needed"),
        (dt.datetime(2026, 1, 1), "has no time zone"),  # noqa: DTZ001
        (np.array([1.0]), "datetime64"),
        (np.array(["20000-01-01"], dtype="datetime64[us]"), "years 1 to 9999"),
    ],
)
def test_times_that_are_no_instants_are_refused(times: pl.Series, said: str) -> None:
    with pytest.raises(NotInstants, match=said):
        working_seconds(ALWAYS, starts=times, ends=times)


def test_the_first_and_the_last_day_there_is_can_be_reckoned_with() -> None:
    ends = working_seconds(
        always(zone="Asia/Kolkata"), starts=utc("0001-01-01 00:00"), ends=utc("9999-12-31 23:59")
    )
    assert ends.tolist() == [(3_652_059 * 24 * 60 - 1) * 60.0]


def test_far_years_keep_the_rules_of_the_zone() -> None:
    night = parse("Sun 01:00-04:00", zone="Europe/Amsterdam")
    daily = daily_working_seconds(night, first=dt.date(4000, 3, 1), last=dt.date(4000, 10, 31))
    assert (daily.filter(pl.col("seconds") > 0)["seconds"] / 3600).value_counts().sort("seconds").rows() == [
        (2.0, 1),
        (3.0, 33),
        (4.0, 1),
    ]


def test_work_that_never_gets_done_has_no_time() -> None:
    once = Calendar(
        zone="UTC",
        week=(),
        exceptions=(SpecialDay(date=dt.date(2026, 2, 2), windows=(Window(weekday=0, start=540, end=600),)),),
    )
    reached = add_working_seconds(once, starts=utc("2026-01-01 00:00"), seconds=[3600.0, 3601.0, -1.0])
    assert reached.tolist() == [dt.datetime(2026, 2, 2, 10), None, None]  # noqa: DTZ001
    assert np.isnat(add_working_seconds(ALWAYS, starts=utc("2026-01-01 00:00"), seconds=[1e18, np.inf])).all()


def utc(*times: str) -> npt.NDArray[np.datetime64]:
    return np.array([time.replace(" ", "T") for time in times], dtype="datetime64[us]")


def instants(times: Iterable[dt.datetime]) -> pl.Series:
    return pl.Series("at", list(times), dtype=pl.Datetime("us", "UTC"))
