"""What goes wrong in a real export: times lost, times swapped, rows written twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

ONE_IN: Final = 1500
"""A flaw of each kind in so many rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaws:
    """The bad rows of an export, by their row number in the clean `steps` (from 0).

    A doubled row stands once more right after the original; the others stand where the good row stood.

    >>> flaws = Flaws(missing_times=(3,), swapped_times=(5, 8), doubled=(1,))
    >>> flaws.rejects, flaws.rows_of(steps=10), flaws.good_of(steps=10)
    (4, 11, 7)
    """

    missing_times: tuple[int, ...]
    swapped_times: tuple[int, ...]
    doubled: tuple[int, ...]

    @property
    def rejects(self) -> int:
        """Rows that no reader should accept."""
        return len(self.missing_times) + len(self.swapped_times) + len(self.doubled)

    def rows_of(self, *, steps: int) -> int:
        """Rows of the flawed export of so many steps."""
        return steps + len(self.doubled)

    def good_of(self, *, steps: int) -> int:
        """Steps that are left when the bad rows are rejected."""
        return self.rows_of(steps=steps) - self.rejects


def draw_flaws(steps: pl.DataFrame, *, rng: np.random.Generator) -> Flaws:
    """Choose the rows that go wrong, each at most once; times are swapped only where they differ.

    >>> draw_flaws(pl.DataFrame({"Started": ["a"] * 3, "Finished": ["b"] * 3}), rng=np.random.default_rng(1))
    Flaws(missing_times=(0,), swapped_times=(1,), doubled=(2,))
    """
    lasting = steps.select((pl.col("Started") != pl.col("Finished")).arg_true()).to_series()
    each = max(1, len(steps) // ONE_IN)
    chosen = rng.choice(lasting.to_numpy(), size=min(3 * each, len(lasting)), replace=False).tolist()
    return Flaws(
        missing_times=tuple(sorted(chosen[:each])),
        swapped_times=tuple(sorted(chosen[each : 2 * each])),
        doubled=tuple(sorted(chosen[2 * each :])),
    )


def spoil(steps: pl.DataFrame, flaws: Flaws) -> pl.DataFrame:
    """Return the steps with the flaws in them.

    >>> steps = pl.DataFrame({"Case": ["A", "B"], "Started": ["1", "3"], "Finished": ["2", "4"]})
    >>> spoil(steps, Flaws(missing_times=(0,), swapped_times=(), doubled=(1,))).rows()
    [('A', None, None), ('B', '3', '4'), ('B', '3', '4')]
    """
    row, started, finished = pl.col("row"), pl.col("Started"), pl.col("Finished")
    missing, swapped = row.is_in(flaws.missing_times), row.is_in(flaws.swapped_times)
    spoilt = steps.with_row_index("row").with_columns(
        Started=pl.when(missing).then(None).when(swapped).then(finished).otherwise(started),
        Finished=pl.when(missing).then(None).when(swapped).then(started).otherwise(finished),
    )
    again = spoilt.filter(row.is_in(flaws.doubled))
    return pl.concat([spoilt, again]).sort("row", maintain_order=True).drop("row")
