"""The endpoints, one of them with its messages, one message."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backdesk.platform.actor import Actor
from backdesk.platform.models import WebhookDelivery
from backdesk.platform.web import tables
from backdesk.platform.web.asked import actor_of
from backdesk.platform.web.webhooks import pages
from backdesk.platform.web.webhooks.forms import SinceForm
from backdesk.platform.webhooks import queries
from backdesk.platform.webhooks.policies import require_keeper


def keeper_of(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require_keeper(actor)
    return actor


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    actor = keeper_of(request)
    state = tables.read_state(request.GET, columns=pages.ENDPOINTS)
    table = tables.from_rows(
        list(queries.endpoints_with_figures(actor).order_by("id")),
        name="webhooks",
        columns=pages.ENDPOINTS,
        state=state,
        empty=replace(pages.NO_ENDPOINTS, url=reverse("web:webhook-new")),
    )
    if state.export:
        return tables.file_response(table=table, filename="webhooks.csv")
    return render(request, "webhooks/webhooks.html", {"page": pages.EndpointsPage(table=table)})


@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    actor = keeper_of(request)
    endpoint = get_object_or_404(queries.endpoints_of(actor), pk=pk)
    deliveries = queries.deliveries_of(actor, endpoint=pk)
    state = tables.read_state(request.GET, columns=pages.DELIVERIES, sort="-at")
    table = tables.from_queryset(
        deliveries,
        name="deliveries",
        columns=pages.DELIVERIES,
        state=state,
        caption=_("Messages, the newest first"),
        empty=pages.NO_DELIVERIES,
    )
    if state.export:
        return tables.file_response(table=table, filename="webhook-messages.csv")
    dead = deliveries.filter(state=WebhookDelivery.State.DEAD)
    count = dead.count()
    first = dead.aggregate(at=Min("message__created_at"))["at"] if count else None
    page = pages.endpoint_page(
        endpoint,
        secrets=queries.secrets_in_force(actor, endpoint, now=timezone.now()),
        dead=count,
        since=SinceForm(initial={"since": timezone.localtime(first).date()}) if first else None,
        table=table,
    )
    return render(request, "webhooks/webhook.html", {"page": page})


@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.deliveries_of(keeper_of(request)), pk=pk)
    return render(request, "webhooks/delivery.html", {"page": pages.delivery_page(found)})
