"""Every figure Backdesk shows, defined once: its name, unit, formula and source."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from backdesk.evidence.measures import expressions as of

Unit = Literal["h", "min", "steps", "cases", "people", "activities", "months", "weeks", "%", "ratio", "date"]


class UnknownMeasure(Exception):
    """A name the catalogue does not hold; the message offers those that come close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure and its definition. Its `name` is the column it stands in, in every table.

    A figure in `%` is kept as a share of 1. `needs_starts` marks figures that rest on recorded starts:
    where starts are estimated, so is the figure. `expression` computes it over a group of measured steps,
    where one does.

    >>> CATALOGUE["rework_share"].definition
    'steps that repeat an activity of the case after it was once completed / steps'
    >>> CATALOGUE["touch_hours"].unit, CATALOGUE["touch_hours"].needs_starts
    ('h', True)
    """

    name: str
    title: str
    unit: Unit
    definition: str
    source: str = "Backdesk"
    needs_starts: bool = False
    expression: pl.Expr | None = field(default=None, compare=False, repr=False)


def measure(name: str) -> Measure:
    """Return the measure of a name; raise `UnknownMeasure` with those that come close.

    >>> measure("rework_rate")
    Traceback (most recent call last):
    ...
    backdesk.evidence.measures.catalogue.UnknownMeasure: there is no figure 'rework_rate'; \
