"""Figures in plain words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.assessment.wording import Unit, in_words, listed, money, number


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0, "share", "0 %"),
        (0.0003, "share", "under 0.1 %"),
        (0.0049, "share", "0.5 %"),
        (0.126, "share", "13 %"),
        (0.9996, "share", "99.9 %"),
        (1.0, "share", "100 %"),
        (2.5, "share", "250 %"),
        (0.0, "hours", "0 hours"),
        (1.0, "hours", "1 hour"),
        (1.04, "hours", "1 hour"),
        (0.5, "hours", "30 minutes"),
        (0.99, "hours", "59 minutes"),
        (0.999, "hours", "1 hour"),
        (0.01, "hours", "36 seconds"),
        (0.0001, "hours", "under a second"),
        (957.3, "hours", "957 hours"),
        (1.0, "minutes", "1 minute"),
        (238.0, "minutes", "4 hours"),
        (1.0, "people", "one person"),
        (3.0, "people", "3 people"),
        (1.0, "months", "1 month"),
        (2.04, "months", "2.04 months"),
        (1.0, "crossings", "1 crossing"),
        (0.134, "crossings", "0.13 crossings"),
    ],
)
def test_figures_are_said_as_one_says_them(value: float, unit: Unit, said: str) -> None:
    assert in_words(value, unit) == said


@given(
    st.floats(0, 1e9), st.sampled_from(["share", "hours", "minutes", "months", "steps", "people", "times"])
)
def test_every_figure_can_be_said_in_a_few_words(value: float, unit: Unit) -> None:
    said = in_words(value, unit)

    assert 0 < len(said) < 30
    assert "e+" not in said
    assert "nan" not in said


@given(st.floats(-1e9, 1e9))
def test_a_number_is_never_far_from_what_it_says(value: float) -> None:
    said = float(number(value).replace(",", ""))

    assert said == pytest.approx(value, rel=0.006, abs=0.006)


def test_money_has_its_currency() -> None:
    assert money(Decimal("0.5"), "EUR") == "0.50 EUR"
    assert money(Decimal("12345.678"), "SEK") == "12,346 SEK"


def test_lists_are_said_as_one_says_them() -> None:
    assert [listed(()), listed(("A",)), listed(("A", "B")), listed(("A", "B", "C"))] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
    assert listed(("A", "B", "C", "D", "E"), most=2) == "A, B and 3 more"
