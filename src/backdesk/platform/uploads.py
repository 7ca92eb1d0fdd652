"""Keeps uploads within BACKDESK_UPLOAD_LIMIT_MB: refused before the body is read where its length is told,
and cut off while reading where it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

# Room for the form's other fields and the multipart frame around the file.
_FRAME_BYTES = 1_000_000


def limit_bytes() -> int:
    return int(settings.BACKDESK_UPLOAD_LIMIT_MB) * 1_000_000


def is_too_large(request: HttpRequest) -> bool:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return told.isdecimal() and int(told) > limit_bytes() + _FRAME_BYTES


def refusal(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", {"limit_mb": settings.BACKDESK_UPLOAD_LIMIT_MB}, status=413)


class UploadLimitMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return refusal(request) if is_too_large(request) else self.get_response(request)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Streams to disk and stops at the limit, whatever the request said about its length."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > limit_bytes():
            self._close()
            raise RequestDataTooBig("The upload is larger than its request said and than is allowed here.")
        return super().receive_data_chunk(raw_data, start)

    def _close(self) -> None:
        file: Any = getattr(self, "file", None)
        if file is not None:
            file.close()
