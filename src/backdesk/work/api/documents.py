"""Documents of items: brought for one to come or added to one that is there, and read by both companies through it."""

from datetime import datetime
from typing import Any, Literal

from django.http.response import HttpResponseBase
from ninja.params import functions as taken_from
from pydantic import Field

from backdesk.platform import documents as papers
from backdesk.platform import uploads
from backdesk.platform.api import Call, File, Id, Schema, UploadedFile
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.models import Document, Service
from backdesk.work.operations import documents as operations
from backdesk.work.queries import doing
from backdesk.work.queries.documents import documents_for, documents_of

INTERNAL: Any = taken_from.Form("no", description="yes: for one's own company alone.")


class DocumentOut(Schema):
    id: int
    item_id: int | None = Field(description="Null until it is attached; forgotten after two days without.")
    name: str
    kind: str = Field(description="Its media type, as its content shows it.")
    size: int
    sha256: str
    organisation_id: int = Field(description="Who brought it.")
    is_internal: bool = Field(description="For that company alone.")
    field: str = Field(description="The field it is the value of, if any.")
    added_at: datetime


@work.create("/work/services/{pk}/documents", DocumentOut)
def bring_document(call: Call, pk: Id, file: File[UploadedFile]) -> Any:
    """Bring a document for an item of the service that is to be created; name its id there."""
    document = operations.bring_document(actor=call.actor, now=call.now, service=Service(pk=pk), **_of(file))
    return _told(document)


@work.read("/work/items/{pk}/documents", list[DocumentOut], may=policies.may_read)
def list_documents(call: Call, pk: Id) -> Any:
    """The documents of an item, in the order they came."""
    item = doing.items_for(call.actor).get(pk=pk)
    return [_told(one) for one in documents_of(call.actor, item)]


@work.create("/work/items/{pk}/documents", DocumentOut)
def add_document(
    call: Call, pk: Id, file: File[UploadedFile], is_internal: Literal["yes", "no"] = INTERNAL
) -> Any:
    """Add a document to an item."""
    document = operations.add_document(
        actor=call.actor, now=call.now, item_id=pk, is_internal=is_internal == "yes", **_of(file)
    )
    return _told(document)


@work.read("/work/documents/{pk}", DocumentOut, may=policies.may_read)
def get_document(call: Call, pk: Id) -> Any:
    """One document."""
    return _told(documents_for(call.actor).get(pk=pk))


@work.download("/work/documents/{pk}/content", ("application/octet-stream",), may=policies.may_read)
def get_content(call: Call, pk: Id) -> HttpResponseBase:
    """The document itself, under the media type of its content."""
    return papers.serve(call.request, documents_for(call.actor).get(pk=pk))


def _of(file: UploadedFile) -> dict[str, Any]:
    return {
        "stream": file,
        "filename": file.name or "",
        "limit": uploads.limit_bytes(),
        "declared": file.content_type or "",
    }


def _told(document: Document) -> dict[str, Any]:
    own = {name: getattr(document, name) for name in DocumentOut.model_fields if name != "is_internal"}
    return {**own, "pk": document.pk, "is_internal": document.internal_to is not None}
