"""Zones: names checked, zones found from offsets, clocks that jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import UnknownZone
from backdesk.evidence.eventlog.zones import checked_zone, fitting_zones, gap_around, localised
from tests.evidence.eventlog.writing import read_rows, rows, times, unhurried

HEADER = "case,activity,time"
PLACES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo"]


def offsets_of(zone: str, instants: list[datetime]) -> list[int]:
    place = ZoneInfo(zone)
    return [int((at.astimezone(place).utcoffset() or timedelta()).total_seconds() // 60) for at in instants]


def year_of(zone: str, *, step: int = 6) -> tuple[pl.Series, pl.Series]:
    instants = [
        datetime(2023, 1, 1, 12, tzinfo=UTC) + timedelta(hours=step * number) for number in range(1460)
    ]
    return pl.Series(instants, dtype=pl.Datetime("us", "UTC")), pl.Series(offsets_of(zone, instants))


@pytest.mark.parametrize(
    ("name", "zone"),
    [("Europe/Berlin", "Europe/Berlin"), ("america/new york", "America/New_York"), (" utc ", "UTC")],
)
def test_a_zone_is_known_however_its_name_is_spelt(name: str, zone: str) -> None:
    assert checked_zone(name) == zone


@pytest.mark.parametrize(
    ("name", "close"), [("Amsterdam", "Europe/Amsterdam"), ("Europe/Berln", "Europe/Berlin")]
)
def test_a_zone_that_does_not_exist_is_told_with_close_ones(tmp_path: Path, name: str, close: str) -> None:
    with pytest.raises(UnknownZone, match=f'no time zone "{name}". Did you mean {close}'):
        eventlog.read(rows(tmp_path, "1,Check,2024-01-02 09:00", header=HEADER), zone=name)


def test_a_zone_like_none_is_told_with_an_example() -> None:
    with pytest.raises(UnknownZone, match="for example Europe/Amsterdam"):
        checked_zone("")


@pytest.mark.parametrize("zone", PLACES)
def test_a_year_of_offsets_gives_its_zone_away(zone: str) -> None:
    found = fitting_zones(*year_of(zone))
    assert zone in found
    assert all(offsets_of(other, [datetime(2023, 7, 1, tzinfo=UTC)]) ==
               offsets_of(zone, [datetime(2023, 7, 1, tzinfo=UTC)]) for other in found)  # fmt: skip


def test_common_places_come_first() -> None:
    assert fitting_zones(*year_of("Europe/Vienna"))[:2] == ["Europe/Amsterdam", "Europe/Berlin"]
    assert fitting_zones(*year_of("UTC"))[0] == "UTC"


def test_offsets_of_two_places_fit_no_zone() -> None:
    at, offsets = year_of("Europe/Berlin")
    mixed = pl.concat([offsets.head(700), offsets.tail(760) + 330])
    assert fitting_zones(at, mixed) == []


def test_one_offset_that_differs_is_enough_to_rule_a_zone_out() -> None:
    at, offsets = year_of("Europe/Berlin")
    assert "Europe/Berlin" not in fitting_zones(at, offsets.scatter(700, 0))


def test_the_zone_is_taken_from_the_offsets_and_the_choice_is_told(tmp_path: Path) -> None:
    lines = [
        "1,Check,2024-01-02T09:00:00+01:00",
        "1,Pay,2024-07-02T09:00:00+02:00",
        "2,Check,2024-07-03T09:00:00",
    ]
    reading = eventlog.read(rows(tmp_path, *lines, header=HEADER))
    assert (reading.zone, reading.zone_source) == ("Europe/Amsterdam", "offsets")
    assert times(reading.events["at"]) == ["08:00", "07:00", "07:00"]
    assert reading.events["offset"].to_list() == [60, 120, None]
    assert any("fit Europe/Amsterdam (and" in note for note in reading.notes)


def test_times_without_an_offset_among_others_are_told(tmp_path: Path) -> None:
    alike, bare = "1,Check,2024-07-01T09:00+02:00", ["1,Pay,2024-07-01 11:00", "2,Pay,2024-07-01 12:00"]
    reading = read_rows(tmp_path, alike, *bare, header=HEADER, zone="Europe/Berlin")
    assert times(reading.events["at"]) == ["07:00", "09:00", "10:00"]
    assert "2 of 3 times carry no offset, read as those of Europe/Berlin." in reading.notes
    for lines in ([alike], bare):
        reading = read_rows(tmp_path, *lines, header=HEADER, zone="Europe/Berlin")
        assert not any("carry no offset, read" in note for note in reading.notes)


def test_without_offsets_and_zone_utc_is_assumed_and_told(tmp_path: Path) -> None:
    reading = eventlog.read(rows(tmp_path, "1,Check,2024-01-02 09:00", header=HEADER))
    assert (reading.zone, reading.zone_source) == ("UTC", "assumed")
    assert any("no offset and no zone was given" in note for note in reading.notes)


def test_offsets_that_fit_no_zone_are_told_and_the_instants_kept(tmp_path: Path) -> None:
    lines = ["1,Check,2024-01-02T09:00:00+01:00", "1,Pay,2024-01-02T09:00:01-07:00"]
    reading = eventlog.read(rows(tmp_path, *lines, header=HEADER))
    assert (reading.zone, reading.zone_source) == ("UTC", "assumed")
    assert times(reading.events["at"]) == ["08:00", "16:00"]
    assert any("fit no single time zone" in note for note in reading.notes)


def test_a_zone_given_does_not_move_times_that_have_an_offset(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, "1,Check,2024-01-02T09:00:00+01:00", header=HEADER, zone="Asia/Tokyo")
    assert times(reading.events["at"]) == ["08:00"]
    assert (reading.zone, reading.zone_source) == ("Asia/Tokyo", "given")


def test_a_local_time_in_the_spring_gap_is_rejected_with_zone_and_gap(tmp_path: Path) -> None:
    lines = ["1,Check,2024-03-31 01:59:59", "1,Pay,2024-03-31 02:30:00", "1,File,2024-03-31 03:00:00"]
    reading = read_rows(tmp_path, *lines, header=HEADER, zone="Europe/Amsterdam")
    assert times(reading.events["at"]) == ["00:59", "01:00"]
    reject = reading.rejects.row(0, named=True)
    assert (reject["line"], reject["field"], reject["value"]) == (3, "time", "2024-03-31 02:30:00")
    assert "does not exist in Europe/Amsterdam: the clocks went from 02:00 to 03:00" in reject["reason"]


def test_a_local_time_that_came_twice_is_read_as_the_first_and_told(tmp_path: Path) -> None:
    lines = ["1,Check,2024-10-27 02:30:00", "1,Pay,2024-10-27 03:00:00"]
    reading = read_rows(tmp_path, *lines, header=HEADER, zone="Europe/Amsterdam")
    assert times(reading.events["at"]) == ["00:30", "02:00"]
    assert any("1 local time came twice in Europe/Amsterdam" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("local", "zone", "gap"),
    [
        ("2024-03-10 02:59:59", "America/New_York", "from 02:00 to 03:00"),
        ("2024-10-06 02:15:00", "Australia/Lord_Howe", "from 02:00 to 02:30"),
        ("2018-11-04 00:30:00", "America/Sao_Paulo", "from 00:00 to 01:00"),
        ("2011-12-30 12:00:00", "Pacific/Apia", "from 2011-12-30 00:00 to 2011-12-31 00:00"),
    ],
)
def test_gaps_are_named_wherever_they_are(local: str, zone: str, gap: str) -> None:
    assert gap_around(datetime.fromisoformat(local), zone) == gap
    assert localised(pl.Series([datetime.fromisoformat(local)]), zone).at.null_count() == 1


@unhurried
@given(
    st.lists(
        st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-12-31")), min_size=1
    ),
    st.sampled_from(PLACES),
)
def test_local_times_are_placed_as_python_places_them(moments: list[datetime], zone: str) -> None:
    placed = localised(pl.Series(moments, dtype=pl.Datetime("us")), zone).at
    for local, at in zip(moments, placed, strict=True):
        expected = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
        exists = expected.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(fold=0)
        assert at == (expected if exists else None)
