"""The item's own page: all of it on one, for everybody who may read it; and what is masked, for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backdesk.conversations.web.panel import ThreadPanel, panel_about
from backdesk.desks.services import Service
from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web.asked import is_partial
from backdesk.platform.web.parts import Kind, Status
from backdesk.platform.web.tables import BulkAction
from backdesk.work import policies
from backdesk.work.models import Item, Step
from backdesk.work.operations.unmasking import unmask
from backdesk.work.queries import disclosed, doing
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.people import names_for
from backdesk.work.web import bulk, subjects
from backdesk.work.web.documents import DocumentView, documents_shown
from backdesk.work.web.entry.facts import Fact, Told, fact, facts
from backdesk.work.web.history import Happening, Names, Telling, happenings
from backdesk.work.web.working import due_of, picture_of, task_of_step

STATES: dict[str, Kind] = {"open": "info", "taken": "info", "waiting": "neutral", "done": "good"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step: the task, who had it, how it stands, and since when or until when."""

    task: str
    who: str
    status: Status
    at: datetime
    url: str
    giving: int | None = None
    """Its number, for who may give it to somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    item: Item
    service: str
    due: Status
    state: Status
    given: tuple[Told, ...]
    result: tuple[Told, ...]
    steps: tuple[StepLine, ...]
    process: SafeString
    documents: tuple[DocumentView, ...]
    may_ask: bool
    deeds: tuple[BulkAction, ...]
    history: tuple[Happening, ...]
    thread: ThreadPanel
    unmask_url: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmaskingPage:
    """`shown`: the value, once a reason was given."""

    item: Item
    title: str
    path: str
    unmask_url: str
    shown: Fact | None = None
    reason: str = ""
    error: str = ""


@require_safe
@allowed(policies.may_read)
def item(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found, now = _item(actor, pk), clock()
    service = compiled(actor=actor, version_id=found.version_id).service
    steps = doing.steps_of(actor, found)
    nodes = disclosed.nodes_of(actor=actor, steps=steps)
    blind = disclosed.blind_to(actor=actor, steps=steps)
    shown = disclosed.disclosed(actor=actor, item=found, service=service, nodes=nodes, blind=blind)
    names = names_for(actor, [found])
    telling = Telling(names=names, steps={one.pk: one for one in steps}, service=service)
    documents = documents_shown(actor, found, shown, with_same=True)
    given, result = (
        facts(
            shown.fields[part],
            shown.values[part],
            at=part,
            masked=shown.masked,
            lookups=service.lookups,
            documents={str(one.pk): one.name for one in documents},
        )
        for part in disclosed.PARTS
    )
    page = ItemPage(
        item=found,
        service=service.name,
        due=due_of(found, now),
        state=Status(kind=_kind_of(found), word=found.get_state_display()),
        given=given,
        result=result,
        steps=tuple(_line(actor, one, service, names) for one in steps if one.kind != Step.Kind.JOIN),
        process=picture_of(service, steps),
        documents=documents,
        deeds=bulk.actions_on(actor, found),
        may_ask=policies.may_ask(actor) and policies.sees_whole(actor) and found.state == Item.State.OPEN,
        history=happenings(doing.history_of(actor, found), telling),
        thread=panel_about(actor=actor, now=now, about=subjects.about(found)),
        unmask_url=reverse("work:unmasking", args=[pk]),
        now=now,
    )
    return render(request, "work/item.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_read)
def unmasking(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask for a masked value with a reason; it is shown once, and that it was stays with the item."""
    found = _item(actor, pk)
    path = (request.POST if request.method == "POST" else request.GET).get("field", "")
    page = _asking(actor, found, path)
    status = 200
    if request.method == "POST":
        page, status = _shown(actor, page, request.POST.get("reason", ""))
    template = "work/_unmasking.html" if is_partial(request) else "work/unmasking.html"
    return render(request, template, {"page": page}, status=200 if is_partial(request) else status)


def _asking(actor: Actor, found: Item, path: str) -> UnmaskingPage:
    service = compiled(actor=actor, version_id=found.version_id).service
    steps = doing.steps_of(actor, found)
    nodes, blind = (
        disclosed.nodes_of(actor=actor, steps=steps),
        disclosed.blind_to(actor=actor, steps=steps),
    )
    try:
        field, _value = disclosed.value_behind(
            actor=actor, item=found, service=service, path=path, nodes=nodes, blind=blind
        )
    except disclosed.NotShown:
        raise Http404 from None
    return UnmaskingPage(
        item=found, title=field.title, path=path, unmask_url=reverse("work:unmasking", args=[found.pk])
    )


def _shown(actor: Actor, asked: UnmaskingPage, reason: str) -> tuple[UnmaskingPage, int]:
    about: dict[str, Any] = {
        "item": asked.item,
        "title": asked.title,
        "path": asked.path,
        "unmask_url": asked.unmask_url,
    }
    try:
        found = unmask(actor=actor, now=clock(), item_id=asked.item.pk, path=asked.path, reason=reason)
    except disclosed.NotShown:
        says = _("Only who has the item in hand is shown this.")
        return UnmaskingPage(**about, reason=reason, error=says), 409
    except Refused as refusal:
        return UnmaskingPage(**about, reason=reason, error=str(refusal)), refusal.status
    service = compiled(actor=actor, version_id=asked.item.version_id).service
    value = fact(found.field, found.value, path=asked.path, lookups=service.lookups)
    return UnmaskingPage(**about, shown=value), 200


def _item(actor: Actor, pk: int) -> Item:
    found = doing.items_for(actor).select_related("service").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _line(actor: Actor, step: Step, service: Service, names: Names) -> StepLine:
    is_mine = step.state == Step.State.TAKEN and step.holder_id == actor.person_id
    return StepLine(
        task=task_of_step(step, service),
        who=names.get((step.holder_id, step.organisation_id or 0), "") if step.holder_id else "",
        status=Status(kind=STATES.get(step.state, "neutral"), word=step.get_state_display()),
        at=step.ended_at or step.taken_at or step.enabled_at,
        url=reverse("work:step", args=[step.pk]) if is_mine else _mending(actor, step),
        giving=step.pk if _may_give(actor, step) else None,
    )


def _mending(actor: Actor, step: Step) -> str:
    """Where the client's lead helps a machine that fails at the step."""
    is_stuck = step.kind == Step.Kind.SERVICE and step.state == Step.State.WAITING
    helps = policies.may_define(actor) and policies.is_client_of(actor, step.client_id)
    return reverse("work:machine-step", args=[step.pk]) if is_stuck and helps else ""


def _may_give(actor: Actor, step: Step) -> bool:
    """Whether the actor leads who does it, and somebody is to do it."""
    is_waiting = step.state in (Step.State.OPEN, Step.State.TAKEN) and step.route_id is not None
    return is_waiting and policies.may_lead_queue(actor) and step.organisation_id == actor.organisation_id


def _kind_of(found: Item) -> Kind:
    kinds: dict[str, Kind] = {"open": "info", "delivered": "good", "accepted": "good"}
    return kinds.get(found.state, "neutral")
