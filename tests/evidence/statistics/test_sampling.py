"""Samples drawn by a keyed hash: reproducible, uniform, and telling nothing of one another."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chisquare, kstest

from backdesk.evidence.statistics import (
    ImpossibleSample,
    clopper_pearson,
    sample_size,
    sample_size_to_see,
    sampled,
    wilson,
)

MANY = 20_000
KEYS = [f"INV-{number:06d}" for number in range(MANY)]


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 0.97])
def test_the_share_drawn_is_the_share_asked_for(share: float) -> None:
    drawn = sum(sampled(key, seed=b"May", share=share) for key in KEYS)
    _, low, high = clopper_pearson(count=drawn, total=MANY, confidence=0.9999)
    assert low <= share <= high


def test_an_item_is_drawn_whatever_the_order_and_whatever_else_there_is() -> None:
    def drawn(keys: list[str]) -> set[str]:
        return {key for key in keys if sampled(key, seed=b"May", share=0.1)}

    shuffled = random.Random(1).sample(KEYS, len(KEYS))
    assert drawn(shuffled) == drawn(KEYS)
    assert drawn(KEYS[: MANY // 2]) == drawn(KEYS) & set(KEYS[: MANY // 2])


def test_two_seeds_draw_as_if_they_knew_nothing_of_each_other() -> None:
    both = [[0, 0], [0, 0]]
    for key in KEYS:
        both[sampled(key, seed=b"May", share=0.5)][sampled(key, seed=b"June", share=0.5)] += 1
    assert chisquare([*both[0], *both[1]]).pvalue > 1e-4


def test_neighbours_are_drawn_as_if_they_knew_nothing_of_each_other() -> None:
    drawn = [sampled(key, seed=b"May", share=0.3) for key in KEYS]
    pairs = sum(one and other for one, other in pairwise(drawn))
    assert 1e-4 < binom.cdf(pairs, MANY - 1, 0.09) < 1 - 1e-4


def test_the_smallest_share_that_takes_an_item_is_uniform() -> None:
    def least(key: str) -> float:
        low, high = 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (low, middle) if sampled(key, seed=b"May", share=middle) else (middle, high)
        return high

    assert kstest([least(key) for key in KEYS[:2000]], "uniform").pvalue > 1e-4


@settings(max_examples=50, deadline=None)
@given(st.text(), st.binary(min_size=1, max_size=64), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_takes_what_a_smaller_takes(key: str, seed: bytes, one: float, other: float) -> None:
    if sampled(key, seed=seed, share=min(one, other)):
        assert sampled(key, seed=seed, share=max(one, other))
    assert sampled(key, seed=seed, share=1)
    assert not sampled(key, seed=seed, share=0)


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5])
def test_a_sample_of_the_size_advised_is_as_exact_as_asked(share: float) -> None:
    size = sample_size(margin=0.02, share=share)
    count = round(size * share)
    _, low, high = wilson(count=count, total=size)
    assert (high - low) / 2 == pytest.approx(0.02, abs=0.001)


def test_nothing_small_needs_more_than_there_is() -> None:
    assert [sample_size(margin=0.01, population=count) for count in (1, 2, 3)] == [1, 2, 3]
    assert sample_size(margin=0.05) == 385


@pytest.mark.parametrize("share", [0.5, 0.05, 0.003])
def test_so_many_see_one_as_likely_as_said_and_one_less_would_not(share: float) -> None:
    size = sample_size_to_see(share=share)
    assert (1 - share) ** size <= 0.05 < (1 - share) ** (size - 1)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ImpossibleSample, match=r"a share of 1\.5 is none"):
        sampled("A", seed=b"May", share=1.5)
    with pytest.raises(ImpossibleSample, match="1 to 64 bytes, not 0"):
        sampled("A", seed=b"", share=0.5)
    with pytest.raises(ImpossibleSample, match="not 65"):
        sampled("A", seed=b"x" * 65, share=0.5)
    with pytest.raises(ImpossibleSample, match="a margin of 0 is none"):
        sample_size(margin=0)
    with pytest.raises(ImpossibleSample, match="a population of 0"):
        sample_size(margin=0.1, population=0)
    with pytest.raises(ImpossibleSample, match="a share of 0 will not do"):
        sample_size_to_see(share=0)
    with pytest.raises(ImpossibleSample, match="a confidence of 1 will not do"):
        sample_size_to_see(share=0.1, confidence=1)
