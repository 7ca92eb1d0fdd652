"""Services: the list, one with all its sides, and what the client's lead does with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.desks import services
from backdesk.parties.queries.engagements import engagements_running
from backdesk.parties.queries.participants import names_of_companies
from backdesk.parties.web.acting import allowed, clock, is_done, tell
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table
from backdesk.work import policies
from backdesk.work.models import Service, ServiceVersion
from backdesk.work.operations import services as operations
from backdesk.work.queries import services as queries
from backdesk.work.queries.sources import files_of
from backdesk.work.web.service_forms import LARGEST, ImportForm, RevisionForm
from backdesk.work.web.service_page import (
    May,
    Part,
    ServicePage,
    VersionLine,
    status_of,
    version_status,
)

PARTS: tuple[Part, ...] = ("procedure", "fields", "checks", "versions")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesPage:
    table: Table
    may_import: bool


@require_safe
@allowed(policies.may_read)
def services_(request: HttpRequest, actor: Actor) -> HttpResponse:
    columns, may_import = _columns(actor), policies.may_define(actor)
    state = tables.read_state(request.GET, columns=columns)
    rows = queries.service_rows(actor=actor)
    table = tables.from_rows(rows, name="services", columns=columns, state=state, empty=_empty(may_import))
    if state.export:
        return tables.file_response(table=table, filename="services.csv")
    page = ServicesPage(table=table, may_import=may_import and bool(rows))
    return render(request, "work/services/services.html", {"page": page})


@require_safe
@allowed(policies.may_read)
def service(request: HttpRequest, actor: Actor, pk: int, part: Part = "overview") -> HttpResponse:
    one = _found(actor, pk)
    versions = queries.versions_of(actor=actor, service=one)
    page = _page(request, actor, one, versions, part)
    return render(request, f"work/services/{part}.html", {"page": page})


@require_safe
@allowed(policies.may_read)
def picture(request: HttpRequest, actor: Actor, pk: int, number: int, name: str) -> HttpResponse:
    """One of the procedure's; a published one never changes, so the browser may keep it."""
    version = _numbered(queries.versions_of(actor=actor, service=_found(actor, pk)), number)
    content = queries.read_service(actor=actor, version=version).pictures.get(name)
    if content is None:
        raise Http404
    kind = {"png": "png", "webp": "webp"}.get(name.rpartition(".")[2], "jpeg")
    response = HttpResponse(content, content_type=f"image/{kind}")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
