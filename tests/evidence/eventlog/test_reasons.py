"""A reason for a rejected row is a text in a column, and can be said anew in another language."""

from __future__ import annotations

import polars as pl
import pytest

from backdesk.evidence.eventlog.reasons import REASONS, filled, understood
from backdesk.evidence.sentences import Sentence


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_understood_as_what_it_was_made_of(reason: str) -> None:
    values = [f"{number} ({{}})" for number in range(reason.count("{}"))]
    said = understood(reason.format(*values))

    assert isinstance(said, Sentence)
    assert (said.template, list(said.values)) == (reason, values)


@pytest.mark.parametrize("reason", REASONS)
def test_a_column_of_reasons_says_what_one_reason_says(reason: str) -> None:
    values = [str(number) for number in range(reason.count("{}"))]

    assert pl.select(filled(reason, *map(pl.lit, values))).item() == reason.format(*values)


def test_what_is_no_reason_stays_what_it_is() -> None:
    """The negative control: not everything is understood."""
    assert type(understood("The row is the same as ever.")) is str
