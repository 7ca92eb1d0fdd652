"""The figures of a group of measured steps as polars expressions; the catalogue names and defines them.

They are over what is kept of a group: the columns of `TOTALS`, or the rows of one of `SPREADS`.
"""

from __future__ import annotations

import polars as pl

from backdesk.evidence.measures.states import COUNT

FEWEST_WEEKS = 4
DAYS_PER_MONTH = 30.4375
RECORD = "_record_"
"""Before the name of a total of the whole record, the same in every row."""

HOUR = 3_600_000_000
MINUTE = 60_000_000
"""In microseconds."""


def hours(seconds: str) -> pl.Expr:
    """Sum a column of seconds to hours; null where it holds none."""
    column = pl.col(seconds)
    return pl.when(column.count() > 0).then(column.sum() / 3600)


def ratio(part: str, of: str) -> pl.Expr:
    """Divide a total by another; null where there is none of it."""
    return pl.when(pl.col(of) > 0).then(pl.col(part) / pl.col(of))


def known(total: str, count: str) -> pl.Expr:
    """Return a total; null where no step told it."""
    return pl.when(pl.col(count) > 0).then(pl.col(total))


def total_hours(name: str, count: str) -> pl.Expr:
    """Return a total of microseconds in hours; null where no step told it."""
    return known(name, count).cast(pl.Float64) / HOUR


def mean(name: str, count: str, unit: int) -> pl.Expr:
    """Return the mean of a total of microseconds over the steps that told it."""
    return known(name, count).cast(pl.Float64) / pl.col(count) / unit


def a_month(figure: pl.Expr) -> pl.Expr:
    """Divide by the months of the record."""
    return figure / pl.col(RECORD + "months")


def share_of_record(name: str, count: str) -> pl.Expr:
    """Return the group's part of the record's total; null where there is none."""
    total = pl.col(RECORD + name).cast(pl.Float64)
    return pl.when(total > 0).then(known(name, count).cast(pl.Float64) / total)


def part_of_cycle(name: str, count: str) -> pl.Expr:
    """Return the part a total is of the working cycle time of the cases; null where that is none."""
    cycle = pl.col("cycle_working_us").cast(pl.Float64)
    return pl.when(cycle > 0).then(known(name, count).cast(pl.Float64) / cycle)


def months_known() -> pl.Expr:
    """Return the months from the first step to the end of the record."""
    length = (pl.col(RECORD + "last_ended") - pl.col("first_started")).dt.total_seconds(fractional=True)
    return length / 86400 / DAYS_PER_MONTH


def different() -> pl.Expr:
    """Count the different values of a spread."""
    return pl.len().cast(pl.Int64)


def bus_factor(percent: int) -> pl.Expr:
    """Count the fewest people who together did that much."""
    counts = pl.col(COUNT).sort(descending=True)
    return (counts.cum_sum() * 100 < counts.sum() * percent).sum().cast(pl.Int64) + 1


def greatest_share() -> pl.Expr:
    """Return the part of the value that occurs most."""
    return pl.col(COUNT).max() / pl.col(COUNT).sum()


def weekly_cv() -> pl.Expr:
    """Return the coefficient of variation of weekly steps, empty weeks counted."""
    weeks, mean = _weeks(), pl.col(COUNT).sum() / _weeks()
    variance = (pl.col(COUNT).cast(pl.Float64).pow(2).sum() / weeks - mean.pow(2)).clip(lower_bound=0)
    return pl.when(weeks >= FEWEST_WEEKS).then(variance.sqrt() / mean)


def weekly_swing() -> pl.Expr:
    """Return the variation of weekly steps that a steady Poisson arrival does not explain."""
    return (weekly_cv().pow(2) - _weeks() / pl.col(COUNT).sum()).clip(lower_bound=0).sqrt()


def variant_entropy() -> pl.Expr:
    """Return the entropy of the causal neighbours, against the most the record could show."""
    most = pl.col(RECORD + "contexts").first().cast(pl.Float64).log()
    entropy = pl.col(COUNT).cast(pl.Float64).entropy(normalize=True)
    return pl.when(most > 0).then((entropy / most).clip(0, 1)).otherwise(0.0)


def _weeks() -> pl.Expr:
    return (pl.col("_week").max() - pl.col("_week").min()).dt.total_days() / 7 + 1
