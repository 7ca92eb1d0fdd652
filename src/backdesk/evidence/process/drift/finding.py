"""Whether and when a process changed, and what changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
import polars as pl

from backdesk.evidence.process.drift import scanning
from backdesk.evidence.process.drift.observing import Figure, observed, tabled
from backdesk.evidence.process.text import duration, percent
from backdesk.evidence.statistics import Interval, difference

Period = Literal["day", "week"]
_EVERY: Final = {"day": "1d", "week": "1w"}
_ENOUGH_WEEKS: Final = 30
_ENOUGH_CASES: Final = 20
"""Of a kind, to say how long they usually take."""
_LEAST: Final = 4
"""Periods on each side of a change."""


class TooShort(ValueError):
    """The log covers too little time for a change to be found in it; the message says how much it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What changed: a share, or the median of a duration in seconds, before and after.

    >>> shares = dict(before=0.7, after=0.4, before_of=100, after_of=120)
    >>> apart = Interval(estimate=-0.3, low=-0.42, high=-0.17)
    >>> print(Shift(figure=Figure(kind="done", activity="Check"), **shares, score=-4.5, difference=apart))
    “Check” is done in 40 % instead of 70 % of the cases (−42 to −17 points).
    """

    figure: Figure
    before: float
    after: float
    before_of: int
    """Observations before, after."""
    after_of: int
    score: float
    """The difference in standard errors."""
    difference: Interval | None = None
    """Of shares: after less before, with its 95 % interval."""
    series: tuple[float | None, ...] = ()
    """The figure in each period of the log; None where there is nothing to tell it from."""

    @property
    def sentence(self) -> str:
        """Which of `SENTENCES` says it."""
        ends = {"follows": ("begins", "ends")}.get(self.figure.kind, ("", ""))
        if ends[0] and not self.figure.activity:
            return ends[0]
        return ends[1] if ends[1] and not self.figure.next else self.figure.kind

    def __str__(self) -> str:
        write = percent if self.figure.is_share else duration
        said = SENTENCES[self.sentence].format(
            activity=self.figure.activity,
            next=self.figure.next,
            after=write(self.after),
            before=write(self.before),
        )
        return f"{said}{self._interval()}."

    def _interval(self) -> str:
        if self.difference is None:
            return ""
        low, high = (f"{100 * bound:+.0f}".replace("-", "−") for bound in self.difference[1:])
        return f" ({low} to {high} points)"


SENTENCES: Final = {
    "follows": "“{activity}” is followed by “{next}” {after} instead of {before} of the time",
    "begins": "Cases begin with “{next}” in {after} instead of {before} of the cases",
    "ends": "“{activity}” is the last step {after} instead of {before} of the time",
    "done": "“{activity}” is done in {after} instead of {before} of the cases",
    "waits": "“{activity}” waits {after} instead of {before} (median)",
    "takes": "“{activity}” takes {after} instead of {before} (median)",
    "case takes": "A case takes {after} instead of {before} (median)",
}
"""By `Shift.sentence`: with the fields `activity`, `next`, `before` and `after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A moment at which a process changed.

    >>> from datetime import UTC
    >>> day = datetime(2025, 3, 3, tzinfo=UTC)
    >>> Change(at=day, since=day, until=day, p_value=0.01, shifts=()).shifts
    ()
    """

    at: datetime
    """The beginning of the first period after it."""
    since: datetime
    """From when to when it was compared: the change before it or the beginning, and the next or the end."""
    until: datetime
    p_value: float
    """How often as great a difference would be found somewhere where nothing changed, at most."""
    shifts: tuple[Shift, ...]
    """What changed, beyond doubt, the clearest first."""

    @property
    def strongest(self) -> tuple[Shift, ...]:
        """Of each activity and kind the clearest shift alone: what is followed more by one is so less by others."""
        clearest: dict[tuple[str, str], Shift] = {}
        for shift in self.shifts:
            clearest.setdefault((shift.figure.kind, shift.figure.activity), shift)
        return tuple(clearest.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The changes of a process over time, and what they were looked for in.

    >>> Drift(changes=(), period="week", periods=40, cases=900, left_out=12, figures=31, confidence=0.95).changes
    ()
    """

    changes: tuple[Change, ...]
    """In the order of time."""
    period: Period
    periods: int
    cases: int
    left_out: int
    """Cases that began so late that they may not be over."""
    figures: int
    """How many figures were watched."""
    confidence: float
    starts: tuple[datetime, ...] = ()
    """When each period with cases begins."""
    sizes: tuple[int, ...] = ()
    """How many cases arrived in each of them, those left out not among them."""
    arrived_by: datetime | None = None
    """When the last case arrived that is not left out."""


def drift(
    steps: pl.DataFrame,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
    rounds: int = 499,
    period: Period | None = None,
    zone: str = "UTC",
) -> Drift:
    """Find when a process changed, and what changed in it.

    Watched are the shares in which an activity follows another, begins or ends a case or is done at all, and how long
    steps wait and take and cases last. Cases count at their arrival, by days or weeks. A process that does not
    change is taken for one that does in at most `1 - confidence` of the logs, however many figures are watched: as
    long as its periods could as well have come in another order. Where work piles up over many periods the durations
    of neighbouring ones hang together, and are found to change too easily.

    Args:
        steps: `STEPS`; `enabled_at` and `start_estimated` may be missing, estimated starts are passed over.
        rng: for the orders that are tried.
        confidence: 1 less the error rate.
        rounds: orders tried for each test.
        period: what the cases are counted by; weeks from 30 weeks on, else days.
        zone: whose days and weeks.

    Raises:
        TooShort: there are fewer than 8 periods with cases that are over.

    Source: see `scanning`. Cases that began in the last stretch of time are left out, for they may not be over: as
    long as 19 of 20 cases take of those that begin with the same activity, where that is longest.

    >>> from backdesk.evidence.process.drift._example import checked_less
    >>> found = drift(checked_less(), rng=np.random.default_rng(1), rounds=99, period="week")
    >>> [f"{change.at:%d %B %Y}" for change in found.changes]
    ['03 March 2025']
    >>> print(*(shift for shift in found.changes[0].strongest if shift.figure.kind == "done"))
    “Check” is done in 41 % instead of 80 % of the cases (−52 to −25 points).
    """
    if steps.is_empty():
        raise _too_short(period or "day", 0)
    dated, left_out, counted_by = _dated(steps, period, zone)
    cases = dated.group_by("case").agg(pl.col("begins").first(), pl.col("started_at").min())
    starts, sizes = cases.group_by("begins").len().sort("begins")
    if len(starts) < 2 * _LEAST:
        raise _too_short(counted_by, len(starts))
    numbered = dated.with_columns(period=pl.col("begins").rank("dense") - 1)
    seen = observed(numbered)
    figures, table = tabled(numbered, seen, periods=len(starts))
    looked = scanning.changes(table, least=_LEAST, rounds=rounds, confidence=confidence, rng=rng)
    edges = [*starts.to_list(), dated["started_at"].max()]
    return Drift(
        changes=tuple(_change(edges, figures, table, seen, one) for one in looked),
        period=counted_by,
        periods=len(starts),
        cases=cases.height,
        left_out=left_out,
        figures=len(figures),
        confidence=confidence,
        starts=tuple(starts),
        sizes=tuple(sizes),
        arrived_by=cases["started_at"].max(),  # type: ignore[arg-type]  # an instant
    )


def _too_short(period: Period, found: int) -> TooShort:
    return TooShort(
        f"Changes are looked for over {2 * _LEAST} {period}s or more with cases that are over; the log has {found}."
    )


def _dated(steps: pl.DataFrame, period: Period | None, zone: str) -> tuple[pl.DataFrame, int, Period]:
    """Keep the cases that are over by all appearances, with when the period of their arrival begins."""
    by_time = steps.sort("started_at", maintain_order=True)
    cases = by_time.group_by("case").agg(
        kind=pl.col("activity").first(), arrived=pl.col("started_at").min(), ended=pl.col("ended_at").max()
    )
    taken = (pl.col("ended") - pl.col("arrived")).quantile(0.95, "higher")
    usual = cases.group_by("kind").agg(taken=taken, cases=pl.len()).filter(pl.col("cases") >= _ENOUGH_CASES)
    longest = usual["taken"].max() if usual.height else cases.select(taken=taken).item()
    over = cases.filter(pl.col("arrived") <= pl.col("ended").max() - longest)
    local = over.with_columns(pl.col("arrived").dt.convert_time_zone(zone))
    if period is None:
        weeks = local["arrived"].dt.truncate("1w").n_unique()
        period = "week" if weeks >= _ENOUGH_WEEKS else "day"
    begins = local.select("case", begins=pl.col("arrived").dt.truncate(_EVERY[period]))
    return steps.join(begins, on="case"), cases.height - over.height, period


def _change(
    edges: list[datetime],
    figures: tuple[Figure, ...],
    table: scanning.Table,
    seen: pl.DataFrame,
    found: tuple[int, scanning.Split, int],
) -> Change:
    first, split, end = found
    return Change(
        at=edges[first + split.at],
        since=edges[first],
        until=edges[end],
        p_value=split.p_value,
        shifts=tuple(_shifts(figures, table, seen, found)),
    )


def _shifts(
    figures: tuple[Figure, ...],
    table: scanning.Table,
    seen: pl.DataFrame,
    change: tuple[int, scanning.Split, int],
) -> Iterator[Shift]:
    first, split, end = change
    at = first + split.at
    clear = np.flatnonzero(np.abs(split.scores) >= split.threshold)
    for column in sorted(clear, key=lambda one: -abs(split.scores[one])):
        figure, score = figures[column], float(split.scores[column])
        if figure.is_share:
            yield _share_shift(figure, table, int(column), (first, at, end), score)
        else:
            yield _time_shift(figure, seen, (first, at, end), score, periods=len(table.counts))


def _share_shift(
    figure: Figure, table: scanning.Table, column: int, borders: tuple[int, int, int], score: float
) -> Shift:
    first, at, end = borders
    yes, of = (
        [int(values[rows, column].sum()) for rows in (slice(first, at), slice(at, end))]
        for values in (table.sums, table.counts)
    )
    return Shift(
        figure=figure,
        before=yes[0] / of[0],
        after=yes[1] / of[1],
        before_of=of[0],
        after_of=of[1],
        score=score,
        difference=difference(count=yes[1], total=of[1], other_count=yes[0], other_total=of[0]),
        series=tuple(
            float(sum_ / count) if count else None
            for sum_, count in zip(table.sums[:, column], table.counts[:, column], strict=True)
        ),
    )


def _time_shift(
    figure: Figure, seen: pl.DataFrame, borders: tuple[int, int, int], score: float, *, periods: int
) -> Shift:
    first, at, end = borders
    of_all = seen.filter((pl.col("kind") == figure.kind) & (pl.col("activity") == figure.activity))
    medians = dict(of_all.group_by("period").agg(pl.col("value").median()).rows())
    values = of_all.filter(pl.col("period").is_between(first, end - 1))
    before, after = (values.filter(pl.col("period").lt(at) == early)["value"] for early in (True, False))
    return Shift(
        figure=figure,
        before=float(np.median(before)),
        after=float(np.median(after)),
        before_of=len(before),
        after_of=len(after),
        score=score,
        series=tuple(medians.get(number) for number in range(periods)),
    )
