"""Texts that know what they are made of, and can be kept with it."""

from __future__ import annotations

import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.sentences import (
    COUNTED,
    Day,
    Digits,
    Sentence,
    as_data,
    capitalised,
    counted,
    digits,
    from_data,
    in_a_row,
    say,
)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (counted(0, "case"), "0 cases"),
        (counted(1, "activity"), "1 activity"),
        (counted(1_200, "person"), "1,200 people"),
        (say("{}: {}", "A", (say("small"), say("steady"))), "A: small; steady"),
        (capitalised(say("it waits")), "It waits"),
        (in_a_row(["A", "B", "C"], most=2), "A, B, …"),
        (in_a_row(["A"], most=2), "A"),
        (Day.of(date(2026, 2, 3)), "3 Feb 2026"),
    ],
)
def test_in_english_a_sentence_is_a_plain_text(said: str, text: str) -> None:
    assert said == text


def test_what_may_be_counted_has_a_text_for_one_and_one_for_many() -> None:
    assert all(one.startswith("1 ") and many.startswith("{} ") for one, many in COUNTED.values())


def parts() -> st.SearchStrategy[object]:
    words = st.text(max_size=8)
    leaves = st.one_of(
        words,
        st.integers(0, 10**6).map(digits),
        st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(Day.of),
    )
    return st.recursive(
        leaves, lambda of: st.one_of(sentences(of), st.lists(sentences(of), max_size=2).map(tuple))
    )


def sentences(of: st.SearchStrategy[object]) -> st.SearchStrategy[Sentence]:
    made = st.lists(of, min_size=1, max_size=3).map(lambda values: say("of " + "{} " * len(values), *values))
    return st.one_of(made, made.map(capitalised))


@given(sentences(parts()))
def test_what_is_kept_is_the_same_sentence_again(sentence: Sentence) -> None:
    again = from_data(json.loads(json.dumps(as_data(sentence))))

    assert again == sentence
    assert kinds(again) == kinds(sentence)
    assert kinds(pickle.loads(pickle.dumps(sentence))) == kinds(sentence)


def kinds(text: object) -> object:
    """What a text is made of, all the way down."""
    if isinstance(text, Sentence):
        return text.template, text.capital, [kinds(value) for value in text.values]
    if isinstance(text, tuple):
        return [kinds(one) for one in text]
    return type(text), text


def test_what_was_kept_as_a_plain_text_stays_one() -> None:
    assert from_data("Kept before.") == "Kept before."
    assert type(from_data("Kept before.")) is str


def test_digits_that_were_kept_as_a_text_would_be_seen() -> None:
    """The negative control."""
    assert kinds(say("{}", Digits("1,000"))) != kinds(say("{}", "1,000"))
