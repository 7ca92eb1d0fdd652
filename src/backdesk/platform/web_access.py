"""Which pages anybody may open without signing in. Everything else asks for it first."""

from __future__ import annotations

from django.http import HttpRequest

PUBLIC_PAGES = frozenset(
    {
        # Signing in, before anybody is known.
        "account_inactive",
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "login",
        "logout",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_callback",
        "openid_connect_login",
        "socialaccount_login_cancelled",
        # For whoever runs Backdesk.
        "operating:live",
        "operating:metrics",
        "operating:ready",
        # From a mail, by its own link.
        "invitation",
        "web:unsubscription",
    }
)


def is_public(request: HttpRequest) -> bool:
    """The API asks for tokens itself, and its reference holds nothing of anybody's."""
    match = request.resolver_match
    return match is not None and (match.view_name in PUBLIC_PAGES or "api" in match.namespaces)
