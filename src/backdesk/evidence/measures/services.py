"""The figures of a service that somebody does for somebody: what came, what went, what lies there, how good it was.

Two tables are asked: `SERVICE_ITEMS`, one row an item, and `SERVICE_LOOKS`, one row a look that somebody took at the
work again. A figure is a filter over one of them, so the rows behind a figure are those it counts: `behind` gives them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from backdesk.evidence.measures.expressions import ratio

Every = Literal["day", "week", "month"]

_MOMENT: Final = pl.Datetime("us", "UTC")
_TRUNCATED: Final = {"day": "1d", "week": "1w", "month": "1mo"}
RECENT_DAYS: Final = 28
"""Days over which a pace of delivery is taken."""

SERVICE_ITEMS: Final = pl.Schema(
    {
        "item": pl.Int64(),
        "received_at": _MOMENT,
        "delivered_at": _MOMENT,  # null while it is to be done, also again
        "returned_at": _MOMENT,  # by the client, the first time
        "closed_at": _MOMENT,  # accepted or cancelled
        "due_at": _MOMENT,  # null without a target
        "is_cancelled": pl.Boolean(),
        "round": pl.Int64(),  # how often it was returned
        "was_sent_back": pl.Boolean(),  # by a review, before it was delivered
        "touch_seconds": pl.Int64(),  # recorded work on its steps; null where nothing was recorded
        "is_gold": pl.Boolean(),  # known to be: it counts in what was looked at, and in nothing else
    }
)
SERVICE_LOOKS: Final = pl.Schema(
    {"item": pl.Int64(), "at": _MOMENT, "errors": pl.Int64(), "critical": pl.Int64()}
)
AGES: Final = ((0, 1), (1, 2), (2, 5), (5, 10), (10, None))
"""Elapsed days since receipt: from, and until before."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows of a table whose moment lies in the period and that fulfil the condition."""

    moment: str
    condition: pl.Expr | None = None
    of_looks: bool = False


