"""A work history beside a process: where its cases depart from it, and when the work itself changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backdesk.evidence.process.bpmn import ProcessModel, draw_process
from backdesk.evidence.process.conformance import task_name
from backdesk.evidence.process.drift import Change, Drift, Shift, TooShort
from backdesk.parties.web.acting import allowed, clock
from backdesk.planning import operations, policies
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.comparisons import LIMIT
from backdesk.planning.queries import comparisons as kept
from backdesk.planning.queries.addresses import steps_address
from backdesk.planning.queries.maps import NothingToShow
from backdesk.planning.queries.pictures import Picture, of_changes
from backdesk.planning.web.comparison_forms import ProcessForms
from backdesk.planning.web.sentences import of_shift
from backdesk.platform import files
from backdesk.platform.actor import Actor
from backdesk.platform.models import Job
from backdesk.platform.web import formats, tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.words import Words

KINDS: Mapping[str, Words] = {
    "skipped": pgettext_lazy("deviation", "Skipped"),
    "stopped": pgettext_lazy("deviation", "Case stopped before it"),
    "early": pgettext_lazy("deviation", "Done too early"),
    "late": pgettext_lazy("deviation", "Done too late"),
    "repeated": pgettext_lazy("deviation", "Done too often"),
    "extra": pgettext_lazy("deviation", "Done where it is not foreseen"),
    "unknown": pgettext_lazy("deviation", "No task of the process"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    history: WorkHistory
    job: Job | None
    forms: ProcessForms | None
    """Of those who may say which process."""
    limit: int
    figures: tuple[Figure, ...] = ()
    table: Table | None = None
    drawing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def process_name(self) -> str:
        """Of the process it is compared with, as people call it."""
        return self.history.process.name.removesuffix(".bpmn") if self.history.process else ""

    @property
    def offers(self) -> bool:
        """Whether another process may be chosen now; what was wrong with the one sent stays to be read."""
        return self.forms is not None and (not self.is_under_way or self.forms.sent.is_bound)

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and self.job.state != "done"


@require_safe
@allowed(policies.may_read)
def comparison(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Where cases depart from the process, those of most cases first."""
    history = _history(actor, pk)
    page = _page(request, actor, history)
    if page.table and page.table.state.export:
        return tables.file_response(table=page.table, filename="deviations.csv")
    return render(request, "planning/comparison.html", {"page": page})


