"""Which step made which one possible, and which activities run side by side."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import concurrency, enabling, enabling_quick
from backdesk.evidence.eventlog._turns import NEVER, NONE
from backdesk.evidence.eventlog.concurrency import Work, concurrent_pairs
from backdesk.evidence.eventlog.enabling import arrivals, predecessors, predecessors_of
from backdesk.evidence.eventlog.numbering import case_numbers, closed_up
from tests.evidence.eventlog import naive
from tests.evidence.eventlog.naive import Step
from tests.evidence.eventlog.writing import unhurried

lengths = st.one_of(st.just(0), st.integers(0, 4))
steps = st.lists(
    st.builds(
        lambda case, activity, start, length: Step(case, activity, start, start + length),
        st.integers(0, 5),
        st.integers(0, 3),
        st.integers(0, 12),
        lengths,
    ),
    max_size=60,
)


sequences = st.lists(st.text("abc", min_size=1, max_size=4), min_size=4, max_size=24)
branches = st.lists(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 9)), min_size=2, max_size=3),
    min_size=2,
    max_size=20,
)


def work_of(found: list[Step]) -> Work:
    case, activity, start, end = np.array(found, dtype=np.int64).reshape(-1, 4).T
    activities = int(activity.max(initial=-1)) + 1
    return Work(case, activity, start, end, np.arange(len(found)), activities)


def beside(found: list[Step]) -> set[tuple[int, int]]:
    work = work_of(found)
    flags = concurrent_pairs(work.taken(work.by_start()))
    return {(int(a), int(b)) for a, b in zip(*np.nonzero(flags), strict=True)}


def cases(*sequences: str, length: int = 0) -> list[Step]:
    """Make cases whose activities, letters from a, follow each other hour by hour."""
    return [
        Step(case, ord(letter) - ord("a"), at, at + length)
        for case, sequence in enumerate(sequences)
        for at, letter in enumerate(sequence)
    ]


def test_activities_in_either_order_run_side_by_side() -> None:
    assert beside(cases("abcd", "acbd", "abcd", "acbd")) == {(1, 2), (2, 1)}


def test_a_loop_does_not_run_side_by_side_with_itself() -> None:
    assert beside(cases("abab", "abab", "abab", "ab", "ab", "ab")) == set()


def test_a_rare_other_order_is_noise() -> None:
    assert beside(cases(*["ab"] * 20, *["ba"] * 3)) == set()
    assert beside(cases("ab", "ba")) == set()


def test_activities_that_often_overlap_run_side_by_side() -> None:
    overlapping = [Step(case, activity, activity, 5) for case in range(3) for activity in (0, 1)]
    assert beside(overlapping) == {(0, 1), (1, 0)}
    apart = [
        Step(case, activity, 10 * activity, 10 * activity + 5)
        for case in range(10, 40)
        for activity in (0, 1)
    ]
    assert beside(overlapping + apart) == set()


def test_loops_in_more_than_half_as_many_cases_speak_against_running_side_by_side() -> None:
    assert beside(cases(*["ab", "ba"] * 2, "aba", "aba")) == {(0, 1), (1, 0)}
    assert beside(cases(*["ab", "ba"] * 2, "aba", "aba", "bab")) == set()


def test_a_quarter_of_the_cases_that_have_both_must_overlap() -> None:
    overlapping = [Step(case, activity, activity, 5) for case in range(2) for activity in (0, 1)]

    def apart(count: int) -> list[Step]:
        return [
            Step(2 + case, activity, 9 * activity, 9 * activity + 5)
            for case in range(count)
            for activity in (0, 1)
        ]

    assert beside(overlapping + apart(6)) == {(0, 1), (1, 0)}
    assert beside(overlapping + apart(7)) == set()


def test_an_activity_may_run_beside_itself() -> None:
    overlapping = [Step(case, 0, at, at + 5) for case in range(3) for at in (0, 1)]
    assert beside(overlapping) == {(0, 0)}
    once = [Step(case, 0, 0, 5) for case in range(10, 50)]
    assert beside(overlapping + once) == {(0, 0)}  # of the cases that have it twice, all overlap


def test_a_step_is_enabled_by_the_one_before_in_a_sequence() -> None:
    found = cases("abc", "abc", length=1)
    assert predecessors(work_of(found)).tolist() == [NONE, 0, 1, NONE, 3, 4]


def test_what_runs_beside_a_step_does_not_enable_it() -> None:
    found = cases("abcd", "acbd", "abcd", "acbd")
    assert predecessors(work_of(found)).tolist()[:8] == [NONE, 0, 0, 2, NONE, 4, 4, 6]


def test_steps_of_one_instant_enable_each_other_in_their_order_only() -> None:
    found = [Step(0, activity, 7, 7) for activity in range(3)]
    assert predecessors(work_of(found)).tolist() == [NONE, 0, 1]


def test_a_step_that_is_still_running_enables_nothing() -> None:
    found = [Step(0, 0, 0, NEVER), Step(0, 1, 5, 6), Step(0, 2, 7, NEVER)]
    assert predecessors(work_of(found)).tolist() == [NONE, NONE, 1]


def test_no_steps_are_no_trouble() -> None:
    assert predecessors(work_of([])).tolist() == []


@unhurried
@given(steps)
def test_concurrency_is_found_as_by_counting(found: list[Step]) -> None:
    assert beside(found) == naive.concurrent(found)


@unhurried
@given(sequences)
def test_either_order_is_found_as_by_counting(written: list[str]) -> None:
    found = cases(*written)
    assert beside(found) == naive.concurrent(found)


@unhurried
@given(branches)
def test_overlap_is_found_as_by_counting(written: list[list[tuple[int, int, int]]]) -> None:
    found = [
        Step(case, activity, start, start + length)
        for case, steps in enumerate(written)
        for activity, start, length in steps
    ]
    assert beside(found) == naive.concurrent(found)


@unhurried
@given(steps)
def test_predecessors_are_found_as_by_looking_at_every_other_step(found: list[Step]) -> None:
    expected = naive.predecessors(found, naive.concurrent(found))
    assert predecessors(work_of(found)).tolist() == [NONE if place is None else place for place in expected]


def _quick_and_general(work: Work) -> tuple[tuple[list[int], list[int]] | None, tuple[list[int], list[int]]]:
    found, rows = enabling_quick.preceded(work), work.by_start()
    quick = None if found is None else (found[0].tolist(), found[1].tolist())
    return quick, (rows.tolist(), predecessors_of(work.taken(rows)).tolist())


@unhurried
@given(st.one_of(steps, sequences.map(lambda written: cases(*written))), st.randoms(use_true_random=False))
def test_compiled_code_finds_the_same(found: list[Step], chance: Random) -> None:
    running = [one._replace(end=NEVER) if chance.random() < 0.1 else one for one in found]
    work = work_of(running).taken(np.array(chance.sample(range(len(found)), len(found)), dtype=np.int64))
    quick, general = _quick_and_general(work)
    assert quick == general


@settings(deadline=None, max_examples=30)
@given(steps)
def test_so_it_does_as_it_is_written(found: list[Step]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enabling_quick, "compiled", lambda function: function)
        quick, general = _quick_and_general(work_of(found))
    assert quick == general


def test_steps_of_no_case_are_kept_from_compiled_code_which_would_write_anywhere() -> None:
    work = work_of([Step(case, 0, 0, 1) for case in (0, -1)])
    assert enabling_quick.preceded(work) is None
    assert enabling_quick.preceded(work.taken(work.case >= 0)) is not None


def test_it_counts_no_more_neighbours_than_the_general_way() -> None:
    found = [Step(case, int(at == 65), at, 1000) for case in range(2) for at in range(66)]
    quick, general = _quick_and_general(work_of(found))
    assert quick == general


def test_where_it_would_take_long_it_leaves_steps_to_the_general_way(monkeypatch: pytest.MonkeyPatch) -> None:
    backwards = work_of([Step(0, 0, -at, -at) for at in range(400)])
    beside_itself = work_of([Step(at % 2, 0, at, at + 3) for at in range(800)])
    many = work_of([Step(0, at, at, at) for at in range(2000)])
    for work in (backwards, beside_itself, many):
        quick, general = _quick_and_general(work)
        assert quick is None
        monkeypatch.setattr(enabling, "MANY", 0)
        rows, before = enabling.preceded(work)
        assert (rows.tolist(), before.tolist()) == general


@settings(deadline=None, max_examples=30)
@given(steps, st.integers(-(2**40), 2**40), st.sampled_from((1, 2**20, 2**56)))
def test_only_the_order_of_times_counts_however_far_apart(found: list[Step], begin: int, unit: int) -> None:
    far = [one._replace(start=begin + one.start * unit, end=begin + one.end * unit) for one in found]
    assert predecessors(work_of(far)).tolist() == predecessors(work_of(found)).tolist()


@settings(deadline=None, max_examples=30)
@given(steps, st.randoms(use_true_random=False))
def test_rows_may_stand_in_any_order(found: list[Step], chance: Random) -> None:
    rows = list(range(len(found)))
    chance.shuffle(rows)
    mixed = predecessors(work_of(found).taken(np.array(rows, dtype=np.int64))).tolist()
    sorted_again = {rows[place]: NONE if one == NONE else rows[one] for place, one in enumerate(mixed)}
    assert predecessors(work_of(found)).tolist() == [sorted_again[row] for row in range(len(found))]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text("abé", max_size=2)))
def test_cases_are_numbered_in_the_order_of_their_names(cases: list[str]) -> None:
    names = sorted(set(cases))
    assert case_numbers(pl.Series(cases, dtype=pl.String)).tolist() == [names.index(one) for one in cases]


def test_cases_numbered_already_keep_their_numbers_unless_these_are_far_apart() -> None:
    assert case_numbers(pl.Series([2, 0, 2], dtype=pl.UInt32)).tolist() == [2, 0, 2]
    assert case_numbers(pl.Series([10**12, 7, 10**12])).tolist() == [1, 0, 1]
    assert case_numbers(pl.Series([-1, 1])).tolist() == [0, 1]


def test_a_case_arrives_with_the_earliest_that_is_known_of_its_steps() -> None:
    work = work_of([Step(0, 0, 5, 9), Step(1, 0, 3, 4), Step(0, 1, 7, 8)])
    assert arrivals(work, work.start).tolist() == [5, 3, 5]
    assert arrivals(work_of([]), work_of([]).start).tolist() == []


@settings(deadline=None, max_examples=20)
@given(steps, st.sampled_from((1, 2**56)))
def test_rows_are_put_in_order_as_by_sorting_them(found: list[Step], unit: int) -> None:
    work = work_of([one._replace(start=one.start * unit, end=one.end * unit) for one in found])
    keys = list(zip(work.case, work.start, work.end, work.order, strict=True))
    assert work.by_start().tolist() == sorted(range(len(found)), key=keys.__getitem__)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 40)))
def test_codes_are_closed_up_in_their_order(codes: list[int]) -> None:
    values = sorted(set(codes))
    assert closed_up(np.array(codes, dtype=np.int64)).tolist() == [values.index(one) for one in codes]


@unhurried
@given(steps)
def test_causes_never_run_in_circles(found: list[Step]) -> None:
    causes = predecessors(work_of(found)).tolist()
    for place in range(len(found)):
        chain = [place]
        while causes[chain[-1]] != NONE:
            chain.append(causes[chain[-1]])
            assert len(chain) <= len(found)
        for later, earlier in pairwise(chain):
            assert found[earlier].end <= found[later].start


@pytest.mark.parametrize("at_once", [1, 2, 8192])
def test_cases_counted_in_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(concurrency, "CASES_AT_ONCE", at_once)
    found = [Step(case, activity, activity, 5) for case in range(7) for activity in range(case % 4)]
    assert beside(found) == naive.concurrent(found)


def test_a_log_of_thousands_of_activities_is_taken_as_a_sequence() -> None:
    found = [Step(0, activity, activity, activity) for activity in range(2000)]
    assert predecessors(work_of(found)).tolist() == [NONE, *range(1999)]
