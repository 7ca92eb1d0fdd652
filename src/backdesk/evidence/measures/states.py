"""What is kept of a group of measured steps, so that groups of several partitions can be put together.

Two kinds are enough for every figure: totals, which add up (or are least or greatest), and spreads, which say how
often each value occurs. Times are whole microseconds here: their sums are the same in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from backdesk.evidence.measures.ways import way

Of = Literal["steps", "cases"]
"""Whether each step counts in a group, or each case with a step in it, once."""

CASE: Final = "_case"
"""The number of the case of a step, within a partition."""
COUNT: Final = "_count"
VALUE: Final = "_us"


@dataclass(frozen=True, slots=True)
class Total:
    """A number of each row, and how those of a group become one: of rows as of partitions."""

    of_row: pl.Expr
    how: Literal["sum", "min", "max"] = "sum"
    of: Of = "steps"

    def over(self, name: str) -> pl.Expr:
        """Return the total of a group from those of its rows, or of its partitions."""
        found: pl.Expr = getattr(pl.col(name), self.how)()
        return found


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of each row; how often each occurs is kept. Rows without are left out unless they tell something."""

    of_row: tuple[pl.Expr, ...]
    of: Of = "steps"
    keeps_nulls: bool = False

    def names(self) -> list[str]:
        """Return the columns of the values."""
        return [expression.meta.output_name() for expression in self.of_row]


def _microseconds(seconds: str) -> pl.Expr:
    return (pl.col(seconds) * 1_000_000).round().cast(pl.Int64)


def _us(seconds: str, *, of: Of = "steps") -> Total:
    # A month of waiting in each of four million steps is more than 64 bits hold.
    return Total(_microseconds(seconds).cast(pl.Int128), of=of)


def _known(column: str, *, of: Of = "steps") -> Total:
    return Total(pl.col(column).is_not_null().cast(pl.Int64), of=of)


def _flag(column: str, *, of: Of = "steps") -> Total:
    return Total(pl.col(column).cast(pl.Int64), of=of)


def _values(seconds: str, *, of: Of = "steps") -> Spread:
    return Spread((_microseconds(seconds).alias(VALUE),), of=of)


_ONE: Final = pl.lit(1, pl.Int64)

TOTALS: Final[Mapping[str, Total]] = MappingProxyType(
    {
        "steps": Total(_ONE),
        "touch_us": _us("touch_working_s"),
        "touch_known": _known("touch_working_s"),
        "touch_elapsed_us": _us("touch_s"),
        "waiting_us": _us("waiting_working_s"),
        "waiting_known": _known("waiting_working_s"),
        "rework_steps": _flag("is_rework"),
        "handoffs": _flag("is_handoff"),
        "handoff_known": _known("is_handoff"),
        "crossings": _flag("is_crossing"),
        "crossing_known": _known("is_crossing"),
        "estimated": _flag("start_estimated"),
        "unattributed": Total(pl.col("resource").is_null().cast(pl.Int64)),
        "first_enabled": Total(pl.col("enabled_at"), "min"),
        "first_started": Total(pl.col("started_at"), "min"),
        "last_ended": Total(pl.col("ended_at"), "max"),
        "cases": Total(_ONE, of="cases"),
        "cycle_us": _us("_cycle_s", of="cases"),
        "cycle_working_us": _us("_cycle_working_s", of="cases"),
        "cases_once": _flag("_once", of="cases"),
        "cases_straight": _flag("_straight", of="cases"),
        "straight_known": _known("_straight", of="cases"),
        "turnaround_us": _us("_turnaround_s", of="cases"),
        "turnaround_known": _known("_turnaround_s", of="cases"),
        "on_time": _flag("_on_time", of="cases"),
        "with_due": _known("_on_time", of="cases"),
        "first_pass": _flag("_first_pass", of="cases"),
        "judged": _known("_first_pass", of="cases"),
    }
)

SPREADS: Final[Mapping[str, Spread]] = MappingProxyType(
    {
        "touch": _values("touch_working_s"),
        "waiting": _values("waiting_working_s"),
        "waiting_elapsed": _values("waiting_s"),
        "lead": _values("lead_working_s"),
        "people": Spread((pl.col("resource").alias("_person"),)),
        "weeks": Spread((pl.col("week").alias("_week"),)),
        "contexts": Spread(
            (pl.col("follows").alias("_before"), pl.col("leads_to").alias("_after")), keeps_nulls=True
        ),
        "cycles": _values("_cycle_s", of="cases"),
        "cycles_working": _values("_cycle_working_s", of="cases"),
        "turnarounds": _values("_turnaround_s", of="cases"),
        "ways": Spread((pl.col("_way"),), of="cases"),
    }
)

