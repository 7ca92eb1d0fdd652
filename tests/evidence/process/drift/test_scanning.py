"""Changes are found where there are some, and where there are none no more often than is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backdesk.evidence.process.drift import scanning
from backdesk.evidence.process.drift.scanning import Table, changes, strongest_split

PERIODS, FIGURES, EACH = 16, 6, 20


def made(rng: np.random.Generator, shares: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Table:
    """Twenty observations a period and figure, yes with the given share."""
    sums = rng.binomial(EACH, shares).astype(np.float64)
    counts = np.full_like(sums, EACH)
    return Table(counts=counts, sums=sums, squares=sums, needed=scanning.rare_enough(counts, sums))


def steady(rng: np.random.Generator, *, alike: float) -> Table:
    """Nothing changes; with `alike` above 0 the cases of a period resemble each other, in all figures at once."""
    period = rng.normal(0, alike, (PERIODS, 1)) if alike else np.zeros((PERIODS, 1))
    return made(rng, np.clip(np.linspace(0.1, 0.8, FIGURES) + period, 0.01, 0.99))


@pytest.mark.parametrize("alike", [0.0, 0.08])
def test_where_nothing_changes_a_change_is_found_as_rarely_as_is_said(alike: float) -> None:
    """At confidence 0.9 in 10 of 100; here between 4 and 17 of 100, which chance leaves in 1 of 200."""
    rng = np.random.default_rng(20261122)
    found = 0
    for _ in range(150):
        split = strongest_split(steady(rng, alike=alike), least=4, rounds=39, confidence=0.9, rng=rng)
        found += split is not None and split.p_value <= 0.1
    assert 0.04 <= found / 150 <= 0.17


def test_without_paying_for_the_looking_it_would_be_found_most_of_the_time() -> None:
    """The control: each split of each figure at the usual 1.96 standard errors."""
    rng = np.random.default_rng(1)
    alarms = [np.abs(scanning._scores(steady(rng, alike=0), 4)).max() > 1.96 for _ in range(50)]
    assert np.mean(alarms) > 0.6


def shares(*parts: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Periods whose first figure has each share for as long as the others; the rest stay."""
    first = np.repeat(parts, PERIODS)
    return np.column_stack([first, *(np.full(len(first), share) for share in (0.2, 0.5))])


def test_a_change_is_found_where_it_is() -> None:
    places = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        found = strongest_split(made(rng, shares(0.7, 0.4)), least=4, rounds=99, confidence=0.95, rng=rng)
        assert found is not None
        assert found.p_value == 0.01
        assert abs(found.scores[0]) >= found.threshold > np.abs(found.scores[1:]).max()
        assert found.scores[0] < 0
        places.append(found.at)
    assert np.abs(np.array(places) - PERIODS).mean() < 1


def test_several_changes_are_found_each_between_its_neighbours() -> None:
    """Each part is tested at 0.95, so that of three steady parts one seems to change now and then."""
    right = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        found = list(changes(made(rng, shares(0.7, 0.2, 0.6)), least=4, rounds=59, confidence=0.95, rng=rng))
        if [first + split.at for first, split, _ in found] == [PERIODS, 2 * PERIODS]:
            assert [(first, end) for first, _, end in found] == [(0, 2 * PERIODS), (PERIODS, 3 * PERIODS)]
            assert [np.sign(split.scores[0]) for _, split, _ in found] == [-1, 1]
            right += 1
    assert right >= 8


def test_scores_are_differences_in_standard_errors() -> None:
    table = made(np.random.default_rng(4), shares(0.5, 0.5))
    scores = scanning._scores(table, 4)
    for row, at in ((0, 4), (5, 9)):
        early, late = table.part(0, at), table.part(at, 2 * PERIODS)
        means = [part.sums[:, 0].sum() / part.counts[:, 0].sum() for part in (early, late)]
        mean = table.sums[:, 0].mean() / EACH
        spread = max(mean * (1 - mean), ((table.sums[:, 0] - mean * EACH) ** 2).sum() / (EACH * 2 * PERIODS))
        error = np.sqrt(spread * (1 / (EACH * at) + 1 / (EACH * (2 * PERIODS - at))))
        assert scores[row, 0] == pytest.approx((means[1] - means[0]) / error)


def test_where_too_little_was_observed_nothing_is_said() -> None:
    table = made(np.random.default_rng(5), shares(0.9, 0.1))
    assert not scanning._scores(replace(table, needed=np.full(3, 1e9)), 4).any()
    nobody = replace(table, counts=table.counts * 0, sums=table.sums * 0, squares=table.sums * 0)
    assert not scanning._scores(nobody, 4).any()


def test_too_few_periods_have_no_split() -> None:
    rng = np.random.default_rng(6)
    table = made(rng, shares(0.9, 0.1)).part(0, 7)
    assert strongest_split(table, least=4, rounds=9, confidence=0.95, rng=rng) is None
    assert list(changes(table, least=4, rounds=9, confidence=0.95, rng=rng)) == []
