"""Every figure Backdesk shows, defined once: its name, unit, formula and source."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backdesk.evidence.measures.agreements import AGREED_ENTRIES
from backdesk.evidence.measures.at_work import WORKING_TIME_ENTRIES
from backdesk.evidence.measures.case_measures import CASE_ENTRIES
from backdesk.evidence.measures.definition import LASHKEVICH, Measure
from backdesk.evidence.measures.forecasting import FORECAST_ENTRIES
from backdesk.evidence.measures.group_measures import GROUP_ENTRIES
from backdesk.evidence.measures.handing_over import HANDOVER_ENTRIES
from backdesk.evidence.measures.waiting_entries import WAITING_ENTRIES
from backdesk.evidence.measures.wip_entries import WIP_ENTRIES
from backdesk.evidence.measures.workloads import WORKLOAD_ENTRIES


class UnknownMeasure(Exception):
    """A name the catalogue does not hold; the message offers those that come close."""


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


def giver(entry: Measure) -> str:
    """Return the name of the function whose table holds a measure.

    >>> giver(measure("rework_share")), giver(measure("contention_share")), giver(measure("age_hours"))
    ('aggregate', 'contention', 'wip')
    """
    if entry.is_of_groups:
        return "aggregate"
    family = next(name for name, entries in FAMILIES.items() if entry in entries)
    if entry.of_each and family == "Work in progress":
        return "wip"
    return _GIVEN_BY.get(entry.name, _GIVEN_BY[family])


_CASE_MEASURES: Final = (
    Measure(
        name="arrived_at",
        title="Arrival",
        unit="date",
        definition="earliest start of a step of the case",
        of_each=True,
        limits="the case may have lain there before its first step was begun",
    ),
    Measure(
        name="completed_at",
        title="Completion",
        unit="date",
        definition="latest end of a step of the case",
        of_each=True,
        limits="a case still going looks completed with its latest step",
    ),
    Measure(
        name="cycle_hours",
        title="Cycle time, elapsed",
        unit="h",
        definition="elapsed time from arrival to completion of the case, suspensions included",
        of_each=True,
        limits="of a case still going, the time so far",
    ),
    Measure(
        name="cycle_working_hours",
        title="Cycle time, working",
        unit="h",
        definition="working time from arrival to completion of the case, on the calendar, suspensions included",
        of_each=True,
        limits="of a case still going, the time so far",
    ),
    Measure(
        name="variant",
        title="Variant",
        unit="name",
        definition="hash of the activities of the case in order of their starts (then ends, then rows): "
        "cases of one variant went the same way",
        of_each=True,
        limits="steps side by side fall into one order or the other, and make two ways of one",
    ),
    Measure(
        name="case_share",
        title="Share of cases",
        unit="%",
        definition="cases of the variant / cases",
        limits="steps side by side fall into one order or the other, so ways that are one may stand apart",
    ),
    Measure(
        name="cumulative_share",
        title="Share of cases, running total",
        unit="%",
        definition="cases of this and all more frequent variants / cases",
        limits="steps side by side fall into one order or the other, so ways that are one may stand apart",
    ),
)

_PEOPLE_MEASURES: Final = (
    Measure(
        name="activities",
        title="Activities",
        unit="activities",
        definition="different activities with at least one step",
        limits="one activity under two names is two",
    ),
    Measure(
        name="busy_hours",
        title="Busy time",
        unit="h",
        definition="working time during which the person had at least one step in hand; steps side by "
        "side count once",
        needs_starts=True,
        limits="what lies open on a desk counts as in hand, suspensions included; work that is not recorded does not",
    ),
    Measure(
        name="available_hours",
        title="Available time",
        unit="h",
        definition="working time of the calendar from the first to the last day the person is seen in "
        "the record; leave and part time are not known to it",
        limits="too long for who works part time or was away, too short for who is seen on few days alone",
    ),
    Measure(
        name="utilisation",
        title="Utilisation",
        unit="%",
        definition="busy time / available time of a person; of a group of steps, busy time with them / available time "
        "of its people (`utilised`); of an activity among others, the mean over the people who did it, weighted by "
        "their steps of it (`performers_utilisation`)",
        needs_starts=True,
        limits="only recorded work counts, so a low figure may mean other work",
    ),
    Measure(
        name="contention_hours",
        title="Waiting for a busy person",
        unit="h",
        definition="working time within the waiting during which the person who then did the step was "
        "busy with others",
        source=LASHKEVICH + "; resource contention and prioritisation together",
        needs_starts=True,
        limits="says that the person was busy, not that nobody else could have done it",
    ),
    Measure(
        name="contention_hours_mean",
        title="Waiting for a busy person, per step",
        unit="h",
        definition="waiting for a busy person / steps whose waiting and person are known",
        source=LASHKEVICH + "; resource contention and prioritisation together",
        needs_starts=True,
        limits="a total shared out evenly: most steps wait less, a few much longer",
    ),
    Measure(
        name="contention_share",
        title="Waiting for a busy person, share",
        unit="%",
        definition="waiting for a busy person / waiting time of the steps that name a person",
        source=LASHKEVICH + "; resource contention and prioritisation together",
        needs_starts=True,
        limits="says that the person was busy, not that nobody else could have done it",
    ),
)

_FLOW_MEASURES: Final = (
    Measure(
        name="arrived",
        title="Arrived",
        unit="cases",
        definition="cases whose first step starts in the period",
        limits="cases that began before the record, and have steps in it, arrive at its begin",
    ),
    Measure(
        name="completed",
        title="Completed",
        unit="cases",
        definition="cases whose last recorded step ends in the period",
        limits="a case still going looks completed with its latest step; look with care at the last periods",
    ),
    Measure(
        name="open_cases",
        title="Open",
        unit="cases",
        definition="cases that have arrived and have a recorded step still to come, at the end of the period",
        limits="what has no recorded step to come looks done, so the last periods show too few",
    ),
    Measure(
        name="backlog_growth",
        title="Growth of what is open",
        unit="ratio",
        definition="slope of the steps that could have begun and are not done, at the end of each week, "
        "by least squares / mean steps per week; the first and the last weeks are left out, "
        "as many as 90 % of the steps take to be done, for what was open before and what is "
        "not done yet is not in the record; none under eight weeks",
        limits="a straight line through what may have gone up and down",
    ),
)

_RECORD_MEASURES: Final = (
    Measure(
        name="open_steps",
        title="Open steps",
        unit="steps",
        definition="steps that were started and have no end on record",
        limits="a step whose end was never recorded lies open for ever",
    ),
    Measure(
        name="teams",
        title="Teams",
        unit="teams",
        definition="different teams named",
        limits="one team under two spellings is two",
    ),
    Measure(
        name="parties",
        title="Companies",
        unit="companies",
        definition="different companies named",
        limits="one company under two spellings is two",
    ),
    Measure(
        name="functions",
        title="Functions",
        unit="functions",
        definition="different functions named",
        limits="one function under two spellings is two",
    ),
    Measure(
        name="first",
        title="From",
        unit="date",
        definition="earliest start of a step on record",
        limits="one wrong date is enough to move it",
    ),
    Measure(
        name="last",
        title="To",
        unit="date",
        definition="latest end of a step on record",
        limits="one wrong date is enough to move it",
    ),
    Measure(
        name="months",
        title="Length of the record",
        unit="months",
        definition="time from the earliest start to the latest end of a step, in months of 30.4375 days",
        limits="gaps within it count, and one wrong date makes it long",
    ),
)

_GIVEN_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Cases": "cases",
        "Waiting": "waited",
        "People": "people",
        "Working time": "working_times",
        "Handovers": "handovers",
        "Flow": "flow",
        "Workload": "workload",
        "Work in progress": "wip_figures",
        "Forecast": "forecast",
        "Record": "summary",
        "case_share": "variants",
        "cumulative_share": "variants",
        "contention_hours": "contention",
        "contention_hours_mean": "contention",
        "contention_share": "contention",
        "backlog_growth": "backlog_growth",
        "days_to_clear": "days_to_clear",
    }
)
"""The function that gives the figures of a family, or a figure apart from those of its family."""

FAMILIES: Final[Mapping[str, tuple[Measure, ...]]] = MappingProxyType(
    {
        "Steps": GROUP_ENTRIES,
        "Cases": (*CASE_ENTRIES, *_CASE_MEASURES),
        "Agreements": AGREED_ENTRIES,
        "Waiting": WAITING_ENTRIES,
        "People": _PEOPLE_MEASURES,
        "Working time": WORKING_TIME_ENTRIES,
        "Handovers": HANDOVER_ENTRIES,
        "Flow": _FLOW_MEASURES,
        "Workload": WORKLOAD_ENTRIES,
        "Work in progress": WIP_ENTRIES,
        "Forecast": FORECAST_ENTRIES,
        "Record": _RECORD_MEASURES,
    }
)
"""All measures by what they are of."""

CATALOGUE: Final[Mapping[str, Measure]] = MappingProxyType(
    {entry.name: entry for family in FAMILIES.values() for entry in family}
)
"""All measures by name; the names are the columns of every table of figures."""

GROUP_MEASURES: Final = tuple(entry.name for entry in (*GROUP_ENTRIES, *CASE_ENTRIES))
"""Names of the figures that `aggregate` gives for any grouping."""

AGREED_MEASURES: Final = tuple(entry.name for entry in AGREED_ENTRIES)
"""Names of those it gives besides where `agreed` has told what was agreed."""
