"""What is watched of a process: what follows what, what is done at all, how long it waits and takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl

from backdesk.evidence.process.drift.scanning import Table, rare_enough
from backdesk.evidence.process.flows import STEP_ORDER

FigureKind = Literal["follows", "done", "waits", "takes", "case takes"]
_SHARES: Final = ("follows", "done")
_FEWEST_TIMES: Final = 20.0
"""Durations a side of a split must have."""

OBSERVED: Final = pl.Schema(
    {
        "period": pl.UInt32(),
        "kind": pl.String(),
        "activity": pl.String(),
        "next": pl.String(),
        "value": pl.Float64(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Figure:
    """One thing that is watched.

    >>> Figure(kind="follows", activity="Check", next="Pay").is_share
    True
    """

    kind: FigureKind
    activity: str = ""
    """Of `follows`: the one before, empty where cases begin; of `case takes`: empty."""
    next: str = ""
    """Of `follows`: the one after, empty where cases end."""

    @property
    def is_share(self) -> bool:
        """Whether it is a share of cases or steps; else it is a number of seconds."""
        return self.kind in _SHARES


def observed(steps: pl.DataFrame) -> pl.DataFrame:
    """Give what was observed, row by row (`OBSERVED`), of steps with the `period` of their case.

    Of shares only the yes: a row with the value 1 for each.
    """
    ordered = steps.with_columns(pl.col("activity").cast(pl.String)).sort("case", *STEP_ORDER)
    return pl.concat([_following(ordered), _done(ordered), *_durations(ordered)], how="diagonal").select(
        pl.col(name).cast(kind) for name, kind in OBSERVED.items()
    )


def tabled(steps: pl.DataFrame, seen: pl.DataFrame, *, periods: int) -> tuple[tuple[Figure, ...], Table]:
    """Count what was observed by period and figure. Durations count by their rank, so that no long one rules."""
    keys = ["kind", "activity", "next"]
    is_share = pl.col("kind").is_in(_SHARES)
    ranks = (
        pl.when(is_share)
        .then("value")
        .otherwise(pl.col("value").rank("average").over(keys) / pl.len().over(keys))
    )
    cells = (
        seen.with_columns(ranks.alias("value"))
        .group_by("period", *keys)
        .agg(count=pl.len(), sum=pl.col("value").sum(), square=(pl.col("value") ** 2).sum())
        .with_columns(pl.struct(keys).rank("dense").alias("column") - 1)
    )
    figures = tuple(
        Figure(kind=kind, activity=activity, next=following)
        for kind, activity, following in cells.sort("column").select(keys).unique(maintain_order=True).rows()
    )
    filled = np.zeros((3, periods, len(figures)))
    where = (cells["period"].to_numpy(), cells["column"].to_numpy())
    for layer, name in enumerate(("count", "sum", "square")):
        filled[layer][where] = cells[name].to_numpy()
    counts, sums, squares = filled
    asked = _asked(steps, periods)
    for column, figure in enumerate(figures):
        if figure.is_share:
            counts[:, column] = asked["" if figure.kind == "done" else figure.activity]
    needed = np.where([figure.is_share for figure in figures], rare_enough(counts, sums), _FEWEST_TIMES)
    return figures, Table(counts=counts, sums=sums, squares=squares, needed=needed)


def _asked(steps: pl.DataFrame, periods: int) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Of how many the shares are: by period the steps of each activity, and under no name the cases."""
    rows = steps.select("period", pl.col("activity").cast(pl.String))
    cases = steps.select("case", "period").unique().select("period", activity=pl.lit(""))
    found: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for (name,), part in pl.concat([rows, cases]).group_by("activity"):
        found[str(name)] = np.bincount(part["period"].to_numpy(), minlength=periods).astype(np.float64)
    return found


def _following(ordered: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("case") != pl.col("case").shift(1, fill_value="")
    begins = ordered.filter(first | (pl.int_range(pl.len()) == 0)).select(
        "period", activity=pl.lit(""), next="activity"
    )
    follows = ordered.select(
        "period", "activity", next=pl.col("activity").shift(-1).over("case").fill_null("")
    )
    return pl.concat([begins, follows]).with_columns(kind=pl.lit("follows"), value=pl.lit(1.0))


def _done(ordered: pl.DataFrame) -> pl.DataFrame:
    each = ordered.select("case", "period", "activity").unique()
    return each.select("period", "activity", next=pl.lit(""), kind=pl.lit("done"), value=pl.lit(1.0))


def _durations(ordered: pl.DataFrame) -> list[pl.DataFrame]:
    def seconds(begin: str, end: str) -> pl.Expr:
        return (pl.col(end) - pl.col(begin)).dt.total_microseconds() / 1e6

    recorded = ordered.filter(~pl.col("start_estimated")) if "start_estimated" in ordered.columns else ordered
    parts = [
        recorded.select("period", "activity", kind=pl.lit("takes"), value=seconds("started_at", "ended_at"))
    ]
    if "enabled_at" in ordered.columns:
        waits = seconds("enabled_at", "started_at")
        parts.append(recorded.select("period", "activity", kind=pl.lit("waits"), value=waits))
    whole = ordered.group_by("case", "period").agg(pl.col("started_at").min(), pl.col("ended_at").max())
    parts.append(
        whole.select(
            "period", activity=pl.lit(""), kind=pl.lit("case takes"), value=seconds("started_at", "ended_at")
        )
    )
    return [part.drop_nulls("value").with_columns(next=pl.lit("")) for part in parts]
