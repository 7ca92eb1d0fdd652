"""Where an agent begins: the next item, what is in hand, came back, was asked, and why there may be nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web import formats
from backdesk.platform.web.asked import is_partial
from backdesk.platform.web.parts import Status
from backdesk.work import policies
from backdesk.work.models import Step
from backdesk.work.operations import pushing
from backdesk.work.queries import clocks, doing, wanting
from backdesk.work.queries.doing import Queue
from backdesk.work.queries.wanting import Wanting
from backdesk.work.web.working import due_of

MOST_ASKED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item to go on with."""

    step: int
    title: str
    task: str
    service: str
    due: Status
    lease_until: datetime | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question the person waits for an answer to."""

    title: str
    text: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    service: str
    task: str
    language: str
    waiting: str
    choosing: str
    """Where one chooses from it; nothing where the next item is given out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Work the person could do but for this; `url` is where it can be put right."""

    title: str
    text: str
    action: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinePage:
    held: tuple[Line, ...]
    returned: tuple[Line, ...]
    asked: tuple[Asked, ...]
    queues: tuple[QueueLine, ...]
    missing: tuple[Missing, ...]
    waits: bool
    pulls: bool
    pushes: bool
    """Some of the work is given to who is here."""
    given: str
    """What was given just now."""
    expected: str
    shortcuts: tuple[tuple[str, str], ...]
    now: datetime


@require_safe
@allowed(policies.may_work)
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "work/mine.html", {"page": _page(actor, clock(), doing.held_by(actor))})


@require_POST
@allowed(policies.may_work)
def presence(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Somebody is here; what they are given stands on the page at once. A page that shows all of it is left alone."""
    now, shown = clock(), set(request.POST.getlist("held"))
    held = pushing.be_there(actor=actor, now=now)
    given = _given(sum(str(one.pk) not in shown for one in held))
    if not is_partial(request):
        messages.info(request, given or _("What comes in within three minutes is given to you."))
        return redirect("work:mine")
    if shown == {str(one.pk) for one in held}:
        return HttpResponse(status=204)
    return render(request, "work/mine.html", {"page": _page(actor, now, held, given)})


def _page(actor: Actor, now: datetime, held: list[Step], given: str = "") -> MinePage:
    queues = doing.queues_of(actor)
    pulls = any(one.route.is_pulled for one in queues)
    return MinePage(
        held=tuple(_line(one, now) for one in held),
        returned=tuple(_line(one, now) for one in doing.returned_to(actor, now)),
        asked=_asked(actor),
        queues=tuple(_queue(one) for one in queues),
        missing=tuple(_missing(actor, one) for one in wanting.wanting(actor)),
        waits=any(one.waiting for one in queues),
        pulls=pulls,
        pushes=any(one.route.is_pushed for one in queues),
        given=given,
        expected=_expected(actor, queues),
        shortcuts=((_("Take the next item"), "n"),) if pulls else (),
        now=now,
    )


def _given(count: int) -> str:
    told = ngettext("%(count)s item is given to you.", "%(count)s items are given to you.", count)
    return told % {"count": formats.number(count)} if count else ""


def _line(step: Step, now: datetime) -> Line:
    return Line(
        step=step.pk,
        title=step.item.title,
        task=step.route.name if step.route else step.node,
        service=step.item.service.name,
        due=due_of(step.item, now),
        lease_until=step.lease_until,
        url=reverse("work:step", args=[step.pk]),
    )


def _asked(actor: Actor) -> tuple[Asked, ...]:
    own = clocks.questions_from(actor).filter(asked_by_id=actor.person_id)
    return tuple(
        Asked(
            title=one.item.title,
            text=one.text,
            at=one.asked_at,
            url=reverse("work:item", args=[one.item_id]),
        )
        for one in own[:MOST_ASKED]
    )


def _queue(queue: Queue) -> QueueLine:
    count = formats.number(queue.waiting)
    is_more = queue.waiting >= doing.MOST_COUNTED
    return QueueLine(
        service=queue.service,
        task=queue.route.name,
        language=queue.route.language,
        waiting=_("%(count)s or more") % {"count": count} if is_more else count,
        choosing=reverse("work:choosing", args=[queue.route.pk]) if queue.route.may_choose else "",
    )


def _missing(actor: Actor, found: Wanting) -> Missing:
    named = {"service": found.service.name, "skills": ", ".join(found.skills)}
    if found.skills:
        return Missing(
            title=_("“%(service)s” asks for %(skills)s") % named,
            text=_(
                "Whoever leads your team can grade you in it; until then you are given none of this work."
            ),
            action=_("See your skills"),
            url=reverse("organisation:person", args=[actor.person_id]),
        )
    return Missing(
        title=_("Read the procedure of “%(service)s”") % named,
        text=_("You are given this work once you have read it and said so, while you are here on this page.")
        if found.is_pushed
        else _("You are given this work once you have read it and said so."),
        action=_("Read"),
        url=reverse("work:service-procedure", args=[found.service.pk]),
    )


def _expected(actor: Actor, queues: list[Queue]) -> str:
    """When the next item comes by itself, as far as that is known."""
    at = doing.next_waking(actor, [one.route for one in queues])
    return formats.instant(at) if at else ""
