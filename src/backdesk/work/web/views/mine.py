"""Where an agent begins: the next item, what is in hand, what came back, and why there may be nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from backdesk.parties.web.common import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web.parts import Status
from backdesk.work import policies
from backdesk.work.models import Step
from backdesk.work.queries import doing
from backdesk.work.web.working import due_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item to go on with."""

    step_id: int
    title: str
    task: str
    service: str
    due: Status
    due_at: datetime | None
    lease_until: datetime | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    service: str
    task: str
    language: str
    waiting: int

    @property
    def is_many(self) -> bool:
        return self.waiting >= doing.MOST_COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class MinePage:
    held: tuple[Line, ...]
    returned: tuple[Line, ...]
    queues: tuple[QueueLine, ...]
    shortcuts: tuple[tuple[str, str], ...]
    now: datetime

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.queues)


@require_safe
@allowed(policies.may_work)
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = clock()
    page = MinePage(
        held=tuple(_line(one, now) for one in doing.held_by(actor)),
        returned=tuple(_line(one, now) for one in doing.returned_to(actor, now)),
        queues=tuple(
            QueueLine(
                service=one.service, task=one.route.name, language=one.route.language, waiting=one.waiting
            )
            for one in doing.queues_of(actor)
        ),
        shortcuts=(),
        now=now,
    )
    return render(request, "work/mine.html", {"page": page})


def _line(step: Step, now: datetime) -> Line:
    return Line(
        step_id=step.pk,
        title=step.item.title,
        task=step.route.name if step.route else step.node,
        service=step.item.service.name,
        due=due_of(step.item, now),
        due_at=step.item.due_at,
        lease_until=step.lease_until,
        url=reverse("work:step", args=[step.pk]),
    )
