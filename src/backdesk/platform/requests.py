"""The id of the request (or job) being served, for logs and the audit trail.

The one ambient value of the house: it names what is going on for those who read the logs, and nothing decides by it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _current.get()


@contextmanager
def request_id(value: str) -> Iterator[str]:
    token = _current.set(value)
    try:
        yield value
    finally:
        _current.reset(token)


class RequestIdMiddleware:
    """Takes over the id a proxy gave, or gives one; answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        with request_id(given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)) as value:
            request.request_id = value  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers[HEADER] = value
        return response
