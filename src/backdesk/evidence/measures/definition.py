"""What a figure is: its name, unit, formula and source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

Unit = Literal[
    "h",
    "min",
    "days",
    "steps",
    "items",
    "cases",
    "people",
    "activities",
    "functions",
    "teams",
    "companies",
    "ways",
    "months",
    "%",
    "ratio",
    "date",
    "name",
]


LASHKEVICH: Final = "Lashkevich, Milani, Chapela-Campa, Suvorau, Dumas, CAiSE 2023"
CV_SOURCE: Final = "coefficient of variation; Hopp, Spearman, Factory Physics, 3rd ed. 2008, ch. 8"
ENTROPY_SOURCE: Final = "Shannon, Bell System Technical Journal 27, 1948"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure and its definition. Its `name` is the column it stands in, in every table.

    A figure in `%` is kept as a share of 1. `needs_starts` marks figures that rest on recorded starts:
    where starts are estimated, so is the figure. A figure of groups of steps has an `expression` over what is
    kept of a group: its totals, or the values of its `spread`; or it is a `quantile` of these values. `counts`
    names the two totals of a share whose interval can be asked for. `of_each` marks figures of one case or step.
    `limits` says when it misleads, where it does.

    >>> from backdesk.evidence.measures import CATALOGUE
    >>> CATALOGUE["rework_share"].definition
    'steps that repeat an activity of the case after it was once completed / steps'
    >>> CATALOGUE["touch_hours"].unit, CATALOGUE["touch_hours"].needs_starts
    ('h', True)
    """

    name: str
    title: str
    unit: Unit
    definition: str
    source: str = "Backdesk"
    needs_starts: bool = False
    expression: pl.Expr | None = field(default=None, compare=False, repr=False)
    spread: str | None = None
    quantile: float | None = None
    counts: tuple[str, str] | None = None
    of_each: bool = False
    limits: str = ""

    @property
    def is_of_groups(self) -> bool:
        """Say whether it is a figure of any group of steps."""
        return self.expression is not None or self.quantile is not None

    @property
    def is_mergeable(self) -> bool:
        """Say whether figures of partitions by case become that of the whole."""
        return self.is_of_groups or self.of_each

    @property
    def has_interval(self) -> bool:
        """Say whether its interval can be asked for."""
        return self.counts is not None or self.quantile is not None

    @property
    def merges(self) -> str:
        """Say how figures of partitions by case become that of the whole."""
        if self.spread is not None:
            return "exactly, from how often each value occurs in each partition"
        if self.expression is not None:
            return "exactly, from totals of each partition"
        if self.of_each:
            return "exactly: one partition after the other"
        return "not: it looks across cases, so the whole log is asked"
