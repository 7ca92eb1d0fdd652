"""The figures of a scorecard in words: title, definition, why there is none, and the items behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backdesk.evidence.measures import SERVICE_CATALOGUE, SERVICE_INTERVALS
from backdesk.platform.web import formats
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.tables import Column
from backdesk.platform.web.words import Words
from backdesk.supervision.queries.scorecard import Scorecard
from backdesk.work.queries.periods import period_end
from backdesk.work.web.periods import address as period_address

#: By figure: the count whose items are behind it, and the count it rests on.
BEHIND: Final[Mapping[str, tuple[str, str]]] = {
    "received": ("received", ""),
    "delivered": ("delivered", ""),
    "accepted": ("accepted", ""),
    "open_items": ("open_items", ""),
    "backlog_hours": ("open_items", ""),
    "days_to_clear": ("open_items", ""),
    "attainment": ("with_due", "with_due"),
    "first_pass_yield": ("judged", "judged"),
    "accuracy": ("looked_at", "looked_at"),
    "critical_accuracy": ("looked_at", "looked_at"),
    "touch_minutes": ("touched", "touched"),
}
INTERVALS: Final = {name: (low, high) for name, (_wrong, _of, low, high) in SERVICE_INTERVALS.items()}
REASONS: Final = {
    "backlog_hours": gettext_lazy("the service names no standard time"),
    "days_to_clear": gettext_lazy("never, at this pace: no more is delivered than comes in"),
    "attainment": gettext_lazy("nothing was due"),
    "first_pass_yield": gettext_lazy("nothing was accepted or returned"),
    "accuracy": gettext_lazy("nothing was sampled"),
    "critical_accuracy": gettext_lazy("nothing was sampled"),
    "touch_minutes": gettext_lazy("no touch time was recorded of what was delivered"),
}
_SAMPLED: Final = frozenset({"accuracy", "critical_accuracy"})
_KINDS: Final[Mapping[str, Literal["number", "share", "hours"]]] = {"%": "share", "h": "hours"}
_UNITS: Final[Mapping[str, Words]] = {"items": "", "days": gettext_lazy("days"), "min": gettext_lazy("min")}


def figures_of(card: Scorecard) -> tuple[Figure, ...]:
    """Of the present period, in the order of the catalogue."""
    return tuple(figure_of(card, name) for name in BEHIND)


def figure_of(card: Scorecard, name: str) -> Figure:
    row = card.present
    measure, (_count, rests_on) = SERVICE_CATALOGUE[name], BEHIND[name]
    low, high = INTERVALS.get(name, ("", ""))
    sample = row[rests_on] if rests_on else None
    return Figure(
        title=_(measure.title),
        value=row[name],  # type: ignore[arg-type]
        unit=measure.unit if measure.unit in {"%", "h"} else str(_UNITS.get(measure.unit, "")),
        definition=_(measure.definition),
        limits=_(measure.limits),
        source="" if measure.source == "Backdesk" else measure.source,
        href=address(card, name, row["period"]),  # type: ignore[arg-type]
        reason=REASONS.get(name, ""),
        interval=(row[low], row[high]) if low and row[low] is not None else None,  # type: ignore[arg-type]
        sample=int(sample) if sample and name in _SAMPLED else None,  # type: ignore[call-overload]
        note=of_how_many(int(sample)) if sample and name not in _SAMPLED else "",  # type: ignore[call-overload]
    )


def address(card: Scorecard, name: str, first: date) -> str:
    """Of the items behind a figure of the period that begins on this day."""
    count, _rests_on = BEHIND[name]
    asked = {"count": count, "from": f"{first}", "until": f"{period_end(first, card.every)}"}
    return f"{reverse('supervision:items', args=(card.record.service.pk,))}?{urlencode(asked)}"


def columns(card: Scorecard) -> tuple[Column, ...]:
    """A row a period; each figure opens its items."""
    return (
        Column(
            key="period",
            title=_("From"),
            kind="date",
            href=lambda row: period_address(card.every, row["period"]),
        ),
        *(_column(card, name) for name in BEHIND),
    )


def _column(card: Scorecard, name: str) -> Column:
    measure = SERVICE_CATALOGUE[name]
    decimals = 1 if measure.unit in {"days", "min"} else None
    return Column(
        key=name,
        title=_(measure.title),
        kind=_KINDS.get(measure.unit, "number"),
        unit=_UNITS.get(measure.unit, ""),
        decimals=decimals,
        definition=_(measure.definition),
        limits=_(measure.limits),
        source="" if measure.source == "Backdesk" else measure.source,
        reason=REASONS.get(name, ""),
        href=lambda row: address(card, name, row["period"]),
        detail=lambda row: rests_on(row, name),
        is_optional=name in {"accepted", "critical_accuracy", "backlog_hours"},
    )


def partner_column(name: str) -> Column:
    """Of all services with a company together, this month."""
    measure = SERVICE_CATALOGUE[name]

    def items(row: Mapping[str, Any]) -> str:
        asked = {
            "count": BEHIND[name][0],
            "from": f"{row['period']}",
            "until": f"{period_end(row['period'], 'month')}",
            "partner": row["partner"],
        }
        return f"{reverse('work:quality-items')}?{urlencode(asked)}"

    return Column(
        key=name,
        title=_(measure.title),
        kind=_KINDS.get(measure.unit, "number"),
        definition=_(measure.definition),
        limits=_(measure.limits),
        reason=REASONS.get(name, ""),
        href=items,
        detail=lambda row: rests_on(row, name),
        sortable=False,
    )


def rests_on(row: Mapping[str, Any], name: str) -> str:
    """How many a share rests on, and of a sample its interval."""
    _count, of = BEHIND[name]
    if not of or not row[of]:
        return ""
    sample = of_how_many(row[of])
    low, high = INTERVALS.get(name, ("", ""))
    if not low:
        return sample
    bounds = {"low": f"{100 * row[low]:.0f}", "high": f"{100 * row[high]:.0f}"}
    return f"{sample} · {_('%(low)s–%(high)s %%') % bounds}"


def of_how_many(count: int) -> str:
    return ngettext("of %(count)s", "of %(count)s", count) % {"count": formats.number(count)}
