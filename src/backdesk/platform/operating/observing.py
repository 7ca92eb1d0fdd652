"""One line of log and one count a request: how it went, not what was in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from backdesk.platform.operating import metrics

log = logging.getLogger("backdesk.request")

#: Addresses that lead nowhere share one name, so that strangers cannot make metrics grow.
NOWHERE = "none"


class ObservingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        statements, began = _Statements(), time.perf_counter()
        with connection.execute_wrapper(statements):
            response = self.get_response(request)
        took, route = time.perf_counter() - began, route_of(request)
        if settings.BACKDESK_METRICS_TOKEN:
            metrics.count_request(
                method=request.method or "",
                route=route,
                status=response.status_code,
                took=took,
                asked=statements.asked,
            )
        if log.isEnabledFor(logging.INFO):
            _write(request, route, status=response.status_code, took=took, asked=statements.asked)
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the address, never the address: that may hold what is nobody's business."""
    match = request.resolver_match
    return match.view_name or match.route or NOWHERE if match else NOWHERE


class _Statements:
    def __init__(self) -> None:
        self.asked = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.asked += 1
        return execute(sql, params, many, context)


def _write(request: HttpRequest, route: str, *, status: int, took: float, asked: int) -> None:
    actor = getattr(request, "actor", None)
    fields = {
        "method": request.method if request.method in metrics.METHODS else "other",
        "route": route,
        "status": status,
        "ms": round(took * 1000, 1),
        "statements": asked,
        "organisation": getattr(actor, "organisation_id", None),
        "person": getattr(actor, "person_id", None),
    }
    line = "%(method)s %(route)s %(status)s in %(ms)s ms, %(statements)s statements, of %(organisation)s/%(person)s"
    log.info(line, fields, extra={"fields": fields})
