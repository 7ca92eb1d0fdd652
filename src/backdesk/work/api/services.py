"""Services: what they are, and how the client's lead brings in, publishes and retires them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from pydantic import Field

from backdesk.desks import services as desks
from backdesk.platform.api import (
    Call,
    File,
    Given,
    Id,
    Listing,
    Page,
    Query,
    Schema,
    Text,
    UploadedFile,
    listed,
)
from backdesk.platform.api.problems import Fault, Invalid
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.models import Service, ServiceVersion
from backdesk.work.operations import services as operations
from backdesk.work.queries import services as queries
from backdesk.work.queries.sources import files_of

State = Literal["draft", "active", "paused", "retired"]
LARGEST = 20_000_000
Digest = Annotated[Text, Field(min_length=64, max_length=64)]


class ServiceOut(Schema):
    id: int
    engagement_id: int
    client_id: int
    provider_id: int
    key: str
    name: str
    state: State
    version: int | None = Field(
        description="The number of the version in use; null while there is only a draft."
    )
    procedure_digest: str = Field(description="Of the procedure in use: what is confirmed to have been read.")


class ServiceWholeOut(ServiceOut):
    description: str
    language: str
    skills: list[str]
    input: dict[str, Any] = Field(
        description="JSON Schema of what comes in, as far as your company may see it."
    )
    output: dict[str, Any] = Field(description="JSON Schema of what is delivered, likewise.")
    procedure: str = Field(description="In markdown.")
    is_read: bool = Field(description="Whether you have confirmed to have read the procedure in use.")


class VersionOut(Schema):
    number: int
    digest: str
    procedure_digest: str
    note: str
    made_at: datetime
    published_at: datetime | None


class Acknowledged(Given):
    procedure_digest: Digest


@work.read("/work/services", Page[ServiceOut], may=policies.may_read)
def list_services(call: Call, asked: Query[Listing]) -> Any:
    """Services, those in use first."""
    rows = queries.service_rows(actor=call.actor)
    return listed(call, rows, asked, shown=lambda row: _shown(row.service))


@work.read("/work/services/{pk}", ServiceWholeOut, may=policies.may_read)
def get_service(call: Call, pk: Id) -> Any:
    """One service, as the version in use has it, or the draft where none is."""
    service = queries.service_named(actor=call.actor, pk=pk)
    version = service.current or queries.versions_of(actor=call.actor, service=service)[0]
    read = queries.read_service(actor=call.actor, version=version)
    return {
        **_shown(service),
        "description": read.description,
        "language": read.language,
        "skills": list(read.skills),
        "input": read.input.document,
        "output": read.output.document,
        "procedure": read.procedure,
        "is_read": queries.has_read(actor=call.actor, service=service),
    }


@work.read("/work/services/{pk}/versions", list[VersionOut], may=policies.may_read)
def list_versions(call: Call, pk: Id) -> Any:
    """The versions of a service, the newest first; drafts for the client alone."""
    return queries.versions_of(actor=call.actor, service=queries.service_named(actor=call.actor, pk=pk))


@work.download("/work/services/{pk}/folder", ("application/zip",), may=policies.sees_whole)
def get_service_folder(call: Call, pk: Id) -> HttpResponseBase:
    """The folder of the newest version your company may see, as a zip."""
    service = queries.service_named(actor=call.actor, pk=pk)
    version = queries.versions_of(actor=call.actor, service=service)[0]
    archive = desks.write_zip(files_of(actor=call.actor, version=version))
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{service.key}-{version.number}.zip"'
    return response


@work.create("/work/engagements/{pk}/services", VersionOut)
def import_service(call: Call, pk: Id, file: File[UploadedFile]) -> Any:
    """Bring in a folder as a zip. A new key makes a service, a known one a draft of its next version."""
    with _told_by_file():
        return _imported(call, pk, file)


@work.create("/work/services/{pk}/publication", ServiceOut, status=200)
def publish_service(call: Call, pk: Id) -> Any:
    """Publish the draft: new items begin with it."""
    return _shown(operations.publish_service(actor=call.actor, now=call.now, service=Service(pk=pk)))


@work.create("/work/services/{pk}/pause", ServiceOut, status=200)
def pause_service(call: Call, pk: Id) -> Any:
    """Let no new items in."""
    return _shown(operations.pause_service(actor=call.actor, now=call.now, service=Service(pk=pk)))


@work.create("/work/services/{pk}/resumption", ServiceOut, status=200)
def resume_service(call: Call, pk: Id) -> Any:
    """Let items in again."""
    return _shown(operations.resume_service(actor=call.actor, now=call.now, service=Service(pk=pk)))


@work.create("/work/services/{pk}/retirement", ServiceOut, status=200)
def retire_service(call: Call, pk: Id) -> Any:
    """Retire a service for good."""
    return _shown(operations.retire_service(actor=call.actor, now=call.now, service=Service(pk=pk)))


@work.create("/work/services/{pk}/acknowledgement", ServiceOut, status=200)
def acknowledge_procedure(call: Call, pk: Id, given: Acknowledged) -> Any:
    """Confirm that you have read the procedure in use."""
    made = operations.acknowledge_procedure(
        actor=call.actor, now=call.now, service=Service(pk=pk), procedure_digest=given.procedure_digest
    )
    return _shown(made.service)


def _imported(call: Call, engagement_id: int, file: UploadedFile) -> ServiceVersion:
    try:
        files = desks.read_zip(file.read(LARGEST + 1))
    except desks.BrokenService as broken:
        raise operations.ServiceBroken(broken.problems) from broken
    return operations.import_service(actor=call.actor, now=call.now, engagement_id=engagement_id, files=files)


@contextmanager
def _told_by_file() -> Iterator[None]:
    try:
        yield
    except operations.ServiceBroken as broken:
        faults = [Fault(source="file", pointer="/file", detail=str(one)) for one in broken.problems]
        raise Invalid(errors=faults) from broken


def _shown(service: Service) -> dict[str, Any]:
    names = ("engagement_id", "client_id", "provider_id", "key", "name", "state")
    current = service.current
    return {
        "id": service.pk,
        **{name: getattr(service, name) for name in names},
        "version": current.number if current else None,
        "procedure_digest": current.procedure_digest if current else "",
    }
