"""Which cases, and which part of each, a map is made of."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.process import Selection, UnknownColumn, process_map, select
from tests.evidence.process.logs import MONDAY, NAMES, case_lists, measured, patient

CASES = {
    "a": ["Receive", "Check", "Pay"],
    "b": ["Receive", "Check", "Check", "Pay", "File"],
    "c": ["Receive", "Pay"],
    "d": ["Receive", "Check", "Pay"],
    "e": ["Pay", "Receive"],
}


def kept(**choice: object) -> dict[str, list[str]]:
    """The activities kept of each case."""
    rows = select(measured(CASES), keep=Selection(**choice))  # type: ignore[arg-type]
    return words(rows)


def words(steps: pl.DataFrame) -> dict[str, list[str]]:
    grouped = steps.sort("started_at").group_by("case").agg(pl.col("activity").cast(pl.String))
    return dict(sorted(grouped.rows()))


def test_what_is_not_said_keeps_all() -> None:
    assert kept() == CASES
    assert Selection().keeps_all


def test_cases_are_kept_by_the_activities_they_have_and_lack() -> None:
    assert list(kept(contains=("Check",))) == ["a", "b", "d"]
    assert list(kept(contains=("Check",), lacks=("File",))) == ["a", "d"]
    assert kept(contains=("Nowhere",)) == {}


def test_cases_are_kept_by_when_they_began() -> None:
    """Each case of this log begins 10 minutes after its Monday morning."""
    begun = (MONDAY + timedelta(minutes=10)).astimezone(ZoneInfo("Asia/Tokyo"))
    assert kept(begun_from=begun) == CASES
    assert kept(begun_from=begun + timedelta(seconds=1)) == {}
    assert kept(begun_before=begun) == {}


def test_cases_are_kept_by_what_one_of_their_steps_has_in_a_column() -> None:
    steps = measured(CASES).with_columns(
        pl.when(pl.col("case") == "c").then(pl.lit("web")).alias("case:channel")
    )
    assert list(words(select(steps, keep=Selection(where={"case:channel": "web"})))) == ["c"]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownColumn, match=r"no column “case:colour”\. They have case, activity"):
        kept(where={"case:colour": "red"})


@pytest.mark.parametrize(
    ("share", "cases"), [(0, "ad"), (0.4, "ad"), (0.41, "ade"), (0.6, "ade"), (0.8, "acde"), (1, "abcde")]
)
def test_the_most_frequent_variants_are_kept_until_they_hold_the_share_of_cases(
    share: float, cases: str
) -> None:
    assert "".join(kept(variants_share=share)) == cases


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="variants_share"):
        kept(variants_share=share)


def test_between_two_keeps_what_lies_from_the_first_to_the_last_after_it() -> None:
    assert kept(between=("Receive", "Check")) == {
        "a": ["Receive", "Check"],
        "b": ["Receive", "Check", "Check"],
        "d": ["Receive", "Check"],
    }
    assert kept(between=("Check", "Check")) == {"b": ["Check", "Check"]}


def test_between_two_the_map_begins_and_ends_with_them() -> None:
    shown = process_map(select(measured(CASES), keep=Selection(between=("Check", "Pay"))), paths_share=1)
    assert [(edge.target, edge.count) for edge in shown.starts] == [("Check", 3)]
    assert [(edge.source, edge.count) for edge in shown.ends] == [("Pay", 3)]
    assert {edge.key: edge.count for edge in shown.edges} == {("Check", "Check"): 1, ("Check", "Pay"): 3}


@patient
@given(case_lists(), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_between_agrees_with_cutting_every_case_by_hand(
    cases: dict[str, list[str]], first: str, last: str
) -> None:
    found = words(select(measured(cases), keep=Selection(between=(first, last))))
    assert found == {case: part for case, word in cases.items() if (part := cut(word, first, last))}


def cut(word: list[str], first: str, last: str) -> list[str]:
    if first not in word:
        return []
    opens = word.index(first)
    closes = [place for place, name in enumerate(word) if name == last and place > opens]
    return word[opens : closes[-1] + 1] if closes else []


@patient
@given(case_lists(), st.floats(0, 1))
def test_any_selection_is_a_log_that_can_be_mapped(cases: dict[str, list[str]], share: float) -> None:
    some = select(measured(cases), keep=Selection(variants_share=share))
    assert some["case"].n_unique() >= share * len(cases)
    shown = process_map(some, paths_share=1)
    assert sum(edge.count for edge in (*shown.edges, *shown.starts)) == some.height
