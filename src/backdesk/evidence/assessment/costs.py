"""What the recorded work costs, by the rates given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import polars as pl

from backdesk.evidence.assessment.rates import Rates

CENT: Final = Decimal("0.01")
_HOUR: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one activity's recorded working time costs.

    `amount` is of the hours a rate applies to; `hours_without_rate` are not in it. `hourly` is their mean
    rate, `market` the market rate given, `pay_ratio` the one over the other; None where not known.

    >>> cost = Cost(activity="Check", currency="EUR", hours=Decimal(2), hours_without_rate=Decimal(0),
    ...             amount=Decimal(90), amount_per_month=Decimal(9), hourly=Decimal(45), market=None)
    >>> cost.pay_ratio is None
    True
    """

    activity: str
    currency: str
    hours: Decimal
    hours_without_rate: Decimal
    amount: Decimal
    amount_per_month: Decimal
    hourly: Decimal | None
    market: Decimal | None

    @property
    def pay_ratio(self) -> float | None:
        """Say how many times the market rate an hour costs; None where either is unknown.

        >>> Cost(activity="Check", currency="EUR", hours=Decimal(2), hours_without_rate=Decimal(0),
        ...      amount=Decimal(90), amount_per_month=Decimal(9), hourly=Decimal(45),
        ...      market=Decimal(30)).pay_ratio
        1.5
        """
        return float(self.hourly / self.market) if self.hourly is not None and self.market else None


def costs(measured: pl.DataFrame, *, rates: Rates, months: float) -> Mapping[str, Cost]:
    """Give each activity's cost: touch time (working time from start to end) times the rate of who did it.

    `measured` is the table of `measure_steps`; `months` the length of the record. Amounts are rounded to the
    cent once, after summing.

    >>> from backdesk.evidence.assessment.rates import Rate
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> rates = Rates(entries=(Rate(kind="default", name="", rate=Decimal(40), currency="EUR"),))
    >>> costs(measured, rates=rates, months=1.0)["Check"].amount
    Decimal('80.00')
    """
    hours = (
        measured.group_by(pl.col("activity", "resource", "team").cast(pl.String))
        .agg((pl.col("touch_working_s").sum() / 3600).alias("hours"))
        .sort("activity", "resource", "team")
    )
    whole = Decimal(repr(months))
    return {
        str(activity): _cost(str(activity), part, rates, whole)
        for (activity,), part in hours.group_by("activity", maintain_order=True)
    }


def _cost(activity: str, performed: pl.DataFrame, rates: Rates, months: Decimal) -> Cost:
    everything = priced = amount = Decimal(0)
    for _, resource, team, hours in performed.iter_rows():
        worked = Decimal(repr(hours)).quantize(_HOUR, ROUND_HALF_EVEN)
        everything += worked
        rate = rates.hourly(resource=resource, team=team, activity=activity)
        if rate is not None:
            priced += worked
            amount += worked * rate
    return Cost(
        activity=activity,
        currency=rates.currency or "",
        hours=everything,
        hours_without_rate=everything - priced,
        amount=amount.quantize(CENT, ROUND_HALF_EVEN),
        amount_per_month=(amount / months).quantize(CENT, ROUND_HALF_EVEN),
        hourly=amount / priced if priced else None,
        market=rates.market(activity),
    )
