"""Who may call which operation on services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from backdesk.desks.services import example_files, write_zip
from tests.api.listing import ApiOperation
from tests.cast import Cast
from tests.work.service_routes import (
    CLIENT,
    LEAD,
    MANAGER,
    PROVIDER,
    a_draft,
    a_paused_service,
    a_published_service,
    published,
)
from tests.work.services import an_engagement


def an_engagement_that_runs(cast: Cast) -> Mapping[str, Any]:
    return {"pk": an_engagement(cast).pk}


def a_folder() -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("service.zip", write_zip(example_files("invoice-entry")))}


def the_procedure(cast: Cast) -> dict[str, Any]:
    """The same of every service that is made of the example."""
    current = published(cast).current
    assert current is not None
    return {"procedure_digest": current.procedure_digest}


SERVICES = {
    "list_services": ApiOperation(roles=CLIENT | PROVIDER),
    "get_service": ApiOperation(roles=CLIENT, of=a_published_service, engaged=PROVIDER),
    "list_versions": ApiOperation(roles=CLIENT, of=a_published_service, engaged=PROVIDER),
    "get_service_folder": ApiOperation(roles=CLIENT, of=a_published_service, engaged=MANAGER),
    "import_service": ApiOperation(roles=LEAD, of=an_engagement_that_runs, files=a_folder),
    "publish_service": ApiOperation(roles=LEAD, of=a_draft),
    "pause_service": ApiOperation(roles=LEAD, of=a_published_service),
    "resume_service": ApiOperation(roles=LEAD, of=a_paused_service),
    "retire_service": ApiOperation(roles=LEAD, of=a_published_service),
    "acknowledge_procedure": ApiOperation(
        roles=frozenset({"operations_lead", "employee"}),
        of=a_published_service,
        engaged=PROVIDER,
        tell=the_procedure,
    ),
}
