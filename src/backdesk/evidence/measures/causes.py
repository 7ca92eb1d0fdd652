"""Which step of a case made which possible."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Integers = npt.NDArray[np.int64]

NONE = -1


def preceding(steps: pl.DataFrame) -> Integers:
    """Return for each step the row of the one that enabled it, -1 where the case arrived with it.

    That is the step of the same case that ended last at or before the moment it was enabled (before it where it was
    scheduled later); of those that ended at that very moment, the last row before it in the order of `STEPS`.
    """
    count = steps.height
    case = steps["case"].rle_id().to_numpy().astype(np.int64)
    moments = steps.select(pl.concat([steps["ended_at"], steps["enabled_at"]]).alias("at").rank("dense"))
    moment = moments.to_series().to_numpy().astype(np.int64)
    keys = np.concatenate([case, case]) * (2 * count + 1) + moment
    _, key = np.unique(keys, return_inverse=True)
    row = np.arange(count)
    ends = key[:count] * (count + 1) + row
    order = np.argsort(ends, kind="stable")
    found = np.searchsorted(ends[order], key[count:] * (count + 1) + row, side="left") - 1
    candidate = order[np.maximum(found, 0)]
    same = (found >= 0) & (case[candidate] == case)
    return np.where(same, candidate, NONE)


def following(preceding_rows: Integers) -> Integers:
    """Return for each step the first row it enabled, -1 where none."""
    rows = np.full(len(preceding_rows), NONE, dtype=np.int64)
    enabled = np.flatnonzero(preceding_rows != NONE)[::-1]
    # Written from the last to the first: of several steps enabled by one, the first remains.
    rows[preceding_rows[enabled]] = enabled
    return rows


def taken(column: pl.Series, rows: Integers, name: str) -> pl.Series:
    """Return the values of a column at those rows, null at -1."""
    index = pl.Series(rows).replace(NONE, None)
    return column.gather(index).alias(name)
