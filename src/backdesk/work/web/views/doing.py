"""A step in somebody's hands: its page, and all that is asked from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.work import policies
from backdesk.work.models import Step, StepDraft
from backdesk.work.operations import holding, pushing, steps
from backdesk.work.operations.holding import ClaimLost
from backdesk.work.operations.reviews import UnfitReview
from backdesk.work.queries import doing
from backdesk.work.web import working
from backdesk.work.web.entry import lookups, reading
from backdesk.work.web.entry.blocks import EntryForm
from backdesk.work.web.entry.reading import Reading, Texts
from backdesk.work.web.quality import second_look
from backdesk.work.web.quality.second_look import Review
from backdesk.work.web.views import attaching
from backdesk.work.web.working import Said, Task, Urls

#: What of a form is not typed into its fields has a name that no field can have.
OURS = "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPage:
    """What became of a step that is not in one's hands any more; `typed` can be copied from here."""

    says: str
    typed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysPage:
    """What a script puts beside the fields while somebody types."""

    form: EntryForm
    said: Said
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPage:
    step: Step
    claim: int
    reason: str = ""
    error: str = ""


@require_safe
@allowed(policies.may_read)
def step(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found, now = _step(actor, pk), clock()
    try:
        holding.require_claim(actor, found, found.claim)
    except ClaimLost as lost:
        return _lost(request, str(lost), status=404)
    task = working.task_of(actor=actor, now=now, step=found)
    draft = doing.draft_of(actor, found)
    texts = task.begun(draft)
    page = working.page_of(
        task,
        urls=urls_of(found),
        texts=texts,
        said=working.said_of(task, task.read(texts).early_problems) if draft else working.NOTHING_SAID,
        adding=request.GET.get("adding", ""),
        saved_at=draft.saved_at if draft else None,
        review=second_look.review_of(found, task.service, task.shown, second_look.drafted(draft)),
    )
    return render(request, "work/step.html", {"page": page})


@require_POST
@allowed(policies.may_read)
def draft(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Keep what is typed, and say what can be said of it. Without a script: the page again, a row more or less."""
    found, now = _step(actor, pk), clock()
    task = working.task_of(actor=actor, now=now, step=found)
    deed, _blank, table = request.POST.get("_row", "").partition(" ")
    typed = _typed(request.POST)
    try:
        typed, refused = attaching.with_uploads(request, task, typed, claim=_number(request, "_claim"))
        read = task.read(_without(typed, table) if deed == "remove" else typed)
        kept = _keep(request, task, read)
    except ClaimLost as lost:
        return _lost(request, str(lost), task=task, typed=typed)
    if refused:
        return _refused(request, task, read, working.said_of(task, refused))
    if _is_fetched(request):
        said = working.said_of(task, read.early_problems, task.findings(read))
        return _says(request, task, read, said, kept.saved_at)
    table = table.rpartition("-")[0] if deed == "remove" else table
    more = f"?{urlencode({'adding': table})}" if deed == "add" else ""
    place = table or request.POST.get("_upload", "")
    return redirect(f"{reverse('work:step', args=[pk])}{more}{f'#in-{place}' if place else ''}")


@require_POST
@allowed(policies.may_read)
def heartbeat(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """That somebody works on it, and for how many seconds since they last said so; or only whether it is theirs."""
    found, now = _step(actor, pk), clock()
    try:
        if "_look" in request.POST:
            holding.require_claim(actor, found, _number(request, "_claim"))
            return JsonResponse({"lease_until": found.lease_until})
        until = steps.heartbeat(
            actor=actor,
            now=now,
            step_id=pk,
            claim=_number(request, "_claim"),
            touch_seconds=_number(request, "_touch"),
        )
    except ClaimLost as lost:
        return JsonResponse({"says": str(lost)}, status=ClaimLost.status)
    if found.route and found.route.is_pushed:
        pushing.be_there(actor=actor, now=now)
    return JsonResponse({"lease_until": until})


@require_POST
@allowed(policies.may_read)
def completion(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found, now = _step(actor, pk), clock()
    task = working.task_of(actor=actor, now=now, step=found)
    typed = _typed(request.POST)
    try:
        typed, refused = attaching.with_uploads(request, task, typed, claim=_number(request, "_claim"))
    except ClaimLost as lost:
        return _lost(request, str(lost), task=task, typed=typed)
    read = task.read(typed)
    review = second_look.review_of(found, task.service, task.shown, second_look.typed_in(request.POST))
    if problems := {**read.problems, **refused}:
        said = working.said_of(task, problems, task.findings(read))
        return _refused(request, task, read, said, review)
    try:
        _complete(request, actor, now, pk, read, second_look.outcome_of(review))
    except ClaimLost as lost:
        return _lost(request, str(lost), task=task, typed=typed)
    except steps.Unfit as refusal:
        problems = reading.problems_of(task.schema, refusal.problems)
        return _refused(request, task, read, working.said_of(task, problems, refusal.findings), review)
    except UnfitReview as refusal:
        assert review is not None
        return _refused(request, task, read, working.NOTHING_SAID, review.refused(refusal.problems))
    messages.success(request, _("“%(title)s” is completed.") % {"title": found.item.title})
    return _go_on(request, actor, now, found) if "_next" in request.POST else redirect("work:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_read)
def giving_back(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = _step(actor, pk)
    page = ReturnPage(step=found, claim=found.claim)
    if request.method != "POST":
        return render(request, "work/giving_back.html", {"page": page})
    reason = request.POST.get("reason", "")
    try:
        steps.give_back(actor=actor, now=clock(), step_id=pk, claim=_number(request, "_claim"), reason=reason)
    except ClaimLost as lost:
        return _lost(request, str(lost))
    except Refused as refusal:
        page = ReturnPage(step=found, claim=_number(request, "_claim"), reason=reason, error=str(refusal))
        return render(request, "work/giving_back.html", {"page": page}, status=refusal.status)
    messages.success(request, _("“%(title)s” is back in its queue.") % {"title": found.item.title})
    return redirect("work:mine")


@require_safe
@allowed(policies.may_read)
def lookup(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The entries of a long list that fit what is typed."""
    found = _step(actor, pk)
    task = working.task_of(actor=actor, now=clock(), step=found)
    known = task.service.lookups.get(request.GET.get("lookup", ""))
    options = lookups.search(known, request.GET.get("q", "")) if known else ()
    return render(request, "work/entry/_options.html", {"options": options})


@require_POST
@allowed(policies.may_work)
def taking(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next item, or a chosen one where that is allowed."""
    chosen = _number(request, "step")
    if not chosen:
        return take_next(request, actor)
    try:
        steps.take(actor=actor, now=clock(), step_id=chosen)
    except Step.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("work:mine")
    return redirect("work:step", pk=chosen)


def take_next(request: HttpRequest, actor: Actor) -> HttpResponse:
    try:
        found = steps.take_next(actor=actor, now=clock())
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("work:mine")
    if found is None:
        messages.info(request, _("Nothing else waits for you now."))
        return redirect("work:mine")
    return redirect("work:step", pk=found.pk)


def _go_on(request: HttpRequest, actor: Actor, now: datetime, done: Step) -> HttpResponse:
    """With what one holds, where work is given out; else with the next item."""
    if done.route and done.route.is_pushed and (held := pushing.be_there(actor=actor, now=now)):
        return redirect("work:step", pk=held[0].pk)
    return take_next(request, actor)


def urls_of(found: Step) -> Urls:
    of_step = {
        name: reverse(f"work:step-{name}", args=[found.pk])
        for name in ("draft", "heartbeat", "completion", "return", "lookup")
    }
    return Urls(
        draft=of_step["draft"],
        heartbeat=of_step["heartbeat"],
        completion=of_step["completion"],
        giving_back=of_step["return"],
        lookups=of_step["lookup"],
        item=reverse("work:item", args=[found.item_id]),
        clock=reverse("work:item-clock", args=[found.item_id]),
        documents=reverse("work:item-documents", args=[found.item_id]),
        question=f"{reverse('work:question-new', args=[found.item_id])}?step={found.pk}",
    )


def _step(actor: Actor, pk: int) -> Step:
    """One that is or was in the actor's hands; to everybody else it does not exist."""
    found = doing.step_for(actor, pk)
    if found is None or not (found.holder_id == actor.person_id or doing.had(actor, pk)):
        raise Http404
    return found


def _complete(
    request: HttpRequest,
    actor: Actor,
    now: datetime,
    pk: int,
    read: Reading,
    outcome: Mapping[str, Any] | None,
) -> None:
    steps.complete(
        actor=actor,
        now=now,
        step_id=pk,
        claim=_number(request, "_claim"),
        values=read.values,
        outcome=outcome,
        confirmed="_confirmed" in request.POST,
        touch_seconds=_number(request, "_touch"),
    )


def _keep(request: HttpRequest, task: Task, read: Reading) -> StepDraft:
    return steps.save_draft(
        actor=task.actor,
        now=task.now,
        step_id=task.step.pk,
        claim=_number(request, "_claim"),
        values={**read.draft, **second_look.to_draft(task.step, request.POST)},
    )


def _refused(
    request: HttpRequest, task: Task, read: Reading, said: Said, review: Review | None = None
) -> HttpResponse:
    """The page again, with all that was typed just as it was, and what would be right at each field."""
    try:
        kept = _keep(request, task, read)
    except ClaimLost as lost:
        return _lost(request, str(lost), task=task, typed=read.texts)
    page = working.page_of(
        task,
        urls=urls_of(task.step),
        texts=read.texts,
        said=said,
        summary=bool(said.messages),
        saved_at=kept.saved_at,
        review=review,
    )
    return render(request, "work/step.html", {"page": page}, status=422)


def _says(request: HttpRequest, task: Task, read: Reading, said: Said, saved_at: datetime) -> HttpResponse:
    form = working.form_of(task, urls=urls_of(task.step), texts=read.texts, said=said)
    page = SaysPage(form=form, said=said, saved_at=saved_at)
    return render(request, "work/entry/_says.html", {"page": page})


def _lost(
    request: HttpRequest, says: str, *, task: Task | None = None, typed: Mapping[str, str] | None = None,
    status: int = ClaimLost.status,
) -> HttpResponse:  # fmt: skip
    if _is_fetched(request):
        return JsonResponse({"says": says}, status=status)
    rows = [(_label(task, name), text) for name, text in (typed or {}).items() if text.strip() and task]
    return render(request, "work/lost.html", {"page": LostPage(says=says, typed=tuple(rows))}, status=status)


def _label(task: Task, name: str) -> str:
    field = reading.field_named(task.schema, name)
    return field.title if field else name


def _typed(post: QueryDict) -> Texts:
    return {name: str(text) for name, text in post.items() if not name.startswith(OURS)}


def _without(typed: Texts, row: str) -> Texts:
    table, _dash, number = row.rpartition("-")
    return reading.without_row(typed, table, int(number)) if number.isdecimal() else typed


def _number(request: HttpRequest, name: str) -> int:
    text: Any = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _is_fetched(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
