"""The figures of groups from what was kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import polars as pl

from backdesk.evidence.measures.definition import Measure
from backdesk.evidence.measures.expressions import DAYS_PER_MONTH, HOUR, MINUTE, RECORD
from backdesk.evidence.measures.partials import Partial
from backdesk.evidence.measures.ranks import Ranks
from backdesk.evidence.measures.states import SPREADS, VALUE

_UNITS = {"min": MINUTE, "h": HOUR}


def finish(kept: Partial, *, months: float | None = None, confidence: float | None = None) -> pl.DataFrame:
    """Return the figures of each group, sorted by the group: to the last digit those of `aggregate`.

    `months` sets the length of the record where its steps are but a part. With a `confidence`, such as 0.95, each
    share and quantile of what might have been otherwise has its interval beside it, as `NAME_low` and `NAME_high`,
    null where there is too little: as if steps were drawn by chance, one without the other.
    Source: Wilson, JASA 22 (1927); David and Nagaraja, Order Statistics, 3rd ed. 2003.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import Breakdown, measure_steps, partial
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> kept = partial(measured, breakdown=Breakdown(only=("rework_share",)))
    >>> [round(share, 3) for share in finish(kept, confidence=0.95).row(0)]
    [0.2, 0.036, 0.624]
    """
    keys, entries = kept.keys(), kept.breakdown.entries()
    record = _record(kept, months)
    table = kept.totals.with_columns(record)
    table = table.with_columns(_expressions(entry for entry in entries if entry.spread is None))
    for name, spread in kept.spreads.items():
        of_spread = [entry for entry in entries if entry.spread == name]
        if VALUE in spread.columns:
            found = _quantiles(Ranks(spread, keys), of_spread, confidence)
        else:
            ordered = spread.sort([*keys, *SPREADS[name].names()]).with_columns(record)
            found = ordered.group_by(keys, maintain_order=True).agg(_expressions(of_spread))
        table = table.join(found, on=keys, how="left", nulls_equal=True)
    if confidence is not None:
        table = table.with_columns(_of_shares(table, entries, confidence))
    return table.sort(keys, nulls_last=True).select(*kept.breakdown.keys(), *_shown(entries, table.columns))


def _expressions(entries: Iterable[Measure]) -> Iterator[pl.Expr]:
    return (entry.expression.alias(entry.name) for entry in entries if entry.expression is not None)


def _shown(entries: Iterable[Measure], columns: Sequence[str]) -> list[str]:
    names = (f"{entry.name}{bound}" for entry in entries for bound in ("", "_low", "_high"))
    return [name for name in names if name in columns]


def _quantiles(ranks: Ranks, entries: Iterable[Measure], confidence: float | None) -> pl.DataFrame:
    table = ranks.groups
    for entry in entries:
        assert entry.quantile is not None
        unit = _UNITS[entry.unit]
        figures = {entry.name: ranks.quantile(entry.quantile)}
        if confidence is not None:
            bounds = ranks.bounds(entry.quantile, confidence=confidence)
            figures |= dict(zip((f"{entry.name}_low", f"{entry.name}_high"), bounds, strict=True))
        table = table.with_columns(
            pl.Series(name, values / unit).fill_nan(None) for name, values in figures.items()
        )
    return table


def _of_shares(table: pl.DataFrame, entries: Iterable[Measure], confidence: float) -> Iterator[pl.Series]:
    from backdesk.evidence.statistics import wilson  # scipy takes a while to load

    for entry in entries:
        if entry.counts is not None:
            counts = table.select(entry.counts).rows()
            found = [
                wilson(count=part, total=of, confidence=confidence) if of else None for part, of in counts
            ]
            for bound in ("low", "high"):
                values = [None if one is None else getattr(one, bound) for one in found]
                yield pl.Series(f"{entry.name}_{bound}", values, dtype=pl.Float64)


def _record(kept: Partial, months: float | None) -> list[pl.Expr]:
    """Return what some figures need to know of the whole record: its length, end, totals and contexts."""
    facts: dict[str, Any] = dict.fromkeys(kept.record.columns)
    facts |= {"months": months, "contexts": kept.contexts.height}
    if kept.record.height:
        facts |= kept.record.row(0, named=True)
        if months is None:
            seconds = (facts["last_ended"] - facts["first_enabled"]).total_seconds()
            facts["months"] = max(seconds / 86400 / DAYS_PER_MONTH, 1.0)
    types = kept.record.schema | {"months": pl.Float64(), "contexts": pl.Int64()}
    return [pl.lit(facts[name], dtype).alias(RECORD + name) for name, dtype in types.items()]
