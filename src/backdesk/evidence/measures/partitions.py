"""Figures of a log in partitions: on one core, on all, or on a cluster, the same to the last digit."""

from __future__ import annotations

import dataclasses
import functools
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from backdesk.evidence.calendars import Calendar
from backdesk.evidence.measures.answers import Answer, answer
from backdesk.evidence.measures.breakdowns import Breakdown
from backdesk.evidence.measures.partials import Partial, merge, partial
from backdesk.evidence.measures.stepping import measure_steps

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import StepLog

Each: TypeAlias = Callable[[Callable[[Any], Partial], list[Any]], Iterable[Any]]
"""`map`, the `map` of an executor of `concurrent.futures`, or that of a Dask client."""
Told: TypeAlias = Callable[[pl.DataFrame], pl.DataFrame]
"""Adds to the measured steps of a partition, as `agreed` does, its other arguments given by `functools.partial`."""


def partitioned(log: StepLog, *, into: int) -> list[StepLog]:
    """Return the steps of a log in so many partitions, all steps of a case in one; some may be empty.

    The case decides alone, the same today and tomorrow. When a step could have begun is found by what goes on beside
    what in the log as a whole, and estimated starts by what people did before: so logs are made into steps first.
    Raises `ValueError` for fewer than one.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> [part.steps["case"].unique().to_list() for part in partitioned(two_orders(), into=3)]
    [[], ['2'], ['1']]
    """
    if into < 1:
        raise ValueError(f"steps cannot be put into {into} partitions; give 1 or more")
    cases = log.steps["case"].unique()
    numbers = pl.Series([zlib.crc32(case.encode()) % into for case in cases], dtype=pl.Int64)
    number = log.steps["case"].replace_strict(cases, numbers, return_dtype=pl.Int64)
    return [dataclasses.replace(log, steps=log.steps.filter(number == one)) for one in range(into)]


def measure_partitioned(
    parts: Iterable[StepLog | Path | str],
    *,
    calendar: Calendar,
    breakdown: Breakdown,
    each: Each = map,
    told: Told | None = None,
    months: float | None = None,
    confidence: float | None = None,
) -> Answer:
    """Return what `figures` does for steps in partitions by case, or in files that `write_steps` wrote of them.

    Each partition is measured, and `told` more, where `each` puts it; only what is kept of it comes back. Where that
    gives futures they are waited for. Raises `CaseInTwoPartitions` and what `partial` raises.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> asked = Breakdown(by=("activity",), only=("cases", "waiting_hours_median"))
    >>> measure_partitioned(partitioned(two_orders(), into=2), calendar=office, breakdown=asked).table.rows()
    [('Check', 2, 1.75), ('Enter', 2, 0.0)]
    """
    found = each(functools.partial(_kept, calendar=calendar, breakdown=breakdown, told=told), list(parts))
    kept = [one.result() if hasattr(one, "result") else one for one in found]
    return answer(merge(kept), months=months, confidence=confidence)


def _kept(
    part: StepLog | Path | str, *, calendar: Calendar, breakdown: Breakdown, told: Told | None
) -> Partial:
    from backdesk.evidence.eventlog import read_steps

    log = read_steps(part) if isinstance(part, (Path, str)) else part
    measured = measure_steps(log, calendar=calendar)
    return partial(told(measured) if told else measured, breakdown=breakdown)