IN_TIME: Final = (pl.col("delivered_at") <= pl.col("due_at")).fill_null(value=False)
FIRST_PASS: Final = pl.col("returned_at").is_null() & (pl.col("round") == 0) & ~pl.col("was_sent_back")
SERVICE_INTERVALS: Final = MappingProxyType(
    {
        "first_pass_yield": ("reworked", "judged", "first_pass_low", "first_pass_high"),
        "accuracy": ("with_error", "looked_at", "accuracy_low", "accuracy_high"),
        "critical_accuracy": ("with_critical", "looked_at", "critical_low", "critical_high"),
    }
)
"""By share that is shown with its interval: what is wrong, of how many, and the columns of its bounds."""
_COUNTS: Final[Mapping[str, _Counted]] = MappingProxyType(
    {
        "received": _Counted("received_at"),
        "delivered": _Counted("delivered_at"),
        "accepted": _Counted("closed_at", ~pl.col("is_cancelled")),
        "cancelled": _Counted("closed_at", pl.col("is_cancelled")),
        "with_due": _Counted("missable_at"),
        "on_time": _Counted("missable_at", IN_TIME),
        "late": _Counted("missable_at", ~IN_TIME),
        "judged": _Counted("judged_at"),
        "first_pass": _Counted("judged_at", FIRST_PASS),
        "reworked": _Counted("judged_at", ~FIRST_PASS),
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
    *,
    looks: pl.DataFrame,
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
    counts of `COUNTED` they rest on, and the bounds of `SERVICE_INTERVALS` (95 %). What has no data is null, never 0.
    Source: Backdesk; intervals by Wilson, JASA 22 (1927).

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> done, due = moment + dt.timedelta(hours=4), moment + dt.timedelta(hours=8)
    >>> items = pl.DataFrame([(1, moment, done, None, None, due, False, 0, False, 300, False),
    ...     (2, moment, None, None, None, None, False, 0, False, None, False)], schema=SERVICE_ITEMS, orient="row")
    >>> looks = pl.DataFrame([(1, moment, 0, 0)], schema=SERVICE_LOOKS, orient="row")
    >>> table = service_figures(items, looks=looks, zone="UTC", every="month", first=moment.date(), last=moment.date(),
    ...     now=moment, standard_minutes=30)
    >>> table.select("received", "delivered", "open_items", "backlog_hours", "attainment", "touch_minutes").rows()
    [(2, 1, 1, 0.5, 1.0, 5.0)]
    >>> [round(low, 3) for low in table["accuracy_low"]]
    [0.207]
    """
    periods = table = _periods(first, last, every)
    dated = _dated(told(items, now), zone)
    for moment in dict.fromkeys(counted.moment for counted in _COUNTS.values()):
        rows = dated if moment in dated.columns else _dated(looks, zone)
        table = table.join(_counted(rows, moment, every), on="period", how="left")
    table = (
        table.with_columns(pl.col(*_COUNTS).fill_null(0))
        .join(_lying(dated, periods, every, last), on="period", how="left")
        .sort("period")
    )
    return _with_intervals(table.with_columns(*_shares(standard_minutes)))


def service_quality(
    items: pl.DataFrame,
    *,
    looks: pl.DataFrame,
    by: Sequence[str],
    zone: str,
    first: dt.date,
    last: dt.date,
) -> pl.DataFrame:
    """Return first-pass yield and accuracy of the days `first` to `last`, one row for each value of the columns `by`.

    Both tables have the columns `by` besides those of their schemas; a row that counts for several values stands once
    for each. The figures, the counts they rest on and the bounds of `SERVICE_INTERVALS` are those of `service_figures`.

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> rows = [(1, moment, moment, None, moment, None, False, 0, False, None, False)]
    >>> items = pl.DataFrame(rows, schema=SERVICE_ITEMS, orient="row").with_columns(person=pl.lit(7))
    >>> looks = pl.DataFrame(schema={**SERVICE_LOOKS, "person": pl.Int32()})
    >>> day = moment.date()
    >>> table = service_quality(items, looks=looks, by=["person"], zone="UTC", first=day, last=day)
    >>> table.select("person", "judged", "first_pass_yield", "accuracy").rows()
    [(7, 1, 1.0, None)]
    """
    parts = []
    for rows, at in ((_judged(items), "judged_at"), (looks, "at")):
        within = rows.filter(_day(pl.col(at), zone).is_between(first, last))
        parts.append(within.group_by(by).agg(_counts_of(at)))
    table = parts[0].join(parts[1], on=list(by), how="full", coalesce=True, nulls_equal=True).sort(by)
    names = [name for name, one in _COUNTS.items() if one.moment in ("judged_at", "at")]
    return _with_intervals(table.with_columns(pl.col(names).fill_null(0)).with_columns(*_quality()))


def service_total(figures: pl.DataFrame) -> pl.DataFrame:
    """Return one row: the counts of rows of `service_figures` together, with the shares and bounds that follow.

    The rows may be of several services. Hours of backlog are null where one of them has none.

    >>> counts = {name: [1, 1] for name in COUNTED}
    >>> total = service_total(pl.DataFrame({**counts, "with_error": [0, 1], "backlog_hours": [0.5, None]}))
    >>> total.select("received", "accuracy", "backlog_hours").rows()
    [(2, 0.5, None)]
    """
    hours = pl.col("backlog_hours")
    total = figures.select(
        pl.col(COUNTED).sum(), pl.when(hours.null_count() == 0).then(hours.sum()).alias("backlog_hours")
    )
    return _with_intervals(total.with_columns(_attainment(), *_quality()))


def ageing(items: pl.DataFrame, *, now: dt.datetime) -> pl.DataFrame:
    """Return how long open items have lain there: `from_days`, `until_days` (null at the end), `items`.

    Ages are elapsed days since receipt, in the steps of `AGES`.

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> rows = [(1, moment, None, None, None, None, False, 0, False, None, False)]
    >>> found = ageing(pl.DataFrame(rows, schema=SERVICE_ITEMS, orient="row"), now=moment + dt.timedelta(days=3))
    >>> found.filter(pl.col("items") > 0).rows()
    [(2, 5, 1)]
    """
    days = (pl.lit(now) - pl.col("received_at")).dt.total_seconds() / 86400
    aged = items.filter(~pl.col("is_gold"), _left().is_null()).select(days.alias("days"))["days"]
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
    *,
    looks: pl.DataFrame,
    count: str,
    zone: str,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
) -> pl.DataFrame:
    """Return the items that a count of `service_figures` counts, from the day `first` to the day `last`.

    The rows of `items`, by receipt; an item that was looked at twice stands once. Of "open_items" those open at the
    end of `last`. Raises `UnknownCount`.

    >>> moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> rows = [(n, moment, None, None, None, None, False, 0, False, None, False) for n in (1, 2)]
    >>> items, looks = pl.DataFrame(rows, schema=SERVICE_ITEMS, orient="row"), pl.DataFrame(schema=SERVICE_LOOKS)
    >>> march = {"zone": "UTC", "first": moment.date(), "last": moment.date(), "now": moment}
    >>> behind(items, looks=looks, count="open_items", **march)["item"].to_list()
    [1, 2]
    >>> behind(items, looks=looks, count="lost", **march)
    Traceback (most recent call last):
    ...
    backdesk.evidence.measures.services.UnknownCount: nothing is counted as 'lost'; there are received, delivered, \
accepted, cancelled, with_due, on_time, late, judged, first_pass, reworked, touched, looked_at, with_error, \
with_critical, open_items
    """
    if count not in COUNTED:
        raise UnknownCount(f"nothing is counted as {count!r}; there are {', '.join(COUNTED)}")
    if count == "open_items":
        received, left = _day(pl.col("received_at"), zone), _day(_left(), zone)
        return items.filter(~pl.col("is_gold"), (received <= last) & (left.is_null() | (left > last))).sort(
            "received_at", "item"
        )
    counted = _COUNTS[count]
    rows = _of(told(items, now), looks, counted).filter(
        _day(pl.col(counted.moment), zone).is_between(first, last)
    )
    return items.join(rows.select("item").unique(), on="item", how="semi").sort("received_at", "item")


def is_of_looks(count: str) -> bool:
    """Say whether a count is of looks at the work rather than of items.

    >>> is_of_looks("with_error"), is_of_looks("judged")
    (True, False)
    """
    return count in _COUNTS and _COUNTS[count].of_looks


def told(items: pl.DataFrame, now: dt.datetime) -> pl.DataFrame:
    """Return those that count, with `missable_at`: the due time of what was delivered, or could have been by now.

    >>> told(pl.DataFrame(schema=SERVICE_ITEMS), dt.datetime(2026, 3, 2, tzinfo=dt.UTC)).columns[-2:]
    ['judged_at', 'missable_at']
    """
    known = ~pl.col("is_cancelled") & (
        pl.col("delivered_at").is_not_null() | (pl.col("due_at") <= pl.lit(now))
    )
    return _judged(items).with_columns(pl.when(known).then(pl.col("due_at")).alias("missable_at"))


def _of(items: pl.DataFrame, looks: pl.DataFrame, counted: _Counted) -> pl.DataFrame:
    table = looks if counted.of_looks else items
    known = pl.col(counted.moment).is_not_null()
    return table.filter(known if counted.condition is None else known & counted.condition)


def _judged(items: pl.DataFrame) -> pl.DataFrame:
    """Those that count, with when the client first took one over, or returned it."""
    accepted = pl.when(~pl.col("is_cancelled")).then(pl.col("closed_at"))
    return items.filter(~pl.col("is_gold")).with_columns(
        pl.coalesce("returned_at", accepted).alias("judged_at")
    )


def _dated(table: pl.DataFrame, zone: str) -> pl.DataFrame:
    """With the day of each moment, worked out once: over a million rows the zone is what takes time."""
    moments = [name for name, kind in table.schema.items() if kind == _MOMENT]
    return table.with_columns(_day(pl.col(name), zone).alias(f"{name}_day") for name in moments)


def _counted(dated: pl.DataFrame, moment: str, every: Every) -> pl.DataFrame:
    """All that is counted by this moment, by period."""
    counts = _counts_of(moment)
    if moment == "delivered_at":
        counts.append((pl.col("touch_seconds").median() / 60).alias("touch_minutes"))
    period = pl.col(f"{moment}_day").dt.truncate(_TRUNCATED[every]).alias("period")
    return dated.filter(pl.col(moment).is_not_null()).group_by(period).agg(counts)


def _counts_of(moment: str) -> list[pl.Expr]:
    return [
        (pl.len() if one.condition is None else one.condition.sum()).cast(pl.Int64).alias(name)
        for name, one in _COUNTS.items()
        if one.moment == moment
    ]


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
    hours = None if standard_minutes is None else standard_minutes / 60
    return [
        (pl.col("open_items") * pl.lit(hours, pl.Float64)).alias("backlog_hours"),
        pl.when((pl.col("open_items") == 0) & pl.col("pace").is_not_null())
        .then(0.0)
        .when(pl.col("pace") > 0)
        .then(pl.col("open_items") / pl.col("pace"))
        .alias("days_to_clear"),
        _attainment(),
        *_quality(),
    ]


def _attainment() -> pl.Expr:
    return ratio("on_time", "with_due").alias("attainment")


def _quality() -> list[pl.Expr]:
    return [
        (1 - ratio(wrong, of)).alias(name) for name, (wrong, of, _low, _high) in SERVICE_INTERVALS.items()
    ]


def _with_intervals(table: pl.DataFrame) -> pl.DataFrame:
    from backdesk.evidence.statistics import wilson  # scipy takes a while to load

    bounds = []
    for wrong, of, low, high in SERVICE_INTERVALS.values():
        found = [
            wilson(count=total - bad, total=total) if total else None
            for total, bad in table.select(of, wrong).rows()
        ]
        bounds.append(pl.Series(low, [one and one.low for one in found], dtype=pl.Float64))
        bounds.append(pl.Series(high, [one and one.high for one in found], dtype=pl.Float64))
    return table.with_columns(bounds)
