"""The clock of an item, stretch by stretch; pauses said by the provider, decided by the client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.evidence.clocks import Clock
from backdesk.parties.web.acting import allowed, clock, is_done
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web.parts import Status
from backdesk.work import policies
from backdesk.work.models import Item, Pause, Question
from backdesk.work.operations import pauses as verbs
from backdesk.work.queries import clocks as queries
from backdesk.work.queries import doing
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.people import names_for
from backdesk.work.web import clocks
from backdesk.work.web.clocks import Agreed, PauseLine, Stretch, Timeline
from backdesk.work.web.history import Names
from backdesk.work.web.working import due_of

MOST_SHOWN = 100
LOCAL = "%Y-%m-%dT%H:%M"


class PauseForm(forms.Form):
    """A pause from now on, or one that is over."""

    reason = forms.ChoiceField(label=gettext_lazy("Why the work cannot go on"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    began_at = forms.DateTimeField(
        label=gettext_lazy("Began"),
        help_text=gettext_lazy(
            "Without a time the clock stops now. Give both times for a pause that is over."
        ),
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    ended_at = forms.DateTimeField(
        label=gettext_lazy("Ended"),
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )

    def __init__(self, *args: Any, reasons: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason, reason) for reason in reasons]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPage:
    item: Item
    service: str
    due: Status
    clock: Clock
    target: str
    timeline: Timeline
    stretches: tuple[Stretch, ...]
    agreed: tuple[Agreed, ...]
    pauses: tuple[PauseLine, ...]
    questions: tuple[Question, ...]
    form: PauseForm | None
    now: datetime

    @property
    def counted(self) -> str:
        return clocks.worked(self.clock.counted_seconds)

    @property
    def paused(self) -> str:
        return clocks.worked(self.clock.paused_seconds) if self.clock.paused_seconds else ""

    @property
    def of(self) -> str:
        """The target in working time."""
        return "" if self.clock.target_seconds is None else clocks.worked(self.clock.target_seconds)

    @property
    def left(self) -> str:
        left = self.clock.remaining_seconds
        return "" if left is None or left < 0 else clocks.worked(left)

    @property
    def over(self) -> str:
        """How much more than the target has counted."""
        left = self.clock.remaining_seconds
        return "" if left is None or left >= 0 else clocks.worked(-left)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """A pause that waits for the client, with what its approval would do to the due time."""

    pause: Pause
    who: str
    due_at: datetime | None
    due_if_approved: datetime | None
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PausesPage:
    rows: tuple[ToDecide, ...]
    total: int
    reason: str
    error: str
    now: datetime


@require_safe
@allowed(policies.may_read)
def item_clock(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _clock_page(request, actor, pk, form=None, status=200)


@require_POST
@allowed(policies.may_pause)
def item_pauses(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say that the work cannot go on."""
    found, now = _item(actor, pk), clock()
    form = _form(actor, found, request.POST)
    if not is_done(form, lambda: verbs.propose_pause(actor=actor, now=now, item_id=pk, **_given(form))):
        return _clock_page(request, actor, pk, form=form, status=422)
    messages.success(request, _("The pause is proposed."))
    return redirect("work:item-clock", pk=pk)


