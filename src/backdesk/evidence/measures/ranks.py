"""Quantiles of groups from how often each value occurs, for all groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.measures.states import COUNT, VALUE

Floats: TypeAlias = npt.NDArray[np.float64]


class Ranks:
    """The values of each group in order, each as often as it occurs; `groups` names them, a row each."""

    def __init__(self, spread: pl.DataFrame, keys: Sequence[str]) -> None:
        ordered = spread.sort([*keys, VALUE])
        sizes = ordered.group_by(keys, maintain_order=True).agg(pl.col(COUNT).sum())
        self.groups = sizes.select(keys)
        self.sizes = sizes[COUNT].to_numpy()
        self._before = np.cumsum(self.sizes) - self.sizes
        self._up_to = np.cumsum(ordered[COUNT].to_numpy())
        self._values = ordered[VALUE].to_numpy()

    def at(self, ranks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the value of a rank, from 0, of each group."""
        found: npt.NDArray[np.int64] = self._values[
            np.searchsorted(self._up_to, self._before + ranks, side="right")
        ]
        return found

    def quantile(self, at: float) -> Floats:
        """Interpolate linearly between the two closest ranks of each group."""
        place = (self.sizes - 1) * at
        lower = np.floor(place)
        low, high = self.at(lower.astype(np.int64)), self.at(np.ceil(place).astype(np.int64))
        return low + (high - low) * (place - lower)

    def bounds(self, at: float, *, confidence: float) -> tuple[Floats, Floats]:
        """Return between which values the quantile lies; nan where too few bound it."""
        from backdesk.evidence.statistics import bounding_ranks  # scipy takes a while to load

        low, high = bounding_ranks(self.sizes, at=at, confidence=confidence)
        return self._ranked(low), self._ranked(high)

    def _ranked(self, ranks: npt.NDArray[np.int64]) -> Floats:
        return np.where(ranks > 0, self.at(np.maximum(ranks - 1, 0)), np.nan)
