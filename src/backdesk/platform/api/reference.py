"""What there is, to read: the reference page and the document programs read. Public: nothing of anybody's is in it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from backdesk.platform.api import problems
from backdesk.platform.api.interface import Interface


def addresses(interface: Interface) -> list[URLPattern | URLResolver]:
    """Everything beneath /api/."""
    routes, *_ = interface.urls
    return [
        path("", require_safe(partial(reference, interface=interface)), name="reference"),
        path("v1/openapi.json", require_safe(partial(document, interface=interface)), name="document"),
        path("v1/", include((routes, "operations"))),
    ]


def document(request: HttpRequest, *, interface: Interface) -> HttpResponse:
    return JsonResponse(interface.document(), json_dumps_params={"indent": 2, "ensure_ascii": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation as the page tells it."""

    name: str
    method: str
    path: str
    title: str
    text: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage:
    introduction: str
    areas: tuple[tuple[str, tuple[Operation, ...]], ...]
    problems: tuple[Any, ...]


def reference(request: HttpRequest, *, interface: Interface) -> HttpResponse:
    found = interface.document()
    page = ReferencePage(introduction=found["info"]["description"], areas=(), problems=problems.kinds())
    return render(request, "api/reference.html", {"page": page})
