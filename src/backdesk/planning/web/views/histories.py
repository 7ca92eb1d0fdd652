"""Work histories: the list, bringing one, settling its columns, watching it being read, its overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.evidence.eventlog import Proposal
from backdesk.evidence.sentences import from_data
from backdesk.parties.web.acting import allowed, clock
from backdesk.planning import operations, policies, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.reports import WRITE
from backdesk.planning.queries.histories import FileUnreadable, State, proposal_of, state_of
from backdesk.planning.queries.live_work import LiveWork, NothingRecorded, live_work_of
from backdesk.planning.queries.overview import Overview, overview
from backdesk.planning.web.figures import is_estimated, measured_figure
from backdesk.planning.web.forms import ColumnsForm, HistoryForm
from backdesk.platform import files, uploads
from backdesk.platform.actor import Actor
from backdesk.platform.jobs.queries import latest_job_on
from backdesk.platform.models import Job
from backdesk.platform.web import formats, tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.words import Words

STATES: Mapping[State, Status] = {
    "read": Status(kind="good", word=pgettext_lazy("state of a work history", "Read")),
    "columns to confirm": Status(kind="warn", word=_("Columns to confirm")),
    "being read": Status(kind="info", word=_("Being read")),
    "failed": Status(kind="bad", word=_("Failed")),
    "cancelled": Status(kind="neutral", word=_("Cancelled")),
}


def _inside(row: WorkHistory, page: str) -> str:
    return reverse(f"planning:history-{page}", args=(row.pk,)) if row.generation else ""


COLUMNS = (
    Column(
        key="name",
        title=_("Work history"),
        href=lambda row: reverse("planning:history", args=(row.pk,)),
        detail=lambda row: gettext("live work") if row.service_id else "",
        filter="contains",
    ),
    Column(
        key="status", title=_("State"), kind="status", value=lambda row: STATES[state_of(row)], sortable=False
    ),
    Column(
        key="cases",
        title=_("Cases"),
        kind="number",
        value=lambda row: row.summary.get("cases"),
        field="summary__cases",
        href=lambda row: _inside(row, "cases"),
    ),
    Column(
        key="steps",
        title=_("Steps"),
        kind="number",
        value=lambda row: row.summary.get("steps"),
        field="summary__steps",
        href=lambda row: _inside(row, "steps"),
    ),
    Column(key="rows_read", title=_("Rows read"), kind="number"),
    Column(
        key="rows_rejected",
        title=_("Rejected"),
        kind="number",
        definition=_("Rows that could not be used, each with its reason; the rest was read."),
        href=lambda row: reverse("planning:history-rejects", args=(row.pk,)) if row.rows_rejected else "",
    ),
    Column(key="received_at", title=_("Received"), kind="time"),
)
EMPTY = Empty(
    title=_("No work history yet"),
    text=_(
        "A work history is what your systems recorded: one row a step, with case, activity, time and person. "
        "From it Backdesk measures which work takes how long, waits, comes back."
    ),
    action=_("Upload a work history"),
    url=reverse_lazy("planning:history-new"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoriesPage:
    table: Table
    may_edit: bool


@require_safe
@allowed(policies.may_read)
def histories(request: HttpRequest, actor: Actor) -> HttpResponse:
    state = tables.read_state(request.GET, columns=COLUMNS, sort="-received_at")
    table = tables.from_queryset(
        WorkHistory.objects.visible_to(actor).select_related("job"),
        name="histories",
        columns=COLUMNS,
        state=state,
        empty=EMPTY,
    )
    if state.export:
        return tables.file_response(table=table, filename="work-histories.csv")
    page = HistoriesPage(table=table, may_edit=policies.may_edit(actor))
    return render(request, "planning/histories.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    form: HistoryForm
    limit: int
    live: tuple[LiveWork, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def history_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    limit = uploads.limit_bytes()
    form = HistoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile[bytes] = form.cleaned_data["file"]
        filename = upload.name or "history"
        try:
            received = operations.receive_history(
                actor=actor,
                now=clock(),
                name=form.cleaned_data["name"],
                stream=upload,  # type: ignore[arg-type]
                filename=filename,
                limit=limit,
            )
        except files.FileTooLarge as error:
            form.add_error("file", str(error))
        else:
            return redirect("planning:history-columns", pk=received.pk)
    page = UploadPage(form=form, limit=limit, live=live_work_of(actor))
    return render(request, "planning/history_new.html", {"page": page}, status=422 if form.errors else 200)


@require_POST
@allowed(policies.may_edit)
def live_history(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Read the live work on a service as a history; anew, where it was read before."""
    try:
        read = operations.read_live_work(actor=actor, now=clock(), service_id=pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except (operations.HistoryBusy, NothingRecorded) as error:
        messages.error(request, str(error))
        return redirect("planning:history-new")
    return redirect("planning:history", pk=read.pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    history: WorkHistory
    form: ColumnsForm | None
    sample: Table | None
    problem: str
    notes: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Of the columns there are, where they are too many to be offered at each role."""

    @property
    def left_out(self) -> int:
        """Columns of which no sample is shown."""
        return len(self.names) - len(self.sample.columns) if self.names and self.sample else 0


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def columns(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The columns as found, for a person to correct and confirm."""
    uploaded = WorkHistory.objects.visible_to(actor).filter(file__isnull=False)
    history = get_object_or_404(uploaded.select_related("file", "job"), pk=pk)
    try:
        proposal = proposal_of(history)
    except FileUnreadable as error:
        page = ColumnsPage(history=history, form=None, sample=None, problem=str(error), notes=())
        return render(request, "planning/history_columns.html", {"page": page}, status=422)
    form = ColumnsForm(request.POST or None, proposal=proposal, initial=_initial(history, proposal))
    if request.method == "POST" and form.is_valid():
        try:
            operations.confirm_columns(
                actor=actor,
                now=clock(),
                history=history,
                mapping=form.mapping(),
                zone=form.cleaned_data["zone"],
                calendar=form.cleaned_data["calendar"],
            )
        except operations.HistoryBusy as error:
            form.add_error(None, str(error))
        else:
            return redirect("planning:history", pk=history.pk)
    page = ColumnsPage(
        history=history,
        form=form,
        sample=_sample(proposal),
        problem=proposal.reason or "",
        notes=proposal.notes,
        names=tuple(proposal.columns) if form.is_long else (),
    )
    return render(
        request, "planning/history_columns.html", {"page": page}, status=422 if form.errors else 200
    )


def _initial(history: WorkHistory, proposal: Proposal) -> dict[str, Any]:
    """As confirmed before; else as found, which may be some of the columns only."""
    found = {look.role: look.name for look in proposal.looks if look.role}
    known: dict[str, Any] = history.mapping or (proposal.mapping.to_dict() if proposal.mapping else found)
    day_first = {True: "yes", False: "no", None: ""}[known.get("day_first")]
    return {**known, "day_first": day_first, "zone": history.zone, "calendar": history.calendar}


SAMPLE_TEXT = 200  # characters
SAMPLE_COLUMNS = 60


def _sample(proposal: Proposal) -> Table:
    """The first rows as they are in the file, its own names the heads; of endless texts the beginning."""
    found = {look.name for look in proposal.looks if look.role}
    shown = tuple(
        Column(key=f"c{place}", title=name, sortable=False)
        for place, name in enumerate(proposal.columns)
        if place < SAMPLE_COLUMNS or name in found
    )
    return Table(
        name="sample",
        columns=shown,
        rows=[
            {column.key: (row[int(column.key[1:])] or "")[:SAMPLE_TEXT] for column in shown}
            for row in proposal.rows
        ],
        total=len(proposal.rows),
        state=tables.State(),
        can_export=False,
        can_choose_columns=False,
    )


REPORTS = {"pdf": _("PDF"), "html": _("web page")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    kind: str
    title: Words
    made_at: datetime | None


def _report(history: WorkHistory, kind: str) -> Report:
    place = records.report(history, kind=kind, language=_language())
    made_at = datetime.fromtimestamp(place.stat().st_mtime, UTC) if place.exists() else None
    return Report(kind=kind, title=REPORTS[kind], made_at=made_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    history: WorkHistory
    job: Job | None
    overview: Overview | None
    reports: tuple[Report, ...]
    report_job: Job | None
    figures: tuple[Figure, ...]
    may_edit: bool
    sees_cost: bool

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(map(from_data, self.history.notes))

    @property
    def rejected_title(self) -> str:
        count = self.history.rows_rejected
        title = ngettext(
            "%(count)s row of %(all)s could not be used", "%(count)s rows of %(all)s could not be used", count
        )
        return title % {"count": formats.number(count), "all": formats.number(self.history.rows_read)}


@require_safe
@allowed(policies.may_read)
def history(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(WorkHistory.objects.visible_to(actor).select_related("job", "file"), pk=pk)
    may_edit = policies.may_edit(actor)
    if found.job is None and not found.generation and may_edit:
        return redirect("planning:history-columns", pk=pk)
    page = HistoryPage(
        history=found,
        job=found.job,
        overview=overview(found) if found.generation else None,
        reports=tuple(_report(found, kind) for kind in REPORTS),
        report_job=latest_job_on(actor, found, kind=WRITE),
        figures=_figures(found) if found.generation else (),
        may_edit=may_edit,
        sees_cost=policies.may_see_people_and_cost(actor),
    )
    return render(request, "planning/history.html", {"page": page})


FIGURES = (
    ("cases", 0, "history-cases", ""),
    ("steps", 0, "history-steps", ""),
    ("people", 0, "history-steps", "?sort=resource"),
    ("cycle_hours_median", 1, "history-cases", "?sort=-cycle_hours"),
    ("touch_hours", 0, "history-steps", "?sort=-touch_working_s"),
    ("rework_share", 1, "history-steps", "?is_rework=true"),
)


def _figures(history: WorkHistory) -> tuple[Figure, ...]:
    estimated = is_estimated(history.summary)
    return tuple(
        measured_figure(
            name,
            history.summary.get(name),
            decimals=decimals,
            href=reverse(f"planning:{page}", args=(history.pk,)) + query,
            estimated=estimated,
        )
        for name, decimals, page, query in FIGURES
    )


@require_POST
@allowed(policies.may_see_people_and_cost)
def report_orders(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(WorkHistory.objects.visible_to(actor).read(), pk=pk)
    kind = request.POST.get("kind", "")
    if kind not in REPORTS:
        raise BadRequest("A report is made as pdf or as html.")
    operations.order_report(actor=actor, now=clock(), history=found, kind=kind, language=_language())
    return redirect(reverse("planning:history", args=(pk,)) + "#report")


@require_safe
@allowed(policies.may_see_people_and_cost)
def report(request: HttpRequest, actor: Actor, pk: int, kind: str) -> FileResponse:
    """A report that was made, to keep and to read without Backdesk."""
    found = get_object_or_404(WorkHistory.objects.visible_to(actor), pk=pk)
    place = records.report(found, kind=kind, language=_language())
    if kind not in REPORTS or not place.exists():
        raise Http404
    return FileResponse(place.open("rb"), as_attachment=True, filename=f"{found.name}.{kind}")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@require_POST
@allowed(policies.may_edit)
def removal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(WorkHistory.objects.visible_to(actor), pk=pk)
    try:
        operations.remove_history(actor=actor, now=clock(), history=found)
    except operations.HistoryBusy as error:
        messages.error(request, str(error))
        return redirect("planning:history", pk=pk)
    messages.success(
        request, gettext("“%(name)s” and what was measured in it are removed.") % {"name": found.name}
    )
    return redirect("planning:histories")
