"""Cases against what was agreed: how long they took, whether in time, whether right at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from backdesk.evidence.measures import expressions as of
from backdesk.evidence.measures.definition import Measure
from backdesk.evidence.measures.service_catalogue import SERVICE_CATALOGUE

if TYPE_CHECKING:
    from backdesk.evidence.clocks import Terms

_MOMENT: Final = pl.Datetime("us", "UTC")
NO_PAUSES: Final = pl.Schema(
    {"key": pl.String(), "began_at": _MOMENT, "ended_at": _MOMENT, "approved": pl.Boolean()}
)


def agreed(
    measured: pl.DataFrame,
    *,
    terms: Sequence[Terms],
    delivered_by: Collection[str],
    now: dt.datetime,
    returned_by: Collection[str] = (),
    pauses: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return measured steps with what an agreement makes of the case of each, for the figures of `AGREED_MEASURES`.

    A case is an item: received with the earliest start of its steps, delivered with the latest end of an activity of
    `delivered_by`, unless one of `returned_by` ended then or later. `terms` hold calendar and target, in working time
    or in days with the rule for the day of receipt; `pauses` those of cases, with the columns of `NO_PAUSES` (`key`
    is the case; see `clocks.due_many`). Added are `due_at`; `turnaround_s`, the working seconds from receipt to
    delivery less approved pauses, null while open; `is_on_time`, null without a due time and while that is later than
    `now`; and `is_first_pass`, null while the case is neither delivered nor returned, and without `returned_by`:
    then the log does not tell. What these mean is defined by `SERVICE_CATALOGUE`, and computed by the same rules.
    Partitions by case may be told each by itself.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.clocks import Terms
    >>> from backdesk.evidence.measures import aggregate, measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> monday = dt.datetime(2026, 2, 2, tzinfo=dt.UTC)
    >>> terms = [Terms(since=monday, calendar=office, target_seconds=3.25 * 3600)]
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> found = agreed(measured, terms=terms, delivered_by=["Check"], now=monday + dt.timedelta(days=1))
    >>> aggregate(found, by=[], only=["turnaround_hours_mean", "attainment", "first_pass_yield"]).rows()
    [(3.25, 0.5, None)]
    """
    from backdesk.evidence.clocks import counted_many, due_many
    from backdesk.evidence.measures.services import FIRST_PASS, IN_TIME, told

    items = _items(measured, delivered_by, returned_by)
    clocks = items.select("received_at", key="case", ended_at="delivered_at", terms=pl.lit(0))
    stopped = pl.DataFrame(schema=NO_PAUSES) if pauses is None else pauses
    due = due_many(clocks, terms={0: terms}, pauses=stopped, now=now)
    counted = counted_many(clocks, terms={0: terms}, pauses=stopped, now=now)
    known = told(items.with_columns(due, counted), now).select(
        "case",
        "due_at",
        pl.when(pl.col("delivered_at").is_not_null()).then(counted.round(6)).alias("turnaround_s"),
        pl.when(pl.col("missable_at").is_not_null()).then(IN_TIME).alias("is_on_time"),
        pl.when(pl.col("judged_at").is_not_null()).then(FIRST_PASS).alias("is_first_pass"),
    )
    return measured.join(known, on="case", how="left", maintain_order="left")


def _items(
    measured: pl.DataFrame, delivered_by: Collection[str], returned_by: Collection[str]
) -> pl.DataFrame:
    """Return each case as an item of a service, with the columns that its figures rest on."""
    name, ended = pl.col("activity").cast(pl.String), pl.col("ended_at")
    returns = ended.filter(name.is_in(list(returned_by)))
    delivered = pl.col("delivered_at")
    return (
        measured.group_by("case", maintain_order=True)
        .agg(
            pl.col("started_at").min().alias("received_at"),
            ended.filter(name.is_in(list(delivered_by))).max().alias("delivered_at"),
            returns.min().alias("returned_at"),
            returns.max().alias("_again_at"),
            returns.len().alias("round"),
        )
        .with_columns(
            pl.when((delivered > pl.col("_again_at")).fill_null(value=True)).then(delivered),
            *(pl.lit(value=False).alias(name) for name in ("is_gold", "is_cancelled", "was_sent_back")),
        )
        .with_columns(closed_at=delivered if returned_by else pl.lit(None, _MOMENT))
    )


_LOG_LIMITS: Final = "a log does not tell of cancelled cases, nor of cases without a completed step"
_TURNAROUND: Final = (
    "working time from receipt to delivery of a case, on the calendar agreed, less approved pauses"
)

AGREED_ENTRIES: Final = (
    Measure(
        name="turnaround_hours_mean",
        title="Turnaround, mean",
        unit="h",
        definition=f"mean {_TURNAROUND}",
        expression=of.mean("turnaround_us", "turnaround_known", of.HOUR),
        limits="cases not delivered yet are left out, so it looks short where many are late and open",
    ),
    Measure(
        name="turnaround_hours_median",
        title="Turnaround, median",
        unit="h",
        definition=f"median {_TURNAROUND}",
        spread="turnarounds",
        quantile=0.5,
        limits="cases not delivered yet are left out, so it looks short where many are late and open",
    ),
    Measure(
        name="turnaround_hours_p90",
        title="Turnaround, 90th percentile",
        unit="h",
        definition=f"{_TURNAROUND}, that 90 % of the cases do not exceed (linear interpolation)",
        spread="turnarounds",
        quantile=0.9,
        limits="cases not delivered yet are left out, so it looks short where many are late and open",
    ),
    replace(
        SERVICE_CATALOGUE["attainment"],
        expression=of.ratio("on_time", "with_due"),
        counts=("on_time", "with_due"),
        limits=f"one that is delivered early counts at once, while those due later do not yet; {_LOG_LIMITS}",
    ),
    replace(
        SERVICE_CATALOGUE["first_pass_yield"],
        expression=of.ratio("first_pass", "judged"),
        counts=("first_pass", "judged"),
        limits="in a log, what was delivered and not returned counts as accepted, though it may come back yet, and "
        "what a review sent back is seen only where its activity is named as one that returns",
    ),
)
"""Figures of the cases of any group of steps, once `agreed` has told what was agreed."""
