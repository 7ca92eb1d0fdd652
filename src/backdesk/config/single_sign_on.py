"""Signing in through a company's own identity provider, by OpenID Connect."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from backdesk.config import environment
from backdesk.config.environment import SettingInvalid

PROVIDER_ID: Final = "company"
"""Stands in the address the provider sends people back to: /sign-in/with/company/callback/."""


def providers() -> dict[str, Any]:
    """For allauth; nothing where no issuer is set."""
    issuer = environment.text("BACKDESK_OIDC_ISSUER", default="").rstrip("/")
    secret = environment.secret("BACKDESK_OIDC_CLIENT_SECRET")
    client = environment.text("BACKDESK_OIDC_CLIENT_ID", default="")
    name = environment.text("BACKDESK_OIDC_NAME", default="Single sign-on")
    if not issuer:
        return {}
    if not client:
        raise SettingInvalid(
            "BACKDESK_OIDC_ISSUER is set; say as BACKDESK_OIDC_CLIENT_ID who we are there, too."
        )
    _check_address(issuer)
    app = {
        "provider_id": PROVIDER_ID,
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def _check_address(issuer: str) -> None:
    """In the clear only on this machine: what is fetched from the issuer says who somebody is."""
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise SettingInvalid(
            f"BACKDESK_OIDC_ISSUER is '{issuer}'; write an address like https://login.example.org/realm."
        )