did you mean rework_steps or rework_share?
    """
    if name not in CATALOGUE:
        near = difflib.get_close_matches(name, CATALOGUE, n=3) or sorted(CATALOGUE)[:3]
        raise UnknownMeasure(f"there is no figure {name!r}; did you mean {' or '.join(near)}?")
    return CATALOGUE[name]


LASHKEVICH: Final = "Lashkevich, Milani, Chapela-Campa, Suvorau, Dumas, CAiSE 2023"
CV_SOURCE: Final = "coefficient of variation; Hopp, Spearman, Factory Physics, 3rd ed. 2008, ch. 8"
ENTROPY_SOURCE: Final = "Shannon, Bell System Technical Journal 27, 1948"

_GROUP_MEASURES: Final = (
    Measure(
        name="steps",
        title="Steps",
        unit="steps",
        definition="completed steps",
        expression=of.steps(),
    ),
    Measure(
        name="cases",
        title="Cases",
        unit="cases",
        definition="cases with at least one of these steps",
        expression=of.cases(),
    ),
    Measure(
        name="steps_per_case",
        title="Steps per case",
        unit="ratio",
        definition="steps / cases with at least one of them",
        expression=of.steps() / of.cases(),
    ),
    Measure(
        name="steps_per_month",
        title="Steps a month",
        unit="steps",
        definition="steps / months of the whole record (of 30.4375 days; a record under a month counts as "
        "one)",
        expression=of.steps() / of.record("months"),
    ),
    Measure(
        name="touch_hours",
        title="Touch time",
        unit="h",
        definition="sum of the working time from start to end of each step, on the calendar",
        needs_starts=True,
        expression=of.hours("touch_working_s"),
    ),
    Measure(
        name="touch_elapsed_hours",
        title="Touch time, elapsed",
        unit="h",
        definition="sum of the elapsed time from start to end of each step, nights and weekends included",
        needs_starts=True,
        expression=of.hours("touch_s"),
    ),
    Measure(
        name="touch_hours_per_month",
        title="Touch time a month",
        unit="h",
        definition="touch time / months of the whole record (of 30.4375 days; a record under a month counts "
        "as one)",
        needs_starts=True,
        expression=of.hours("touch_working_s") / of.record("months"),
    ),
    Measure(
        name="touch_share",
        title="Share of all touch time",
        unit="%",
        definition="touch time / touch time of the whole record",
        needs_starts=True,
        expression=of.share_of_record("touch_working_s"),
    ),
    Measure(
        name="touch_minutes_mean",
        title="Touch time per step, mean",
        unit="min",
        definition="mean working time from start to end of a step",
        needs_starts=True,
        expression=pl.col("touch_working_s").mean() / 60,
    ),
    Measure(
        name="touch_minutes_median",
        title="Touch time per step, median",
        unit="min",
        definition="median working time from start to end of a step",
        needs_starts=True,
        expression=pl.col("touch_working_s").median() / 60,
    ),
    Measure(
        name="touch_minutes_p90",
        title="Touch time per step, 90th percentile",
        unit="min",
        definition="working time from start to end that 90 % of the steps do not exceed (linear "
        "interpolation)",
        needs_starts=True,
        expression=pl.col("touch_working_s").quantile(0.9, "linear") / 60,
    ),
    Measure(
        name="waiting_hours",
        title="Waiting time",
        unit="h",
        definition="sum of the working time from when each step could have begun to its start; the step a "
        "case arrives with is left out, its wait is not on record",
        source=LASHKEVICH,
        needs_starts=True,
        expression=of.hours("waiting_working_s"),
    ),
    Measure(
        name="waiting_share",
        title="Share of all waiting",
        unit="%",
        definition="waiting time / waiting time of the whole record",
        source=LASHKEVICH,
        needs_starts=True,
        expression=of.share_of_record("waiting_working_s"),
    ),
    Measure(
        name="waiting_hours_mean",
        title="Waiting time per step, mean",
        unit="h",
        definition="mean working time from when a step could have begun to its start",
        source=LASHKEVICH,
        needs_starts=True,
        expression=pl.col("waiting_working_s").mean() / 3600,
    ),
    Measure(
        name="waiting_hours_median",
        title="Waiting time per step, median",
        unit="h",
        definition="median working time from when a step could have begun to its start",
        source=LASHKEVICH,
        needs_starts=True,
        expression=pl.col("waiting_working_s").median() / 3600,
    ),
    Measure(
        name="waiting_hours_p90",
        title="Waiting time per step, 90th percentile",
        unit="h",
        definition="working time from when a step could have begun to its start that 90 % of the steps do "
        "not exceed (linear interpolation)",
        source=LASHKEVICH,
        needs_starts=True,
        expression=pl.col("waiting_working_s").quantile(0.9, "linear") / 3600,
    ),
    Measure(
        name="waiting_elapsed_hours_median",
        title="Waiting time per step, elapsed, median",
        unit="h",
        definition="median elapsed time from when a step could have begun to its start, nights and weekends "
        "included",
        source=LASHKEVICH,
        needs_starts=True,
        expression=pl.col("waiting_s").median() / 3600,
    ),
    Measure(
        name="lead_hours_median",
        title="From possible to done, median",
        unit="h",
        definition="median working time from when a step could have begun to its end: waiting and touch time"
        " together, known also where starts are not",
        expression=(pl.col("waiting_working_s") + pl.col("touch_working_s")).median() / 3600,
    ),
    Measure(
        name="rework_share",
        title="Rework",
        unit="%",
        definition="steps that repeat an activity of the case after it was once completed / steps",
        expression=pl.col("is_rework").mean(),
    ),
    Measure(
        name="handoff_share",
        title="Handoffs",
        unit="%",
        definition="steps done by another person than the causally preceding step / steps where both are "
        "known",
        expression=pl.col("is_handoff").mean(),
    ),
    Measure(
        name="crossing_share",
        title="Boundary crossings",
        unit="%",
        definition="steps done by another company than the causally preceding step / steps where both are "
        "known",
        expression=pl.col("is_crossing").mean(),
    ),
    Measure(
        name="estimated_share",
        title="Estimated starts",
        unit="%",
        definition="steps whose start was not recorded and is estimated / steps",
        expression=pl.col("start_estimated").mean(),
    ),
    Measure(
        name="unattributed_share",
        title="Steps without a person",
        unit="%",
        definition="steps that name no person / steps",
        expression=pl.col("resource").is_null().mean(),
    ),
    Measure(
        name="people",
        title="People",
        unit="people",
        definition="different people who did at least one of the steps",
        expression=of.people(),
    ),
    Measure(
        name="bus_factor_50",
        title="Bus factor, half",
        unit="people",
        definition="fewest people who together did half of the steps that name a person",
        expression=of.bus_factor(50),
    ),
    Measure(
        name="bus_factor_90",
        title="Bus factor, 90 %",
        unit="people",
        definition="fewest people who together did 90 % of the steps that name a person",
        expression=of.bus_factor(90),
    ),
    Measure(
        name="top_person_share",
        title="Share of the busiest person",
        unit="%",
        definition="steps of the person with most of them / steps that name a person",
        expression=of.top_person_share(),
    ),
    Measure(
        name="weekly_cv",
        title="Variation from week to week",
        unit="ratio",
        definition="standard deviation / mean of the steps completed per week (Monday to Sunday), empty "
        "weeks from the first to the last step counted; none under four weeks",
        source=CV_SOURCE,
        expression=of.weekly_cv(),
    ),
    Measure(
        name="weekly_swing",
        title="Variation from week to week beyond chance",
        unit="ratio",
        definition="square root of (variation² - 1 / mean steps per week), 0 where negative: what is left of"
        " the variation from week to week when that of a steady (Poisson) arrival is taken out",
        source=CV_SOURCE,
        expression=of.weekly_swing(),
    ),
    Measure(
        name="variant_entropy",
        title="Variety of context",
        unit="ratio",
        definition="entropy of the pair (activity before, activity after) over the steps / log of the number"
        " of different pairs in the whole record: 0 always in the same place of the process, 1 "
        "anywhere",
        source=ENTROPY_SOURCE,
        expression=of.variant_entropy(),
    ),
    Measure(
        name="first_seen",
        title="First seen",
        unit="date",
        definition="earliest start of a step",
        expression=pl.col("started_at").min(),
    ),
    Measure(
        name="last_seen",
        title="Last seen",
        unit="date",
        definition="latest end of a step",
        expression=pl.col("ended_at").max(),
    ),
    Measure(
        name="months_known",
        title="Months known",
        unit="months",
        definition="time from the first step to the end of the whole record, in months of 30.4375 days",
        expression=of.months_known(),
    ),
)
"""Figures of any group of steps, each one polars expression."""

_CASE_MEASURES: Final = (
    Measure(
        name="arrived_at",
        title="Arrival",
        unit="date",
        definition="earliest start of a step of the case",
    ),
    Measure(
        name="completed_at",
        title="Completion",
        unit="date",
        definition="latest end of a step of the case",
    ),
    Measure(
        name="cycle_hours",
        title="Cycle time, elapsed",
        unit="h",
        definition="elapsed time from arrival to completion of the case",
    ),
    Measure(
        name="cycle_working_hours",
        title="Cycle time, working",
        unit="h",
        definition="working time from arrival to completion of the case, on the calendar",
    ),
    Measure(
        name="flow_efficiency",
        title="Flow efficiency",
        unit="%",
        definition="touch time / working cycle time; over 100 % where steps of a case run side by side",
        needs_starts=True,
    ),
    Measure(
        name="handoffs",
        title="Handoffs",
        unit="steps",
        definition="steps done by another person than the causally preceding step",
    ),
    Measure(
        name="crossings",
        title="Boundary crossings",
        unit="steps",
        definition="steps done by another company than the causally preceding step",
    ),
    Measure(
        name="rework_steps",
        title="Rework",
        unit="steps",
        definition="steps that repeat an activity of the case after it was once completed",
    ),
    Measure(
        name="variant",
        title="Variant",
        unit="ratio",
        definition="hash of the activities of the case in order of their starts (then ends, then rows): "
        "cases of one variant went the same way",
    ),
    Measure(
        name="case_share",
        title="Share of cases",
        unit="%",
        definition="cases of the variant / cases",
    ),
    Measure(
        name="cumulative_share",
        title="Share of cases, running total",
        unit="%",
        definition="cases of this and all more frequent variants / cases",
    ),
    Measure(
        name="cycle_hours_median",
        title="Cycle time, elapsed, median",
        unit="h",
        definition="median elapsed time from arrival to completion of a case",
    ),
    Measure(
        name="cycle_hours_mean",
        title="Cycle time, elapsed, mean",
        unit="h",
        definition="mean elapsed time from arrival to completion of a case",
    ),
    Measure(
        name="cycle_working_hours_median",
        title="Cycle time, working, median",
        unit="h",
        definition="median working time from arrival to completion of a case, on the calendar",
    ),
    Measure(
        name="cycle_working_hours_mean",
        title="Cycle time, working, mean",
        unit="h",
        definition="mean working time from arrival to completion of a case, on the calendar",
    ),
)

_PEOPLE_MEASURES: Final = (
    Measure(
        name="activities",
        title="Activities",
        unit="activities",
        definition="different activities with at least one step",
    ),
    Measure(
        name="busy_hours",
        title="Busy time",
        unit="h",
        definition="working time during which the person had at least one step in hand; steps side by side "
        "count once",
        needs_starts=True,
    ),
    Measure(
        name="available_hours",
        title="Available time",
        unit="h",
        definition="working time of the calendar from the first to the last day the person is seen in the "
        "record; leave and part time are not known to it",
    ),
    Measure(
        name="utilisation",
        title="Utilisation",
        unit="%",
        definition="busy time / available time of a person; of an activity, the mean over the people who did"
        " it, weighted by their steps of it",
        needs_starts=True,
    ),
    Measure(
        name="contention_hours",
        title="Waiting for a busy person",
        unit="h",
        definition="working time within the waiting during which the person who then did the step was busy "
        "with others",
        source=LASHKEVICH + "; resource contention and prioritisation together",
        needs_starts=True,
    ),
    Measure(
        name="contention_hours_mean",
        title="Waiting for a busy person, per step",
        unit="h",
        definition="waiting for a busy person / steps whose waiting and person are known",
        source=LASHKEVICH + "; resource contention and prioritisation together",
        needs_starts=True,
    ),
    Measure(
        name="contention_share",
        title="Waiting for a busy person, share",
        unit="%",
        definition="waiting for a busy person / waiting time of the steps that name a person",
        source=LASHKEVICH + "; resource contention and prioritisation together",
        needs_starts=True,
    ),
)

_FLOW_MEASURES: Final = (
    Measure(
        name="arrived",
        title="Arrived",
        unit="cases",
        definition="cases whose first step starts in the period",
    ),
    Measure(
        name="completed",
        title="Completed",
        unit="cases",
        definition="cases whose last recorded step ends in the period",
    ),
    Measure(
        name="open_cases",
        title="Open",
        unit="cases",
        definition="cases that have arrived and have a recorded step still to come, at the end of the period",
    ),
    Measure(
        name="backlog_growth",
        title="Growth of what is open",
        unit="ratio",
        definition="slope of the steps that could have begun and are not done, at the end of each week, by "
        "least squares / mean steps per week; the last weeks are left out, as long as 90 % of the"
        " steps take to be done, for what is not done yet is not in the record; none under eight "
        "weeks",
    ),
)

CATALOGUE: Final[Mapping[str, Measure]] = MappingProxyType(
    {entry.name: entry for entry in (*_GROUP_MEASURES, *_CASE_MEASURES, *_PEOPLE_MEASURES, *_FLOW_MEASURES)}
)
"""All measures by name; the names are the columns of every table of figures."""

GROUP_MEASURES: Final = tuple(entry.name for entry in _GROUP_MEASURES)
"""Names of the figures that `aggregate` gives for any grouping."""
