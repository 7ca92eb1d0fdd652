"""Measure each step: touch, waiting, rework, handoffs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.calendars import Calendar, always, unpaused_working_seconds, working_seconds
from backdesk.evidence.measures.causes import NONE, following, preceding, taken
from backdesk.evidence.measures.systems import by_system

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import StepLog


def measure_steps(log: StepLog, *, calendar: Calendar) -> pl.DataFrame:
    """Return the steps of a log, each with its measures: all its columns and those below.

    `touch_s`, `touch_working_s`: seconds from start to end, elapsed and on the calendar, less those for which the
    step was suspended (`pauses`, where the log tells). `waiting_s`,
    `waiting_working_s`: seconds from enabled to start; null for the step a case arrives with, whose wait is not on
    record. `lead_working_s`: from enabled to end; null likewise. Touch and waiting are null too where the start is
    estimated from nothing: it is not recorded, and no person is named whose work before would tell, or the case
    arrives with the step. `is_first`: enabled by the arrival of its case, by no other step. `follows`,
    `follows_resource`: activity and person of the causally preceding step. `leads_to`: activity of the first step
    it enabled. `is_rework`: the case had completed the activity once before. `is_handoff`, `is_crossing`: another
    person, another company than the causally preceding step; null where either is unknown. `by_system`: a system did
    it and no person, going by the name; null where none is known. `month`, `week`: date of the first day of the month
    and of the Monday in which the step ended, in the calendar's zone.

    Source: Backdesk; waiting by Lashkevich et al., CAiSE 2023.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
    >>> measured = measure_steps(two_orders(), calendar=office)
    >>> measured.select("activity", "touch_working_s", "waiting_working_s", "follows").rows()[:3]
    [('Enter', 1800.0, None, None), ('Check', 3600.0, 5400.0, 'Enter'), ('Enter', 1800.0, 0.0, 'Check')]
    """
    steps = log.steps
    cause = preceding(steps)
    effect = following(cause)
    return (
        steps.with_row_index("_row")
        .with_columns(
            *_durations(steps, calendar),
            pl.Series("is_first", cause == NONE),
            taken(steps["activity"], cause, "follows"),
            taken(steps["resource"], cause, "follows_resource"),
            taken(steps["party"], cause, "_follows_party"),
            taken(steps["activity"], effect, "leads_to"),
        )
        .with_columns(
            *_on_record(),
            _is_rework().alias("is_rework"),
            by_system(steps),
            (pl.col("resource") != pl.col("follows_resource")).alias("is_handoff"),
            (pl.col("party") != pl.col("_follows_party")).alias("is_crossing"),
            *_periods(calendar.zone),
        )
        .drop("_row", "_follows_party")
    )


def _durations(steps: pl.DataFrame, calendar: Calendar) -> list[pl.Expr | pl.Series]:
    worked = {
        moment: _worked_since_first(steps, calendar, moment)
        for moment in ("enabled_at", "started_at", "ended_at")
    }
    elapsed = steps.select((pl.col("ended_at") - pl.col("started_at")).dt.total_seconds(fractional=True))
    return [
        _unpaused(steps, "touch_s", elapsed.to_series().to_numpy(), always(zone=calendar.zone)),
        _unpaused(steps, "touch_working_s", _exact(worked["ended_at"] - worked["started_at"]), calendar),
        (pl.col("started_at") - pl.col("enabled_at")).dt.total_seconds(fractional=True).alias("waiting_s"),
        pl.Series("waiting_working_s", _exact(worked["started_at"] - worked["enabled_at"])),
        pl.Series("lead_working_s", _exact(worked["ended_at"] - worked["enabled_at"])),
        pl.Series("cycle_working_s", _of_cases(steps, worked["started_at"], worked["ended_at"])),
    ]


def _unpaused(
    steps: pl.DataFrame, name: str, seconds: npt.NDArray[np.float64], calendar: Calendar
) -> pl.Series:
    """Take off what was suspended; steps that were are few, so they alone are reckoned anew."""
    if "pauses" not in steps.columns or not steps["pauses"].count():
        return pl.Series(name, seconds)
    paused = steps.with_row_index("key").filter(pl.col("pauses").is_not_null())
    pauses = paused.select("key", "pauses").explode("pauses").unnest("pauses")
    less = seconds.copy()
    less[paused["key"].to_numpy()] = unpaused_working_seconds(
        calendar,
        starts=paused["started_at"],
        ends=paused["ended_at"],
        keys=paused["key"],
        pauses=pauses.select("key", start="suspended_at", end="resumed_at"),
    )
    return pl.Series(name, _exact(less))


def _worked_since_first(steps: pl.DataFrame, calendar: Calendar, moment: str) -> npt.NDArray[np.float64]:
    """Return working seconds since the first step could begin; differences are working time between steps."""
    first = steps.select(pl.col("enabled_at").min()).to_series()
    return working_seconds(calendar, starts=first, ends=steps[moment])


def _exact(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Round to the microsecond, so that it does not tell when the first step of the log or partition was."""
    return np.round(seconds, 6)


def _of_cases(
    steps: pl.DataFrame, started: npt.NDArray[np.float64], ended: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return for each step the working seconds from the first start to the last end of its case."""
    number = steps["case"].rle_id().to_numpy()
    first = np.flatnonzero(np.diff(number, prepend=-1))
    if not len(first):
        return started
    length = np.maximum.reduceat(ended, first) - np.minimum.reduceat(started, first)
    return _exact(length[number])


def _on_record() -> list[pl.Expr]:
    """Keep the times that the record tells: what it does not is null, never 0."""
    arrives = pl.col("is_first") & (pl.col("started_at") == pl.col("enabled_at"))
    guessed = pl.col("start_estimated") & (pl.col("resource").is_null() | arrives)
    kept = {
        "touch_s": ~guessed,
        "touch_working_s": ~guessed,
        "waiting_s": ~(guessed | arrives),
        "waiting_working_s": ~(guessed | arrives),
        "lead_working_s": ~arrives,
    }
    return [pl.when(known).then(pl.col(name)).alias(name) for name, known in kept.items()]


def _is_rework() -> pl.Expr:
    """Compare with the first completion of the activity in the case, unless the step is that one itself."""
    completed = pl.col("ended_at").min().over("case", "activity")
    first = pl.col("_row").get(pl.col("ended_at").arg_min()).over("case", "activity")
    return (completed <= pl.col("started_at")) & (pl.col("_row") != first)


def _periods(zone: str) -> list[pl.Expr]:
    day = pl.col("ended_at").dt.convert_time_zone(zone).dt.date()
    return [day.dt.truncate("1mo").alias("month"), day.dt.truncate("1w").alias("week")]