_OF_CASE: Final[Mapping[str, pl.Expr]] = MappingProxyType(
    {
        "_cycle_s": (pl.col("ended_at").max() - pl.col("started_at").min()).dt.total_seconds(fractional=True),
        "_cycle_working_s": pl.col("cycle_working_s").first(),
        "_once": ~pl.col("is_rework").any(),
        # One person's touch settles it; a step of nobody named leaves it open.
        "_straight": pl.col("by_system").all(ignore_nulls=False),
        "_turnaround_s": pl.col("turnaround_s").first(),
        "_on_time": pl.col("is_on_time").first(),
        "_first_pass": pl.col("is_first_pass").first(),
        "_way": way().cast(pl.Categorical),
    }
)
"""What figures of cases rest on, from all steps of each case in order."""
_ORDER: Final = ("started_at", "ended_at", "line")


def kept(
    rows: pl.DataFrame,
    whole: pl.DataFrame,
    totals: Sequence[str],
    spreads: Sequence[str],
    keys: Sequence[str],
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the totals of each group of rows and its spreads; `whole` holds all steps of the cases."""
    of_steps = [name for name in totals if TOTALS[name].of == "steps"]
    of_cases = [name for name in totals if TOTALS[name].of == "cases"]
    table = _totals(rows, of_steps, keys)
    cases = rows.clear()
    if of_cases or any(SPREADS[name].of == "cases" for name in spreads):
        cases = _cases(rows, whole, [*of_cases, *spreads], keys)
    if of_cases:
        table = table.join(_totals(cases, of_cases, keys), on=keys, how="left", nulls_equal=True)
    return table.select(*keys, *totals), {
        name: kept_spread(
            rows if SPREADS[name].of == "steps" else cases,
            name,
            keys,
            few_groups=table.height * 100 < rows.height,
        )
        for name in spreads
    }


def merged_totals(table: pl.DataFrame, names: Iterable[str], keys: Sequence[str]) -> pl.DataFrame:
    """Return the totals of each group from tables of them, one under the other."""
    return table.group_by(keys).agg(TOTALS[name].over(name) for name in names)


def kept_spread(
    rows: pl.DataFrame, name: str, keys: Sequence[str], *, few_groups: bool = False
) -> pl.DataFrame:
    """Return how often each value occurs in each group of rows; of `few_groups` in half the time."""
    spread = SPREADS[name]
    valued = rows.select(*keys, *spread.of_row)
    told = valued if spread.keeps_nulls else valued.drop_nulls(spread.names())
    if few_groups and spread.names() == [VALUE]:
        runs = told.group_by(keys).agg(pl.col(VALUE).sort().rle()).explode(VALUE).unnest(VALUE)
        return runs.select(*keys, pl.col("value").alias(VALUE), pl.col("len").cast(pl.Int64).alias(COUNT))
    return told.group_by([*keys, *spread.names()]).agg(pl.len().cast(pl.Int64).alias(COUNT))


def merged_spread(table: pl.DataFrame, name: str, keys: Sequence[str]) -> pl.DataFrame:
    """Return how often each value occurs in each group, from tables of that, one under the other."""
    return table.group_by([*keys, *SPREADS[name].names()]).agg(pl.col(COUNT).sum())


def _totals(rows: pl.DataFrame, names: Sequence[str], keys: Sequence[str]) -> pl.DataFrame:
    return merged_totals(rows.with_columns(TOTALS[name].of_row.alias(name) for name in names), names, keys)


def _cases(
    rows: pl.DataFrame, whole: pl.DataFrame, names: Iterable[str], keys: Sequence[str]
) -> pl.DataFrame:
    """Return each case of each group once, with what the figures need to know of the whole case."""
    cases = rows.group_by(keys).agg(pl.col(CASE).unique()).explode(CASE)
    facts = [fact for fact in _OF_CASE if fact in _asked_of_cases(names)]
    if not facts:
        return cases
    needed = {root for fact in facts for root in _OF_CASE[fact].meta.root_names()}
    told = whole.select(CASE, *{*_ORDER, *needed})
    if "_way" in facts:
        told = told.sort(CASE, *_ORDER)
    told = told.group_by(CASE).agg(_OF_CASE[fact].alias(fact) for fact in facts)
    return cases.join(told, on=CASE, how="left")


def _asked_of_cases(names: Iterable[str]) -> set[str]:
    rows = [
        expression
        for name in names
        for expression in ([TOTALS[name].of_row] if name in TOTALS else SPREADS[name].of_row)
    ]
    return {root for expression in rows for root in expression.meta.root_names()}
