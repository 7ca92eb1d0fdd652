"""Where services stand in the shell, on home, and on the page of their engagement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.parties.queries.engagements import engagements_running
from backdesk.parties.web.acting import clock
from backdesk.parties.web.engagements import links
from backdesk.platform.actor import Actor
from backdesk.platform.web import navigation, today
from backdesk.platform.web.navigation import Entry, Stage
from backdesk.work import policies
from backdesk.work.queries import services
from backdesk.work.web.service_page import status_of

WHOLE = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager"})


def register() -> None:
    navigation.register(
        Entry(
            stage=Stage.WORK,
            title=gettext_lazy("Services"),
            url_name="work:services",
            roles=WHOLE,
            order=90,
        )
    )
    today.register_items(procedures_to_read)
    links.register(services_of)


def procedures_to_read(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """What somebody has to read before they are given any of it."""
    if not actor.has("agent"):
        return
    for service in services.procedures_to_read(actor=actor):
        yield today.Item(
            title=_("Read the procedure of “%(name)s”") % {"name": service.name},
            detail=_("You are given this work once you have read it and said so."),
            url=reverse("work:service-procedure", args=[service.pk]),
            action=_("Read"),
            since=(service.current and service.current.published_at) or service.created_at,
        )


def services_of(actor: Actor, engagement_id: int) -> Iterator[links.Shown]:
    """On the page of an engagement."""
    if not policies.may_read(actor):
        return
    rows = services.service_rows(actor=actor, engagement_id=engagement_id)
    begins = not rows and policies.may_define(actor)
    if begins and any(one.pk == engagement_id for one in engagements_running(actor=actor, now=clock())):
        yield links.Shown(
            heading=_("Services"), title=_("Import the first service"), url=reverse("work:service-new")
        )
    for row in rows:
        yield links.Shown(
            heading=_("Services"),
            title=row.service.name,
            url=reverse("work:service", args=[row.service.pk]),
            detail=str(status_of(row.service)),
        )
