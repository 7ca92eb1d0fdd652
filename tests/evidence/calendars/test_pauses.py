"""Working time less pauses, against a count of every minute that is worked and not paused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.calendars import (
    Calendar,
    NotInstants,
    NotPauses,
    add_unpaused_working_seconds,
    intersect,
    parse,
    unpaused_working_seconds,
    working_seconds,
)
from tests.evidence.calendars.naive import MINUTE, minutes, works_at
from tests.evidence.calendars.strategies import TURNS, calendars, stretches

OFFICE = parse("Mon-Fri 09:00-17:00", zone="UTC")
each_turn = pytest.mark.parametrize(("zone", "near"), [(zone, dates[0]) for zone, dates in TURNS.items()])


@each_turn
def test_as_counted_minute_by_minute(zone: str, near: dt.date) -> None:
    minute = st.integers(-2000, 6000)
    a_pause = st.tuples(st.sampled_from("ABC"), minute, st.one_of(st.none(), st.integers(0, 2000)))

    @settings(max_examples=12, deadline=None)
    @given(
        calendars(zone, near),
        stretches(near),
        st.lists(a_pause, max_size=8),
        st.lists(
            st.tuples(st.sampled_from("ABCD"), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=9
        ),
    )
    def agrees(
        calendar: Calendar,
        stretch: tuple[dt.datetime, dt.datetime],
        drawn: list[tuple[str, int, int | None]],
        wanted: list[tuple[str, float, float]],
    ) -> None:
        start, every = stretch[0], list(minutes(*stretch))
        stops = [
            (key, start + first * MINUTE, None if long is None else start + (first + long) * MINUTE)
            for key, first, long in drawn
        ]
        at = [(key, int(first * len(every)), int(last * len(every))) for key, first, last in wanted]
        seconds = unpaused_working_seconds(
            calendar,
            starts=times([start + first * MINUTE for _, first, _ in at]),
            ends=times([start + last * MINUTE for _, _, last in at]),
            keys=pl.Series([key for key, _, _ in at]),
            pauses=table(*stops),
        )
        runs = {
            key: [works_at(calendar, now) and not stopped(stops, key, now) for now in every] for key in "ABCD"
        }
        counted = [sum(runs[k][a:b]) if a <= b else -sum(runs[k][b:a]) for k, a, b in at]
        assert seconds.tolist() == [60 * count for count in counted]

    agrees()


@each_turn
def test_a_due_time_is_the_first_minute_by_which_enough_unpaused_ones_have_passed(
    zone: str, near: dt.date
) -> None:
    a_pause = st.tuples(st.sampled_from("AB"), st.integers(-500, 5000), st.integers(0, 2000))

    @settings(max_examples=10, deadline=None)
    @given(
        calendars(zone, near),
        stretches(near),
        st.lists(a_pause, max_size=6),
        st.integers(0, 2000),
        st.booleans(),
    )
    def agrees(
        calendar: Calendar,
        stretch: tuple[dt.datetime, dt.datetime],
        drawn: list[tuple[str, int, int]],
        amount: int,
        lasting: bool,
    ) -> None:
        # Far out the package of holidays warns that it knows only some of India's.
        calendar, start = replace(calendar, holidays=None), stretch[0]
        stops: list[tuple[str, dt.datetime, dt.datetime | None]] = [
            (key, start + first * MINUTE, start + (first + long) * MINUTE) for key, first, long in drawn
        ]
        stops += [("A", start + 3000 * MINUTE, None)] * lasting
        (due,) = add_unpaused_working_seconds(
            calendar,
            starts=times([start]),
            seconds=60.0 * amount,
            keys=pl.Series(["A"]),
            pauses=table(*stops),
        ).tolist()
        passed, now = 0, start
        while passed < amount and now < start + dt.timedelta(days=14):
            passed += works_at(calendar, now) and not stopped(stops, "A", now)
            now += MINUTE
        if passed == amount:
            assert due == now.replace(tzinfo=None)
        else:
            assert due is None or due > now.replace(tzinfo=None)
            assert due is None or not lasting

    agrees()


def test_what_has_no_due_time() -> None:
    starts = times([utc(2, 9)] * 3)
    lasts = table(("A", utc(2, 10), None))
    keys = pl.Series(["A", "A", "B"])
    due = add_unpaused_working_seconds(
        OFFICE, starts=starts, seconds=[3600.0, 3601.0, -1.0], keys=keys, pauses=lasts
    )
    assert due.tolist() == [dt.datetime(2026, 3, 2, 10), None, None]  # noqa: DTZ001


def stopped(stops: list[tuple[str, dt.datetime, dt.datetime | None]], key: str, now: dt.datetime) -> bool:
    return any(own == key and start <= now and (end is None or now < end) for own, start, end in stops)


def test_pauses_that_overlap_count_once() -> None:
    twice = table(("A", utc(2, 10), utc(2, 13)), ("A", utc(2, 11), utc(2, 12)), ("A", utc(2, 12), utc(2, 14)))
    assert seconds_of("A", twice) == (8 - 4) * 3600


def test_a_pause_outside_working_time_takes_nothing() -> None:
    assert seconds_of("A", table(("A", utc(2, 17), utc(3, 9)))) == 8 * 3600


def test_a_pause_that_lasts_stops_the_clock_for_good() -> None:
    assert seconds_of("A", table(("A", utc(2, 10), None))) == 3600


def test_the_pauses_of_others_do_not_matter() -> None:
    theirs = table(("B", utc(2, 10), utc(2, 12)), ("0", utc(2, 9), None), ("Z", utc(1, 0), None))
    assert seconds_of("A", theirs) == 8 * 3600
    assert seconds_of(None, theirs) == 8 * 3600


def test_without_any_pause_it_is_the_working_time() -> None:
    assert seconds_of("A", table()) == 8 * 3600


def test_rows_can_pause_each_for_itself() -> None:
    rows = pl.Series([0, 1, 2])
    pauses = table().with_columns(key=pl.lit(0, pl.Int64)).clear()
    own = pl.concat([pauses, table(("1", utc(2, 10), utc(2, 12))).with_columns(pl.col("key").cast(pl.Int64))])
    starts, ends = times([utc(2, 9)] * 3), times([utc(2, 17)] * 3)
    unpaused = unpaused_working_seconds(OFFICE, starts=starts, ends=ends, keys=rows, pauses=own)
    assert (unpaused / 3600).tolist() == [8, 6, 8]


def test_what_is_missing_stays_missing() -> None:
    starts = pl.Series([utc(2, 9), None], dtype=pl.Datetime("us", "UTC"))
    pauses = table(("A", utc(2, 10), utc(2, 12)))
    unpaused = unpaused_working_seconds(
        OFFICE, starts=starts, ends=utc(2, 17), keys=pl.Series(["A", "A"]), pauses=pauses
    )
    assert unpaused[0] == 6 * 3600
    assert np.isnan(unpaused[1])


def test_shared_hours_can_be_paused() -> None:
    kolkata = parse("Mon-Fri 09:00-18:00", zone="Asia/Kolkata")
    pauses = table(("A", utc(2, 9), utc(2, 10)))
    shared = unpaused_working_seconds(
        intersect(OFFICE, kolkata),
        starts=times([utc(2, 0)]),
        ends=times([utc(3, 0)]),
        keys=pl.Series(["A"]),
        pauses=pauses,
    )
    assert (shared / 3600).tolist() == [2.5]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_pauses_does_not_matter(random: object) -> None:
    stops = [("A", utc(2, h), utc(2, h + 2)) for h in range(9, 15)] + [("B", utc(2, 9), None)]
    shuffled = list(stops)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert seconds_of("A", table(*shuffled)) == seconds_of("A", table(*stops)) == 3600


def test_many_cases_over_many_years_do_not_overflow() -> None:
    count = 50_000
    starts = np.datetime64("1900-01-01", "us") + np.arange(count) * np.timedelta64(2, "D")
    pauses = pl.DataFrame(
        {
            "key": np.arange(count),
            "start": pl.Series(starts).dt.replace_time_zone("UTC"),
            "end": pl.Series(starts + np.timedelta64(12, "h")).dt.replace_time_zone("UTC"),
        }
    )
    ends = starts + np.timedelta64(1, "D")
    unpaused = unpaused_working_seconds(
        OFFICE, starts=starts, ends=ends, keys=pl.Series(np.arange(count)), pauses=pauses
    )
    worked = working_seconds(OFFICE, starts=starts, ends=ends)
    assert np.array_equal(unpaused, np.where(worked > 0, 5 * 3600.0, 0.0))


@pytest.mark.parametrize(
    ("pauses", "said"),
    [
        (
            pl.DataFrame({"key": ["A"], "start": [0]}),
            "no column 'end'; it needs key, start, end, and has key, start",
        ),
        (pl.DataFrame(), "no column 'key'; .* and has none"),
    ],
)
def test_tables_that_are_no_pauses_are_refused(pauses: pl.DataFrame, said: str) -> None:
    with pytest.raises(NotPauses, match=said):
        seconds_of("A", pauses)


def test_pauses_that_cannot_be_are_refused() -> None:
    with pytest.raises(NotPauses, match=r"the pause of 'A' from 2026-03-02 12.* ends before it"):
        seconds_of("A", table(("A", utc(2, 12), utc(2, 11))))
    nameless = table(("A", utc(2, 12), None)).with_columns(key=pl.lit(None, pl.String))
    with pytest.raises(NotPauses, match="pause 0 has no key or no start"):
        seconds_of("A", nameless)
    with pytest.raises(NotPauses, match="2 keys for 1 pairs"):
        unpaused_working_seconds(
            OFFICE,
            starts=times([utc(2, 9)]),
            ends=times([utc(2, 9)]),
            keys=pl.Series(["A", "B"]),
            pauses=table(),
        )
    with pytest.raises(NotPauses, match="make them one type"):
        unpaused_working_seconds(
            OFFICE,
            starts=times([utc(2, 9)]),
            ends=times([utc(2, 9)]),
            keys=pl.Series([1]),
            pauses=table(("A", utc(2, 9), None)),
        )
    local = table(("A", utc(2, 9), utc(2, 10))).with_columns(
        pl.col("start", "end").dt.replace_time_zone(None)
    )
    with pytest.raises(NotInstants, match="Datetime with a zone"):
        seconds_of("A", local)


def seconds_of(key: str | None, pauses: pl.DataFrame) -> float:
    """Count one office day, Monday 2026-03-02."""
    keys = pl.Series([key], dtype=pl.String)
    return float(
        unpaused_working_seconds(
            OFFICE, starts=times([utc(2, 0)]), ends=times([utc(3, 0)]), keys=keys, pauses=pauses
        )[0]
    )


def table(*pauses: tuple[str, dt.datetime, dt.datetime | None]) -> pl.DataFrame:
    moment = pl.Datetime("us", "UTC")
    return pl.DataFrame(pauses, schema={"key": pl.String, "start": moment, "end": moment}, orient="row")


def utc(day: int, hour: int) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


def times(at: list[dt.datetime]) -> pl.Series:
    return pl.Series("at", at, dtype=pl.Datetime("us", "UTC"))
