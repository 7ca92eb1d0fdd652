"""Numbers instead of names: quicker to compare and to sort."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

_Numbers = npt.NDArray[np.int64]


def case_numbers(cases: pl.Series) -> _Numbers:
    """Number the cases from 0 in the order of their names.

    Names are compared once for each run of rows of one case: in most logs the rows of a case stand together.

    >>> case_numbers(pl.Series(["b", "b", "a", "b"])).tolist()
    [1, 1, 0, 1]
    """
    run = cases.rle_id().to_numpy()
    begins = np.flatnonzero(np.diff(run, prepend=-1))
    numbers = cases.gather(begins).rank("dense").to_numpy().astype(np.int64) - 1
    found: _Numbers = numbers[run]
    return found


def closed_up(codes: _Numbers) -> _Numbers:
    """Number codes from 0 on without a gap, in their order.

    >>> closed_up(np.array([7, 3, 7, 9])).tolist()
    [1, 0, 1, 2]
    """
    present = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    present[codes] = 1
    found: _Numbers = (np.cumsum(present) - 1)[codes]
    return found
