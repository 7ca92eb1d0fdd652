"""What a view of the platform needs to know of a request: who asks, for a page or a part, and where to go after."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from backdesk.platform.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Set by the middleware of parties, without which no page but the public ones is reached."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise Http404
    return actor


def is_partial(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def safe_address(request: HttpRequest, address: str) -> str:
    """An address of ours, or none: no form can send a person elsewhere."""
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, hosts, request.is_secure()) else ""
