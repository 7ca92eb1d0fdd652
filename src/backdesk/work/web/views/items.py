"""The list of items: found by what one looks for, and changed many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.parties.queries.participants import colleagues_named, participants_named
from backdesk.parties.web.common import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Kind, Status
from backdesk.platform.web.tables import EXPORT_LIMIT, PAGE_SIZE, Choice, Column, State, Window
from backdesk.work import policies
from backdesk.work.models import Item, Service, Step
from backdesk.work.queries import item_list
from backdesk.work.queries.item_list import Asked
from backdesk.work.web import bulk
from backdesk.work.web.views.imports import import_of
from backdesk.work.web.working import due_of

STATES = (
    Choice(value="open", title=_("open")),
    Choice(value="paused", title=_("clock stopped")),
    Choice(value="delivered", title=_("delivered")),
    Choice(value="accepted", title=_("accepted")),
    Choice(value="cancelled", title=_("cancelled")),
)
DUE = (
    Choice(value="overdue", title=_("overdue")),
    Choice(value="soon", title=_("within 4 hours")),
    Choice(value="later", title=_("later")),
)
KINDS: dict[str, Kind] = {"open": "neutral", "delivered": "good", "accepted": "good", "cancelled": "neutral"}
NEWEST, BY_DUE = "-received", "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item as the list shows it, with what is under way of it."""

    item: Item
    step: Step | None
    names: dict[int, str]
    now: datetime

    @property
    def holder(self) -> str:
        held = self.step is not None and self.step.state == Step.State.TAKEN
        return self.names.get(self.step.holder_id or 0, str(_("somebody"))) if held and self.step else ""

    @property
    def task(self) -> str:
        return self.step.route.name if self.step and self.step.route else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage:
    table: Window
    has_services: bool
    may_create: bool


@require_safe
@allowed(policies.sees_whole)
def items(request: HttpRequest, actor: Actor) -> HttpResponse:
    now, services = clock(), item_list.services_of(actor)
    names = _names(actor, services)
    query, place, is_back = tables.place_in(request.GET)
    columns = (*_columns(services, names), *_import_asked(request, actor))
    state = tables.read_state(query, columns=columns, sort=NEWEST)
    state = replace(state, sort=BY_DUE if state.sort_key == BY_DUE else NEWEST)
    found = item_list.items_of(
        actor=actor,
        now=now,
        asked=_asked(state),
        services=services,
        limit=EXPORT_LIMIT if state.export else PAGE_SIZE,
        at=place,
        back=is_back,
    )
    table = Window(
        name="items",
        columns=tuple(replace(one, sortable=one.sortable and one.key != state.sort_key) for one in columns),
        rows=_lines(found.items, names, now),
        total=found.total,
        is_more=found.is_more,
        before=found.before,
        after=found.after,
        state=state,
        empty=_empty(actor, services),
        row_id=lambda line: str(line.item.pk),
        bulk=bulk.actions_for(actor),
        caption=_("Items"),
    )
    if state.export:
        table = replace(table, columns=tuple(_in_a_file(one) for one in table.columns))
        return tables.file_response(table=table, filename="items.csv")
    page = ItemsPage(table=table, has_services=bool(services), may_create=policies.may_create(actor))
    return render(request, "work/items.html", {"page": page})


def _asked(state: State) -> Asked:
    service, holder, batch = (state.filter_on(key) for key in ("service", "holder", "import"))
    return Asked(
        service_id=int(service) if service else None,
        state=state.filter_on("state"),
        due=state.filter_on("due"),
        holder_id=int(holder) if holder else None,
        text=state.filter_on("title"),
        import_id=int(batch) if batch else None,
        by_due=state.sort == BY_DUE,
    )


def _import_asked(request: HttpRequest, actor: Actor) -> tuple[Column, ...]:
    """The column of the import whose items are asked for, if those of one are."""
    if not (asked := request.GET.get("import")):
        return ()
    batch = import_of(actor, asked)
    file = Choice(value=str(batch.pk), title=batch.file.name)
    return (
        Column(
            key="import",
            title=_("Import"),
            value=lambda line: file.title,
            filter="choice",
            choices=(file,),
            sortable=False,
        ),
    )


