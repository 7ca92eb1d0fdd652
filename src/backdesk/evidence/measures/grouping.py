"""The figures of measured steps, over any grouping."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from backdesk.evidence.measures.breakdowns import Breakdown
from backdesk.evidence.measures.catalogue import GROUP_MEASURES
from backdesk.evidence.measures.finishing import finish
from backdesk.evidence.measures.partials import partial


def aggregate(
    measured: pl.DataFrame,
    *,
    by: str | Sequence[str],
    only: str | Sequence[str] | None = None,
    months: float | None = None,
) -> pl.DataFrame:
    """Return one row per group of measured steps, sorted by the group, with the figures of `GROUP_MEASURES`.

    `by` is one or more columns of the measured steps (or columns added to them), an empty list the whole;
    steps without a value there are a group of their own. `only` names the figures wanted, or the one. Figures a month
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
    keys = (by,) if isinstance(by, str) else tuple(by)
    names = (only,) if isinstance(only, str) else tuple(GROUP_MEASURES if only is None else only)
    breakdown = Breakdown(by=keys, only=names)
    return finish(partial(measured, breakdown=breakdown), months=months)
