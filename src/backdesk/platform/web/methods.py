"""Where somebody comes who opens an address that only takes forms, as by loading a refused form's page anew: to the
page above it, on which that form stands. Django's own answer is blank."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _


class MethodsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            says = _(
                "This is where a button or a form sends what you decide; there is nothing to open. Nothing was changed."
            )
            messages.info(request, says)
            return HttpResponseRedirect(_page_above(request.path_info))
        return response


def _page_above(path: str) -> str:
    """What lies above may take forms alone as well: whoever is led there is led on."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            resolve(f"{path}/")
        except Resolver404:
            continue
        return f"{path}/"
    return "/"
