"""The items a figure counts, as a table: each by its title and key, with the moments the figure is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.work.queries.item_list import titles_of

TITLES: Mapping[str, Any] = {
    "received": gettext_lazy("Received"),
    "delivered": gettext_lazy("Delivered"),
    "accepted": gettext_lazy("Accepted"),
    "cancelled": gettext_lazy("Cancelled"),
    "open_items": gettext_lazy("Open"),
    "with_due": gettext_lazy("Due"),
    "on_time": gettext_lazy("Delivered in time"),
    "late": gettext_lazy("Delivered late"),
    "judged": gettext_lazy("Accepted or returned"),
    "first_pass": gettext_lazy("Accepted without rework"),
    "reworked": gettext_lazy("Reworked"),
    "touched": gettext_lazy("Delivered, with touch time"),
    "looked_at": gettext_lazy("Looked at in a sample"),
    "with_error": gettext_lazy("With an error"),
    "with_critical": gettext_lazy("With a critical error"),
}


#: Of which counts each is a part: the whole first.
FAMILIES = (
    ("with_due", "on_time", "late"),
    ("judged", "first_pass", "reworked"),
    ("looked_at", "with_error", "with_critical"),
)


def tabs_of(count: str, query: QueryDict) -> tuple[Tab, ...]:
    """From a count to the others it is reckoned with, of the same days."""
    family = next((one for one in FAMILIES if count in one), ())
    same = ("from", "until", "service", "person", "partner")
    kept = {name: query.get(name, "") for name in same if name in query}
    return tuple(
        Tab(title=TITLES[one], url=f"?{urlencode({'count': one, **kept})}", is_current=one == count)
        for one in family
    )


def table_of(
    actor: Actor, found: pl.DataFrame, query: QueryDict, *, services: Mapping[int, str] | None = None
) -> Table:
    """`services`: names by the column `service`, where the items are of several."""
    names: dict[int, tuple[str, str]] = {}
    columns = _columns(names, services)
    table = tables.from_frame(
        found,
        name="items",
        columns=columns,
        state=tables.read_state(query, columns=columns, sort="received_at"),
        empty=Empty(title=_("No such item"), text=_("The figure counts none in these days.")),
    )
    names.update(titles_of(actor=actor, numbers=[row["item"] for row in table.rows]))
    return table


def _columns(names: Mapping[int, tuple[str, str]], services: Mapping[int, str] | None) -> tuple[Column, ...]:
    def title(row: Mapping[str, Any]) -> str:
        return names.get(row["item"], (f"#{row['item']}", ""))[0]

    def detail(row: Mapping[str, Any]) -> str:
        known, key = names.get(row["item"], ("", ""))
        said = (key if key != known else "", services.get(row["service"], "") if services else "")
        return " · ".join(one for one in said if one)

    item = Column(
        key="item",
        title=gettext_lazy("Item"),
        value=title,
        detail=detail,
        href=lambda row: reverse("work:item", args=(row["item"],)),
        sortable=False,
    )
    return (item, *_MOMENTS)


_MOMENTS = (
    Column(key="received_at", title=gettext_lazy("Received"), kind="time"),
    Column(
        key="due_at",
        title=gettext_lazy("Due"),
        kind="time",
        reason=gettext_lazy("no target, or its clock stood"),
    ),
    Column(
        key="delivered_at", title=gettext_lazy("Delivered"), kind="time", reason=gettext_lazy("not delivered")
    ),
    Column(
        key="closed_at",
        title=gettext_lazy("Closed"),
        kind="time",
        reason=gettext_lazy("neither accepted nor cancelled"),
    ),
    Column(key="round", title=gettext_lazy("Returned"), kind="number", unit=gettext_lazy("times")),
    Column(
        key="touch_seconds",
        title=gettext_lazy("Touch time"),
        kind="duration",
        reason=gettext_lazy("not recorded, or not done"),
    ),
)