def _in_a_file(column: Column) -> Column:
    """How long until something is due holds for who reads it now; a file says when."""
    return (
        replace(column, kind="time", value=lambda line: line.item.due_at) if column.key == "due" else column
    )


def _lines(found: Sequence[Item], names: dict[int, str], now: datetime) -> list[Line]:
    steps = item_list.steps_in_hand([one for one in found if one.state == Item.State.OPEN])
    return [Line(item=one, step=steps.get(one.pk), names=names, now=now) for one in found]


def _names(actor: Actor, services: Sequence[Service]) -> dict[int, str]:
    """People who may hold something of these, as far as the actor may know them; by name."""
    companies = {company for one in services for company in (one.client_id, one.provider_id)}
    known = (*participants_named(actor=actor, organisation_ids=companies), *colleagues_named(actor))
    return dict(sorted({one.person_id: one.name for one in known}.items(), key=lambda one: one[1]))


def _columns(services: Sequence[Service], names: dict[int, str]) -> tuple[Column, ...]:
    return (
        Column(
            key="title",
            title=_("Item"),
            value=lambda line: line.item.title,
            href=lambda line: reverse("work:item", args=(line.item.pk,)),
            detail=lambda line: line.item.business_key if line.item.business_key != line.item.title else "",
            filter="contains",
            sortable=False,
        ),
        Column(
            key="service",
            title=_("Service"),
            value=lambda line: line.item.service.name,
            filter="choice",
            choices=tuple(Choice(value=str(one.pk), title=one.name) for one in services),
            sortable=False,
        ),
        Column(
            key="state",
            title=_("State"),
            kind="status",
            value=_state,
            filter="choice",
            choices=STATES,
            sortable=False,
        ),
        Column(
            key="due",
            title=_("Due"),
            kind="status",
            value=lambda line: due_of(line.item, line.now) if line.item.state == "open" else None,
            reason=_("it is not open any more"),
            filter="choice",
            choices=DUE,
        ),
        Column(
            key="holder",
            title=_("With"),
            value=lambda line: line.holder or None,
            detail=lambda line: line.task,
            reason=_("nobody has it in hand"),
            filter="choice",
            choices=tuple(Choice(value=str(number), title=name) for number, name in names.items()),
            sortable=False,
        ),
        Column(
            key="priority",
            title=_("Priority"),
            kind="number",
            value=lambda line: line.item.priority,
            decimals=0,
            definition=_("1 is first, 9 last"),
            sortable=False,
        ),
        Column(key="received", title=_("Received"), kind="time", value=lambda line: line.item.received_at),
        Column(
            key="due_at",
            title=_("Due at"),
            kind="time",
            value=lambda line: line.item.due_at,
            reason=_("without a target, or while the clock stands"),
            sortable=False,
            is_optional=True,
        ),
        Column(
            key="delivered_at",
            title=_("Delivered"),
            kind="time",
            value=lambda line: line.item.delivered_at,
            reason=_("not yet"),
            sortable=False,
            is_optional=True,
        ),
        Column(
            key="round",
            title=_("Returned"),
            kind="number",
            value=lambda line: line.item.round,
            definition=_("how often the client returned it"),
            sortable=False,
            is_optional=True,
        ),
    )


def _state(line: Any) -> Status:
    if line.item.is_paused and line.item.state == Item.State.OPEN:
        return Status(kind="warn", word=_("clock stopped"))
    return Status(kind=KINDS[line.item.state], word=Item.State(line.item.state).label)


def _empty(actor: Actor, services: Sequence[Service]) -> Empty:
    if not services:
        return Empty(
            title=_("No service is in use yet"),
            text=_("A client agrees a service with its provider; its items then stand here."),
        )
    if not policies.may_create(actor):
        return Empty(title=_("No items yet"), text=_("What your companies hand over stands here."))
    return Empty(
        title=_("No items yet"),
        text=_("Add one by a form, bring many in from a file, or send them by the API."),
        action=_("Add an item"),
        url=reverse("work:item-new"),
    )
