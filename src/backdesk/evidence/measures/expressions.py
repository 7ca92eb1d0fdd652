"""The figures of a group of measured steps as polars expressions; the catalogue names and defines them."""

from __future__ import annotations

import polars as pl

FEWEST_WEEKS = 4
DAYS_PER_MONTH = 30.4375
_RECORD = "_record_"


def record(name: str) -> pl.Expr:
    """Return a figure of the whole record, the same in every row; `with_record` puts it there."""
    return pl.col(_RECORD + name).first()


def with_record(steps: pl.DataFrame, *, months: float | None = None) -> pl.DataFrame:
    """Add what some figures need to know of the whole record: its length, end, totals and contexts."""
    last = pl.col("ended_at").max()
    days = (last - pl.col("enabled_at").min()).dt.total_seconds(fractional=True) / 86400
    length = pl.max_horizontal(days / DAYS_PER_MONTH, 1.0) if months is None else pl.lit(months)
    return steps.with_columns(
        length.alias(_RECORD + "months"),
        last.alias(_RECORD + "end"),
        pl.col("touch_working_s").sum().alias(_RECORD + "touch_working_s"),
        pl.col("waiting_working_s").sum().alias(_RECORD + "waiting_working_s"),
        pl.struct("follows", "leads_to").rank("dense").alias("_context"),
    ).with_columns(pl.col("_context").n_unique().alias(_RECORD + "contexts"))


def steps() -> pl.Expr:
    """Count steps."""
    return pl.len().cast(pl.Int64)


def cases() -> pl.Expr:
    """Count cases."""
    return pl.col("case").n_unique().cast(pl.Int64)


def hours(seconds: str) -> pl.Expr:
    """Sum a column of seconds to hours; null where it holds none."""
    column = pl.col(seconds)
    return pl.when(column.count() > 0).then(column.sum() / 3600)


def share_of_record(seconds: str) -> pl.Expr:
    """Return the group's part of the record's total; null where there is none."""
    column, total = pl.col(seconds), record(seconds)
    return pl.when((column.count() > 0) & (total > 0)).then(column.sum() / total)


def people() -> pl.Expr:
    """Count people; null where no step names one."""
    known = pl.col("resource").drop_nulls()
    return pl.when(known.len() > 0).then(known.n_unique().cast(pl.Int64))


def bus_factor(percent: int) -> pl.Expr:
    """Count the fewest people who together did that much; null where no step names a person."""
    counts = _steps_by_person()
    fewer = (counts.cum_sum() * 100 < counts.sum() * percent).sum()
    return pl.when(pl.col("resource").count() > 0).then(fewer.cast(pl.Int64) + 1)


def top_person_share() -> pl.Expr:
    """Return the part of the steps done by whoever did most; null where no step names a person."""
    return pl.when(pl.col("resource").count() > 0).then(_steps_by_person().max() / pl.col("resource").count())


def weekly_cv() -> pl.Expr:
    """Return the coefficient of variation of weekly steps, empty weeks counted."""
    weeks, mean = _weeks(), pl.len() / _weeks()
    counts = pl.col("week").unique_counts().cast(pl.Float64)
    variance = (counts.pow(2).sum() / weeks - mean.pow(2)).clip(lower_bound=0)
    return pl.when(weeks >= FEWEST_WEEKS).then(variance.sqrt() / mean)


def weekly_swing() -> pl.Expr:
    """Return the variation of weekly steps that a steady Poisson arrival does not explain."""
    return (weekly_cv().pow(2) - _weeks() / pl.len()).clip(lower_bound=0).sqrt()


def variant_entropy() -> pl.Expr:
    """Return the entropy of the causal neighbours, against the most the record could show."""
    entropy = pl.col("_context").unique_counts().entropy(normalize=True)
    most = record("contexts").cast(pl.Float64).log()
    return pl.when(most > 0).then((entropy / most).clip(0, 1)).otherwise(0.0)


def months_known() -> pl.Expr:
    """Return the months from the first step to the end of the record."""
    known = (record("end") - pl.col("started_at").min()).dt.total_seconds(fractional=True)
    return known / 86400 / DAYS_PER_MONTH


def _steps_by_person() -> pl.Expr:
    return pl.col("resource").drop_nulls().unique_counts().cast(pl.Int64).sort(descending=True)


def _weeks() -> pl.Expr:
    return (pl.col("week").max() - pl.col("week").min()).dt.total_days() / 7 + 1