@allowed(policies.sees_whole)
def export(request: HttpRequest, actor: Actor, pk: int, number: int) -> HttpResponse:
    """The folder as a zip, as far as the actor's company may see it."""
    one = _found(actor, pk)
    version = _numbered(queries.versions_of(actor=actor, service=one), number)
    archive = services.write_zip(files_of(actor=actor, version=version))
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{one.key}-{number}.zip"'
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    form: ImportForm
    problems: tuple[services.Problem, ...]
    limit: int
    has_engagement: bool


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_define)
def service_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, engagements=_engagements(actor))
    made: list[ServiceVersion] = []
    problems: tuple[services.Problem, ...] = ()
    try:
        if is_done(form, lambda: made.append(_imported(actor, form))):
            messages.success(request, _("Saved as a draft. Look through it, then publish it."))
            return redirect(_address(made[0]))
    except services.BrokenService as broken:
        problems = broken.problems
    page = ImportPage(form=form, problems=problems, limit=LARGEST, has_engagement=bool(_engagements(actor)))
    status = 422 if problems or form.errors else 200
    return render(request, "work/services/service_new.html", {"page": page}, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionPage:
    service: Service
    form: RevisionForm
    problems: tuple[services.Problem, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_define)
def revision(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _own(actor, pk)
    newest = queries.versions_of(actor=actor, service=one)[0]
    read = queries.read_service(actor=actor, version=newest)
    form = RevisionForm(request.POST or None, initial=RevisionForm.initial_of(read))
    made: list[ServiceVersion] = []
    problems: tuple[services.Problem, ...] = ()
    try:
        if is_done(form, lambda: made.append(_revised(actor, one, form, read))):
            messages.success(request, _("Saved as a draft. It is used once it is published."))
            return redirect(_address(made[0]))
    except services.BrokenService as broken:
        problems = broken.problems
    page = RevisionPage(service=one, form=form, problems=problems)
    status = 422 if problems or form.errors else 200
    return render(request, "work/services/revision.html", {"page": page}, status=status)


@require_POST
@allowed(policies.may_define)
def publication(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _deed(
        request, actor, pk, operations.publish_service, _("Published. New items begin with this version.")
    )


@require_POST
@allowed(policies.may_define)
def pause(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _deed(request, actor, pk, operations.pause_service, _("Paused. No new items come in."))


@require_POST
@allowed(policies.may_define)
def resumption(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _deed(request, actor, pk, operations.resume_service, _("In use again."))


@require_POST
@allowed(policies.may_define)
def retirement(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _deed(request, actor, pk, operations.retire_service, _("Retired. Its items and figures stay."))


@require_POST
@allowed(policies.may_work)
def acknowledgement(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _found(actor, pk)
    digest = request.POST.get("procedure", "")
    tell(
        request,
        lambda: operations.acknowledge_procedure(
            actor=actor, now=clock(), service=one, procedure_digest=digest
        ),
        done=_("Noted. You can be given this work now, if you have the skills for it."),
    )
    return redirect("work:service-procedure", pk=pk)


def _columns(actor: Actor) -> tuple[Column, ...]:
    read = Column(
        key="is_read",
        title=_("Procedure"),
        kind="status",
        value=lambda row: (
            Status(kind="good", word=_("read")) if row.is_read else Status(kind="warn", word=_("to be read"))
        ),
    )
    return (
        Column(
            key="name",
            title=_("Service"),
            value=lambda row: row.service.name,
            href=lambda row: reverse("work:service", args=[row.service.pk]),
            filter="contains",
        ),
        Column(key="client", title=_("Client"), filter="contains"),
        Column(key="provider", title=_("Provider"), filter="contains"),
        Column(key="state", title=_("State"), kind="status", value=lambda row: status_of(row.service)),
        Column(
            key="version",
            title=_("Version"),
            kind="number",
            value=lambda row: row.version or None,
            reason=_("none is published yet"),
            detail=lambda row: _("and a draft") if row.has_draft else "",
        ),
        *((read,) if actor.has("agent", "delivery_manager") else ()),
    )


def _empty(may_import: bool) -> Empty:
    if may_import:
        return Empty(
            title=_("No services yet"),
            text=_(
                "A service is a kind of work you hand over: its fields, its process, its procedure and targets."
            ),
            action=_("Import a service"),
            url=reverse("work:service-new"),
        )
    return Empty(
        title=_("No services yet"),
        text=_("What a client hands over appears here once it has published it."),
    )


def _page(
    request: HttpRequest, actor: Actor, one: Service, versions: list[ServiceVersion], part: Part
) -> ServicePage:
    version = _asked(request, one, versions)
    names = names_of_companies({one.client_id, one.provider_id})
    older, newer = _compared(request, versions) if part == "versions" else (None, None)
    return ServicePage(
        service=one,
        version=version,
        read=queries.read_service(actor=actor, version=version),
        part=part,
        client=names[one.client_id],
        provider=names[one.provider_id],
        status=status_of(one),
        may=_may(actor, one, versions),
        readers=queries.readers_of(actor=actor, service=one),
        versions=tuple(VersionLine(version=each, status=version_status(one, each)) for each in versions),
        compared=queries.difference(actor=actor, older=older, newer=newer) if older and newer else (),
        older=older.number if older else 0,
        newer=newer.number if newer else 0,
    )


def _may(actor: Actor, one: Service, versions: list[ServiceVersion]) -> May:
    defines = policies.may_define(actor) and policies.is_client_of(actor, one.client_id)
    works = policies.may_work(actor) and policies.is_provider_of(actor, one.provider_id)
    return May(
        define=defines and one.state != Service.State.RETIRED,
        publish=defines and one.state != Service.State.RETIRED and versions[0].published_at is None,
        pause=defines and one.state == Service.State.ACTIVE,
        resume=defines and one.state == Service.State.PAUSED,
        retire=defines and one.state in (Service.State.ACTIVE, Service.State.PAUSED),
        acknowledge=works and one.current is not None and not queries.has_read(actor=actor, service=one),
        see_terms=policies.sees_whole(actor),
    )


def _asked(request: HttpRequest, one: Service, versions: list[ServiceVersion]) -> ServiceVersion:
    """The version in the address, that in use, or the newest."""
    number = request.GET.get("version", "")
    if number:
        return _numbered(versions, int(number) if number.isdecimal() and len(number) < 9 else 0)
    return next((each for each in versions if each.pk == one.current_id), versions[0])


def _compared(
    request: HttpRequest, versions: list[ServiceVersion]
) -> tuple[ServiceVersion | None, ServiceVersion | None]:
    """Those in the address, or the two newest."""
    by_number = {str(each.number): each for each in versions}
    newer = by_number.get(request.GET.get("newer", ""), versions[0])
    older = by_number.get(request.GET.get("older", ""))
    if older is None:
        older = next((each for each in versions if each.number < newer.number), None)
    return older, newer


def _numbered(versions: list[ServiceVersion], number: int) -> ServiceVersion:
    found = next((each for each in versions if each.number == number), None)
    if found is None:
        raise Http404
    return found


def _found(actor: Actor, pk: int) -> Service:
    try:
        return queries.service_named(actor=actor, pk=pk)
    except Service.DoesNotExist as error:
        raise Http404 from error


def _own(actor: Actor, pk: int) -> Service:
    one = _found(actor, pk)
    policies.require(policies.is_client_of(actor, one.client_id))
    return one


def _engagements(actor: Actor) -> list[tuple[int, str]]:
    own = [
        one for one in engagements_running(actor=actor, now=clock()) if one.client_id == actor.organisation_id
    ]
    return [(one.pk, one.name) for one in own]


def _imported(actor: Actor, form: ImportForm) -> ServiceVersion:
    given = form.cleaned_data
    try:
        return operations.import_service(
            actor=actor,
            now=clock(),
            engagement_id=given["engagement"],
            files=form.folder(),
            note=given["note"],
        )
    except operations.ServiceBroken as broken:
        raise services.BrokenService(broken.problems) from broken


def _revised(actor: Actor, one: Service, form: RevisionForm, read: services.Service) -> ServiceVersion:
    try:
        return operations.revise_service(actor=actor, now=clock(), service=one, **form.changes(read))
    except operations.ServiceBroken as broken:
        raise services.BrokenService(broken.problems) from broken


def _address(version: ServiceVersion) -> str:
    return f"{reverse('work:service', args=[version.service_id])}?version={version.number}"


def _deed(
    request: HttpRequest, actor: Actor, pk: int, verb: Callable[..., Service], done: str
) -> HttpResponse:
    one = _own(actor, pk)
    tell(request, lambda: verb(actor=actor, now=clock(), service=one), done=done)
    return redirect("work:service", pk=pk)
