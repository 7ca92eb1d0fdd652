"""What there is, to read: the reference page and the document programs read. Public: nothing of anybody's is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from backdesk.platform.api import problems
from backdesk.platform.api.interface import ROOT, Interface
from backdesk.platform.errors import Refused

POINTS = (
    "A token, made by a person under Account, acts for them in one organisation, with the roles they have there at the "
    "time; its scopes (read, write, or of one area: planning:read) narrow what it may do. What a role is not shown is "
    "null or absent.",
    "Lists come in pages: limit (200 at most) and offset; next is the address of the next page, null at the end.",
    "Creations take an Idempotency-Key: sent again within 24 hours they are answered as before, and happen once.",
    "What is read with an ETag can be changed with If-Match: where somebody was quicker, nothing is overwritten.",
    "Each token may make so many requests a minute; RateLimit says what is left, Retry-After when to come again.",
)
_PARTS = ("query", "path", "header")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Something an operation takes."""

    name: str
    place: str
    kind: str
    meaning: str
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    name: str
    method: str
    path: str
    title: str
    text: str
    scope: str
    values: tuple[Value, ...]
    answers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    title: str
    operations: tuple[Operation, ...]

    @property
    def anchor(self) -> str:
        return "area-" + self.title.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem."""

    code: str
    status: int
    title: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage:
    points: tuple[str, ...]
    example: str
    areas: tuple[Area, ...]
    problems: tuple[Kind, ...]


class Published:
    """The document and the page, made when they are first asked for: they change with the code alone."""

    def __init__(self, interface: Interface) -> None:
        self.interface = interface

    @cached_property
    def document(self) -> dict[str, Any]:
        return self.interface.document()

    @cached_property
    def text(self) -> str:
        return text_of(self.document)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        found: dict[str, list[Operation]] = {}
        for address, methods in self.document["paths"].items():
            for method, told in methods.items():
                operation = _operation(address, method, told, self.document)
                found.setdefault(told["tags"][0], []).append(operation)
        return tuple(Area(title=title, operations=tuple(one)) for title, one in found.items())


def text_of(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def addresses(interface: Interface) -> list[URLPattern | URLResolver]:
    """Everything beneath /api/."""
    routes, *_ = interface.urls
    published = Published(interface)
    return [
        path("", require_safe(partial(reference, published=published)), name="reference"),
        path("v1/openapi.json", require_safe(partial(document, published=published)), name="document"),
        path("v1/", include((routes, "operations"))),
    ]


def document(request: HttpRequest, *, published: Published) -> HttpResponse:
    return HttpResponse(published.text, content_type="application/json")


def reference(request: HttpRequest, *, published: Published) -> HttpResponse:
    page = ReferencePage(
        points=POINTS,
        example=request.build_absolute_uri(f"{ROOT}me"),
        areas=published.areas,
        problems=tuple(map(_kind, problems.kinds())),
    )
    return render(request, "api/reference.html", {"page": page})


def _operation(address: str, method: str, told: Mapping[str, Any], document: Mapping[str, Any]) -> Operation:
    text, _, scope = told.get("description", "").rpartition("Scope: ")
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=address,
        title=told["summary"],
        text=(text if scope else told.get("description", "")).strip(),
        scope=f"Scope: {scope}".replace("`", "") if text or scope.startswith("`") else "",
        values=(*_parameters(told), *_body(told, document)),
        answers=", ".join(f"{status} {HTTPStatus(int(status)).phrase}" for status in told["responses"]),
    )


def _parameters(told: Mapping[str, Any]) -> Iterator[Value]:
    for one in sorted(told["parameters"], key=lambda one: -_PARTS.index(one["in"])):
        yield Value(
            name=one["name"],
            place=one["in"],
            kind=_in_words(one["schema"]),
            meaning=one.get("description", ""),
            is_required=one["required"],
        )


def _body(told: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Value]:
    for schema in (one["schema"] for one in told.get("requestBody", {}).get("content", {}).values()):
        resolved = _resolved(schema, document)
        for name, value in resolved.get("properties", {}).items():
            yield Value(
                name=name,
                place="body",
                kind=_in_words(_resolved(value, document)),
                meaning=value.get("description", ""),
                is_required=name in resolved.get("required", ()),
            )


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _in_words(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_in_words, schema["anyOf"])))
    return str(schema.get("format") or schema.get("type") or schema.get("const", "any"))


def _kind(one: type[Refused]) -> Kind:
    meaning = " ".join((one.__doc__ or "").split())
    return Kind(code=one.code, status=one.status, title=problems.title(one), meaning=meaning)
