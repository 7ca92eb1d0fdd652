"""Work histories: the list, bringing one, settling its columns, watching it being read, its overview."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.evidence.eventlog import LogError, Proposal, propose
from backdesk.planning import operations, policies, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.reports import WRITE
from backdesk.planning.queries.overview import Overview, overview
from backdesk.planning.web.common import allowed, clock
from backdesk.planning.web.figures import is_estimated, measured_figure
from backdesk.planning.web.forms import ColumnsForm, HistoryForm
from backdesk.platform import files, uploads
from backdesk.platform.actor import Actor
from backdesk.platform.jobs.queries import latest_job_on
from backdesk.platform.models import Job
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table


def _status(history: WorkHistory) -> Status:
    job = history.job
    if history.generation and (job is None or job.state == Job.State.DONE):
        return Status(kind="good", word="Read")
    if job is None:
        return Status(kind="warn", word="Columns to confirm")
    if not job.is_over:
        return Status(kind="info", word="Being read")
    return Status(
        kind="bad" if job.state == Job.State.FAILED else "neutral", word=job.get_state_display().capitalize()
    )


COLUMNS = (
    Column(
        key="name",
        title="Work history",
        href=lambda row: reverse("planning:history", args=(row.pk,)),
        filter="contains",
    ),
    Column(key="status", title="State", kind="status", value=_status, sortable=False),
    Column(
        key="cases",
        title="Cases",
        kind="number",
        value=lambda row: row.summary.get("cases"),
        field="summary__cases",
    ),
    Column(
        key="steps",
        title="Steps",
        kind="number",
        value=lambda row: row.summary.get("steps"),
        field="summary__steps",
    ),
    Column(key="rows_read", title="Rows read", kind="number"),
    Column(
        key="rows_rejected",
        title="Rejected",
        kind="number",
        definition="Rows that could not be used, each with its reason; the rest was read.",
        href=lambda row: reverse("planning:history-rejects", args=(row.pk,)) if row.rows_rejected else "",
    ),
    Column(key="received_at", title="Received", kind="time"),
)
EMPTY = Empty(
    title="No work history yet",
    text="A work history is what your systems recorded: one row a step, with case, activity, time and person. "
    "From it Backdesk measures which work takes how long, waits, comes back.",
    action="Upload a work history",
    url="/plan/histories/new/",
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
        return tables.csv_response(table=table, filename="work-histories.csv")
    page = HistoriesPage(table=table, may_edit=policies.may_edit(actor))
    return render(request, "planning/histories.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    form: HistoryForm
    limit: int


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def history_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    limit = uploads.limit_bytes()
    form = HistoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile[bytes] = form.cleaned_data["file"]
        filename = upload.name or "work history"
        try:
            received = operations.receive_history(
                actor=actor,
                now=clock(),
                name=form.cleaned_data["name"] or _plain_name(filename),
                stream=upload,  # type: ignore[arg-type]
                filename=filename,
                limit=limit,
            )
        except files.FileTooLarge as error:
            form.add_error("file", str(error))
        else:
            return redirect("planning:history-columns", pk=received.pk)
    page = UploadPage(form=form, limit=limit)
    return render(request, "planning/history_new.html", {"page": page}, status=422 if form.errors else 200)


def _plain_name(filename: str) -> str:
    """`invoices-2025.csv.gz` as a person would call it."""
    stem = Path(filename).name
    for suffix in (".gz", ".csv", ".xes", ".parquet", ".txt", ".tsv"):
        stem = stem.removesuffix(suffix)
    return stem.replace("_", " ").strip()[:200] or "Work history"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    history: WorkHistory
    form: ColumnsForm | None
    sample: Table | None
    problem: str
    notes: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def columns(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The columns as found, for a person to correct and confirm."""
    history = get_object_or_404(WorkHistory.objects.visible_to(actor).select_related("file", "job"), pk=pk)
    try:
        proposal = propose(files.path_of(history.file))
    except LogError as error:
        problem = files.in_words(str(error), file=history.file)
        page = ColumnsPage(history=history, form=None, sample=None, problem=problem, notes=())
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


def _sample(proposal: Proposal) -> Table:
    """The first rows as they are in the file, its own names the heads; of endless texts the beginning."""
    shown = tuple(
        Column(key=f"c{place}", title=name, sortable=False) for place, name in enumerate(proposal.columns)
    )
    return Table(
        name="sample",
        columns=shown,
        rows=[
            {f"c{place}": (text or "")[:SAMPLE_TEXT] for place, text in enumerate(row)}
            for row in proposal.rows
        ],
        total=len(proposal.rows),
        state=tables.State(),
        can_export=False,
        can_choose_columns=False,
    )


REPORTS = {"pdf": "PDF", "html": "Web page"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    kind: str
    title: str
    made_at: datetime | None


def _report(history: WorkHistory, kind: str) -> Report:
    place = records.report(history, kind)
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
    def rejected_title(self) -> str:
        count = self.history.rows_rejected
        return f"{count:,} row{'s' if count != 1 else ''} of {self.history.rows_read:,} could not be used"


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
    found = get_object_or_404(WorkHistory.objects.visible_to(actor).filter(generation__gt=0), pk=pk)
    kind = request.POST.get("kind", "")
    if kind not in REPORTS:
        raise BadRequest("A report is made as pdf or as html.")
    operations.order_report(actor=actor, now=clock(), history=found, kind=kind)
    return redirect(reverse("planning:history", args=(pk,)) + "#report")


@require_safe
@allowed(policies.may_see_people_and_cost)
def report(request: HttpRequest, actor: Actor, pk: int, kind: str) -> FileResponse:
    """A report that was made, to keep and to read without Backdesk."""
    found = get_object_or_404(WorkHistory.objects.visible_to(actor), pk=pk)
    place = records.report(found, kind)
    if kind not in REPORTS or not place.exists():
        raise Http404("This report has not been made.")
    return FileResponse(place.open("rb"), as_attachment=True, filename=f"{found.name}.{kind}")


@require_POST
@allowed(policies.may_edit)
def removal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(WorkHistory.objects.visible_to(actor), pk=pk)
    try:
        operations.remove_history(actor=actor, now=clock(), history=found)
    except operations.HistoryBusy as error:
        messages.error(request, str(error))
        return redirect("planning:history", pk=pk)
    messages.success(request, f"“{found.name}” and what was measured in it are removed.")
    return redirect("planning:histories")
