"""Intervals of shares: against theory, each other and what they must do whatever the counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from backdesk.evidence.statistics import ImpossibleCount, Interval, clopper_pearson, difference, wilson

counts = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@settings(max_examples=60, deadline=None)
@given(counts, confidences)
def test_both_agree_with_scipy(of: tuple[int, int], confidence: float) -> None:
    count, total = of
    found = binomtest(count, total)
    for ours, theirs in (
        (wilson, found.proportion_ci(confidence, method="wilson")),
        (clopper_pearson, found.proportion_ci(confidence, method="exact")),
    ):
        estimate, low, high = ours(count=count, total=total, confidence=confidence)
        assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
        assert 0 <= low <= estimate <= high <= 1


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3, 0.5, 0.98])
def test_the_exact_one_covers_at_least_as_often_as_said_and_the_score_one_about_as_often(
    share: float,
) -> None:
    total = 60
    exact, score = (coverage(interval, share, total) for interval in (clopper_pearson, wilson))
    assert exact >= 0.95
    assert score == pytest.approx(0.95, abs=0.04)


def coverage(interval: object, share: float, total: int) -> float:
    covering = 0.0
    for count in range(total + 1):
        _, low, high = interval(count=count, total=total)  # type: ignore[operator]
        covering += float(binom.pmf(count, total, share)) * (low <= share <= high)
    return covering


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_a_difference_turned_round_is_its_mirror(one: tuple[int, int], other: tuple[int, int]) -> None:
    estimate, low, high = between(one, other)
    assert between(other, one) == pytest.approx((-estimate, -high, -low))
    assert -1 <= low <= estimate <= high <= 1


@pytest.mark.parametrize(
    ("one", "other", "interval"),  # Newcombe (1998), table II; of the last two hardly anything is known
    [
        ((9, 10), (3, 10), (0.6, 0.1705, 0.8090)),
        ((5, 56), (0, 29), (0.0893, -0.0381, 0.1926)),
        ((0, 10), (0, 20), (0.0, -0.1611, 0.2775)),
        ((10, 10), (0, 10), (1.0, 0.6075, 1.0)),
    ],
)
def test_differences_are_those_published(
    one: tuple[int, int], other: tuple[int, int], interval: tuple[float, float, float]
) -> None:
    assert between(one, other) == pytest.approx(interval, abs=5e-5)


def between(one: tuple[int, int], other: tuple[int, int]) -> Interval:
    return difference(count=one[0], total=one[1], other_count=other[0], other_total=other[1])


@pytest.mark.parametrize(
    ("count", "total", "confidence", "said"),
    [
        (0, 0, 0.95, "nothing was observed"),
        (3, 2, 0.95, "3 of 2 is no share"),
        (-1, 2, 0.95, "-1 of 2 is no share"),
        (1, 2, 1.0, "a confidence of 1 is none"),
    ],
)
def test_what_is_no_share_is_refused(count: int, total: int, confidence: float, said: str) -> None:
    for interval in (wilson, clopper_pearson):
        with pytest.raises(ImpossibleCount, match=said):
            interval(count=count, total=total, confidence=confidence)
