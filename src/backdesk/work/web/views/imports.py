"""Items from a file: brought, its columns settled, looked through, brought in, and what became of each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock, is_done, tell
from backdesk.platform import files, uploads
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Kind, Status
from backdesk.platform.web.tables import Column, Table
from backdesk.work import policies
from backdesk.work.models import ImportBatch, Service
from backdesk.work.operations import imports as operations
from backdesk.work.queries import item_list, looking_through, rejects
from backdesk.work.queries.columns import Target
from backdesk.work.queries.compiled import compiled

STATES: Mapping[str, Kind] = {
    "received": "warn", "checking": "info", "checked": "warn", "running": "info", "done": "good",
}  # fmt: skip
COLUMNS = (
    Column(
        key="file",
        title=_("File"),
        value=lambda row: row.file.name,
        field="file__name",
        href=lambda row: reverse("work:import", args=(row.pk,)),
        filter="contains",
    ),
    Column(key="service", title=_("Service"), value=lambda row: row.service.name, field="service__name"),
    Column(
        key="state",
        title=_("State"),
        kind="status",
        value=lambda row: Status(kind=STATES[row.state], word=row.get_state_display()),
    ),
    Column(key="read", title=_("Lines"), kind="number", decimals=0),
    Column(key="created", title=_("Created"), kind="number", decimals=0),
    Column(
        key="duplicate",
        title=_("There already"),
        kind="number",
        decimals=0,
        definition=_("lines whose business key another item of the service has, or a line before them"),
    ),
    Column(key="rejected", title=_("Rejected"), kind="number", decimals=0),
    Column(key="received_at", title=_("Received"), kind="time"),
)
PROBLEMS = (
    Column(key="line", title=_("Line"), kind="number", decimals=0, sortable=False),
    Column(key="field", title=_("Field"), sortable=False),
    Column(key="says", title=_("What is wrong, and what would be right"), sortable=False),
)


class ImportForm(forms.Form):
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), help_text=_("Every line becomes an item of it.")
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, an Excel workbook, or lines of JSON. The first row names the columns."),
    )

    def __init__(self, *args: Any, actor: Actor, **given: Any) -> None:
        super().__init__(*args, **given)
        chosen = self.fields["service"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = (
            Service.objects.visible_to(actor).filter(state=Service.State.ACTIVE).order_by("name")
        )


class ColumnsForm(forms.Form):
    """For each thing a column can be, which one it is."""

    def __init__(
        self, *args: Any, targets: tuple[Target, ...], headings: tuple[str, ...], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        for one in targets:
            self.fields[one.key] = forms.ChoiceField(
                label=one.title,
                required=one.is_required,
                choices=[("", _("no column")), *((name, name) for name in headings)],
            )

    @property
    def chosen(self) -> dict[str, str]:
        return {key: column for key, column in self.cleaned_data.items() if column}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsPage:
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    form: ImportForm
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    batch: ImportBatch
    state: Status
    is_busy: bool
    form: ColumnsForm | None
    problem: str
    figures: tuple[Figure, ...]
    problems: Table | None
    rejects_url: str
    here: str

    @property
    def may_begin(self) -> bool:
        """Also where nothing is right: its lines then come back as a file, with the reasons."""
        is_looked_through = self.batch.state == ImportBatch.State.CHECKED and self.batch.found["read"] > 0
        return not self.is_busy and (is_looked_through or self.batch.state == ImportBatch.State.RUNNING)

    @property
    def is_useless(self) -> bool:
        """No line of it would become an item."""
        is_looked_through = self.batch.state == ImportBatch.State.CHECKED and not self.is_busy
        return is_looked_through and self.batch.found["good"] == 0


@require_safe
@allowed(policies.may_create)
def imports(request: HttpRequest, actor: Actor) -> HttpResponse:
    state = tables.read_state(request.GET, columns=COLUMNS, sort="-received_at")
    table = tables.from_queryset(
        ImportBatch.objects.visible_to(actor).select_related("file", "service"),
        name="imports",
        columns=COLUMNS,
        state=state,
        empty=Empty(
            title=_("Nothing was brought in from a file yet"),
            text=_(
                "A file of items, one a line, is looked through first: nothing is created before you saw it."
            ),
            action=_("Bring in a file"),
            url=reverse("work:import-new"),
        ),
    )
    if state.export:
        return tables.file_response(table=table, filename="imports.csv")
    return render(request, "work/imports.html", {"page": ImportsPage(table=table)})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_create)
def import_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    first = item_list.services_of(actor)
    form = ImportForm(
        request.POST or None, request.FILES or None, actor=actor,
        initial={"service": request.GET.get("service") or (first[0].pk if len(first) == 1 else None)},
    )  # fmt: skip
    made: list[ImportBatch] = []

    def receive() -> None:
        upload = form.cleaned_data["file"]
        made.append(
            operations.receive_import(
                actor=actor,
                now=clock(),
                service=form.cleaned_data["service"],
                stream=upload,
                filename=upload.name,
                limit=uploads.limit_bytes(),
            )
        )

    refusals = {files.FileTooLarge: "file", looking_through.UnreadableSheet: "file"}
    if request.method == "POST" and is_done(form, receive, at=refusals):
        return redirect("work:import", pk=made[0].pk)
    page = NewPage(form=form, limit=uploads.limit_bytes())
    status = 422 if request.method == "POST" else 200
    return render(request, "work/import_new.html", {"page": page}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_create)
def import_(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The columns, then what looking through the file came to, then what became of its lines."""
    batch = import_of(actor, pk)
    is_busy = batch.job is not None and not batch.job.is_over
    form, problem = _columns_form(request, actor, batch)
    if request.method == "POST" and form is not None:
        settle = lambda: operations.settle_columns(  # noqa: E731  a deed that may be refused
            actor=actor, now=clock(), batch=batch, chosen=form.chosen
        )
        if is_done(form, settle):
            return redirect("work:import", pk=pk)
    page = BatchPage(
        batch=batch,
        state=Status(kind=STATES[batch.state], word=batch.get_state_display()),
        is_busy=is_busy,
        form=form if not is_busy and batch.state in ("received", "checking", "checked") else None,
        problem=problem or _failure(batch),
        figures=_figures(batch),
        problems=_problems(request, batch),
        rejects_url=reverse("work:import-rejects", args=(pk,)) if batch.rejected + batch.duplicate else "",
        here=request.path,
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "work/import.html", {"page": page}, status=status)


