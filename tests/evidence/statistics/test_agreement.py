"""Agreement beyond chance: published answers, and the standard error against simulated raters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backdesk.evidence.statistics import NotATable, cohen_kappa


def test_raters_who_never_differ_agree_wholly() -> None:
    assert cohen_kappa([[20, 0], [0, 5]])[:4] == pytest.approx((1, 0, 1, 1))


def test_raters_who_guess_agree_by_chance_alone() -> None:
    assert cohen_kappa([[36, 24], [24, 16]]).kappa == pytest.approx(0)


def test_raters_who_use_one_category_show_nothing() -> None:
    alike = cohen_kappa([[12, 0], [0, 0]])
    assert math.isnan(alike.kappa)
    assert alike.observed == 1


def test_the_standard_error_is_the_spread_of_kappa_over_samples() -> None:
    joint = np.array([[0.53, 0.05, 0.02], [0.11, 0.14, 0.05], [0.01, 0.06, 0.03]])
    samples = np.random.default_rng(7).multinomial(400, joint.ravel(), size=2000).reshape(-1, 3, 3)
    found = [cohen_kappa(sample) for sample in samples]
    spread = float(np.std([one.kappa for one in found]))
    assert cohen_kappa(400 * joint).standard_error == pytest.approx(spread, rel=0.06)
    covered = np.mean([one.low <= cohen_kappa(joint * 400).kappa <= one.high for one in found])
    assert covered == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("counts", [[[1, 2]], [1, 2], [[1, -2], [3, 4]], [[0, 0], [0, 0]], []])
def test_what_is_no_table_of_verdicts_is_refused(counts: list[object]) -> None:
    with pytest.raises(NotATable):
        cohen_kappa(counts)  # type: ignore[arg-type]
