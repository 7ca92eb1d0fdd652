"""How much lay open and how much was in work, hour by hour, day by day or week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.calendars import WorkingTime
from backdesk.evidence.calendars.timeline import Timeline, timeline
from backdesk.evidence.calendars.working import NOT_A_TIME, days_around, microseconds
from backdesk.evidence.measures.causes import Integers
from backdesk.evidence.measures.columns import check_period, checked_keys
from backdesk.evidence.measures.definition import Measure
from backdesk.evidence.measures.expressions import HOUR

Every = Literal["hour", "day", "week"]
Held = Literal["open", "in_work"]

HELD: Final[Mapping[Held, tuple[str, str]]] = {
    "open": ("enabled_at", "started_at"),
    "in_work": ("started_at", "ended_at"),
}
"""From when to when a step is."""

_MOMENTS: Final = ("enabled_at", "started_at", "ended_at")
_LAW: Final = (
    "time-weighted average of a step function; Law, Simulation Modeling and Analysis, 5th ed. 2015, 1.4"
)


def workload(
    steps: pl.DataFrame, *, calendar: WorkingTime, by: str | Sequence[str] = (), every: Every = "day"
) -> pl.DataFrame:
    """Return the load of each period, of all steps or of each group: exact averages over working time, and peaks.

    `steps` has `enabled_at`, `started_at`, `ended_at` (aware; the end null where the work goes on) and the columns
    of `by`, such as `resource`, `team` or `activity`. Returned are these, `period` (its start, in the calendar's
    zone), `working_hours`, and the figures of `WORKLOAD_ENTRIES`. Every period from the first step to the last is
    there; means are null where it has no working time. The first and the last period may be cut short.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> load = workload(two_orders().steps, calendar=office, by=["resource"])
    >>> load.select("resource", "enabled", "done", "open_mean", "open_peak", "in_work_mean").rows()
    [('Ann', 3, 3, 0.0, 0, 0.1875), ('Bob', 2, 2, 0.4375, 2, 0.25)]
    """
    by = checked_keys(by, steps, of="steps")
    if not steps.height:
        return pl.DataFrame(schema={name: steps.schema[name] for name in by} | _schema(calendar.zone))
    starts = period_starts(pl.concat([steps[moment] for moment in _MOMENTS]), zone=calendar.zone, every=every)
    edges = microseconds(starts)
    groups = steps.select(by or pl.lit(0).alias("_all")).unique(maintain_order=True)
    group = _numbered(steps, groups, by)
    at = {moment: microseconds(steps[moment]) for moment in _MOMENTS}
    ended = at["ended_at"] != NOT_A_TIME
    # What is not ended is in work as long as the record tells of anything.
    at["ended_at"] = np.where(ended, at["ended_at"], max(int(times.max()) for times in at.values()))
    line = timeline(calendar, *days_around(edges))
    worked = np.tile(np.diff(line.worked(edges)), groups.height)
    columns: dict[str, npt.NDArray[Any]] = {"working_hours": worked / HOUR}
    columns["enabled"] = _counted(group, at["enabled_at"], edges, groups.height)
    columns["done"] = _counted(group[ended], at["ended_at"][ended], edges, groups.height)
    for name, (begins, ends) in HELD.items():
        held, columns[f"{name}_peak"] = _held(group, at[begins], at[ends], edges, groups.height, line)
        columns[f"{name}_mean"] = np.where(worked > 0, held / np.maximum(worked, 1), np.nan)
    return (
        groups.join(pl.DataFrame({"period": starts[:-1]}), how="cross")
        .with_columns(pl.Series(name, values, nan_to_null=True) for name, values in columns.items())
        .select(*by, *_schema(calendar.zone))
        .sort(*by, "period", nulls_last=True)
    )


def fullest(steps: pl.DataFrame, *, held: Held, since: dt.datetime, until: dt.datetime) -> dt.datetime:
    """Return when most steps were held at once between two instants, the first such time: where a peak comes from.

    `held`: "open", what could begin and was not begun, or "in_work", what was begun and not ended; `HELD` names the
    columns. At that time those are held that began by then and ended later; of a week of `workload` they are as many
    as its peak.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> day = dt.datetime(2026, 2, 2, tzinfo=dt.UTC)
    >>> f"{fullest(two_orders().steps, held='in_work', since=day, until=day + dt.timedelta(days=1)):%H:%M}"
    '11:00'
    """
    moments = (microseconds(steps[moment]) for moment in HELD[held])
    begins, ends = (np.sort(times[times != NOT_A_TIME]) for times in moments)
    first, last = int(microseconds(since)), int(microseconds(until))
    at = np.append(first, begins[(begins > first) & (begins < last)])
    level = np.searchsorted(begins, at, side="right") - np.searchsorted(ends, at, side="right")
    return since + dt.timedelta(microseconds=int(at[level.argmax()] - first))


def period_starts(seen: pl.Series, *, zone: str, every: Every) -> pl.Series:
    """Return the starts of the local periods that hold all instants, and of the one after, as aware times.

    >>> import datetime as dt
    >>> seen = pl.Series([dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)])
    >>> [f"{at:%d %H:%M %z}" for at in period_starts(seen, zone="Europe/Amsterdam", every="week")]
    ['23 00:00 +0100', '30 00:00 +0200']
    """
    check_period(every, get_args(Every))
    ends = pl.Series([seen.min(), seen.max()]).dt.convert_time_zone(zone)
    if every == "hour":
        first, last = ends.dt.truncate("1h")
        return pl.datetime_range(first, last + dt.timedelta(hours=1), "1h", time_zone=zone, eager=True).alias(
            "period"
        )
    day = {"day": "1d", "week": "1w"}[every]
    first, last = ends.dt.date().dt.truncate(day).dt.offset_by(pl.Series(["0d", day]))
    local = pl.col("period").cast(pl.Datetime("us"))
    # Where the clocks go forward at midnight, the day begins at one.
    begins = [
        moved.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        for moved in (local, local.dt.offset_by("1h"))
    ]
    return (
        pl.date_range(first, last, day, eager=True)
        .alias("period")
        .to_frame()
        .select(pl.coalesce(begins))
        .to_series()
    )


WORKLOAD_ENTRIES: Final = (
    Measure(
        name="working_hours",
        title="Working time",
        unit="h",
        definition="working time of the calendar in the period",
        limits="of the calendar as given: overtime and absence are not in it",
    ),
    Measure(
        name="enabled",
        title="Became possible",
        unit="steps",
        definition="steps that could begin from within the period on",
        limits="the first and the last period hold what the record holds of them",
    ),
    Measure(
        name="done",
        title="Done",
        unit="steps",
        definition="steps that ended in the period",
        limits="the first and the last period hold what the record holds of them",
    ),
    Measure(
        name="open_mean",
        title="Open, on average",
        unit="steps",
        definition="mean over the working time of the period of the steps that could begin and were not begun",
        source=_LAW,
        needs_starts=True,
        limits="steps that began before the record are not in it, so the first periods show too few",
    ),
    Measure(
        name="open_peak",
        title="Open, at most",
        unit="steps",
        definition="most steps at one time in the period that could begin and were not begun",
        source=_LAW,
        needs_starts=True,
        limits="one busy minute sets it",
    ),
    Measure(
        name="in_work_mean",
        title="In work, on average",
        unit="steps",
        definition="mean over the working time of the period of the steps that were begun and not ended",
        source=_LAW,
        needs_starts=True,
        limits="what lies open on a desk counts as in work, suspensions included",
    ),
    Measure(
        name="in_work_peak",
        title="In work, at most",
        unit="steps",
        definition="most steps at one time in the period that were begun and not ended",
        source=_LAW,
        needs_starts=True,
        limits="one busy minute sets it",
    ),
)


def _schema(zone: str) -> dict[str, pl.DataType]:
    types: dict[str, pl.DataType] = {"h": pl.Float64(), "steps": pl.Int64()}
    kinds = {e.name: pl.Float64() if e.name.endswith("mean") else types[e.unit] for e in WORKLOAD_ENTRIES}
    return {"period": pl.Datetime("us", zone), **kinds}


def _numbered(steps: pl.DataFrame, groups: pl.DataFrame, by: Sequence[str]) -> Integers:
    """Return the row of each step's group."""
    if not by:
        return np.zeros(steps.height, dtype=np.int64)
    found = steps.select(by).join(
        groups.with_row_index("_group"), on=by, how="left", nulls_equal=True, maintain_order="left"
    )
    return found["_group"].to_numpy().astype(np.int64)


