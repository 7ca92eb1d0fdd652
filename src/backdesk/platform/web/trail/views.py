"""What happened: the trail, one entry of it, the history of an object, an export."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backdesk.platform.audit import exporting, proofs, queries
from backdesk.platform.audit.policies import require_reader
from backdesk.platform.audit.queries import Asked, Slice
from backdesk.platform.errors import Refused
from backdesk.platform.models import AuditEntry
from backdesk.platform.web.asked import actor_of
from backdesk.platform.web.parts import Tab
from backdesk.platform.web.trail import pages, wording
from backdesk.platform.web.trail.forms import TrailForm


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_reader(actor)
    form = TrailForm(request.GET).offer(queries.choices(actor))
    found = queries.entries(actor, form.asked if form.is_valid() else Asked())
    shown = queries.page_of(found, **_place(request))
    asked = tuple((name, request.GET[name]) for name in form.fields if request.GET.get(name))
    page = pages.TrailPage(
        form=form,
        table=pages.table(pages.rows(shown), name="trail", columns=pages.OF_TRAIL),
        tabs=tabs("trail"),
        newer_url=_address(request, shown, "newer"),
        older_url=_address(request, shown, "older"),
        asked=asked,
    )
    return render(request, "trail/trail.html", {"page": page})


@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    actor = actor_of(request)
    one = queries.entry(actor, entry_id)
    if one is None:
        raise Http404
    proven = proofs.prove(one)
    erasures = queries.erasures(actor, one)
    names = wording.people([one.person_id, *(erasure.person_id for erasure in erasures)])
    earlier, later = queries.neighbours(actor, one)
    page = pages.EntryPage(
        row=pages.row(one, names=names, is_sealed=proven.sealed is not None),
        differences=pages.differences(one),
        erasures=tuple(_erasure(erasure, names[erasure.person_id]) for erasure in erasures),
        proven=proven,
        sequence=one.sequence,
        hash=bytes(one.hash).hex(),
        previous=bytes(one.previous).hex(),
        request_id=one.request_id,
        earlier=_url(earlier),
        later=_url(later),
    )
    return render(request, "trail/entry.html", {"page": page})


@require_safe
def history(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """Everything that happened to one object; other pages link to it."""
    if "\0" in kind + subject:  # what no text in the database can hold
        raise Http404
    found = queries.entries(actor_of(request), Asked(kind=kind, subject=subject))
    shown = queries.page_of(found, **_place(request))
    if not shown.entries:
        raise Http404
    rows = pages.rows(shown)
    page = pages.ObjectPage(
        thing=rows[0].thing,
        name=next((row.name for row in rows if row.name), ""),
        table=pages.table(rows, name="history", columns=pages.OF_OBJECT),
        newer_url=_address(request, shown, "newer"),
        older_url=_address(request, shown, "older"),
    )
    return render(request, "trail/history.html", {"page": page})


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """What the trail shows as filtered, with its proofs."""
    actor = actor_of(request)
    require_reader(actor)
    form = TrailForm(request.POST).offer(queries.choices(actor))
    asked, said = (form.asked, form.said) if form.is_valid() else (Asked(), {})
    now = timezone.now()
    target = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the response)
    try:
        exporting.export(
            actor=actor, now=now, target=target, entries=queries.entries(actor, asked), selection=said
        )
    except Refused as error:
        target.close()
        messages.error(request, str(error))
        return redirect(f"{reverse('web:trail')}?{urlencode(said)}")
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"audit-trail-{now:%Y%m%d-%H%M}.zip")


def tabs(current: str) -> tuple[Tab, ...]:
    titles = (("trail", _("Entries")), ("trail-checkpoints", _("Checkpoints")))
    return tuple(
        Tab(title=title, url=reverse(f"web:{name}"), is_current=name == current) for name, title in titles
    )


def _place(request: HttpRequest) -> dict[str, int | None]:
    return {name: _number(request.GET.get(name, "")) for name in ("before", "after")}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _address(request: HttpRequest, shown: Slice, direction: str) -> str:
    key = shown.newer if direction == "newer" else shown.older
    if key is None:
        return ""
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    query["after" if direction == "newer" else "before"] = str(key)
    return f"?{query.urlencode()}"


def _url(one: AuditEntry | None) -> str:
    return reverse("web:trail-entry", args=[one.pk]) if one else ""


def _erasure(one: AuditEntry, who: str) -> pages.Erasure:
    return pages.Erasure(at=one.at, who=who, reason=str((one.after or {}).get("reason", "")), url=_url(one))
