"""The ways that cases take: which activity comes after which."""

from __future__ import annotations

import hashlib
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.ordering import in_case_order

ARROW: Final = " → "


def variants(history: pl.DataFrame) -> pl.DataFrame:
    """Return the ways cases take, the most frequent first; of measured steps, steps or raw events.

    `variant`, `variant_text`, `cases`, `case_share`, `cumulative_share`, `steps` (of one case),
    `cycle_hours_median` (elapsed). Steps are in order of start, end, row; events of time and row, each
    of them counted, whatever its lifecycle. Known answer: BPI Challenge 2012 has 4,366 over all events.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> variants(two_orders().steps).select("variant_text", "cases", "case_share", "steps").rows()
    [('Enter → Check', 1, 0.5, 2), ('Enter → Check → Enter', 1, 0.5, 3)]
    """
    moments = ("started_at", "ended_at") if "ended_at" in history.columns else ("at",)
    begin, end = pl.col(moments[0]), pl.col(moments[-1])
    # What is in order needs no look at each time, which takes several times as long.
    lasted = end.last() - begin.first() if moments == ("at",) else end.max() - begin.min()
    ways = (
        in_case_order(history, order=(*moments, "line"), columns=("activity",))
        .group_by("case", maintain_order=True)
        .agg(
            "activity",
            pl.len().cast(pl.Int64).alias("steps"),
            lasted.dt.total_seconds(fractional=True).alias("seconds"),
        )
    )
    table = (
        ways.group_by("activity")
        .agg(
            pl.len().cast(pl.Int64).alias("cases"),
            pl.col("steps").first(),
            (pl.col("seconds").median() / 3600).alias("cycle_hours_median"),
        )
        .with_columns(pl.col("activity").cast(pl.List(pl.String)).list.join(ARROW).alias("variant_text"))
        .sort(["cases", "variant_text"], descending=[True, False])
        .with_columns((pl.col("cases") / pl.col("cases").sum()).alias("case_share"))
        .with_columns(pl.col("case_share").cum_sum().alias("cumulative_share"))
    )
    return table.with_columns(hashed(table["variant_text"])).select(
        "variant", "variant_text", "cases", "case_share", "cumulative_share", "steps", "cycle_hours_median"
    )


def way() -> pl.Expr:
    """Write the activities of a case one after the other."""
    return pl.col("activity").cast(pl.String).str.join(ARROW)


def hashed(ways: pl.Series) -> pl.Series:
    """Name each way by a hash that stays the same from log to log."""
    different = ways.unique(maintain_order=True)
    hashes = pl.Series(
        [hashlib.blake2b(way.encode(), digest_size=6).hexdigest() for way in different], dtype=pl.String
    )
    every = hashes if different.len() == ways.len() else ways.replace_strict(different, hashes)
    return every.alias("variant")
