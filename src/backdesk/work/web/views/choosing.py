"""Where a service lets people choose: what waits in a queue of theirs, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web.parts import Status
from backdesk.work import policies
from backdesk.work.models import Route
from backdesk.work.models.items import REWORK
from backdesk.work.queries import choosing as waiting
from backdesk.work.web.working import due_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    step_id: int
    title: str
    is_rework: bool
    due: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingPage:
    service: str
    task: str
    lines: tuple[Line, ...]
    most: int
    """Lines there is room for."""


@require_safe
@allowed(policies.may_work)
def choosing(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    try:
        route = waiting.route_to_choose_from(actor=actor, route_id=pk)
    except Route.DoesNotExist:
        raise Http404 from None
    now = clock()
    lines = tuple(
        Line(
            step_id=one.pk,
            title=one.item.title,
            is_rework=one.priority == REWORK,
            due=due_of(one.item, now),
        )
        for one in waiting.head_of(actor=actor, now=now, route=route)
    )
    page = ChoosingPage(service=route.service.name, task=route.name, lines=lines, most=waiting.MOST)
    return render(request, "work/choosing.html", {"page": page})
