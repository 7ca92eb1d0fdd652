"""The figures of a service that somebody does for somebody: what came, what went, what lies there, how good it was.

Two tables are asked: `SERVICE_ITEMS`, one row an item, and `SERVICE_LOOKS`, one row a look that somebody took at the
work again. A figure is a filter over one of them, so the rows behind a figure are those it counts: `behind` gives them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from backdesk.evidence.measures.definition import Measure
from backdesk.evidence.statistics import wilson

Every = Literal["day", "week", "month"]

_MOMENT: Final = pl.Datetime("us", "UTC")
_WILSON: Final = "Wilson, JASA 22 (1927)"
_TRUNCATED: Final = {"day": "1d", "week": "1w", "month": "1mo"}
RECENT_DAYS: Final = 28
"""Days over which a pace of delivery is taken."""

SERVICE_ITEMS: Final = pl.Schema(
    {
        "item": pl.Int64(),
        "received_at": _MOMENT,
        "delivered_at": _MOMENT,  # null while it is to be done, also again
        "closed_at": _MOMENT,  # accepted or cancelled
        "due_at": _MOMENT,  # null without a target
        "is_cancelled": pl.Boolean(),
        "round": pl.Int64(),  # how often it was returned
        "was_sent_back": pl.Boolean(),  # by a review, before it was delivered
        "touch_seconds": pl.Int64(),  # recorded work on its steps; null where nothing was recorded
    }
)
SERVICE_LOOKS: Final = pl.Schema(
    {"item": pl.Int64(), "at": _MOMENT, "errors": pl.Int64(), "critical": pl.Int64()}
)
AGES: Final = ((0, 1), (1, 2), (2, 5), (5, 10), (10, None))
"""Elapsed days since receipt: from, and until before."""

SERVICE_MEASURES: Final = (
    Measure(
        name="received",
        title="Received",
        unit="items",
        definition="items received in the period",
    ),
    Measure(
        name="delivered",
        title="Delivered",
        unit="items",
        definition="items delivered in the period; one that was returned counts when it was delivered last",
    ),
    Measure(
        name="accepted",
        title="Accepted",
        unit="items",
        definition="items accepted in the period, by somebody or by silence",
    ),
    Measure(
        name="open_items",
        title="Backlog",
        unit="items",
        definition="items received and neither delivered nor cancelled, at the end of the period",
    ),
    Measure(
        name="backlog_hours",
        title="Backlog in work",
        unit="h",
        definition="backlog × standard time of an item",
    ),
    Measure(
        name="days_to_clear",
        title="Days to clear",
        unit="days",
        definition="backlog / (items delivered less items received, a day), over the 28 days up to the end of the "
        "period, or since the first item where that is less; weekends count; never, where no more is delivered than "
        "received",
    ),
    Measure(
        name="attainment",
        title="Turnaround kept",
        unit="%",
        definition="items delivered by their due time / items due in the period; what is past due and still open "
        "counts as missed; the due time is on the service's calendar, without approved pauses",
    ),
    Measure(
        name="first_pass_yield",
        title="First-pass yield",
        unit="%",
        definition="items delivered that no review sent back and the client never returned / items delivered",
    ),
    Measure(
        name="accuracy",
        title="Accuracy",
        unit="%",
        definition="looks at sampled work that found no error / looks; an error that was disputed and withdrawn is "
        "none",
        source=_WILSON + " for the interval",
    ),
    Measure(
        name="critical_accuracy",
        title="Accuracy, critical errors",
        unit="%",
        definition="looks at sampled work that found no critical error / looks",
        source=_WILSON + " for the interval",
    ),
    Measure(
        name="touch_minutes",
        title="Touch time, median",
        unit="min",
        definition="median over items delivered of the recorded work on all steps of the item, without idle time",
    ),
)
SERVICE_CATALOGUE: Final[Mapping[str, Measure]] = MappingProxyType(
    {entry.name: entry for entry in SERVICE_MEASURES}
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows of a table whose moment lies in the period and that fulfil the condition."""

    moment: str
    condition: pl.Expr | None = None
    of_looks: bool = False