@require_POST
@allowed(policies.may_create)
def import_run(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    batch = import_of(actor, pk)
    tell(request, lambda: operations.begin_import(actor=actor, now=clock(), batch=batch))
    return redirect("work:import", pk=pk)


@require_safe
@allowed(policies.may_create)
def import_rejects(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The lines that were not created, as they stand in the file, each with the reason."""
    batch = import_of(actor, pk)
    # Whole, and not as it is read: once the answer is on its way, its request asks the database nothing more.
    response = HttpResponse("".join(rejects.as_csv(batch)), content_type="text/csv; charset=utf-8")
    name = f"{batch.file.name.rpartition('.')[0] or batch.file.name}-rejected.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def import_of(actor: Actor, pk: int | str) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(actor).select_related("file", "service", "job")
    try:
        return rows.get(pk=pk)
    except (ImportBatch.DoesNotExist, ValueError):
        raise Http404 from None


def _columns_form(request: HttpRequest, actor: Actor, batch: ImportBatch) -> tuple[ColumnsForm | None, str]:
    """None, and why, where the file cannot be read."""
    assert batch.service.current_id is not None
    try:
        sheet = looking_through.sheet_of(batch)
        headings = looking_through.headings(sheet)
    except Refused as refusal:
        return None, str(refusal)
    service = compiled(actor=actor, version_id=batch.service.current_id).service
    targets = looking_through.targets_of(sheet, service)
    data = request.POST if request.method == "POST" else None
    return ColumnsForm(data, targets=targets, headings=headings, initial=batch.columns), ""


def _failure(batch: ImportBatch) -> str:
    return batch.job.message if batch.job is not None and batch.job.state == "failed" else ""


def _figures(batch: ImportBatch) -> tuple[Figure, ...]:
    found: Mapping[str, int] = batch.found
    if batch.state in (ImportBatch.State.RUNNING, ImportBatch.State.DONE):
        items = f"{reverse('work:items')}?import={batch.pk}"
        return (
            Figure(title=_("Lines read"), value=batch.read, decimals=0),
            Figure(title=_("Created"), value=batch.created, decimals=0, href=items if batch.created else ""),
            Figure(title=_("There already"), value=batch.duplicate, decimals=0),
            Figure(title=_("Rejected"), value=batch.rejected, decimals=0),
        )
    if not found:
        return ()
    return (
        Figure(title=_("Lines"), value=found["read"], decimals=0),
        Figure(title=_("Would be created"), value=found["good"], decimals=0),
        Figure(
            title=_("There already"),
            value=found["duplicate"],
            decimals=0,
            definition=_("lines whose business key another item of the service has, or a line before them"),
        ),
        Figure(title=_("Would be rejected"), value=found["rejected"], decimals=0),
    )


def _problems(request: HttpRequest, batch: ImportBatch) -> Table | None:
    """As looking through the file found them; once it is brought in, as they were kept."""
    rows = rejects.shown(batch) if batch.state == ImportBatch.State.DONE else rejects.found(batch)
    if not rows:
        return None
    state = tables.read_state(request.GET, columns=PROBLEMS)
    return Table(
        name="problems", columns=PROBLEMS, rows=rows, total=len(rows), state=state,
        caption=_("Lines with what is wrong"), can_export=False,
    )  # fmt: skip
