"""Every page needs a signed-in member, unless it is listed as public. The request then carries its actor, and the
database shows what is theirs."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from backdesk.parties.requests import Standing, standing_of, to_sign_in
from backdesk.platform.isolation import identifying, within
from backdesk.platform.web_access import is_public


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with identifying():
            standing = standing_of(request)
        request.actor = standing.actor if standing else None  # type: ignore[attr-defined]
        if standing is None:
            return self.get_response(request)
        with (
            within(standing.actor),
            timezone.override(_zone(standing)),
            translation.override(standing.person.language),
        ):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if standing_of(request) is not None or is_public(request):
            return None
        return to_sign_in(request)


def _zone(standing: Standing) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(standing.person.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