_IN_TIME: Final = (pl.col("delivered_at") <= pl.col("due_at")).fill_null(value=False)
_FIRST_PASS: Final = (pl.col("round") == 0) & ~pl.col("was_sent_back")
_COUNTS: Final[Mapping[str, _Counted]] = MappingProxyType(
    {
        "received": _Counted("received_at"),
        "delivered": _Counted("delivered_at"),
        "accepted": _Counted("closed_at", ~pl.col("is_cancelled")),
        "cancelled": _Counted("closed_at", pl.col("is_cancelled")),
        "with_due": _Counted("missable_at"),
        "on_time": _Counted("missable_at", _IN_TIME),
        "late": _Counted("missable_at", ~_IN_TIME),
        "first_pass": _Counted("delivered_at", _FIRST_PASS),
        "reworked": _Counted("delivered_at", ~_FIRST_PASS),
        "touched": _Counted("delivered_at", pl.col("touch_seconds").is_not_null()),
        "looked_at": _Counted("at", of_looks=True),
        "with_error": _Counted("at", pl.col("errors") > 0, of_looks=True),
        "with_critical": _Counted("at", pl.col("critical") > 0, of_looks=True),
    }
)
COUNTED: Final = (*_COUNTS, "open_items")
"""Names for which `behind` gives the items."""


class UnknownCount(Exception):
    """A name of which no rows can be given; the message lists those there are."""


def service_figures(
    items: pl.DataFrame,
    looks: pl.DataFrame,
    *,
    zone: str,
    every: Every,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    standard_minutes: float | None = None,
) -> pl.DataFrame:
    """Return the figures of `SERVICE_MEASURES`, one row a period from that of `first` to that of `last`.

    `items` and `looks` have the schemas `SERVICE_ITEMS` and `SERVICE_LOOKS`; days are those of `zone`, weeks begin on
    Monday; what is open and due later than `now` is not missed yet. Besides the figures: `period` (its first day), the
    counts of `COUNTED` they rest on, `accuracy_low`, `accuracy_high`, `critical_low`, `critical_high` (95 %). What has
    no data is null, never 0.
    Source: Backdesk; intervals by Wilson, JASA 22 (1927).

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> items = pl.DataFrame([(1, moment, moment + dt.timedelta(hours=4), None, moment + dt.timedelta(hours=8), False,
    ...     0, False, 300), (2, moment, None, None, None, False, 0, False, None)], schema=SERVICE_ITEMS, orient="row")
    >>> looks = pl.DataFrame([(1, moment, 0, 0)], schema=SERVICE_LOOKS, orient="row")
    >>> table = service_figures(items, looks, zone="UTC", every="month", first=moment.date(), last=moment.date(),
    ...     now=moment, standard_minutes=30)
    >>> table.select("received", "delivered", "open_items", "backlog_hours", "attainment", "touch_minutes").rows()
    [(2, 1, 1, 0.5, 1.0, 5.0)]
    >>> [round(low, 3) for low in table["accuracy_low"]]
    [0.207]
    """
    periods = table = _periods(first, last, every)
    dated = _dated(_missable(items, now), zone)
    for moment in dict.fromkeys(counted.moment for counted in _COUNTS.values()):
        rows = dated if moment in dated.columns else _dated(looks, zone)
        table = table.join(_counted(rows, moment, every), on="period", how="left")
    table = (
        table.with_columns(pl.col(*_COUNTS).fill_null(0))
        .join(_lying(dated, periods, every, last), on="period", how="left")
        .sort("period")
    )
    return _with_intervals(table.with_columns(*_shares(standard_minutes)))


def ageing(items: pl.DataFrame, *, now: dt.datetime) -> pl.DataFrame:
    """Return how long open items have lain there: `from_days`, `until_days` (null at the end), `items`.

    Ages are elapsed days since receipt, in the steps of `AGES`.

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> rows = [(1, moment, None, None, None, False, 0, False, None)]
    >>> found = ageing(pl.DataFrame(rows, schema=SERVICE_ITEMS, orient="row"), now=moment + dt.timedelta(days=3))
    >>> found.filter(pl.col("items") > 0).rows()
    [(2, 5, 1)]
    """
    days = (pl.lit(now) - pl.col("received_at")).dt.total_seconds() / 86400
    aged = items.filter(_left().is_null()).select(days.alias("days"))["days"]
    counts = [
        int(((aged >= begin) & (aged < (float("inf") if end is None else end))).sum()) for begin, end in AGES
    ]
    return pl.DataFrame(
        {
            "from_days": [begin for begin, _ in AGES],
            "until_days": [end for _, end in AGES],
            "items": counts,
        },
        schema={"from_days": pl.Int64, "until_days": pl.Int64, "items": pl.Int64},
    )


