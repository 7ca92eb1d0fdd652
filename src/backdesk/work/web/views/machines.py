"""A step at which a machine fails: what is the matter, and the two ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.work import policies
from backdesk.work.models import Item, Step
from backdesk.work.operations import machines
from backdesk.work.operations.machines import NotStuck, Stuck
from backdesk.work.operations.steps import Unfit
from backdesk.work.queries.doing import item_of_step
from backdesk.work.web.entry import blocks, reading
from backdesk.work.web.entry.blocks import EntryForm, Message
from backdesk.work.web.entry.reading import Texts
from backdesk.work.web.working import task_of_step


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePage:
    """`fault`: why it cannot be done as the service is published now; empty if it can."""

    step: Step
    item: Item
    task: str
    fault: str
    form: EntryForm
    reason: str
    problem: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_define)
def machine_step(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What a machine was to work out is entered by hand, or left out."""
    try:
        stuck = machines.look(actor=actor, now=clock(), step_id=pk)
    except NotStuck as over:
        messages.info(request, str(over))
        return redirect("work:item", pk=item_of_step(actor, pk))
    except Step.DoesNotExist:
        raise Http404 from None
    if request.method != "POST":
        return render(request, "work/machine.html", {"page": _page(stuck, {})})
    return _overridden(request, actor, stuck)


@require_POST
@allowed(policies.may_define)
def retrials(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    try:
        failed = machines.retry(actor=actor, now=clock(), step_id=pk)
    except Step.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("work:item", pk=item_of_step(actor, pk))
    if failed is not None:
        messages.error(request, _("It still cannot be done: %(fault)s") % {"fault": failed})
        return redirect("work:machine-step", pk=pk)
    messages.success(request, _("It is done, and the item goes on."))
    return redirect("work:item", pk=item_of_step(actor, pk))


def _overridden(request: HttpRequest, actor: Actor, stuck: Stuck) -> HttpResponse:
    typed = {name: str(text) for name, text in request.POST.items() if not name.startswith(("_", "csrf"))}
    reason, leaves_out = request.POST.get("_reason", ""), "_without" in request.POST
    found = reading.read(stuck.schema, typed, lookups=stuck.service.lookups)
    problems, problem = {} if leaves_out else found.problems, ""
    if not problems:
        values = {} if leaves_out else found.values
        try:
            machines.override(actor=actor, now=clock(), step_id=stuck.step.pk, values=values, reason=reason)
        except Unfit as unfit:
            problems = reading.problems_of(stuck.schema, unfit.problems)
            problem = " ".join([str(unfit), *(_(one.message) for one in unfit.findings)])
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The item goes on."))
            return redirect("work:item", pk=stuck.step.item_id)
    page = _page(stuck, found.texts, problems=problems, reason=reason, problem=problem)
    return render(request, "work/machine.html", {"page": page}, status=422)


def _page(
    stuck: Stuck,
    texts: Texts,
    *,
    problems: Mapping[str, str] | None = None,
    reason: str = "",
    problem: str = "",
) -> MachinePage:
    told = {name: (Message(severity="error", text=says),) for name, says in (problems or {}).items()}
    sources = blocks.Sources(lookups=stuck.service.lookups)
    filled = blocks.Filled(texts=texts, messages=told, sources=sources)
    return MachinePage(
        step=stuck.step,
        item=stuck.step.item,
        task=task_of_step(stuck.step, stuck.service),
        fault=stuck.fault,
        form=blocks.form(stuck.schema.fields, filled, summary=bool(told)),
        reason=reason,
        problem=problem,
    )
