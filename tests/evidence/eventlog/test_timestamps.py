"""Times in the forms exports write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import Mapping, MappingInvalid, timestamps
from backdesk.evidence.eventlog.timestamps import SLICE, Times, read_times, share_of_times
from tests.evidence.eventlog.writing import table, unhurried

moments = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2199-12-31"))


def parsed(*values: str | None, day_first: bool | None = None, time_format: str | None = None) -> Times:
    columns = {"time": pl.Series(list(values), dtype=pl.String)}
    return read_times(columns, day_first=day_first, time_format=time_format)


def local(*values: str | None, **options: object) -> list[str | None]:
    found = parsed(*values, **options).written["time"]["local"]  # type: ignore[arg-type]
    return [
        at and f"{at:%Y-%m-%d %H:%M:%S}" + (f".{at.microsecond:06}" if at.microsecond else "") for at in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03T16:05:00",
        "2024-02-03 16:05",
        "2024-2-3 16:05:00.000",
        "2024/02/03 16:05",
        "2024-02-03 16:05:00,000",
        "2024-02-03T16:05:00.000000000",
        "2024-02-03T16:05:00+02:00",
        "2024-02-03T16:05:00+01:00[Europe/Berlin]",
        "2024-02-03 16:05:00 UTC",
        "03.02.2024 16:05",
        "03.02.24, 16:05 Uhr",
        "3.2.2024 16:05:00",
        "3. Februar 2024 16:05",
        "03-Feb-2024 16:05:00",
        "Sat, 03 Feb 2024 16:05:00 GMT",
        "Feb 3, 2024 4:05 PM",
        "February 3, 2024 04:05:00 p.m.",
        "20240203160500",
        "20240203T160500Z",
        "1706976300",
        "1706976300.0",
        "1706976300000",
        "1706976300000000",
        "1706976300000000000",
        "45325.670138888891",
        "45325,670138888891",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert local(text) == ["2024-02-03 16:05:00"]


@pytest.mark.parametrize(
    ("text", "offset"),
    [("Z", 0), ("+02:00", 120), ("-0330", -210), ("+05", 300), (" UTC", 0), ("", None), ("+14:00", 840)],
)
def test_the_offset_written_is_kept(text: str, offset: int | None) -> None:
    assert parsed("2024-02-03 16:05:00" + text).written["time"]["offset"].to_list() == [offset]


@unhurried
@given(
    st.lists(moments, min_size=1, max_size=20),
    st.sampled_from(["T", " "]),
    st.sampled_from(["", "Z", "-11:30"]),
)
def test_iso_times_come_back_as_they_were(times: list[datetime], between: str, offset: str) -> None:
    found = parsed(*(time.isoformat(between) + offset for time in times)).written["time"]
    assert found["local"].to_list() == times


@unhurried
@given(st.lists(moments, min_size=1, max_size=20))
def test_german_times_come_back_to_the_minute(times: list[datetime]) -> None:
    found = parsed(*(f"{time:%d.%m}.{time.year} {time:%H:%M}" for time in times)).written["time"]["local"]
    assert found.to_list() == [time.replace(second=0, microsecond=0) for time in times]


def test_long_columns_are_read_in_slices_without_a_seam() -> None:
    start = datetime.fromisoformat("2024-01-01")
    times = pl.Series([start + timedelta(seconds=number) for number in range(SLICE + 3)])
    columns = {"time": times.dt.to_string("%Y-%m-%d %H:%M:%S")}
    found = read_times(columns, day_first=None, time_format=None).written["time"]
    assert (found["local"] == times).all()


def test_midnight_may_end_a_day_and_a_minute_may_leap() -> None:
    assert local("2024-02-28 24:00:00", "2016-12-31 23:59:60") == [
        "2024-02-29 00:00:00",
        "2017-01-01 00:00:00",
    ]


def test_noon_and_midnight_in_twelve_hours() -> None:
    found = local("1/2/2024 12:00 AM", "1/2/2024 12:30 pm", "1/2/2024 11:59 PM")
    assert found == ["2024-01-02 00:00:00", "2024-01-02 12:30:00", "2024-01-02 23:59:00"]


@pytest.mark.parametrize(
    "text", ["2023-02-29 10:00", "2024-13-01 10:00", "2024-01-02 25:00", "2024-01-02 24:01", "2024-01-02 10:60",
             "9999-12-31 00:00", "0001-01-01 00:00", "2024-01-02 10:00+15:00"]
)  # fmt: skip
def test_times_that_never_were_have_the_form_but_no_time(text: str) -> None:
    found = parsed("2024-01-02 10:00", text).written["time"]
    assert found["local"].is_null().to_list() == [False, True]
    assert found["fits"].to_list() == [True, True]


def test_the_form_of_most_values_is_the_form_of_the_column() -> None:
    found = parsed(
        "2024-01-02 10:00", "02.01.2024 10:00", "2024-01-02T10:00:00Z", None, "2024-01-02"
    ).written["time"]
    assert found["fits"].to_list() == [True, False, True, True, False]


def test_one_day_beyond_the_twelfth_settles_the_order_for_all() -> None:
    assert local("01/02/2024 10:00", "13/02/2024 10:00") == ["2024-02-01 10:00:00", "2024-02-13 10:00:00"]
    assert local("01/02/2024 10:00", "02/13/2024 10:00") == ["2024-01-02 10:00:00", "2024-02-13 10:00:00"]
    assert parsed("01/02/2024 10:00", "02/13/2024 10:00").notes == ()


def test_one_column_settles_the_order_of_the_other() -> None:
    columns = {"start": pl.Series(["01/02/2024 10:00"]), "end": pl.Series(["01/13/2024 10:00"])}
    found = read_times(columns, day_first=None, time_format=None)
    assert str(found.written["start"]["local"][0]) == "2024-01-02 10:00:00"


def test_an_order_that_nothing_settles_is_told_with_the_way_to_set_it() -> None:
    found = parsed("01/02/2024 10:00")
    assert "day/month" in found.notes[0]
    assert "set day_first=no" in found.notes[0]
    assert local("01/02/2024 10:00", day_first=False) == ["2024-01-02 10:00:00"]
    assert parsed("01/02/2024 10:00", day_first=False).notes == ()


def test_am_and_pm_speak_for_the_american_order() -> None:
    assert local("01/02/2024 10:00 AM") == ["2024-01-02 10:00:00"]


def test_dots_speak_for_the_european_order_without_a_word() -> None:
    assert local("01.02.2024 10:00") == ["2024-02-01 10:00:00"]
    assert parsed("01.02.2024 10:00").notes == ()


def test_mixed_orders_are_told_with_their_counts() -> None:
    found = parsed("13/01/2024 10:00", "14/01/2024 10:00", "01/15/2024 10:00")
    assert "2 can only be day/month" in found.notes[0]
    assert "1 can only be the other way" in found.notes[0]
    assert found.written["time"]["local"].is_null().to_list() == [False, False, True]


def test_dates_without_an_hour_are_told() -> None:
    assert local("2024-01-02", "20240102") == ["2024-01-02 00:00:00", None]
    assert "without an hour" in parsed("2024-01-02").notes[0]


def test_counts_are_told_and_spreadsheet_days_stay_local() -> None:
    assert parsed("1706976300").notes == ('The times in "time" were read as seconds since 1970.',)
    assert parsed("1706976300").written["time"]["offset"].to_list() == [0]
    assert parsed("45325.5").written["time"]["offset"].to_list() == [None]


def test_huge_counts_are_no_times() -> None:
    found = parsed("9999999999", "1706976300", "170697630012345678901").written["time"]
    assert found["local"].is_null().to_list() == [True, False, True]


def test_a_format_given_is_the_only_one() -> None:
    assert local("2024|02|03 16:05", "2024-02-03 16:05", time_format="%Y|%m|%d %H:%M") == [
        "2024-02-03 16:05:00",
        None,
    ]


def test_a_format_with_an_offset_keeps_it() -> None:
    found = parsed("03|02|2024 16:05 +0200", time_format="%d|%m|%Y %H:%M %z").written["time"]
    assert str(found["local"][0]) == "2024-02-03 16:05:00"
    assert found["offset"].to_list() == [120]


def test_a_format_that_cannot_be_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, "case,activity,time\n1,Check,2024-01-02 09:00\n")
    mapping = Mapping(case="case", activity="activity", ended_at="time", time_format="%Q nonsense")
    with pytest.raises((MappingInvalid, eventlog.NothingRead)):
        eventlog.read(path, mapping=mapping)


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (["2024-01-02", "x"], 0.5),
        (["a", "b"], 0.0),
        ([None], 0.0),
        ([], 0.0),
        (["2.1.24 9:05", "Jan 2, 2024"], 1.0),
    ],
)
def test_the_share_of_times_in_a_column(values: list[str | None], share: float) -> None:
    assert share_of_times(pl.Series(values, dtype=pl.String), counts=False) == share


def test_numbers_are_times_only_where_a_heading_says_so() -> None:
    numbers = pl.Series(["1706976300", "45325", "7"])
    assert share_of_times(numbers, counts=True) == pytest.approx(2 / 3)
    assert share_of_times(numbers, counts=False) == 0.0


@unhurried
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=20))
def test_no_text_whatever_breaks_the_reading(values: list[str]) -> None:
    found = parsed(*values).written["time"]
    assert found.height == len(values)
    assert found.schema.names() == ["local", "offset", "fits"]


@unhurried
@given(
    st.lists(
        st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,4}[-/. T][0-9: .+APMZ-]{0,14}", fullmatch=True), max_size=20
    )
)
def test_nothing_that_looks_like_a_time_breaks_the_reading(values: list[str]) -> None:
    assert parsed(*values).written["time"].height == len(values)


clocks = st.builds(
    "{:02}:{:02}{}{}".format,
    st.integers(0, 25),
    st.integers(0, 60),
    st.sampled_from(["", ":07", ":59.5", ":61", ":00,123456", ":30.1234567891"]),
    st.sampled_from(["", "Z", "+02:00", " -0530", "+15:00", " pm", "+01:00[Europe/Berlin]"]),
)
days = st.tuples(st.integers(0, 32), st.integers(0, 13), st.sampled_from([1969, 2000, 2024, 2100]))
written = st.sampled_from(
    ["{2:04}-{1:02}-{0:02}T", "{0:02}.{1:02}.{2:04} ", "{0}/{1}/{3:02} ", "{0:02} Mai {2:04} "]
).flatmap(
    lambda form: st.lists(
        st.tuples(days, clocks).map(lambda one: form.format(*one[0], one[0][2] % 100) + one[1])
        | st.sampled_from([None, "soon", "2024-0a-10T10:10"]),
        min_size=1,
        max_size=12,
    )
)


@given(written, st.booleans())
@settings(max_examples=60)
def test_by_places_andby_patterns_times_are_the_same(texts: list[str | None], day_first: bool) -> None:
    values = pl.Series(texts, dtype=pl.String)
    form = timestamps.form_of(values)
    if form is None or form.order == "count":
        return
    read = timestamps._piece(values, form, day_first)
    assert_frame_equal(read, timestamps._by_pattern(values, form, day_first))
