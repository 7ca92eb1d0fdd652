"""Minimum cuts against trying every subset."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backdesk.evidence.assessment import _flows
from backdesk.evidence.assessment._cuts import best_set, best_sets

Floats = NDArray[np.float64]


def worth(members: NDArray[np.bool_], gain: Floats, crossings: Floats, price: float) -> float:
    return float(gain[members].sum() - price * crossings[np.ix_(members, ~members)].sum())


def tried(gain: Floats, crossings: Floats, price: float) -> float:
    subsets = (np.array(bits, dtype=bool) for bits in product((False, True), repeat=len(gain)))
    return max(worth(subset, gain, crossings, price) for subset in subsets)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Floats, Floats]:
    n = draw(st.integers(1, 10))
    gains = st.one_of(st.floats(-200, 200), st.just(0.0), st.just(-np.inf))
    gain = np.array(draw(st.lists(gains, min_size=n, max_size=n)))
    crossings = np.zeros((n, n))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.floats(0, 500))
    for i, j, count in draw(st.lists(pairs, max_size=20)):
        if i != j:
            crossings[i, j] += count
            crossings[j, i] += count
    return gain, crossings


@given(graph=graphs(), price=st.floats(0, 5))
@settings(max_examples=150, deadline=None)
def test_no_subset_is_better_than_the_cut(graph: tuple[Floats, Floats], price: float) -> None:
    gain, crossings = graph
    found = best_set(gain, crossings, price)

    assert np.isfinite(gain[found.members]).all()
    size = np.abs(gain[np.isfinite(gain)]).sum() + price * crossings.sum()
    best = tried(gain, crossings, price)
    assert worth(found.members, gain, crossings, price) == pytest.approx(best, abs=1e-6 * size + 1e-9)


@given(graph=graphs(), price=st.floats(0.01, 4.9))
@settings(max_examples=60, deadline=None)
def test_the_family_holds_a_best_set_for_every_price(graph: tuple[Floats, Floats], price: float) -> None:
    gain, crossings = graph
    family = best_sets(gain, crossings, least=0.01, most=5)

    size = np.abs(gain[np.isfinite(gain)]).sum() + 5 * crossings.sum()
    best = max(worth(one.members, gain, crossings, price) for one in family)
    assert best == pytest.approx(tried(gain, crossings, price), abs=1e-4 * size + 1e-9)


def test_a_worthless_link_is_taken_along_when_it_saves_crossings() -> None:
    gain = np.array([10.0, -1.0, 10.0])
    crossings = np.array([[0.0, 8, 0], [8, 0, 8], [0, 8, 0]])

    assert best_set(gain, crossings, 0.01).members.tolist() == [True, False, True]
    assert best_set(gain, crossings, 0.5).members.tolist() == [True, True, True]


def test_what_must_stay_stays_whatever_the_crossings_cost() -> None:
    gain = np.array([10.0, -np.inf, 10.0])
    crossings = np.array([[0.0, 8, 0], [8, 0, 8], [0, 8, 0]])

    assert not best_set(gain, crossings, 100.0).members.any()


@given(
    flows=st.integers(2, 9).flatmap(
        lambda n: st.lists(st.integers(0, 5) | st.integers(0, 2**24), min_size=n * n, max_size=n * n)
    )
)
@settings(max_examples=50, deadline=None)
def test_few_are_cut_as_many_are(flows: list[int]) -> None:
    n = int(len(flows) ** 0.5)
    capacity = np.array(flows, dtype=np.int64).reshape(n, n)
    np.fill_diagonal(capacity, 0)
    assert (_flows._few(capacity, 0, n - 1) == _flows._many(capacity, 0, n - 1)).all()


def test_few_and_many_are_told_apart_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    gain, crossings = np.array([5.0, -1.0, -9.0]), np.array([[0.0, 4, 1], [4, 0, 1], [1, 1, 0]])
    monkeypatch.setattr(_flows, "FEW", 0)
    monkeypatch.delattr(_flows, "_few")
    assert best_set(gain, crossings, 1.0).members.tolist() == [True, True, False]
