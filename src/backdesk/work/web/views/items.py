"""The list of items: found by what one looks for, and changed many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Kind, Status
from backdesk.platform.web.tables import EXPORT_LIMIT, PAGE_SIZE, Column, State, Window
from backdesk.work import policies
from backdesk.work.models import Item, Service, Step
from backdesk.work.queries import item_list
from backdesk.work.queries.item_list import Asked
from backdesk.work.queries.people import companies_of, names_of
from backdesk.work.web import bulk
from backdesk.work.web.columns import item_column, key_of, service_column
from backdesk.work.web.views.imports import import_of
from backdesk.work.web.working import due_of

STATES = (
    ("open", _("open")),
    ("paused", _("clock stopped")),
    ("delivered", _("delivered")),
    ("accepted", _("accepted")),
    ("cancelled", _("cancelled")),
)
DUE = (
    ("overdue", _("overdue")),
    ("soon", _("within 4 hours")),
    ("later", _("later")),
)
KINDS: dict[str, Kind] = {"open": "neutral", "delivered": "good", "accepted": "good", "cancelled": "neutral"}
NEWEST, BY_DUE = "-received", "due"
SORTABLE = frozenset({"received", "due"})
"""A page begins behind a row of the one before, found by an index in its order: there are these two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item as the list shows it, with what is under way of it."""

    item: Item
    step: Step | None
    names: Mapping[int, str]
    now: datetime

    @property
    def service(self) -> Service:
        return self.item.service

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
    names = names_of(actor, companies_of(services))
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
        columns=tuple(replace(one, sortable=one.key in SORTABLE - {state.sort_key}) for one in columns),
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
    name = batch.file.name
    choices = ((str(batch.pk), name),)
    return (
        Column(key="import", title=_("Import"), value=lambda line: name, filter="choice", choices=choices),
    )


def _in_a_file(column: Column) -> Column:
    """How long until something is due holds for who reads it now; a file says when."""
    return (
        replace(column, kind="time", value=lambda line: line.item.due_at) if column.key == "due" else column
    )


def _lines(found: Sequence[Item], names: Mapping[int, str], now: datetime) -> list[Line]:
    steps = item_list.steps_in_hand([one for one in found if one.state == Item.State.OPEN])
    return [Line(item=one, step=steps.get(one.pk), names=names, now=now) for one in found]


def _columns(services: Sequence[Service], names: Mapping[int, str]) -> tuple[Column, ...]:
    return (
        item_column(key="title", detail=lambda line: key_of(line.item)),
        service_column(services),
        Column(key="state", title=_("State"), kind="status", value=_state, filter="choice", choices=STATES),
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
            choices=[(str(pk), name) for pk, name in sorted(names.items(), key=itemgetter(1))],
        ),
        *_FACTS,
    )


def _state(line: Any) -> Status:
    if line.item.is_paused and line.item.state == Item.State.OPEN:
        return Status(kind="warn", word=_("clock stopped"))
    return Status(kind=KINDS[line.item.state], word=Item.State(line.item.state).label)


_FACTS = (
    Column(
        key="priority",
        title=_("Priority"),
        kind="number",
        value=lambda line: line.item.priority,
        definition=_("1 is first, 9 last"),
    ),
    Column(key="received", title=_("Received"), kind="time", value=lambda line: line.item.received_at),
    Column(
        key="due_at",
        title=_("Due at"),
        kind="time",
        value=lambda line: line.item.due_at,
        reason=_("without a target, or while the clock stands"),
        is_optional=True,
    ),
    Column(
        key="delivered_at",
        title=_("Delivered"),
        kind="time",
        value=lambda line: line.item.delivered_at,
        reason=_("not yet"),
        is_optional=True,
    ),
    Column(
        key="round",
        title=_("Returned"),
        kind="number",
        value=lambda line: line.item.round,
        definition=_("how often the client returned it"),
        is_optional=True,
    ),
)


def _empty(actor: Actor, services: Sequence[Service]) -> Empty:
    if not services:
        return Empty(
            title=_("No service is in use yet"),
            text=_("A client agrees a service with its provider; its items then stand here."),
            action=_("See the services"),
            url=reverse("work:services"),
        )
    if not policies.may_create(actor):
        return Empty(title=_("No items yet"), text=_("What your companies hand over stands here."))
    return Empty(
        title=_("No items yet"),
        text=_("Add one by a form, bring many in from a file, or send them by the API."),
        action=_("Add an item"),
        url=reverse("work:item-new"),
    )
