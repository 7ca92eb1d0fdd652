"""Texts are cleaned once each, and every row keeps its own."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from backdesk.evidence.eventlog.attributes import NO_VALUE
from backdesk.evidence.eventlog.texts import Texts

WORDS = some.lists(
    some.one_of(some.none(), some.sampled_from([" a", "a", "b ", "Ä", *NO_VALUE]), some.text())
)


def _plainly(value: str | None) -> str | None:
    text = value.strip() if value is not None else None
    return None if text in NO_VALUE else text


@given(WORDS)
@settings(max_examples=50)
def test_each_row_has_its_own_text_cleaned(values: list[str | None]) -> None:
    texts = Texts.of(pl.Series(values, dtype=pl.String))
    # What counts as a blank differs beyond these: the controls FS to US are blanks to Python alone.
    odd = [any("\x1c" <= letter <= "\x1f" for letter in value or "") for value in values]
    found = texts.slice(0, len(values)).to_list()
    assert [one for one, is_odd in zip(found, odd, strict=True) if not is_odd] == [
        _plainly(value) for value, is_odd in zip(values, odd, strict=True) if not is_odd
    ]


def test_a_slice_begins_where_it_is_asked_to() -> None:
    texts = Texts.of(pl.Series(["x", "y", None, "x"]))
    assert texts.slice(1, 3).to_list() == ["y", None, "x"]


def test_values_are_changed_typed_and_judged_as_one() -> None:
    texts = Texts.of(pl.Series(["Start", "END", "Start"]))
    lower = texts.through(lambda text: text.str.to_lowercase())
    typed = lower.of_type(pl.Categorical())
    assert typed.slice(0, 3).dtype == pl.Categorical
    assert typed.slice(0, 3).cast(pl.String).to_list() == ["start", "end", "start"]
    assert typed.any(pl.col("text") == "end")
    assert not typed.any(pl.col("text") == "END")


def test_texts_that_are_numbered_already_keep_their_numbers() -> None:
    own = pl.Series(["x", None, " y", "x"], dtype=pl.Categorical(pl.Categories.random()))
    texts = Texts.of(own.filter(pl.Series([True, True, False, True])))
    assert texts.places.to_list() == [0, None, 0]
    assert texts.slice(0, 3).to_list() == ["x", None, "x"]
    assert Texts.of(own).distinct.to_list() == ["x", "y"]


def test_what_other_tables_numbered_is_numbered_anew() -> None:
    _ = pl.Series([f"another {number}" for number in range(5)], dtype=pl.Categorical())
    texts = Texts.of(pl.Series(["x", "another 4"], dtype=pl.Categorical()))
    assert (texts.distinct.to_list(), texts.places.to_list()) == (["x", "another 4"], [0, 1])


def test_columns_without_a_text_have_none() -> None:
    for values in ([], [None, None]):
        texts = Texts.of(pl.Series(values, dtype=pl.Categorical(pl.Categories.random())))
        assert texts.slice(0, 2).to_list() == values
