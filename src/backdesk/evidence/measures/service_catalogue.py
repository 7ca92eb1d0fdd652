"""What the figures of a service are: `services` computes them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backdesk.evidence.measures.definition import Measure

_WILSON: Final = "Wilson, JASA 22 (1927)"

SERVICE_MEASURES: Final = (
    Measure(
        name="received",
        title="Received",
        unit="items",
        definition="items received in the period",
        limits="an item that was cancelled later was received all the same",
    ),
    Measure(
        name="delivered",
        title="Delivered",
        unit="items",
        definition="items delivered in the period; one that was returned counts when it was delivered last",
        limits="an item returned moves to the period of its last delivery, so past periods change",
    ),
    Measure(
        name="accepted",
        title="Accepted",
        unit="items",
        definition="items accepted in the period, by somebody or by silence",
        limits="silence counts as consent after the days agreed: it need not mean that anybody looked",
    ),
    Measure(
        name="open_items",
        title="Backlog",
        unit="items",
        definition="items received and neither delivered nor cancelled, at the end of the period",
        limits="an item counts as one, however large, also while it waits on the client",
    ),
    Measure(
        name="backlog_hours",
        title="Backlog in work",
        unit="h",
        definition="backlog × standard time of an item",
        limits="every item is taken to need the standard time, however much of it is done",
    ),
    Measure(
        name="days_to_clear",
        title="Days to clear",
        unit="days",
        definition="backlog / (items delivered less items received, a day), over the 28 days up to the end of the "
        "period, or since the first item where that is less; weekends count; 0 without a backlog; never, where no "
        "more is delivered than received",
        limits="takes the pace of the last weeks to go on",
    ),
    Measure(
        name="attainment",
        title="Turnaround kept",
        unit="%",
        definition="items delivered by their due time / items due in the period; what is past due and still open "
        "counts as missed; the due time is on the service's calendar, without approved pauses",
        limits="a period not over yet holds what was delivered early and not what may still be missed",
    ),
    Measure(
        name="first_pass_yield",
        title="First-pass yield",
        unit="%",
        definition="items accepted without rework / items accepted or returned, each counted once, when the client "
        "first said so; rework is what a review sent back or the client returned; what awaits acceptance is not "
        "counted",
        source=_WILSON + " for the interval",
        limits="what awaits acceptance is not in it, so the last weeks change",
    ),
    Measure(
        name="accuracy",
        title="Accuracy",
        unit="%",
        definition="looks at sampled work that found no error / looks; an error that was disputed and withdrawn is "
        "none",
        source=_WILSON + " for the interval",
        limits="of what was looked at: right for all only if it was drawn at random",
    ),
    Measure(
        name="critical_accuracy",
        title="Accuracy, critical errors",
        unit="%",
        definition="looks at sampled work that found no critical error / looks",
        source=_WILSON + " for the interval",
        limits="few critical errors are seldom met in a small sample; read it with its interval",
    ),
    Measure(
        name="touch_minutes",
        title="Touch time, median",
        unit="min",
        definition="median over items delivered of the recorded work on all steps of the item, without idle time",
        limits="what was worked without the clock running is not in it",
    ),
)
SERVICE_CATALOGUE: Final[Mapping[str, Measure]] = MappingProxyType(
    {entry.name: entry for entry in SERVICE_MEASURES}
)
