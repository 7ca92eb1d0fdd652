"""What is delivered and waits for its client's word."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.parties.web.acting import allowed
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.work import policies
from backdesk.work.queries import quality
from backdesk.work.web import bulk
from backdesk.work.web.columns import key_of, service_column
from backdesk.work.web.quality import places
from backdesk.work.web.quality.deeds import KEYS

_NOTHING = Empty(
    title=_("Nothing waits for you"),
    text=_("What the provider delivers stands here until you accept it, return it, or its time is over."),
    action=_("All items"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptancePage:
    table: Table
    tabs: tuple[Tab, ...]


@require_safe
@allowed(policies.may_accept)
def acceptance(request: HttpRequest, actor: Actor) -> HttpResponse:
    services = list(quality.services_of(actor))
    columns = (
        Column(
            key="title",
            title=_("Item"),
            href=lambda row: reverse("work:item", args=(row.pk,)),
            detail=key_of,
            filter="contains",
        ),
        service_column(services),
        Column(key="delivered_at", title=_("Delivered"), kind="time"),
        Column(key="round", title=_("Returned before"), kind="number"),
    )
    state = tables.read_state(request.GET, columns=columns, sort="delivered_at")
    keys = {reverse("work:items-bulk", args=(key,)) for key in KEYS}
    table = tables.from_queryset(
        quality.to_accept(actor),
        name="to-accept",
        columns=columns,
        state=state,
        caption=_("Delivered items"),
        empty=_NOTHING,
        row_id=lambda row: str(row.pk),
        bulk=tuple(one for one in bulk.actions_for(actor) if one.url in keys),
    )
    if state.export:
        return tables.file_response(table=table, filename="to-accept.csv")
    page = AcceptancePage(table=table, tabs=places.tabs(actor, "quality-acceptance"))
    return render(request, "work/quality/acceptance.html", {"page": page})
