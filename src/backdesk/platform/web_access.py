"""Which pages anybody may open without signing in. Everything else asks for it first."""

from __future__ import annotations

from django.http import HttpRequest

PUBLIC_PAGES = frozenset({"login", "logout", "operating:live", "operating:ready", "operating:metrics", "web:unsubscription"})


def is_public(request: HttpRequest) -> bool:
    """The API asks for tokens itself, and its reference holds nothing of anybody's."""
    match = request.resolver_match
    return match is not None and (match.view_name in PUBLIC_PAGES or "api" in match.namespaces)
