"""/health/live, /health/ready and /metrics: answered before anything else is asked.

Those who probe come by plain http, under whatever name the machine has, many times a minute. So neither host nor
session nor transaction is looked at, and nothing they get is kept on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from backdesk.platform.operating import readiness, reading


class ProbesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        return self.get_response(request) if probe is None else _answer(probe, request)


def live(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody else, so that a database that is away does not have it killed."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> HttpResponse:
    """It can serve people; if not, `lacking` names what is missing in a word each."""
    lacking = readiness.lacking(now=timezone.now())
    if lacking:
        return JsonResponse({"status": "not ready", "lacking": lacking}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """For who knows the token alone; without a token in the settings there is nothing here."""
    wanted = str(settings.BACKDESK_METRICS_TOKEN)
    if not wanted:
        return JsonResponse({"status": "not found"}, status=404)
    if not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {wanted}".encode()):
        return JsonResponse({"status": "token wanted"}, status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(reading.text(now=timezone.now()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


PROBES: Mapping[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": live,
    "/health/ready": ready,
    "/metrics": metrics,
}


def _answer(probe: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    response = (
        probe(request) if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])
    )
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # not an error of ours each time somebody probes
    return response
