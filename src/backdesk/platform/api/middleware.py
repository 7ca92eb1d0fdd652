"""What goes wrong beneath the API's address before or beyond its operations is told as a problem, too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from backdesk.platform.api import problems
from backdesk.platform.api.interface import ROOT


class ProblemsMiddleware:
    """An unknown address, a method an address does not take, an upload that is too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_told = response.headers.get("Content-Type") == problems.MEDIA_TYPE
        if response.status_code < 400 or is_told or not request.path.startswith(ROOT):
            return response
        return _told(response)


def _told(response: HttpResponseBase) -> HttpResponse:
    kind = problems.BY_STATUS.get(response.status_code, problems.Unreadable)
    told = problems.respond(kind())
    if "Allow" in response.headers:
        told.headers["Allow"] = response.headers["Allow"]
    return told
