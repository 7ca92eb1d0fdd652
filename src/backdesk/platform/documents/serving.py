"""A document over HTTP: the original to be saved, never to be opened as a page of ours; pictures to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from backdesk.platform.documents.drawing import WIDTHS, NoPicture, Paper, picture

_SECONDS_KEPT: Final = 24 * 60 * 60


def serve(
    request: HttpRequest, paper: Paper, *, page: int | None = None, width: int = WIDTHS[-1]
) -> HttpResponseBase:
    """Once the app has made sure that the reader may. The reader's own browser may keep it, nobody on the way.

    A page that cannot be drawn is answered with 422 and a sentence.
    """
    tag = f'"{paper.sha256[:32]}-{page or 0}-{width}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _guarded(HttpResponseNotModified(), tag)
    if page is None:
        return _guarded(_original(paper), tag)
    try:
        drawn = picture(paper, page=page, width=width)
    except NoPicture as none:
        return HttpResponse(str(none), status=422, content_type="text/plain; charset=utf-8")
    return _guarded(FileResponse(drawn.open("rb"), content_type="image/webp"), tag)


def _original(paper: Paper) -> FileResponse:
    place = Path(settings.VAR) / "files" / paper.path
    return FileResponse(place.open("rb"), as_attachment=True, filename=paper.name, content_type=paper.kind)


def _guarded(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"private, max-age={_SECONDS_KEPT}, no-transform"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
