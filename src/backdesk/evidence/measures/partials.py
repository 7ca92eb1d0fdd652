"""Figures from parts: what is kept of each partition, put together, gives what the whole gives, to the last digit.

Partitions are by case: all steps of a case are in one of them. What is kept of a partition is small where groups are
few and values repeat: a row of totals a group, and for medians, people, weeks, contexts and ways a row a different
value. It holds the names of the cases too, by which a case in two partitions is found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from backdesk.evidence.measures.breakdowns import Breakdown
from backdesk.evidence.measures.states import CASE, TOTALS, kept, kept_spread, merged_spread, merged_totals

ALL: Final = "_all"
"""The key of the one group where none is asked for."""
_IN_ALL: Final = pl.lit(0, pl.UInt8).alias(ALL)
_OF_RECORD: Final = ("steps", "first_enabled", "last_ended", "touch_us", "waiting_us")


class CaseInTwoPartitions(Exception):
    """Partitions that share a case: what was counted of it in each cannot be put together."""


class NotOneQuestion(Exception):
    """Partials of different breakdowns, or none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """What is kept of a partition: enough for the figures asked for, once all partitions are together.

    `totals` has a row a group, each of `spreads` a row a group and value; `record` and `contexts` hold the same of
    all steps, whatever the filter. Frames and names alone, so it travels between processes.
    """

    breakdown: Breakdown
    totals: pl.DataFrame
    spreads: Mapping[str, pl.DataFrame]
    record: pl.DataFrame
    contexts: pl.DataFrame
    cases: pl.Series

    def keys(self) -> list[str]:
        """Return the columns that tell the groups apart, at least one."""
        return keys_of(self.breakdown)


def partial(measured: pl.DataFrame, *, breakdown: Breakdown) -> Partial:
    """Return what is kept of a partition of measured steps for a breakdown.

    Raises `UnknownGrouping`, `UnknownMeasure`, `NotOfAGroup`, `UnreadableFilter`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import finish, measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> asked = Breakdown(by=("activity",), only=("steps", "touch_minutes_median"))
    >>> kept = [partial(part, breakdown=asked) for part in measured.partition_by("case")]
    >>> finish(merge(kept)).rows()
    [('Check', 2, 60.0), ('Enter', 3, 30.0)]
    """
    totals, spreads = _needed(breakdown)
    cases = measured["case"].unique()
    number = _numbers(measured["case"], different=cases.len())
    whole = breakdown.prepared(measured).with_columns(_IN_ALL, number.alias(CASE))
    of_groups = kept(breakdown.filtered(whole), whole, totals, spreads, keys_of(breakdown))
    compared = [name for name in spreads if name == "contexts"]
    of_all = of_groups if breakdown.takes_all else kept(whole, whole, _OF_RECORD, compared, [ALL])
    contexts = of_all[1].get("contexts", kept_spread(whole.clear(), "contexts", [ALL]))
    return Partial(
        breakdown=breakdown,
        totals=of_groups[0],
        spreads=of_groups[1],
        record=merged_totals(of_all[0].with_columns(_IN_ALL), _OF_RECORD, [ALL]),
        contexts=merged_spread(contexts.with_columns(_IN_ALL), "contexts", [ALL]),
        cases=cases,
    )


def merge(partials: Iterable[Partial]) -> Partial:
    """Put partials together, in any order; also some of them first, and the rest to these.

    Raises `CaseInTwoPartitions`, naming one, and `NotOneQuestion`.

    >>> merge([])
    Traceback (most recent call last):
    ...
    backdesk.evidence.measures.partials.NotOneQuestion: 0 partials answer 0 breakdowns; give those of one breakdown, \
at least one
    """
    parts = list(partials)
    breakdown = _of_one_question(parts)
    totals, spreads = _needed(breakdown)
    keys = keys_of(breakdown)
    return Partial(
        breakdown=breakdown,
        totals=merged_totals(pl.concat([part.totals for part in parts]), totals, keys),
        spreads={
            name: merged_spread(pl.concat([part.spreads[name] for part in parts]), name, keys)
            for name in spreads
        },
        record=merged_totals(pl.concat([part.record for part in parts]), _OF_RECORD, [ALL]),
        contexts=merged_spread(pl.concat([part.contexts for part in parts]), "contexts", [ALL]),
        cases=_apart(parts),
    )


def keys_of(breakdown: Breakdown) -> list[str]:
    """Return the columns that tell the groups apart, at least one."""
    return breakdown.keys() or [ALL]


def _needed(breakdown: Breakdown) -> tuple[list[str], list[str]]:
    """Return the totals and the spreads that the figures rest on."""
    totals: dict[str, None] = dict.fromkeys(_OF_RECORD)
    spreads: dict[str, None] = {}
    for entry in breakdown.entries():
        if entry.spread is not None:
            spreads[entry.spread] = None
        elif entry.expression is not None:
            roots = entry.expression.meta.root_names()
            totals |= {name: None for name in roots if name in TOTALS}
    return list(totals), list(spreads)


def _numbers(cases: pl.Series, *, different: int) -> pl.Series:
    """Number the cases: by their order where the steps of each stand together, for names take long to compare."""
    number = cases.rle_id()
    return number if number.max() == different - 1 else cases.rank("dense")


def _apart(parts: Sequence[Partial]) -> pl.Series:
    """Return the cases of all partitions, which must share none."""
    cases = pl.concat([part.cases for part in parts])
    if (twice := cases.is_duplicated()).any():
        raise CaseInTwoPartitions(
            f"steps of case {cases.filter(twice)[0]!r} are in two partitions; put all steps of a case into one, as "
            "`partitioned` does"
        )
    return cases


def _of_one_question(parts: Sequence[Partial]) -> Breakdown:
    asked = {part.breakdown for part in parts}
    if len(asked) != 1:
        raise NotOneQuestion(
            f"{len(parts)} partials answer {len(asked)} breakdowns; give those of one breakdown, at least one"
        )
    return asked.pop()
