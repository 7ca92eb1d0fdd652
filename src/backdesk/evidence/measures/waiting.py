"""Why work waits: the waiting of each step taken apart into five causes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.calendars import Calendar, WorkingTime, discover_people_calendars
from backdesk.evidence.calendars.clock import DAY, SECOND
from backdesk.evidence.calendars.stretches import Stretches, united
from backdesk.evidence.calendars.timeline import Timeline, timeline
from backdesk.evidence.calendars.working import days_around, microseconds
from backdesk.evidence.eventlog.numbering import distinct
from backdesk.evidence.measures.causes import Integers
from backdesk.evidence.measures.columns import check_measured, checked_keys
from backdesk.evidence.measures.waiting_batches import batches
from backdesk.evidence.measures.waiting_entries import CAUSES
from backdesk.evidence.measures.waiting_ranges import NOTHING, least_over, sums_above

_DAYS_ENOUGH: Final = 10


def waiting_causes(
    measured: pl.DataFrame, *, calendar: WorkingTime, people: Mapping[str, WorkingTime] | None = None
) -> pl.DataFrame:
    """Return the measured steps with `waited_s`, the elapsed seconds each waited, and what of it had which cause.

    `waited_s` is `waiting_s` where the person is known, else null; so are the causes, which add up to it. Each
    moment of waiting has one cause, the first that holds:

    - `batching_s`: the batch it was done in was not complete: a step of it could not begin yet
    - `contention_s`: its person was busy with a step that could begin no later than its batch (a step of the
      batch: no later than itself)
    - `prioritisation_s`: its person was busy with others that could begin later and were taken first
    - `unavailability_s`: its person was not at work
    - `extraneous_s`: none of these: other work that is not on record, waiting for somebody else, a pause

    `people` gives the working time of each person, `calendar` that of all others.
    Source: Lashkevich, Milani, Chapela-Campa, Suvorau, Dumas, CAiSE 2023.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-10:30,11:00-17:00", zone="Europe/Amsterdam")
    >>> steps = waiting_causes(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> steps.filter(activity="Check").select("waiting_s", *(f"{cause}_s" for cause in CAUSES)).rows()
    [(5400.0, 1800.0, 0.0, 0.0, 1800.0, 1800.0), (7200.0, 0.0, 3600.0, 0.0, 1800.0, 1800.0)]
    """
    check_measured(measured, "waiting_s")
    rows = measured.with_row_index("_row")
    known = pl.col("resource").is_not_null() & pl.col("touch_s").is_not_null()
    named = rows.filter(known).sort(pl.col("resource").to_physical(), "started_at", "ended_at", "_row")
    work = _laid_out(named)
    seconds = _decomposed(work, _at_work(named, work, calendar, people or {}))
    found = (
        named.select("_row", pl.col("waiting_s").alias("waited_s"))
        .with_columns(pl.Series(f"{cause}_s", seconds[cause] / SECOND) for cause in CAUSES)
        .drop_nulls("waited_s")
    )
    return rows.join(found, on="_row", how="left", maintain_order="left").drop("_row")


def people_at_work(measured: pl.DataFrame, *, calendar: Calendar) -> dict[str, WorkingTime]:
    """Return when each person works, found from the record; closed days are those of the calendar.

    Left out is who was seen on fewer than ten days: of so few a habit cannot be told from chance. See
    `discover_people_calendars`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00; holidays NL", zone="Europe/Amsterdam")
    >>> people_at_work(measure_steps(two_orders(), calendar=office), calendar=office)
    {}
    """
    found = discover_people_calendars(measured, zone=calendar.zone)
    seen = found.evidence.filter(pl.col("days") >= _DAYS_ENOUGH)["name"].to_list()
    closed = tuple(day for day in calendar.exceptions if not day.windows)
    return {
        name: dataclasses.replace(found.calendars[name], holidays=calendar.holidays, exceptions=closed)
        for name in seen
        if name in found.calendars
    }


def waited(caused: pl.DataFrame, *, by: str | Sequence[str]) -> pl.DataFrame:
    """Return for each group of steps what it waited, and why; most waiting first.

    The columns of `by`, `steps`, `cases`, `waited_hours`, and the hours of each cause: see `CATALOGUE`; null where
    no waiting is known. `caused` are the steps of `waiting_causes`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> caused = waiting_causes(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> waited(caused, by=["activity"]).select("activity", "waited_hours", "waited_batching_hours").rows()
    [('Check', 3.5, 0.5), ('Enter', 0.0, 0.0)]
    """
    check_measured(caused, "waited_s", by="waiting_causes")
    by = checked_keys(by, caused)
    figures = {"waited_hours": "waited_s"} | {f"waited_{cause}_hours": f"{cause}_s" for cause in CAUSES}
    known = pl.col("waited_s").count() > 0
    return (
        caused.group_by(by)
        .agg(
            pl.len().cast(pl.Int64).alias("steps"),
            pl.col("case").n_unique().cast(pl.Int64).alias("cases"),
            *(pl.when(known).then(pl.col(of).sum() / 3600).alias(name) for name, of in figures.items()),
        )
        .sort("waited_hours", *by, descending=[True, *(False for _ in by)], nulls_last=True)
    )


def waiting_transitions(caused: pl.DataFrame) -> pl.DataFrame:
    """Return what waited between whom: `waited` by the causally preceding step and its person, and by the step's own.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> caused = waiting_causes(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> waiting_transitions(caused).select("follows", "follows_resource", "activity", "resource", "waited_hours").rows()
    [('Enter', 'Ann', 'Check', 'Bob', 3.5), ('Check', 'Bob', 'Enter', 'Ann', 0.0)]
    """
    led_to = caused.filter(pl.col("follows").is_not_null())
    return waited(led_to, by=("follows", "follows_resource", "activity", "resource"))


def waiting_savings(caused: pl.DataFrame, *, by: str | Sequence[str] = ()) -> pl.DataFrame:
    """Return for each group and cause the waiting it makes, and what the whole record would gain without it.

    The columns of `by`, `cause`, `hours`, `share` (of the waiting of the group), `efficiency_gain`: by how much
    the cycle time efficiency of the record, touch / (touch + waiting with a known cause), elapsed, would rise;
    most hours first. `caused` are the steps of `waiting_causes`.
    Source: Lashkevich et al., CAiSE 2023, impact on cycle time efficiency.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> caused = waiting_causes(measure_steps(two_orders(), calendar=office), calendar=office)
    >>> [(cause, hours, round(gain, 3)) for cause, hours, _, gain in waiting_savings(caused).head(2).rows()]
    [('extraneous', 2.0, 0.2), ('contention', 1.0, 0.083)]
    """
    check_measured(caused, "waited_s", by="waiting_causes")
    by = checked_keys(by, caused)
    touched, waiting = caused.select(pl.col("touch_s", "waited_s").sum()).row(0)
    seconds = pl.col("seconds").sum()
    return (
        caused.drop_nulls("waited_s")
        .select(*by, "waited_s", *(pl.col(f"{cause}_s").alias(cause) for cause in CAUSES))
        .unpivot(on=CAUSES, index=[*by, "waited_s"], variable_name="cause", value_name="seconds")
        .group_by(*by, "cause")
        .agg(
            (seconds / 3600).alias("hours"),
            (seconds / pl.col("waited_s").sum()).fill_nan(None).alias("share"),
            _gain(touched, waiting, seconds).alias("efficiency_gain"),
        )
        .sort("hours", *by, "cause", descending=[True, *(False for _ in (*by, "cause"))])
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """Steps by person and start, on a line on which each person has a stretch of their own; in microseconds.

    `since`, `until` are the times between which each person is seen, `shift` what takes these to the line.
    `ready` is when the batch of the step was complete. `edges` are all starts and ends of steps, `begin` and
    `end` the places of a step's own among them.
    """

    since: Integers
    until: Integers
    shift: Integers
    enabled: Integers
    started: Integers
    ended: Integers
    batch: Integers
    ready: Integers
    edges: Integers
    begin: Integers
    end: Integers


def _laid_out(named: pl.DataFrame) -> _Work:
    person = named["resource"].to_physical().rle_id().to_numpy().astype(np.int64)
    opens = np.flatnonzero(np.diff(person, prepend=-1))
    enabled, started, ended = (
        microseconds(named[moment]) for moment in ("enabled_at", "started_at", "ended_at")
    )
    since, until = np.minimum.reduceat(enabled, opens), np.maximum.reduceat(ended, opens)
    # A day between people keeps their stretches apart.
    shift = np.cumsum(until - since + DAY) - until
    enabled, started, ended = (at + shift[person] for at in (np.minimum(enabled, started), started, ended))
    batch = _batch(person, named, enabled, started, ended)
    complete = np.zeros(len(person), dtype=np.int64)
    np.maximum.at(complete, batch, enabled)
    edges = distinct(np.concatenate([started, ended]))
    return _Work(
        since=since,
        until=until,
        shift=shift,
        enabled=enabled,
        started=started,
        ended=ended,
        batch=batch,
        ready=complete[batch],
        edges=edges,
        begin=np.searchsorted(edges, started),
        end=np.searchsorted(edges, ended),
    )


def _batch(
    person: Integers, named: pl.DataFrame, enabled: Integers, started: Integers, ended: Integers
) -> Integers:
    """Return the batch of each step: the same number for those that were done together."""
    activity = named["activity"].to_physical().to_numpy().astype(np.int64)
    order = np.lexsort((started, activity, person))
    group = person[order] * (int(activity.max(initial=0)) + 1) + activity[order]
    batch = np.empty_like(order)
    batch[order] = batches(group=group, enabled=enabled[order], started=started[order], ended=ended[order])
    return batch


def _at_work(
    named: pl.DataFrame, work: _Work, calendar: WorkingTime, people: Mapping[str, WorkingTime]
) -> list[Stretches]:
    """Return when each person is at work, on the line."""
    days = days_around(work.since, work.until)
    lines: dict[WorkingTime, Timeline] = {}
    names = named["resource"].cast(pl.String).unique(maintain_order=True)
    found: list[Stretches] = []
    for name, since, until, shift in zip(names, work.since, work.until, work.shift, strict=True):
        keeps = people.get(name, calendar)
        line = lines.get(keeps) or lines.setdefault(keeps, timeline(keeps, *days))
        own = slice(np.searchsorted(line.ends, since), np.searchsorted(line.starts, until))
        starts, ends = np.maximum(line.starts[own], since), np.minimum(line.ends[own], until)
        found.append((starts + shift, ends + shift))
    return found


def _decomposed(work: _Work, at_work: Sequence[Stretches]) -> dict[str, Integers]:
    """Return the microseconds each step waited for each cause."""
    least = least_over(work.begin, work.end, work.enabled, size=max(len(work.edges) - 1, 0))
    busy = least != NOTHING
    in_hand = work.edges[:-1][busy], work.edges[1:][busy]
    occupied = _passed(in_hand, work)
    starts, ends = (np.concatenate(side) for side in zip(in_hand, *at_work, strict=True))
    present = _passed(united(starts, ends), work)
    overtaken = _overtaken(work, least) + _overtaken_in_batch(work)
    return {
        "batching": work.ready - work.enabled,
        "contention": occupied - overtaken,
        "prioritisation": overtaken,
        "unavailability": work.started - work.ready - present,
        "extraneous": present - occupied,
    }


def _passed(stretches: Stretches, work: _Work) -> Integers:
    """Return how much of the stretches lies between each step's batch complete and its start."""
    starts, ends = stretches
    line = Timeline(starts=starts, ends=ends, before=np.append(0, np.cumsum(ends - starts)))
    return line.worked(work.started) - line.worked(work.ready)


def _overtaken(work: _Work, least: Integers) -> Integers:
    """Return how long the person was busy before the step only with what could begin after its batch.

    Nothing of that was before the batch was complete, and for people before on the line all is earlier: so the
    sum over all that went before is that of the waiting.
    """
    length = np.where(least == NOTHING, 0, np.diff(work.edges))
    start = np.zeros_like(work.begin)
    return sums_above(least, length, first=start, last=work.begin, above=work.ready)


def _overtaken_in_batch(work: _Work) -> Integers:
    """Return how long the person was busy before the step only with those of its batch that could begin later."""
    low = np.full(len(work.batch), NOTHING, dtype=np.int64)
    high = np.zeros_like(low)
    np.minimum.at(low, work.batch, work.begin)
    np.maximum.at(high, work.batch, work.begin)
    length = np.maximum(high - low, 0)
    offset = np.cumsum(length) - length
    # Each batch gets places of its own, from its first to its last start.
    own = work.batch
    begin, end = (np.clip(at, low[own], high[own]) - low[own] + offset[own] for at in (work.begin, work.end))
    place = np.repeat(low - offset, length) + np.arange(length.sum())
    least = least_over(begin, end, work.enabled, size=len(place))
    members = np.cumsum(
        np.bincount(begin, minlength=len(place) + 1) - np.bincount(end, minlength=len(place) + 1)
    )
    ready = np.zeros_like(low)
    ready[own] = work.ready
    others = _in_hand(work, work.edges[place], np.repeat(ready, length)) - members[: len(place)]
    free = (others == 0) & (least != NOTHING)
    weight = np.where(free, work.edges[place + 1] - work.edges[place], 0)
    return sums_above(least, weight, first=offset[own], last=begin, above=work.enabled)


def _in_hand(work: _Work, at: Integers, possible: Integers) -> Integers:
    """Count the steps in hand at each time that could begin by a time."""
    times = np.concatenate([work.started, work.ended])
    order = np.argsort(times, kind="stable")
    change = np.where(order < len(work.started), 1, -1)
    upto = np.searchsorted(times[order], at, side="right")
    # At most as late is more than the one after, counted from the other end.
    later = -np.concatenate([work.enabled, work.enabled])[order]
    return sums_above(later, change, first=np.zeros_like(upto), last=upto, above=-possible - 1)


def _gain(touched: float, waiting: float, saved: pl.Expr) -> pl.Expr:
    """Return the cycle time efficiency without what is saved, less that with it; null where there is no time."""
    with_it = touched / (touched + waiting) if touched + waiting else None
    return (touched / (touched + waiting - saved)).fill_nan(None) - with_it
