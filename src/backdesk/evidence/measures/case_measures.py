"""The figures of the cases that a group of measured steps belongs to: of each case whole, once."""

from __future__ import annotations

from typing import Final

import polars as pl

from backdesk.evidence.measures import expressions as of
from backdesk.evidence.measures.definition import Measure

CASE_ENTRIES: Final = (
    Measure(
        name="cases",
        title="Cases",
        unit="cases",
        definition="cases with at least one of these steps",
        expression=pl.col("cases"),
        limits="a case is what the record calls one: an order in three parts may be three",
    ),
    Measure(
        name="cycle_hours_mean",
        title="Cycle time, elapsed, mean",
        unit="h",
        definition="mean elapsed time from arrival to completion of a case, suspensions included",
        expression=of.mean("cycle_us", "cases", of.HOUR),
        limits="cases still going count as far as they came, those begun before the record from where it begins",
    ),
    Measure(
        name="cycle_hours_median",
        title="Cycle time, elapsed, median",
        unit="h",
        definition="median elapsed time from arrival to completion of a case, suspensions included",
        spread="cycles",
        quantile=0.5,
        limits="cases still going count as far as they came, those begun before the record from where it begins",
    ),
    Measure(
        name="cycle_working_hours_mean",
        title="Cycle time, working, mean",
        unit="h",
        definition="mean working time from arrival to completion of a case, on the calendar, suspensions included",
        expression=of.mean("cycle_working_us", "cases", of.HOUR),
        limits="cases still going count as far as they came, those begun before the record from where it begins",
    ),
    Measure(
        name="cycle_working_hours_median",
        title="Cycle time, working, median",
        unit="h",
        definition="median working time from arrival to completion of a case, on the calendar, suspensions included",
        spread="cycles_working",
        quantile=0.5,
        limits="cases still going count as far as they came, those begun before the record from where it begins",
    ),
    Measure(
        name="cycle_working_hours_p90",
        title="Cycle time, working, 90th percentile",
        unit="h",
        definition="working time from arrival to completion that 90 % of the cases do not exceed, on the calendar "
        "(linear interpolation)",
        spread="cycles_working",
        quantile=0.9,
        limits="few cases tell little of the slowest tenth: under 10 it is nearly the slowest",
    ),
    Measure(
        name="flow_efficiency",
        title="Flow efficiency",
        unit="%",
        definition="touch time of the steps / working cycle time of their cases; over 100 % where steps of a case run "
        "side by side",
        needs_starts=True,
        expression=of.part_of_cycle("touch_us", "touch_known"),
        limits="high also where people hold cases open without working on them",
    ),
    Measure(
        name="once_share",
        title="Cases without rework",
        unit="%",
        definition="cases in which no activity was repeated after it was once completed / cases",
        expression=of.ratio("cases_once", "cases"),
        counts=("cases_once", "cases"),
        limits="an activity that is meant to be done several times in a case looks like rework",
    ),
    Measure(
        name="straight_through_rate",
        title="Straight through",
        unit="%",
        definition="cases of which a system did every step and no person any / cases that tell: those with a step of a "
        "person, and those whose every step names who did it",
        expression=of.ratio("cases_straight", "straight_known"),
        counts=("cases_straight", "straight_known"),
        limits="goes by names: a system named like a person counts as one, and cases still going count as they stand",
    ),
    Measure(
        name="variants",
        title="Variants",
        unit="ways",
        definition="different orders of activities that cases went through",
        spread="ways",
        expression=of.different(),
        limits="grows with the number of cases, and with steps side by side that fall into one order or the other",
    ),
)
"""Figures of the cases of any group of steps: each case counts whole, whatever steps a filter leaves of it."""
