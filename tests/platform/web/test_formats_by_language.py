"""The same quantities in the language and on the clock of whoever reads them, and numbers as they type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from backdesk.platform.web import fields, formats
from backdesk.platform.web.tables import Column, State, Table
from backdesk.platform.web.tables.exporting import csv_text

BERLIN = ZoneInfo("Europe/Berlin")


def plain(written: object) -> str:
    return str(written).replace(formats.NARROW, " ").replace(formats.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("english", "german", "write"),
    [
        ("1,234.5", "1.234,5", lambda: formats.number(1234.5)),
        ("−1,234", "−1.234", lambda: formats.number(-1234)),
        ("12.3 %", "12,3 %", lambda: formats.share(0.123)),
        (
            "48,210.50 EUR",
            "48.210,50 EUR",
            lambda: formats.money(Decimal("48210.5"), currency="EUR", decimals=2),
        ),
        ("3.4 days", "3,4 Tage", lambda: formats.duration(293_760)),
        ("1.0 day", "1,0 Tag", lambda: formats.duration(86_400)),
        ("2 h 5 min", "2 h 5 min", lambda: formats.duration(7_500)),
        ("3 Feb 2026", "03.02.2026", lambda: formats.day(date(2026, 2, 3))),
        ("Saturday 21 November", "Samstag, 21. November", lambda: formats.day_of_week(date(2026, 11, 21))),
    ],
)
def test_a_quantity_is_written_as_the_reader_writes_it(english: str, german: str, write) -> None:  # type: ignore[no-untyped-def]
    assert plain(write()) == english
    with translation.override("de"):
        assert plain(write()) == german


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        (timedelta(seconds=20), "gerade eben"),
        (timedelta(minutes=1), "vor 1 Minute"),
        (timedelta(hours=3), "vor 3 Stunden"),
        (timedelta(days=1_200), "vor 1.200 Tagen"),
        (timedelta(days=-2), "in 2 Tagen"),
    ],
)
def test_how_long_ago_is_said_in_german(earlier: timedelta, said: str) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with translation.override("de"):
        assert formats.ago(now - earlier, now=now) == said


# -- On the reader's clock ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "clock", "offset"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29.03.2026, 01:59", "+01:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29.03.2026, 03:00", "+02:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25.10.2026, 02:30", "+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25.10.2026, 02:30", "+01:00"),
    ],
)
def test_when_the_clocks_change_the_offset_tells_the_hours_apart(
    instant: datetime, clock: str, offset: str
) -> None:
    with translation.override("de"), timezone.override(BERLIN):
        assert formats.instant(instant) == clock
        exactly = formats.instant_exactly(instant)
    assert exactly.endswith(f"Europe/Berlin (UTC{offset})")
    assert exactly.startswith("Sonntag, ")


def test_a_night_belongs_to_the_day_of_the_reader() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert formats.instant(late, zone=ZoneInfo("UTC")).startswith("21 Nov")
    assert formats.instant(late, zone=BERLIN).startswith("22 Nov")


def test_a_table_of_times_says_whose_clock_they_are_of() -> None:
    columns = (Column(key="name", title="Name"), Column(key="at", title="At", kind="time"))
    table = Table(name="t", columns=columns, state=State(), rows=[], total=0)
    with timezone.override(BERLIN):
        assert table.zone == "Europe/Berlin"
    assert Table(name="t", columns=columns[:1], state=State(), rows=[], total=0).zone == ""


# -- Numbers as they are typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "12.5", "12.5"),
        ("en", "1,234.5", "1234.5"),
        ("en", " 1 234 ", "1234"),
        ("en", "−3", "-3"),
        ("en", ".5", "0.5"),
        ("de", "12,5", "12.5"),
        ("de", "1.234,5", "1234.5"),
        ("de", "1234,5", "1234.5"),
        ("de", "1.234", "1234"),
    ],
)
def test_a_number_is_read_as_the_reader_writes_it(language: str, text: str, value: str) -> None:
    with translation.override(language):
        assert formats.read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "12,5"),
        ("en", "1.234,5"),
        ("en", "a lot"),
        ("en", ""),
        ("en", "1,23,456"),
        ("de", "12.5"),
        ("de", "1,234.5"),
        ("en", "١٢"),
    ],
)
def test_what_could_mean_something_else_is_not_guessed(language: str, text: str) -> None:
    with translation.override(language), pytest.raises(formats.NotANumber):
        formats.read_number(text)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3), st.sampled_from(["en", "de"]))
def test_what_is_shown_in_a_form_is_read_as_the_same_number(value: Decimal, language: str) -> None:
    with translation.override(language):
        assert formats.read_number(formats.typed(value)) == value
        assert formats.read_number(formats.number(value, decimals=3)) == value


class Costs(forms.Form):
    cost = fields.DecimalField(label="Kosten", max_digits=14, decimal_places=2)
    often = fields.FloatField(label="Wie oft", min_value=0)
    people = fields.IntegerField(label="Personen", required=False)


def test_a_form_reads_german_numbers() -> None:
    with translation.override("de"):
        form = Costs({"cost": "1.234,50", "often": "12,5", "people": "1.200"})
        assert form.is_valid(), form.errors
    assert form.cleaned_data == {"cost": Decimal("1234.50"), "often": 12.5, "people": 1200}


def test_a_wrong_number_stays_as_it_was_typed_and_is_told_what_would_be_right() -> None:
    with translation.override("de"):
        form = Costs({"cost": "12.5", "often": "viel"})
        assert not form.is_valid()
        assert form.errors["cost"] == ["„12.5“ ist hier keine Zahl. Schreiben Sie sie wie 12,5 oder 1.234,5."]
        assert 'value="12.5"' in str(form["cost"])
        assert 'value="viel"' in str(form["often"])


def test_a_number_comes_back_into_its_form_as_one_would_type_it() -> None:
    with translation.override("de"):
        form = Costs(initial={"cost": Decimal("1234.50"), "often": 0.25, "people": 1200})
        assert 'value="1234,50"' in str(form["cost"])
        assert 'value="0,25"' in str(form["often"])
        assert 'value="1200"' in str(form["people"])


def test_a_file_for_a_spreadsheet_is_for_programs_whatever_the_language() -> None:
    columns = (
        Column(key="name", title="Name"),
        Column(key="hours", title="Hours", kind="number", unit="h"),
        Column(key="share", title="Share", kind="share"),
        Column(key="at", title="At", kind="time"),
    )
    row = {"name": "A", "hours": 1234.5, "share": 0.125, "at": datetime(2026, 7, 1, 12, 0, tzinfo=UTC)}
    table = Table(name="t", columns=columns, state=State(), rows=[row], total=1)
    with translation.override("de"), timezone.override(BERLIN):
        lines = csv_text(table).splitlines()
    assert lines[1] == "A,1234.5,12.5,2026-07-01T14:00:00+02:00"
