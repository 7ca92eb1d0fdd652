"""What programs ask is answered before all that is for people at their browsers: sessions, languages, forms, pages.

Whatever goes wrong on the way, an unknown address, a method an address does not take, an upload that is too large, is
told as a problem, too.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import translation

from backdesk.platform import uploads
from backdesk.platform.api import problems
from backdesk.platform.api.interface import ROOT

#: Nothing of it is ever shown as a page, whatever a browser is led to believe.
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}
#: Of several hundred addresses each is tried in turn, so those that are asked often are kept.
_resolve = lru_cache(maxsize=1024)(resolve)


class ProgramsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        with translation.override("en"):
            response = _answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    try:
        request.get_host()
        if uploads.is_too_large(request):
            raise RequestDataTooBig
        match = request.resolver_match = _resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except Exception as error:
        return problems.answer(request, error)
    is_told = response.status_code < 400 or response.headers.get("Content-Type") == problems.MEDIA_TYPE
    return response if is_told else _told(response)


def _told(response: HttpResponseBase) -> HttpResponse:
    kind = problems.BY_STATUS.get(response.status_code, problems.Unreadable)
    told = problems.respond(kind())
    if "Allow" in response.headers:
        told.headers["Allow"] = response.headers["Allow"]
    return told
