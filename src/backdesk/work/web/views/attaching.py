"""Files that are chosen in the fields of a task: each becomes a document of the item, and the value of its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from backdesk.desks.services import Field, Schema
from backdesk.platform import uploads
from backdesk.platform.errors import Refused
from backdesk.work.operations import holding
from backdesk.work.operations.documents import add_document
from backdesk.work.web.entry import reading
from backdesk.work.web.entry.reading import Texts
from backdesk.work.web.working import Task

#: Of the names of such inputs; the name of the field follows.
UPLOAD: Final = "_file-"


def with_uploads(
    request: HttpRequest, task: Task, typed: Texts, *, claim: int
) -> tuple[Texts, dict[str, str]]:
    """The texts with what was uploaded in its fields, and what was not accepted, by name of input."""
    texts, refused = dict(typed), dict[str, str]()
    for name, field, upload in uploads_of_fields(request, task.schema):
        holding.require_claim(task.actor, task.step, claim)
        try:
            document = add_document(
                actor=task.actor,
                now=task.now,
                item_id=task.step.item_id,
                stream=upload,  # type: ignore[arg-type]  # an upload is read as a stream is
                filename=upload.name or "",
                declared=upload.content_type or "",
                limit=uploads.limit_bytes(),
                step=task.step,
                field=f"output.{field.path}",
            )
        except Refused as refusal:
            refused[name] = str(refusal)
        else:
            texts[name] = str(document.pk)
    return texts, refused


def uploads_of_fields(request: HttpRequest, schema: Schema) -> Iterator[tuple[str, Field, UploadedFile[Any]]]:
    """Those of fields that hold a file, each with the name of its input."""
    for key in request.FILES:
        name, upload = key.removeprefix(UPLOAD), request.FILES.get(key)
        field = reading.field_named(schema, name)
        if upload is not None and key.startswith(UPLOAD) and field is not None and field.type == "file":
            yield name, field, upload
