"""A request is one transaction, in which at first nobody is known: all of it is kept, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from django.db import transaction
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    StreamingHttpResponse,
    UnreadablePostError,
)

from backdesk.platform.isolation.scopes import CLOSED, identifying, scoped

#: What opens its transactions itself, or must answer without a database.
_ON_THEIR_OWN = ("/api/", "/health/", "/metrics")
_SERVER_ERROR = 500


class TransactionMiddleware:
    """Stands outside the session's, so that what a session keeps is kept together with what was done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(_ON_THEIR_OWN):
            return self.get_response(request)
        _receive(request)
        # Without a savepoint, which would be needed in a transaction of the tests alone.
        with transaction.atomic(savepoint=False), identifying():
            response = self.get_response(request)
            if response.status_code >= _SERVER_ERROR:
                transaction.set_rollback(True)
        return _closed(response)


def _receive(request: HttpRequest) -> None:
    """Take in a form with its files first: no transaction waits for a slow upload."""
    if request.method == "POST":
        with suppress(UnreadablePostError):  # whoever reads the form next is told the same
            request._load_post_and_files()


def _closed(response: HttpResponseBase) -> HttpResponseBase:
    """What is still to be streamed comes after the transaction, when the database would show nothing."""
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        response.streaming_content = _without_database(response.streaming_content)  # type: ignore[arg-type]
    return response


def _without_database(chunks: Iterable[bytes]) -> Iterator[bytes]:
    iterator = iter(chunks)
    while True:
        with scoped(CLOSED):
            chunk = next(iterator, None)
        if chunk is None:
            return
        yield chunk
