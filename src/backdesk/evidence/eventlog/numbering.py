"""Numbers instead of names: quicker to compare and to sort."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

_Numbers = npt.NDArray[np.int64]


def case_numbers(cases: pl.Series) -> _Numbers:
    """Number the cases from 0 in the order of their names.

    Names are compared once for each run of rows of one case: in most logs the rows of a case stand together. Numbers
    below the count of rows are left as they are.

    >>> case_numbers(pl.Series(["b", "b", "a", "b"])).tolist()
    [1, 1, 0, 1]
    """
    if cases.dtype.is_integer() and cases.is_between(0, cases.len()).all():
        return cases.to_numpy().astype(np.int64, copy=False)
    begins, run = runs_of(cases)
    numbers = cases.gather(begins).rank("dense").to_numpy().astype(np.int64) - 1
    found: _Numbers = numbers[run]
    return found


def runs_of(cases: pl.Series) -> tuple[_Numbers, npt.NDArray[np.uint32]]:
    """Give where runs of rows of one case begin, and the number of the run, from 0, that each row is of.

    >>> begins, run = runs_of(pl.Series(["b", "b", "a", "b"]))
    >>> begins.tolist(), run.tolist()
    ([0, 2, 3], [0, 0, 1, 2])
    """
    run = cases.rle_id().to_numpy()
    begins = np.flatnonzero(run[1:] != run[:-1]) + 1
    return np.append(np.zeros(min(run.size, 1), dtype=np.int64), begins), run


def distinct(numbers: _Numbers) -> _Numbers:
    """Sort numbers and leave out those that come again: `numpy.unique` hashes them, which takes several times as long.

    >>> distinct(np.array([7, 3, 7])).tolist()
    [3, 7]
    """
    ordered = np.sort(numbers)
    first = np.append(np.ones(min(ordered.size, 1), dtype=np.bool_), ordered[1:] != ordered[:-1])
    found: _Numbers = ordered[first]
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