def behind(
    items: pl.DataFrame,
    looks: pl.DataFrame,
    count: str,
    *,
    zone: str,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
) -> pl.DataFrame:
    """Return the items that a count of `service_figures` counts, from the day `first` to the day `last`.

    The rows of `items`, by receipt; an item that was looked at twice stands once. Of "open_items" those open at the
    end of `last`. Raises `UnknownCount`.

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> rows = [(n, moment, None, None, None, False, 0, False, None) for n in (1, 2)]
    >>> items, looks = pl.DataFrame(rows, schema=SERVICE_ITEMS, orient="row"), pl.DataFrame(schema=SERVICE_LOOKS)
    >>> march = {"zone": "UTC", "first": moment.date(), "last": moment.date(), "now": moment}
    >>> behind(items, looks, "open_items", **march)["item"].to_list()
    [1, 2]
    >>> behind(items, looks, "lost", **march)
    Traceback (most recent call last):
    ...
    backdesk.evidence.measures.services.UnknownCount: nothing is counted as 'lost'; there are received, delivered, \
accepted, cancelled, with_due, on_time, late, first_pass, reworked, touched, looked_at, with_error, with_critical, \
open_items
    """
    if count not in COUNTED:
        raise UnknownCount(f"nothing is counted as {count!r}; there are {', '.join(COUNTED)}")
    if count == "open_items":
        received, left = _day(pl.col("received_at"), zone), _day(_left(), zone)
        return items.filter((received <= last) & (left.is_null() | (left > last))).sort("received_at", "item")
    counted = _COUNTS[count]
    rows = _of(_missable(items, now), looks, counted).filter(
        _day(pl.col(counted.moment), zone).is_between(first, last)
    )
    return items.join(rows.select("item").unique(), on="item", how="semi").sort("received_at", "item")


def _of(items: pl.DataFrame, looks: pl.DataFrame, counted: _Counted) -> pl.DataFrame:
    table = looks if counted.of_looks else items
    known = pl.col(counted.moment).is_not_null()
    return table.filter(known if counted.condition is None else known & counted.condition)


def _missable(items: pl.DataFrame, now: dt.datetime) -> pl.DataFrame:
    """With the due time of what was delivered, or could have been by now."""
    told = ~pl.col("is_cancelled") & (
        pl.col("delivered_at").is_not_null() | (pl.col("due_at") <= pl.lit(now))
    )
    return items.with_columns(pl.when(told).then(pl.col("due_at")).alias("missable_at"))


def _dated(table: pl.DataFrame, zone: str) -> pl.DataFrame:
    """With the day of each moment, worked out once: over a million rows the zone is what takes time."""
    moments = [name for name, kind in table.schema.items() if kind == _MOMENT]
    return table.with_columns(_day(pl.col(name), zone).alias(f"{name}_day") for name in moments)


def _counted(dated: pl.DataFrame, moment: str, every: Every) -> pl.DataFrame:
    """All that is counted by this moment, by period."""
    counts = [
        (pl.len() if one.condition is None else one.condition.sum()).cast(pl.Int64).alias(name)
        for name, one in _COUNTS.items()
        if one.moment == moment
    ]
    if moment == "delivered_at":
        counts.append((pl.col("touch_seconds").median() / 60).alias("touch_minutes"))
    period = pl.col(f"{moment}_day").dt.truncate(_TRUNCATED[every]).alias("period")
    return dated.filter(pl.col(moment).is_not_null()).group_by(period).agg(counts)