@require_POST
@allowed(policies.may_edit)
def comparisons(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say which process, and have the cases compared with it."""
    history = _history(actor, pk)
    forms = ProcessForms(actor, history, request)
    if forms.sent.is_valid():
        try:
            name, stream = forms.sent.brought(actor, history)
            operations.compare_history(
                actor=actor, now=clock(), history=history, stream=stream, filename=name
            )
        except (operations.NoProcess, operations.HistoryBusy, NothingToShow, files.FileTooLarge) as error:
            forms.sent.add_error(next(iter(forms.sent.fields)), str(error))
        else:
            return redirect("planning:history-comparison", pk=pk)
    page = _page(request, actor, history, forms)
    return render(request, "planning/comparison.html", {"page": page}, status=422)


def _history(actor: Actor, pk: int) -> WorkHistory:
    read = WorkHistory.objects.visible_to(actor).read()
    return get_object_or_404(read.select_related("process", "comparing"), pk=pk)


def _page(
    request: HttpRequest, actor: Actor, history: WorkHistory, forms: ProcessForms | None = None
) -> ComparisonPage:
    shown = (forms or ProcessForms(actor, history, request)) if policies.may_edit(actor) else None
    found = kept.comparison(history)
    if found is None:
        return ComparisonPage(history=history, job=history.comparing, forms=shown, limit=LIMIT)
    model = kept.process_of(history)
    return ComparisonPage(
        history=history,
        job=history.comparing,
        forms=shown,
        limit=LIMIT,
        figures=_figures(history, found.summary),
        table=_table(request, history, found),
        drawing=_drawing(history, found, model),
        notes=tuple(found.summary["notes"]),
    )


def _figures(history: WorkHistory, summary: Mapping[str, Any]) -> tuple[Figure, ...]:
    cases, unsettled = summary["cases"], summary["unsettled"]
    note = ngettext("%(count)s case not settled", "%(count)s cases not settled", unsettled)
    return (
        Figure(
            title=_("Fitness"),
            value=summary["fitness"],
            unit="%",
            definition=_(
                "1 less the steps and tasks that only the case or only the process has, over their number with "
                "nothing in common; of the way through the process that each case comes closest to."
            ),
            source="Adriansyah (2014)",
            href=f"{_cases(history)}?fits=no",
            reason=_("no case was settled within the limit"),
            interval=(summary["low"], summary["high"]) if unsettled else None,
            note=note % {"count": formats.number(unsettled)} if unsettled else "",
        ),
        Figure(
            title=_("Precision"),
            value=summary["precision"],
            unit="%",
            definition=_(
                "Of the ways on that the process allows where cases stood, the share that some case went; "
                "the rest is allowed but never done."
            ),
            source="Adriansyah, Munoz-Gama, Carmona et al. (2015)",
            href="#process",
            reason=_("no case was settled within the limit"),
        ),
        Figure(
            title=_("Cases as the process says"),
            value=summary["fitting"] / cases,
            unit="%",
            sample=cases,
            definition=_("Cases in which nothing was missing, too much, or in another order."),
            href=f"{_cases(history)}?fits=yes",
        ),
    )


def _table(request: HttpRequest, history: WorkHistory, found: kept.Comparison) -> Table:
    def those(row: tables.Row) -> str:
        return _departing(history, row["kind"], row["activity"])

    columns = (
        Column(key="activity", title=_("Activity"), filter="contains", href=those),
        Column(key="kind", title=_("Deviation"), value=lambda row: str(KINDS[row["kind"]])),
        Column(key="cases", title=_("Cases"), kind="number", filter="at-least", bar=True, href=those),
        Column(key="share", title=_("Of all cases"), kind="share", href=those),
        Column(
            key="cycle_s",
            title=_("Cycle time"),
            kind="duration",
            href=lambda row: f"{those(row)}&sort=-cycle_hours",
            definition=_(
                "Median elapsed time of the cases that have it, from their first start to their last end."
            ),
        ),
        Column(
            key="other_cycle_s",
            title=_("Of other cases"),
            kind="duration",
            definition=_(
                "The same of the cases that have it not. That one is longer need not come of the deviation."
            ),
            reason=_("every case has it"),
        ),
    )
    state = tables.read_state(request.GET, columns=columns, sort="-cases")
    empty = Empty(title=_("No deviation"), text=_("Every case went as the process says."))
    return tables.from_frame(found.by_kind, name="deviations", columns=columns, state=state, empty=empty)


def _departing(history: WorkHistory, kind: str, activity: str) -> str:
    return f"{_cases(history)}?{urlencode({'deviation': kind, 'of': activity})}"


def _cases(history: WorkHistory) -> str:
    return reverse("planning:history-cases", args=(history.pk,))


def _drawing(history: WorkHistory, found: kept.Comparison, model: ProcessModel) -> SafeString:
    """The process, marked at the tasks that cases skipped, repeated or did out of place."""
    named = {task_name(model, task=task.id): task.id for task in model.of_kind("user", "service")}
    told: dict[str, list[str]] = {}
    leads: dict[str, str] = {}
    for row in found.by_kind.iter_rows(named=True):
        task = row["task"] or named.get(row["activity"])
        if task is not None:
            cases = ngettext("%(count)s case", "%(count)s cases", row["cases"])
            said = f"{KINDS[row['kind']]}: {cases % {'count': formats.number(row['cases'])}}"
            told.setdefault(task, []).append(said)
            leads.setdefault(task, _departing(history, row["kind"], row["activity"]))
    departed = {task: "; ".join(several) for task, several in told.items()}
    drawn = draw_process(model, departed=departed, addresses=leads, say=formats.said)
    return mark_safe(drawn)  # noqa: S308  (our own drawing, names escaped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A change, and what changed, in words that lead to steps and in a picture."""

    change: Change
    shifts: tuple[tuple[str, str], ...]
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    history: WorkHistory
    drift: Drift | None
    changes: tuple[Shown, ...]
    problem: str


@require_safe
@allowed(policies.may_read)
def changes(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """When the work changed, and what changed in it."""
    history = _history(actor, pk)
    try:
        found = kept.changes(history)
    except TooShort as error:
        page = ChangesPage(history=history, drift=None, changes=(), problem=str(error))
        return render(request, "planning/changes.html", {"page": page})
    shown = tuple(
        Shown(
            change=change,
            shifts=tuple((of_shift(one), _steps(history, one)) for one in change.strongest),
            picture=picture,
        )
        for change, picture in zip(found.changes, of_changes(history, found), strict=True)
    )
    page = ChangesPage(history=history, drift=found, changes=shown, problem="")
    return render(request, "planning/changes.html", {"page": page})


def _steps(history: WorkHistory, shift: Shift) -> str:
    """Where the steps it is about are listed."""
    figure = shift.figure
    if figure.kind == "case takes":
        return f"{_cases(history)}?sort=-cycle_hours"
    after = figure.activity if figure.kind == "follows" and figure.next else ""
    return steps_address(history.pk, of=figure.next or figure.activity, after=after)
