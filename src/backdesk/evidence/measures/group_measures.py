"""The figures of any group of measured steps, each defined and given its expression."""

from __future__ import annotations

from typing import Final

import polars as pl

from backdesk.evidence.measures import expressions as of
from backdesk.evidence.measures.definition import CV_SOURCE, ENTROPY_SOURCE, LASHKEVICH, Measure

GROUP_ENTRIES: Final = (
    Measure(
        name="steps",
        title="Steps",
        unit="steps",
        definition="completed steps",
        expression=pl.col("steps"),
    ),
    Measure(
        name="steps_per_case",
        title="Steps per case",
        unit="ratio",
        definition="steps / cases with at least one of them",
        expression=of.ratio("steps", "cases"),
    ),
    Measure(
        name="steps_per_month",
        title="Steps a month",
        unit="steps",
        definition="steps / months of the whole record (of 30.4375 days; a record under a month counts "
        "as one)",
        expression=of.a_month(pl.col("steps")),
    ),
    Measure(
        name="touch_hours",
        title="Touch time",
        unit="h",
        definition="sum of the working time from start to end of each step, on the calendar, less suspensions; a step "
        "whose start is not recorded and cannot be estimated (no person is named, or the case "
        "arrives with it) is left out",
        needs_starts=True,
        expression=of.total_hours("touch_us", "touch_known"),
    ),
    Measure(
        name="touch_elapsed_hours",
        title="Touch time, elapsed",
        unit="h",
        definition="sum of the elapsed time from start to end of each step, nights and weekends included",
        needs_starts=True,
        expression=of.total_hours("touch_elapsed_us", "touch_known"),
    ),
    Measure(
        name="touch_hours_per_month",
        title="Touch time a month",
        unit="h",
        definition="touch time / months of the whole record (of 30.4375 days; a record under a month "
        "counts as one)",
        needs_starts=True,
        expression=of.a_month(of.total_hours("touch_us", "touch_known")),
    ),
    Measure(
        name="touch_share",
        title="Share of all touch time",
        unit="%",
        definition="touch time / touch time of the whole record",
        needs_starts=True,
        expression=of.share_of_record("touch_us", "touch_known"),
    ),
    Measure(
        name="touch_minutes_mean",
        title="Touch time per step, mean",
        unit="min",
        definition="mean working time from start to end of a step",
        needs_starts=True,
        expression=of.mean("touch_us", "touch_known", of.MINUTE),
    ),
    Measure(
        name="touch_minutes_median",
        title="Touch time per step, median",
        unit="min",
        definition="median working time from start to end of a step",
        needs_starts=True,
        spread="touch",
        quantile=0.5,
    ),
    Measure(
        name="touch_minutes_p90",
        title="Touch time per step, 90th percentile",
        unit="min",
        definition="working time from start to end that 90 % of the steps do not exceed (linear "
        "interpolation)",
        needs_starts=True,
        spread="touch",
        quantile=0.9,
    ),
    Measure(
        name="waiting_hours",
        title="Waiting time",
        unit="h",
        definition="sum of the working time from when each step could have begun to its start; the step "
        "a case arrives with is left out, its wait is not on record",
        source=LASHKEVICH,
        needs_starts=True,
        expression=of.total_hours("waiting_us", "waiting_known"),
    ),
    Measure(
        name="waiting_share",
        title="Share of all waiting",
        unit="%",
        definition="waiting time / waiting time of the whole record",
        source=LASHKEVICH,
        needs_starts=True,
        expression=of.share_of_record("waiting_us", "waiting_known"),
    ),
    Measure(
        name="waiting_hours_mean",
        title="Waiting time per step, mean",
        unit="h",
        definition="mean working time from when a step could have begun to its start",
        source=LASHKEVICH,
        needs_starts=True,
        expression=of.mean("waiting_us", "waiting_known", of.HOUR),
    ),
    Measure(
        name="waiting_hours_median",
        title="Waiting time per step, median",
        unit="h",
        definition="median working time from when a step could have begun to its start",
        source=LASHKEVICH,
        needs_starts=True,
        spread="waiting",
        quantile=0.5,
    ),
    Measure(
        name="waiting_hours_p90",
        title="Waiting time per step, 90th percentile",
        unit="h",
        definition="working time from when a step could have begun to its start that 90 % of the steps "
        "do not exceed (linear interpolation)",
        source=LASHKEVICH,
        needs_starts=True,
        spread="waiting",
        quantile=0.9,
    ),
    Measure(
        name="waiting_elapsed_hours_median",
        title="Waiting time per step, elapsed, median",
        unit="h",
        definition="median elapsed time from when a step could have begun to its start, nights and "
        "weekends included",
        source=LASHKEVICH,
        needs_starts=True,
        spread="waiting_elapsed",
        quantile=0.5,
    ),
    Measure(
        name="lead_hours_median",
        title="From possible to done, median",
        unit="h",
        definition="median working time from when a step could have begun to its end: waiting and touch "
        "time together, known also where starts are not",
        spread="lead",
        quantile=0.5,
    ),
    Measure(
        name="rework_share",
        title="Rework",
        unit="%",
        definition="steps that repeat an activity of the case after it was once completed / steps",
        expression=of.ratio("rework_steps", "steps"),
        counts=("rework_steps", "steps"),
    ),
    Measure(
        name="handoff_share",
        title="Handoffs",
        unit="%",
        definition="steps done by another person than the causally preceding step / steps where both are "
        "known",
        expression=of.ratio("handoffs", "handoff_known"),
        counts=("handoffs", "handoff_known"),
    ),
    Measure(
        name="crossing_share",
        title="Boundary crossings",
        unit="%",
        definition="steps done by another company than the causally preceding step / steps where both "
        "are known",
        expression=of.ratio("crossings", "crossing_known"),
        counts=("crossings", "crossing_known"),
    ),
    Measure(
        name="estimated_share",
        title="Estimated starts",
        unit="%",
        definition="steps whose start was not recorded and is estimated / steps",
        expression=of.ratio("estimated", "steps"),
    ),
    Measure(
        name="unattributed_share",
        title="Steps without a person",
        unit="%",
        definition="steps that name no person / steps",
        expression=of.ratio("unattributed", "steps"),
    ),
    Measure(
        name="people",
        title="People",
        unit="people",
        definition="different people who did at least one of the steps",
        spread="people",
        expression=of.different(),
    ),
    Measure(
        name="bus_factor_50",
        title="Bus factor, half",
        unit="people",
        definition="fewest people who together did half of the steps that name a person",
        spread="people",
        expression=of.bus_factor(50),
    ),
    Measure(
        name="bus_factor_90",
        title="Bus factor, 90 %",
        unit="people",
        definition="fewest people who together did 90 % of the steps that name a person",
        spread="people",
        expression=of.bus_factor(90),
    ),
    Measure(
        name="top_person_share",
        title="Share of the busiest person",
        unit="%",
        definition="steps of the person with most of them / steps that name a person",
        spread="people",
        expression=of.greatest_share(),
    ),
    Measure(
        name="weekly_cv",
        title="Variation from week to week",
        unit="ratio",
        definition="standard deviation / mean of the steps completed per week (Monday to Sunday), empty "
        "weeks from the first to the last step counted; none under four weeks",
        source=CV_SOURCE,
        spread="weeks",
        expression=of.weekly_cv(),
    ),
    Measure(
        name="weekly_swing",
        title="Variation from week to week beyond chance",
        unit="ratio",
        definition="square root of (variation² - 1 / mean steps per week), 0 where negative: what is "
        "left of the variation from week to week when that of a steady (Poisson) arrival is "
        "taken out",
        source=CV_SOURCE,
        spread="weeks",
        expression=of.weekly_swing(),
    ),
    Measure(
        name="variant_entropy",
        title="Variety of context",
        unit="ratio",
        definition="entropy of the pair (activity before, activity after) over the steps / log of the "
        "number of different pairs in the whole record: 0 always in the same place of the "
        "process, 1 anywhere",
        source=ENTROPY_SOURCE,
        spread="contexts",
        expression=of.variant_entropy(),
    ),
    Measure(
        name="first_seen",
        title="First seen",
        unit="date",
        definition="earliest start of a step",
        expression=pl.col("first_started"),
    ),
    Measure(
        name="last_seen",
        title="Last seen",
        unit="date",
        definition="latest end of a step",
        expression=pl.col("last_ended"),
    ),
    Measure(
        name="months_known",
        title="Months known",
        unit="months",
        definition="time from the first step to the end of the whole record, in months of 30.4375 days",
        expression=of.months_known(),
    ),
    Measure(
        name="rework_steps",
        title="Rework",
        unit="steps",
        definition="steps that repeat an activity of the case after it was once completed",
        expression=pl.col("rework_steps"),
    ),
    Measure(
        name="handoffs",
        title="Handoffs",
        unit="steps",
        definition="steps done by another person than the causally preceding step",
        expression=of.known("handoffs", "handoff_known"),
    ),
    Measure(
        name="crossings",
        title="Boundary crossings",
        unit="steps",
        definition="steps done by another company than the causally preceding step",
        expression=of.known("crossings", "crossing_known"),
    ),
)
"""Figures of any group of steps, each one polars expression."""