def _left(suffix: str = "") -> pl.Expr:
    """When an item left the backlog: delivered, or cancelled."""
    cancelled = pl.when(pl.col("is_cancelled")).then(pl.col(f"closed_at{suffix}"))
    return pl.coalesce(cancelled, pl.col(f"delivered_at{suffix}"))


def _day(moment: pl.Expr, zone: str) -> pl.Expr:
    return moment.dt.convert_time_zone(zone).dt.date()


def _periods(first: dt.date, last: dt.date, every: Every) -> pl.DataFrame:
    begins = pl.Series([first, last]).dt.truncate(_TRUNCATED[every])
    days = pl.date_range(begins[0], begins[1], interval=_TRUNCATED[every], eager=True)
    return pl.DataFrame({"period": days})


def _lying(dated: pl.DataFrame, periods: pl.DataFrame, every: Every, last: dt.date) -> pl.DataFrame:
    """What is open at the end of each period, and how much more is delivered a day than comes; the last ends `last`."""
    end = pl.col("period").dt.offset_by(_TRUNCATED[every]) - pl.duration(days=1)
    ends = periods.with_columns(pl.min_horizontal(end, pl.lit(last)).alias("day"))
    began = dated["received_at_day"].min()
    young = (pl.col("day") - pl.lit(began, pl.Date)).dt.total_days() + 1
    came = _up_to(dated.select(pl.col("received_at_day").alias("day")), "came")
    left = _up_to(dated.select(_left("_day").alias("day")), "left")
    done = _up_to(dated.select(pl.col("delivered_at_day").alias("day")), "done")
    before = ends.with_columns((pl.col("day") - pl.duration(days=RECENT_DAYS)).alias("day"))
    table = ends
    for counts in (came, left, done):
        table = table.join_asof(counts, on="day")
    for counts, name in ((done, "done"), (came, "came")):
        earlier = before.join_asof(counts.rename({name: f"{name}_before"}), on="day")
        table = table.join(earlier.select("period", f"{name}_before"), on="period")

    def recent(name: str) -> pl.Expr:
        return pl.col(name).fill_null(0) - pl.col(f"{name}_before").fill_null(0)

    return table.select(
        "period",
        (pl.col("came").fill_null(0) - pl.col("left").fill_null(0)).alias("open_items"),
        ((recent("done") - recent("came")) / young.clip(1, RECENT_DAYS)).alias("pace"),
    )


def _up_to(days: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many up to each day there is one."""
    return (
        days.drop_nulls()
        .group_by("day")
        .agg(pl.len().cast(pl.Int64).alias(name))
        .sort("day")
        .with_columns(pl.col(name).cum_sum())
    )


def _shares(standard_minutes: float | None) -> list[pl.Expr]:
    def share(part: pl.Expr, of: str, name: str) -> pl.Expr:
        return pl.when(pl.col(of) > 0).then(part / pl.col(of)).alias(name)

    hours = None if standard_minutes is None else standard_minutes / 60
    return [
        (pl.col("open_items") * pl.lit(hours, pl.Float64)).alias("backlog_hours"),
        pl.when(pl.col("pace") > 0).then(pl.col("open_items") / pl.col("pace")).alias("days_to_clear"),
        share(pl.col("on_time"), "with_due", "attainment"),
        share(pl.col("first_pass"), "delivered", "first_pass_yield"),
        share(pl.col("looked_at") - pl.col("with_error"), "looked_at", "accuracy"),
        share(pl.col("looked_at") - pl.col("with_critical"), "looked_at", "critical_accuracy"),
    ]


def _with_intervals(table: pl.DataFrame) -> pl.DataFrame:
    bounds: dict[str, list[float | None]] = {
        name: [] for name in ("accuracy_low", "accuracy_high", "critical_low", "critical_high")
    }
    for total, wrong, critical in table.select("looked_at", "with_error", "with_critical").rows():
        for name, errors in (("accuracy", wrong), ("critical", critical)):
            found = wilson(total - errors, total) if total else None
            bounds[f"{name}_low"].append(found.low if found else None)
            bounds[f"{name}_high"].append(found.high if found else None)
    return table.with_columns(pl.Series(name, values, dtype=pl.Float64) for name, values in bounds.items())
