"""How far two people judge alike, beyond what chance would give."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy  # which imports scipy.special where it is first asked for


class NotATable(Exception):
    """Counts that are no square table of two raters' verdicts."""


class Agreement(NamedTuple):
    """Cohen's kappa with its standard error and interval, and the share on which the two agree.

    `kappa` is nan where chance alone makes them agree on everything.
    """

    kappa: float
    standard_error: float
    low: float
    high: float
    observed: float


def cohen_kappa(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Agreement:
    """Return how far two raters agree beyond chance; `counts[i][j]`: one said category i, the other j.

    1 is agreement on everything, 0 what chance gives. Raises `NotATable`.
    Source: Cohen, Educational and Psychological Measurement 20 (1960); the standard error and the example (kappa
    0.429) are of Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969).

    >>> found = cohen_kappa([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    >>> f"{found.kappa:.3f} +- {found.standard_error:.3f}, agreeing on {found.observed:.0%}"
    '0.429 +- 0.054, agreeing on 70%'
    """
    table = np.asarray(counts, dtype=np.float64)
    _check(table)
    total = float(table.sum())
    joint = table / total
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    observed, expected = float(np.trace(joint)), float(rows @ columns)
    if expected == 1:
        return Agreement(float("nan"), float("nan"), float("nan"), float("nan"), observed)
    kappa = (observed - expected) / (1 - expected)
    error = float(np.sqrt(_variance(joint, kappa, expected) / total))
    reach = float(scipy.special.ndtri((1 + confidence) / 2)) * error
    return Agreement(kappa, error, max(kappa - reach, -1.0), min(kappa + reach, 1.0), observed)


def _variance(joint: npt.NDArray[np.float64], kappa: float, expected: float) -> float:
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    alike = np.diagonal(joint) @ (1 - (rows + columns) * (1 - kappa)) ** 2
    # One said i, the other j: the marginals crosswise, columns[i] and rows[j].
    crosswise = joint * (columns[:, None] + rows[None, :]) ** 2
    apart = (1 - kappa) ** 2 * (crosswise.sum() - np.trace(crosswise))
    centre = (kappa - expected * (1 - kappa)) ** 2
    return max(float(alike + apart - centre), 0.0) / (1 - expected) ** 2


def _check(table: npt.NDArray[np.float64]) -> None:
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
        raise NotATable(
            f"verdicts of two raters are a square table of counts, not one of shape {table.shape}; "
            "give both the same categories"
        )
    if (table < 0).any() or not table.sum() > 0:
        raise NotATable("a table of verdicts has counts of 0 or more, and at least one verdict")
