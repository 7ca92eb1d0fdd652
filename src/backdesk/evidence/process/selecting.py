"""Which cases of a log, and which part of each, a map or a model is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from backdesk.evidence.process import _project


class UnknownColumn(ValueError):
    """The steps have no such column; the message names those they have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to keep of a log; what is not said keeps all.

    >>> Selection(contains=("Pay",)).keeps_all
    False
    """

    contains: tuple[str, ...] = ()
    """Cases with all of these activities."""
    lacks: tuple[str, ...] = ()
    """Cases without any of these."""
    begun_from: datetime | None = None
    begun_before: datetime | None = None
    """Cases whose first step began in this half-open period."""
    where: Mapping[str, str] = field(default_factory=dict)
    """Cases with a step that has this text in this column, for example `{"case:channel": "web"}`."""
    variants_share: float = 1.0
    """The most frequent orders of activities that together hold at least this share of the cases, 0 to 1."""
    between: tuple[str, str] | None = None
    """Of cases in which the second activity comes after the first, the steps from the one to the other."""

    @property
    def keeps_all(self) -> bool:
        """Whether nothing is left out."""
        return self == Selection()


def select(measured: pl.DataFrame, *, keep: Selection) -> pl.DataFrame:
    """Keep some cases of a log, and of them what lies between two activities.

    Variants are counted last, over what the other choices keep.

    Args:
        measured: steps as `measure_steps` gives them.
        keep: what to keep.

    Returns:
        The rows kept, in their order. Where a step that comes before or after is left out, `follows` and
        `leads_to` are null.

    Raises:
        UnknownColumn: `keep.where` names a column that is not there.
        ValueError: `keep.variants_share` lies outside 0 to 1.

    >>> from backdesk.evidence.process._example import three_cases
    >>> kept = select(three_cases(), keep=Selection(between=("Receive", "Check")))
    >>> kept.select("case", "activity", "follows", "leads_to").rows()[:2]
    [('a', 'Receive', None, 'Check'), ('a', 'Check', 'Receive', None)]
    """
    if not 0 <= keep.variants_share <= 1:
        raise ValueError(f"variants_share is {keep.variants_share}: it must lie between 0 and 1")
    conditions = [*_of_activities(keep), *_of_time(keep), *_of_columns(keep.where, measured)]
    if conditions:
        measured = measured.filter(pl.all_horizontal(*conditions))
    if keep.between is not None:
        measured = _between(measured, *keep.between)
    return _of_variants(measured, keep.variants_share) if keep.variants_share < 1 else measured


def _of_activities(keep: Selection) -> list[pl.Expr]:
    has = [(pl.col("activity").cast(pl.String) == name).any().over("case") for name in keep.contains]
    lacks = [~(pl.col("activity").cast(pl.String) == name).any().over("case") for name in keep.lacks]
    return has + lacks


def _of_time(keep: Selection) -> list[pl.Expr]:
    begun = pl.col("started_at").min().over("case")
    after = [] if keep.begun_from is None else [begun >= keep.begun_from.astimezone(UTC)]
    return after if keep.begun_before is None else [*after, begun < keep.begun_before.astimezone(UTC)]


def _of_columns(where: Mapping[str, str], measured: pl.DataFrame) -> list[pl.Expr]:
    for name in where:
        if name not in measured.columns:
            raise UnknownColumn(
                f"The steps have no column “{name}”. They have {', '.join(measured.columns)}."
            )
    return [
        (pl.col(name).cast(pl.String) == value).any().over("case").fill_null(False)
        for name, value in where.items()
    ]


def _of_variants(measured: pl.DataFrame, share: float) -> pl.DataFrame:
    """Keep the cases of the most frequent variants; of equally frequent ones the shorter come first."""
    ordered = measured.sort("case", "started_at", "ended_at", "line")
    words = ordered.group_by("case").agg(word=pl.col("activity").cast(pl.String))
    counted = words.group_by("word").agg(count=pl.len(), cases="case")
    ranked = counted.sort(-pl.col("count").cast(pl.Int64), pl.col("word").list.len(), "word")
    before = pl.col("count").cum_sum() - pl.col("count")
    kept = ranked.filter((before < share * words.height) | (pl.int_range(pl.len()) == 0))
    return measured.join(kept.select("cases").explode("cases"), left_on="case", right_on="cases", how="semi")


def _between(measured: pl.DataFrame, first: str, last: str) -> pl.DataFrame:
    """Keep of each case the steps from the first that is `first` to the last after it that is `last`."""
    ordered = measured.sort("case", "started_at", "ended_at", "line")
    steps = _project.in_order(ordered)
    rank, activity = pl.col("rank"), pl.col("activity")
    opens = rank.filter(activity == first).min().over("case")
    closes = rank.filter((activity == last) & (rank > pl.col("opens"))).max().over("case")
    bounds = steps.with_columns(opens=opens).with_columns(closes=closes)
    inside = bounds.select(rank.is_between("opens", "closes").fill_null(value=False))
    follows, leads = _project.within(steps, visible=inside.to_series().to_numpy())
    return ordered.with_columns(
        pl.when(pl.Series(follows)).then("follows"), pl.when(pl.Series(leads)).then("leads_to")
    ).filter(inside.to_series())
