"""Quantities as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.platform.web import formats

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def plain(quantity: object) -> str:
    return str(quantity).replace(formats.NARROW, " ").replace(formats.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, None, "0"),
        (262_200, None, "262,200"),
        (1234.56, None, "1,234.6"),
        (1234.56, 0, "1,235"),
        (Decimal("0.125"), 2, "0.12"),
        (-3.2, None, "−3.2"),
        (-0.04, 1, "0.0"),
        (1e15, 0, "1,000,000,000,000,000"),
    ],
)
def test_a_number_has_thousands_and_a_true_minus(value: float, decimals: int | None, written: str) -> None:
    assert formats.number(value, decimals=decimals) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 min"),
        (0.44, "440 ms"),
        (45, "45 s"),
        (59.6, "1 min"),
        (150, "2 min 30 s"),
        (599.7, "10 min"),
        (720, "12 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (86_399, "1.0 days"),
        (86_400, "1.0 day"),
        (293_760, "3.4 days"),
        (86_400 * 250, "250 days"),
        (-7_500, "−2 h 5 min"),
    ],
)
def test_a_length_of_time_is_said_in_the_units_one_would_use(seconds: float, written: str) -> None:
    assert plain(formats.duration(seconds)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0 min"), (0.4, "24 min"), (2.1, "2 h 6 min"), (132.4, "132 h"), (9.999, "10 h")],
)
def test_working_hours_never_turn_into_days(value: float, written: str) -> None:
    assert plain(formats.hours(value)) == written


def test_the_exact_value_is_kept_beside_the_rounded() -> None:
    assert formats.duration(293_761.5).exact.startswith("293,761.500")
    assert plain(formats.money(Decimal("48210.49"), currency="EUR")) == "48,210 EUR"
    assert formats.money(Decimal("48210.49"), currency="EUR").exact.startswith("48,210.49")
    assert plain(formats.share(0.1234)) == "12.3 %"
    assert formats.share(0.12344).exact.startswith("12.344\u202f%")
    assert formats.measured(1234, unit="").exact == "1,234"
    assert formats.measured(100.0, unit="").exact == "100"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, None, "0.0 %"),
        (0.0002, None, "< 0.1 %"),
        (Decimal("0.0005"), None, "< 0.1 %"),
        (0.00051, None, "0.1 %"),
        (0.004, 0, "< 1 %"),
        (0.9994, None, "99.9 %"),
        (0.9996, None, "> 99.9 %"),
        (1.0, None, "100.0 %"),
    ],
)
def test_hardly_any_is_not_none_and_nearly_all_not_all(
    value: float | Decimal, decimals: int | None, written: str
) -> None:
    assert plain(formats.share(value, decimals=decimals)) == written


@given(st.floats(min_value=0, max_value=1e9))
def test_a_length_of_time_is_within_a_rounding_of_what_it_says(seconds: float) -> None:
    sizes = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "day": 86_400, "days": 86_400}
    parts = formats.duration(seconds).parts
    said = sum(float(part.digits.replace(",", "")) * sizes[part.unit] for part in parts)
    assert said == pytest.approx(seconds, rel=0.06, abs=0.51)
    assert len(parts) <= 2


def test_what_is_not_a_number_is_not_known() -> None:
    assert not formats.is_known(None)
    assert not formats.is_known(float("nan"))
    assert not formats.is_known(Decimal("NaN"))
    assert formats.is_known(0)
    assert formats.is_known("")


def test_an_instant_is_shown_on_the_readers_clock() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    assert formats.instant(AT, zone=amsterdam) == "29 Mar 2026, 01:30"
    assert formats.instant(AT + timedelta(hours=1), zone=amsterdam) == "29 Mar 2026, 03:30"
    exactly = formats.instant_exactly(AT - timedelta(days=90), zone=ZoneInfo("America/New_York"))
    assert exactly == "Sunday 28 December 2025, 19:30:00 America/New_York (UTC−05:00)"


@pytest.mark.parametrize(
    ("passed", "written"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=50), "5 hours ago"),
        (timedelta(days=2, hours=23), "2 days ago"),
        (timedelta(hours=-3), "in 3 hours"),
    ],
)
def test_how_long_ago_is_said_roughly(passed: timedelta, written: str) -> None:
    assert formats.ago(AT, now=AT + passed) == written
