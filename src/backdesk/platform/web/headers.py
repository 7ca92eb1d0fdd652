"""What every answer tells the browser to refuse, beside the content security policy and what Django sets itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

NOT_NEEDED: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OURS: Final = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
"""Passkeys, and copying what is shown once."""

HEADERS: Final = {
    "Permissions-Policy": ", ".join(
        (*(f"{one}=()" for one in NOT_NEEDED), *(f"{one}=(self)" for one in OURS))
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    # Asked for again each time, and never kept by what stands between: pages are of whoever is signed in. Not
    # "no-store", with which the way back to a form would lose what was typed.
    "Cache-Control": "private, no-cache",
}


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
