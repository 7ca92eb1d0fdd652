"""The figures of measured steps, over any grouping."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import polars as pl

from backdesk.evidence.measures.catalogue import GROUP_MEASURES, measure
from backdesk.evidence.measures.expressions import with_record


class UnknownGrouping(Exception):
    """A column to group by that measured steps do not have."""


class NotOfAGroup(Exception):
    """A figure of the catalogue that is not computed over a group of steps."""


def aggregate(
    measured: pl.DataFrame,
    *,
    by: str | Sequence[str],
    only: Sequence[str] | None = None,
    months: float | None = None,
) -> pl.DataFrame:
    """Return one row per group of measured steps, sorted by the group, with the figures of `GROUP_MEASURES`.

    `by` is one or more columns of the measured steps (or columns added to them), an empty list the whole;
    steps without a value there are a group of their own. `only` names the figures wanted. Figures a month
    and shares of the record refer to all steps given; `months` sets the length of the record where these
    are but a part. What has no data is null. Definitions and sources: `CATALOGUE`. Raises
    `UnknownGrouping`, `UnknownMeasure`, `NotOfAGroup`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> figures = ["steps", "touch_hours", "waiting_hours_median", "rework_share", "people"]
    >>> aggregate(measured, by="activity", only=figures).rows()
    [('Check', 2, 2.0, 1.75, 0.0, 1), ('Enter', 3, 1.5, 0.0, 0.3333333333333333, 1)]
    """
    keys = [by] if isinstance(by, str) else list(by)
    _check_keys(measured, keys)
    figures = [_expression(name) for name in (GROUP_MEASURES if only is None else only)]
    steps = with_record(measured, months=months)
    if not keys:
        return steps.select(figures) if steps.height else steps.select(figures).clear()
    return steps.group_by(keys).agg(figures).sort(keys, nulls_last=True)


def _expression(name: str) -> pl.Expr:
    entry = measure(name)
    if entry.expression is None:
        raise NotOfAGroup(
            f"{name!r} is not a figure of a group of steps; those are {', '.join(GROUP_MEASURES)}"
        )
    return entry.expression.alias(name)


def _check_keys(measured: pl.DataFrame, keys: Sequence[str]) -> None:
    for key in keys:
        if key not in measured.columns:
            near = difflib.get_close_matches(key, measured.columns, n=2) or ["activity", "resource"]
            raise UnknownGrouping(f"measured steps have no column {key!r}; did you mean {' or '.join(near)}?")
