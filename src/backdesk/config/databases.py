"""From DATABASE_URL (or its absence: the embedded server under BACKDESK_VAR) to Django's database settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from backdesk.config.environment import SettingInvalid
from backdesk.platform import database


def django_databases(url: str, *, owner_url: str, var: Path) -> dict[str, dict[str, Any]]:
    """`default` is the application's connection, `owner` the one of migrations and backups, which sees every row.

    Without DATABASE_OWNER_URL the owner is tried with DATABASE_URL; `backdesk migrate` says what is missing then.
    """
    if owner_url and not url:
        raise SettingInvalid("DATABASE_OWNER_URL is set, but DATABASE_URL is not; set both or neither.")
    application = _from_url(url, "DATABASE_URL") if url else _embedded(var)
    owner = _from_url(owner_url or url, "DATABASE_OWNER_URL") if url else _embedded(var, as_owner=True)
    return {
        "default": {
            "ENGINE": "backdesk.platform.isolation.backend",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": False,
            **application,
        },
        "owner": {"ENGINE": "django.db.backends.postgresql", **_seeing_everything(owner)},
    }


def _embedded(var: Path, *, as_owner: bool = False) -> dict[str, Any]:
    address = database.address(database.data_directory(var))
    return {
        "NAME": address.name,
        "USER": address.user if as_owner else database.APPLICATION_ROLE,
        "HOST": str(address.socket_directory),
        "PORT": "5432",
        "OPTIONS": {},
    }


def _seeing_everything(parts: dict[str, Any]) -> dict[str, Any]:
    """Row-level security binds the owner of a table as well, so its connections say for the whole session who asks."""
    options = dict(parts["OPTIONS"])
    options["options"] = f"{options.get('options', '')} -c backdesk.scope=system".strip()
    return {**parts, "OPTIONS": options}


def _from_url(url: str, setting: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingInvalid(
            f"{setting} must look like postgresql://user:password@host:5432/name "
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
