"""Questions about items: those one's company is to answer, those it waits for, and a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.work import policies
from backdesk.work.models import Item, Pause, Question, Step
from backdesk.work.operations import questions as verbs
from backdesk.work.operations.holding import ClaimLost
from backdesk.work.queries import clocks as queries
from backdesk.work.queries import doing
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.people import names_for

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A question of the inbox; `clock`: what it does to the item's, if anything; `text` and `error` are what was typed
    as an answer, and what was wrong with it."""

    question: Question
    who: str
    clock: str
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage:
    to_answer: tuple[Line, ...]
    waited_for: tuple[Line, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPage:
    """`is_decided`: whether the client decides on pauses of this service."""

    item: Item
    step: Step | None
    claim: int
    reasons: tuple[str, ...]
    is_decided: bool
    text: str = ""
    reason: str = ""
    error: str = ""


@require_safe
@allowed(policies.may_ask)
def questions(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "work/questions.html", {"page": _inbox(actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_ask)
def question_new(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Asked for a step in hand (`step`), which then waits, or about an item as a whole."""
    page = _asking(request, actor, pk)
    if request.method != "POST":
        return render(request, "work/question_new.html", {"page": page})
    try:
        verbs.ask(
            actor=actor,
            now=clock(),
            item_id=pk,
            text=page.text,
            reason=page.reason,
            step_id=page.step.pk if page.step else None,
            claim=page.claim if page.step else None,
        )
    except ClaimLost as lost:
        return render(request, "work/lost.html", {"page": {"says": str(lost)}}, status=409)
    except Refused as refusal:
        page = _asking(request, actor, pk, error=str(refusal))
        return render(request, "work/question_new.html", {"page": page}, status=refusal.status)
    messages.success(request, _("The question is asked. The step waits for the answer; take the next item."))
    return redirect("work:mine" if page.step else "work:questions")


@require_POST
@allowed(policies.may_ask)
def question_answer(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found, text = _question(actor, pk), request.POST.get("text", "")
    try:
        verbs.answer(actor=actor, now=clock(), question_id=found.pk, text=text)
    except Refused as refusal:
        page = _inbox(actor, answering=found.pk, text=text, error=str(refusal))
        return render(request, "work/questions.html", {"page": page}, status=refusal.status)
    messages.success(request, _("The answer is sent, and the work goes on."))
    return redirect("work:questions")


@require_POST
@allowed(policies.may_ask)
def question_withdrawal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    try:
        verbs.withdraw(actor=actor, now=clock(), question_id=_question(actor, pk).pk)
        messages.success(request, _("The question is withdrawn, and the work goes on."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("work:questions")


def _inbox(actor: Actor, *, answering: int = 0, text: str = "", error: str = "") -> QuestionsPage:
    asked = list(queries.questions_for(actor)[:MOST_SHOWN])
    waited_for = list(queries.questions_from(actor)[:MOST_SHOWN])
    names = names_for(actor, [one.item for one in (*asked, *waited_for)])
    clocks = _clocks([*asked, *waited_for])

    def line(one: Question) -> Line:
        mine = one.pk == answering
        return Line(
            question=one,
            who=names.get((one.asked_by_id, one.from_id), ""),
            clock=clocks.get(one.pk, ""),
            text=text if mine else "",
            error=error if mine else "",
        )

    return QuestionsPage(
        to_answer=tuple(line(one) for one in asked),
        waited_for=tuple(line(one) for one in waited_for),
        now=clock(),
    )


def _clocks(found: list[Question]) -> dict[int, str]:
    """Those for which the clock stands, or is to."""
    says = {Pause.State.PROPOSED: _("pause proposed"), Pause.State.APPROVED: _("clock stopped")}
    lasting = Pause.objects.filter(question__in=found, ended_at=None, state__in=says)
    return {pk: says[Pause.State(state)] for pk, state in lasting.values_list("question_id", "state") if pk}


def _asking(request: HttpRequest, actor: Actor, pk: int, *, error: str = "") -> AskingPage:
    typed = request.POST if request.method == "POST" else request.GET
    found = doing.items_for(actor).select_related("service").filter(pk=pk).first()
    if found is None:
        raise Http404
    step = doing.step_for(actor, int(typed["step"])) if typed.get("step", "").isdecimal() else None
    if step is not None and step.item_id != pk:
        raise Http404
    is_provider = policies.is_provider_of(actor, found.provider_id)
    service = compiled(actor=actor, version_id=found.version_id).service
    claim = typed.get("_claim", "")
    return AskingPage(
        item=found,
        step=step,
        claim=int(claim) if claim.isdecimal() else step.claim if step else 0,
        reasons=service.pauses.reasons if is_provider else (),
        is_decided=service.pauses.approval == "client",
        text=typed.get("text", ""),
        reason=typed.get("reason", ""),
        error=error,
    )


def _question(actor: Actor, pk: int) -> Question:
    found = queries.questions_in_sight(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
