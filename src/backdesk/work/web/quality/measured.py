"""How much of the work was right, as figures and by person; each opens the items it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backdesk.evidence.measures import SERVICE_CATALOGUE, SERVICE_INTERVALS
from backdesk.platform.actor import Actor
from backdesk.platform.web import formats, tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.tables import Column, Table
from backdesk.work.queries import judging
from backdesk.work.queries.people import companies_of, names_of
from backdesk.work.queries.record import ServiceRecord
from backdesk.work.web.periods import Period

_REASONS = {
    "first_pass_yield": gettext_lazy("nothing was accepted or returned"),
    "accuracy": gettext_lazy("nothing was looked at"),
    "critical_accuracy": gettext_lazy("nothing was looked at"),
}


def figures_of(table: pl.DataFrame, period: Period) -> tuple[Figure, ...]:
    """Over all services of the actor's company together."""
    return tuple(_figure(table, name, period) for name in SERVICE_INTERVALS)


def by_person(
    actor: Actor, table: pl.DataFrame, records: Sequence[ServiceRecord], period: Period
) -> Table | None:
    """A row for each service and whose work it was; None where nobody's was judged."""
    services = {one.service.pk: one.service for one in records}
    names = names_of(actor, companies_of(services.values()))
    rows = [] if table.is_empty() else table.filter(pl.col("person").is_not_null()).rows(named=True)
    if not rows:
        return None
    who = Column(
        key="person",
        title=gettext_lazy("Whose work"),
        value=lambda row: names.get(row["person"], _("somebody")),
        detail=lambda row: services[row["service"]].name,
        sortable=False,
    )
    columns = (who, *(_column(name, period) for name in SERVICE_INTERVALS))
    return Table(
        name="people",
        columns=columns,
        rows=rows,
        total=len(rows),
        state=tables.State(),
        caption=gettext_lazy("By person"),
        can_export=False,
        can_choose_columns=False,
    )


def address(count: str, period: Period, **more: int) -> str:
    """Of the items a count is of."""
    asked = {"count": count, "from": f"{period.first}", "until": f"{period.last}"} | {
        name: f"{number}" for name, number in more.items()
    }
    return f"{reverse('work:quality-items')}?{urlencode(asked)}"


def _figure(table: pl.DataFrame, name: str, period: Period) -> Figure:
    found, total = judging.share_of(table, name)
    measure, (_wrong, of, _low, _high) = SERVICE_CATALOGUE[name], SERVICE_INTERVALS[name]
    return Figure(
        title=_(measure.title),
        value=found.estimate if found else None,
        unit="%",
        definition=_(measure.definition),
        limits=_(measure.limits),
        source=measure.source,
        href=address(of, period) if found else "",
        reason=_REASONS[name],
        interval=(found.low, found.high) if found else None,
        sample=(total or None) if of == "looked_at" else None,
        note=_of(total) if total and of != "looked_at" else "",
    )


def _column(name: str, period: Period) -> Column:
    measure, (_wrong, of, low, high) = SERVICE_CATALOGUE[name], SERVICE_INTERVALS[name]

    def rests_on(row: Mapping[str, Any]) -> str:
        if not row[of]:
            return ""
        bounds = {"low": f"{100 * row[low]:.0f}", "high": f"{100 * row[high]:.0f}"}
        return f"{_of(row[of])} · {_('%(low)s–%(high)s %%') % bounds}"

    return Column(
        key=name,
        title=_(measure.title),
        kind="share",
        definition=_(measure.definition),
        limits=_(measure.limits),
        source=measure.source,
        reason=_REASONS[name],
        href=lambda row: address(of, period, service=row["service"], person=row["person"]),
        detail=rests_on,
        sortable=False,
    )


def _of(count: int) -> str:
    return ngettext("of %(count)s", "of %(count)s", count) % {"count": formats.number(count)}
