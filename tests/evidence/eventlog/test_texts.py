"""Texts are cleaned once each, and every row keeps its own."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from backdesk.evidence.eventlog.attributes import NO_VALUE
from backdesk.evidence.eventlog.texts import Texts, numbered

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


@given(WORDS)
@settings(max_examples=50)
def test_equal_texts_have_equal_numbers_and_others_have_others(values: list[str | None]) -> None:
    numbers = pl.DataFrame({"case": pl.Series(values, dtype=pl.String)}).select(numbered("case"))["case"]
    pairs = set(zip(values, numbers.to_list(), strict=True))
    assert len(pairs) == len({value for value, _ in pairs}) == len({number for _, number in pairs})
    assert all((value is None) == (number is None) for value, number in pairs)
