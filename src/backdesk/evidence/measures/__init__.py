"""The catalogue of measures, each defined once.

`measure_steps` measures every step of a log; the tables of figures are computed from what it returns. Their
columns are the names of `CATALOGUE`, which holds unit, definition and source of each. What has no data is
null.

>>> from backdesk.evidence.calendars import parse
>>> from backdesk.evidence.measures import aggregate, measure_steps
>>> from backdesk.evidence.measures.examples import two_orders
>>> office = parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")
>>> measured = measure_steps(two_orders(), calendar=office)
>>> aggregate(measured, by="activity", only=["steps", "touch_hours", "bus_factor_50"]).rows()
[('Check', 2, 2.0, 1), ('Enter', 3, 1.5, 1)]
"""

from typing import TYPE_CHECKING

from backdesk.evidence.lazily import lazily

if TYPE_CHECKING:
    from backdesk.evidence.measures.agreements import NO_PAUSES, agreed
    from backdesk.evidence.measures.answers import Answer, figures
    from backdesk.evidence.measures.at_work import (
        WorkingTimeFound,
        working_time_found,
        working_times,
    )
    from backdesk.evidence.measures.breakdowns import (
        Breakdown,
        NotAgreed,
        NotMergeable,
        NotOfAGroup,
        Period,
        UnreadableFilter,
    )
    from backdesk.evidence.measures.casework import cases
    from backdesk.evidence.measures.catalogue import (
        AGREED_MEASURES,
        CATALOGUE,
        FAMILIES,
        GROUP_MEASURES,
        UnknownMeasure,
        measure,
    )
    from backdesk.evidence.measures.columns import NotMeasured, UnknownGrouping
    from backdesk.evidence.measures.definition import Measure
    from backdesk.evidence.measures.finishing import finish
    from backdesk.evidence.measures.forecasting import Forecast, TooLittleHistory, forecast
    from backdesk.evidence.measures.grouping import aggregate
    from backdesk.evidence.measures.handing_over import handed_over, handovers
    from backdesk.evidence.measures.overview import Summary, activities, summary
    from backdesk.evidence.measures.partials import (
        CaseInTwoPartitions,
        NotOneQuestion,
        Partial,
        merge,
        partial,
    )
    from backdesk.evidence.measures.partitions import measure_partitioned, partitioned
    from backdesk.evidence.measures.periods import backlog_growth, flow, monthly, weekly
    from backdesk.evidence.measures.service_catalogue import SERVICE_CATALOGUE
    from backdesk.evidence.measures.services import (
        SERVICE_INTERVALS,
        SERVICE_ITEMS,
        SERVICE_LOOKS,
        UnknownCount,
        ageing,
        behind,
        is_of_looks,
        service_figures,
        service_quality,
        service_total,
    )
    from backdesk.evidence.measures.staffing import contention, people, performers_utilisation
    from backdesk.evidence.measures.stepping import measure_steps
    from backdesk.evidence.measures.under_way import days_to_clear, wip, wip_figures
    from backdesk.evidence.measures.utilising import utilised
    from backdesk.evidence.measures.waiting import (
        people_at_work,
        waited,
        waiting_causes,
        waiting_savings,
        waiting_transitions,
    )
    from backdesk.evidence.measures.waiting_entries import CAUSES
    from backdesk.evidence.measures.ways import variants
    from backdesk.evidence.measures.workloads import HELD, fullest, workload
else:
    __getattr__ = lazily(__name__, __file__)

__all__ = [
    "AGREED_MEASURES",
    "CATALOGUE",
    "CAUSES",
    "FAMILIES",
    "GROUP_MEASURES",
    "HELD",
    "NO_PAUSES",
    "SERVICE_CATALOGUE",
    "SERVICE_INTERVALS",
    "SERVICE_ITEMS",
    "SERVICE_LOOKS",
    "Answer",
    "Breakdown",
    "CaseInTwoPartitions",
    "Forecast",
    "Measure",
    "NotAgreed",
    "NotMeasured",
    "NotMergeable",
    "NotOfAGroup",
    "NotOneQuestion",
    "Partial",
    "Period",
    "Summary",
    "TooLittleHistory",
    "UnknownCount",
    "UnknownGrouping",
    "UnknownMeasure",
    "UnreadableFilter",
    "WorkingTimeFound",
    "activities",
    "ageing",
    "aggregate",
    "agreed",
    "backlog_growth",
    "behind",
    "cases",
    "contention",
    "days_to_clear",
    "figures",
    "finish",
    "flow",
    "forecast",
    "fullest",
    "handed_over",
    "handovers",
    "is_of_looks",
    "measure",
    "measure_partitioned",
    "measure_steps",
    "merge",
    "monthly",
    "partial",
    "partitioned",
    "people",
    "people_at_work",
    "performers_utilisation",
    "service_figures",
    "service_quality",
    "service_total",
    "summary",
    "utilised",
    "variants",
    "waited",
    "waiting_causes",
    "waiting_savings",
    "waiting_transitions",
    "weekly",
    "wip",
    "wip_figures",
    "working_time_found",
    "working_times",
    "workload",
]
