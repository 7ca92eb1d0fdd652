"""Checkpoints: what a party keeps, so that nobody can rewrite the trail without it being noticed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backdesk.platform.audit import exporting, queries
from backdesk.platform.audit.keys import sealing_key
from backdesk.platform.audit.policies import require_reader
from backdesk.platform.models import AuditCheckpoint
from backdesk.platform.web import tables
from backdesk.platform.web.asked import actor_of
from backdesk.platform.web.parts import Empty, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.trail.views import tabs

COLUMNS = (
    Column(
        key="id",
        title=gettext_lazy("Checkpoint"),
        value=lambda row: _("Checkpoint %(number)s") % {"number": row.pk},
        href=lambda row: reverse("web:trail-checkpoint", args=[row.pk]),
    ),
    Column(key="at", title=gettext_lazy("Sealed"), kind="time"),
    Column(
        key="size",
        title=gettext_lazy("Entries"),
        kind="number",
        definition=gettext_lazy(
            "All entries of all organisations in this Backdesk up to then: the size of the tree."
        ),
    ),
    Column(
        key="root",
        title=gettext_lazy("Root"),
        sortable=False,
        value=lambda row: f"{bytes(row.root).hex()[:16]}…",
        definition=gettext_lazy("The hash over all these entries, in short; the whole of it is in the file."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    table: Table
    tabs: tuple[Tab, ...]
    key: str
    latest: AuditCheckpoint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPage:
    checkpoint: AuditCheckpoint
    root: str
    is_latest: bool


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    require_reader(actor_of(request))
    state = tables.read_state(request.GET, columns=COLUMNS, sort="-size")
    table = tables.from_queryset(
        queries.checkpoints(),
        name="checkpoints",
        columns=COLUMNS,
        state=state,
        caption=_("Checkpoints, the newest first"),
        empty=Empty(
            title=_("Nothing is sealed yet"),
            text=_(
                "What was written is sealed within a minute, while a worker runs. The first checkpoint appears here."
            ),
        ),
    )
    if state.export:
        return tables.file_response(table=table, filename="checkpoints.csv")
    latest = queries.latest_checkpoint()
    page = Listing(table=table, tabs=tabs("trail-checkpoints"), key=_key(latest), latest=latest)
    return render(request, "trail/checkpoints.html", {"page": page})


@require_safe
def checkpoint(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    found = _checkpoint(request, checkpoint_id)
    latest = queries.latest_checkpoint()
    page = CheckpointPage(checkpoint=found, root=bytes(found.root).hex(), is_latest=latest == found)
    return render(request, "trail/checkpoint.html", {"page": page})


@require_safe
def note(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    """The file to keep."""
    found = _checkpoint(request, checkpoint_id)
    return _file(found.note, name=f"checkpoint-{found.size}.txt")


@require_safe
def consistency(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    """The proof that the newest checkpoint goes on from this one, as `verify.py --consistency` reads it."""
    found, latest = _checkpoint(request, checkpoint_id), queries.latest_checkpoint()
    assert latest is not None, "there is at least the one that was found"
    line = exporting.consistency_line(found, latest)
    return _file(line, name=f"consistency-{found.size}-{latest.size}.jsonl")


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    require_reader(actor_of(request))
    return _file(_key(queries.latest_checkpoint()) + "\n", name="public-key.txt")


def _checkpoint(request: HttpRequest, checkpoint_id: int) -> AuditCheckpoint:
    require_reader(actor_of(request))
    found = queries.checkpoint(checkpoint_id)
    if found is None:
        raise Http404
    return found


def _key(latest: AuditCheckpoint | None) -> str:
    return latest.verifier_key if latest else str(sealing_key().verifier)


def _file(text: str, *, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