@require_POST
@allowed(policies.may_pause)
def pause_end(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _changed(request, actor, pk, verbs.end_pause, _("The clock runs again."))


@require_POST
@allowed(policies.may_pause)
def pause_withdrawal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _changed(request, actor, pk, verbs.withdraw_pause, _("The pause is withdrawn."))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_decide_pauses)
def pauses(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the client's decision; some of them approved or refused at once."""
    asked = "shown" if request.POST.get("all") else "row"  # all that were shown, not what came meanwhile
    chosen = {int(one) for one in request.POST.getlist(asked) if one.isdecimal()}
    error, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        error = _decide(request, actor, chosen, reason)
        if not error:
            return redirect("work:pauses")
    page = _to_decide(actor, chosen=chosen, reason=reason, error=error)
    return render(request, "work/pauses.html", {"page": page}, status=422 if error else 200)


def _decide(request: HttpRequest, actor: Actor, chosen: set[int], reason: str) -> str:
    """What is wrong with it; empty when it is done."""
    approve = request.POST.get("decision") == "approve"
    if not chosen:
        return _("Choose the pauses that you decide on.")
    try:
        done = verbs.decide_pauses(actor=actor, now=clock(), pause_ids=chosen, approve=approve, reason=reason)
    except Refused as refusal:
        return str(refusal)
    messages.success(request, _said(len(done.decided), approve=approve))
    if done.passed_over:
        text = ngettext(
            "%(count)s was decided or withdrawn by somebody else meanwhile.",
            "%(count)s were decided or withdrawn by somebody else meanwhile.",
            len(done.passed_over),
        )
        messages.warning(request, text % {"count": len(done.passed_over)})
    return ""


def _said(count: int, *, approve: bool) -> str:
    if approve:
        text = ngettext("%(count)s pause is approved.", "%(count)s pauses are approved.", count)
    else:
        text = ngettext("%(count)s pause is refused.", "%(count)s pauses are refused.", count)
    return text % {"count": count}


def _to_decide(actor: Actor, *, chosen: set[int], reason: str, error: str) -> PausesPage:
    now, waiting = clock(), queries.pauses_to_decide(actor)
    found = list(waiting[:MOST_SHOWN])
    known = queries.clocks_of(actor=actor, items=[one.item for one in found], now=now)
    names = names_for(actor, [one.item for one in found])
    rows = tuple(
        ToDecide(
            pause=one,
            who=names.get((one.proposed_by_id, one.provider_id), ""),
            due_at=known[one.item_id].due_at,
            due_if_approved=known[one.item_id].due_if_approved,
            is_chosen=one.pk in chosen,
        )
        for one in found
    )
    total = len(found) if len(found) < MOST_SHOWN else waiting.count()
    return PausesPage(rows=rows, total=total, reason=reason, error=error, now=now)


def _clock_page(
    request: HttpRequest, actor: Actor, pk: int, *, form: PauseForm | None, status: int
) -> HttpResponse:
    found, now = _item(actor, pk), clock()
    made = queries.clock_of(actor=actor, item=found, now=now)
    changes = queries.changes_of([found])[found.service_id]
    later = [change.version_id for change in changes if change.since > found.received_at]
    services = [compiled(actor=actor, version_id=one).service for one in (found.version_id, *later)]
    page = ClockPage(
        item=found,
        service=services[0].name,
        due=due_of(found, now),
        clock=made,
        target=clocks.target_of(services[made.stages[-1].terms]),
        timeline=clocks.timeline(made, received_at=found.received_at, now=now),
        stretches=clocks.stretches(made),
        agreed=clocks.agreed(made, services),
        pauses=_lines(actor, found),
        questions=tuple(queries.questions_about(actor, found)),
        form=form or (_form(actor, found, None) if _may_propose(actor, found) else None),
        now=now,
    )
    return render(request, "work/clock.html", {"page": page}, status=status)


def _lines(actor: Actor, found: Item) -> tuple[PauseLine, ...]:
    names, may = names_for(actor, [found]), _may_propose(actor, found)
    return tuple(_line(one, names, may=may) for one in queries.pauses_of(actor, found))


def _line(pause: Pause, names: Names, *, may: bool) -> PauseLine:
    counts = pause.state in (Pause.State.PROPOSED, Pause.State.APPROVED)
    return PauseLine(
        pause=pause,
        status=Status(kind=clocks.STATES[pause.state], word=pause.get_state_display()),
        who=names.get((pause.proposed_by_id, pause.provider_id), ""),
        decided_by=names.get((pause.decided_by_id or 0, pause.client_id), ""),
        may_end=may and counts and pause.ended_at is None and pause.question_id is None,
        may_withdraw=may and pause.state == Pause.State.PROPOSED,
    )


def _may_propose(actor: Actor, found: Item) -> bool:
    under_way = found.state in (Item.State.OPEN, Item.State.DELIVERED)
    return under_way and policies.may_pause(actor) and policies.is_provider_of(actor, found.provider_id)


def _form(actor: Actor, found: Item, typed: Mapping[str, Any] | None) -> PauseForm:
    service = compiled(actor=actor, version_id=found.version_id).service
    return PauseForm(typed, reasons=service.pauses.reasons)


def _given(form: PauseForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("reason", "note", "began_at", "ended_at")}


def _changed(
    request: HttpRequest, actor: Actor, pk: int, verb: Callable[..., Pause], done: str
) -> HttpResponse:
    found = Pause.objects.visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    _item(actor, found.item_id)
    try:
        verb(actor=actor, now=clock(), pause_id=pk)
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("work:item-clock", pk=found.item_id)


def _item(actor: Actor, pk: int) -> Item:
    found = doing.items_for(actor).select_related("service").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
