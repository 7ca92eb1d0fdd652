"""The API of the whole house: the areas of all apps under one address, in one document."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from backdesk.platform.api import problems
from backdesk.platform.api.areas import Area
from backdesk.platform.api.parsing import StrictParser
from backdesk.platform.api.problems import Problem
from backdesk.platform.api.serving import Identify, Recall
from backdesk.platform.isolation import confirming

ROOT = "/api/v1/"
DESCRIPTION = """\
Everything a person can do on Backdesk's pages, for programs that act for them.

**Signing in.** `Authorization: Bearer bd_…` with a token a person made under Account. It acts for that person, in
one organisation, with the roles they have there at the time; its scopes (`read`, `write`, or of one area:
`planning:read`) narrow what it may do. What a role is not shown is null or absent.

**Lists** come in pages: `limit` (200 at most) and `offset`; `next` is the address of the next page.

**Creations** take an `Idempotency-Key`: sent again within 24 hours, they are answered as before and happen once.

**Problems** are told as RFC 9457 has it, in `application/problem+json`; their `type` leads to this page.

**Limits.** Each token has an allowance of requests a minute; `RateLimit` says what is left of it.
"""


class Interface(NinjaAPI):
    """`identify` says who a token speaks for, `recall` who it spoke for; they live on the floor that knows people."""

    def __init__(self, *, identify: Identify, recall: Recall, areas: Iterable[Area]) -> None:
        parser: Parser = StrictParser()
        super().__init__(
            title="Backdesk",
            version="1",
            description=DESCRIPTION,
            urls_namespace="api",
            openapi_url=None,
            docs_url=None,
            parser=parser,
        )
        self.identify, self.recall = identify, recall
        for area in areas:
            self.add_router("", area.router)

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        if confirming.pending():
            raise exc  # nobody is told anything before it is confirmed who they are
        return problems.answer(request, exc)

    def document(self) -> dict[str, Any]:
        """OpenAPI 3.1."""
        document = dict(OpenAPISchema(self, ROOT.lstrip("/")))
        del document["servers"]
        document["components"]["schemas"].update(_schemas())
        document["components"]["responses"] = {
            str(status): _response(kind) for status, kind in problems.BY_STATUS.items()
        }
        return document


def _schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**schema.pop("$defs"), "Problem": schema}


def _response(kind: type[problems.Problematic]) -> dict[str, Any]:
    named = sorted(one.code for one in problems.kinds() if one.status == kind.status)
    return {
        "description": f"{HTTPStatus(kind.status).phrase}: {', '.join(named)}.",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