def _counted(group: Integers, at: Integers, edges: Integers, groups: int) -> Integers:
    """Count what falls into each period of each group."""
    periods = len(edges) - 1
    place = group * periods + np.searchsorted(edges, at, side="right") - 1
    return np.bincount(place, minlength=groups * periods)


def _held(
    group: Integers, begins: Integers, ends: Integers, edges: Integers, groups: int, line: Timeline
) -> tuple[Integers, Integers]:
    """Return for each period of each group the working time of all that was held, and the most held at once.

    The number held steps up at each begin and down at each end. Its integral up to a time is the number times
    the working time by then, less that at which each change came; sums of it may wrap around, their differences
    do not.
    """
    first, span = edges[0], edges[-1] - edges[0] + 1
    at = np.concatenate([begins, ends])
    order = np.argsort(keys := np.tile(group, 2) * span + at - first, kind="stable")
    change = np.where(order < len(begins), 1, -1)
    level = np.append(0, np.cumsum(change))
    swept = np.append(0, np.cumsum(change * line.worked(at[order])))
    keys = keys[order]
    asked = (np.arange(groups)[:, None] * span + edges - first).ravel()
    place = np.searchsorted(keys, asked, side="right")
    integral = level[place] * np.tile(line.worked(edges), groups) - swept[place]
    peak, settled = level[place], np.append(keys[1:] != keys[:-1], [True] * bool(len(keys)))
    np.maximum.at(peak, np.searchsorted(asked, keys[settled], side="right") - 1, level[1:][settled])
    grid = (groups, len(edges))
    return np.diff(integral.reshape(grid)).ravel(), peak.reshape(grid)[:, :-1].ravel()
