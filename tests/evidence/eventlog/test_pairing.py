"""Starts and ends found for each other, also where work overlaps and repeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.eventlog.pairing import paired
from tests.evidence.eventlog import naive
from tests.evidence.eventlog.naive import Mark
from tests.evidence.eventlog.writing import unhurried

marks = st.lists(
    st.builds(
        Mark,
        case=st.sampled_from("12"),
        activity=st.sampled_from("ab"),
        resource=st.sampled_from(["Ann", "Bo", None]),
        at=st.integers(0, 6),
        opens=st.booleans(),
    ),
    max_size=40,
)


def pairs_of(found: list[Mark]) -> set[tuple[int, int]]:
    zero = datetime(2024, 1, 1, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "case": [mark.case for mark in found],
            "activity": pl.Series([mark.activity for mark in found], dtype=pl.Categorical),
            "resource": pl.Series([mark.resource for mark in found], dtype=pl.Categorical),
            "at": pl.Series(
                [zero + timedelta(hours=mark.at) for mark in found], dtype=pl.Datetime("us", "UTC")
            ),
            "opens": pl.Series([mark.opens for mark in found], dtype=pl.Boolean),
        },
        schema_overrides={"case": pl.String},
    )
    return set(paired(frame.with_row_index("order")).select("opener", "closer").rows())


def mark(kind: str, at: int, resource: str | None = "Ann") -> Mark:
    return Mark("1", "a", resource, at, kind == "start")


def test_overlapping_repeats_are_paired_first_in_first_out() -> None:
    assert pairs_of([mark("start", 1), mark("start", 2), mark("end", 3), mark("end", 4)]) == {(0, 2), (1, 3)}


def test_people_keep_their_own_work() -> None:
    found = [mark("start", 1), mark("start", 2, "Bo"), mark("end", 3, "Bo"), mark("end", 4)]
    assert pairs_of(found) == {(1, 2), (0, 3)}


def test_one_may_finish_what_another_began() -> None:
    assert pairs_of([mark("start", 1), mark("end", 2, "Bo")]) == {(0, 1)}
    assert pairs_of([mark("start", 1, None), mark("end", 2, "Bo")]) == {(0, 1)}


def test_an_end_before_any_start_is_left_alone() -> None:
    assert pairs_of([mark("end", 1), mark("start", 2), mark("end", 3), mark("start", 4)]) == {(1, 2)}


def test_at_the_same_instant_the_start_comes_first() -> None:
    assert pairs_of([mark("end", 1), mark("start", 1)]) == {(1, 0)}


@unhurried
@given(marks)
def test_any_marks_are_paired_as_by_walking_through_them(found: list[Mark]) -> None:
    assert pairs_of(found) == naive.paired(found)


@unhurried
@given(marks)
def test_nothing_is_paired_twice_or_backwards_or_across(found: list[Mark]) -> None:
    pairs = pairs_of(found)
    used = [index for pair in pairs for index in pair]
    assert len(used) == len(set(used))
    for opener, closer in pairs:
        assert found[opener].opens
        assert not found[closer].opens
        assert found[opener].at <= found[closer].at
        assert found[opener][:2] == found[closer][:2]
