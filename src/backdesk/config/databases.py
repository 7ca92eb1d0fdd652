"""From DATABASE_URL (or its absence: the embedded server under BACKDESK_VAR) to Django's database settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from backdesk.config.environment import SettingInvalid
from backdesk.platform import database


def django_database(url: str, *, var: Path) -> dict[str, Any]:
    parts = _from_url(url) if url else _embedded(var)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        **parts,
    }


def _embedded(var: Path) -> dict[str, Any]:
    address = database.address(database.data_directory(var))
    return {"NAME": address.name, "USER": address.user, "HOST": str(address.socket_directory), "PORT": "5432"}


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingInvalid(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name "
            f"(it begins with '{parts.scheme or url[:8]}'). Backdesk runs on PostgreSQL only."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
