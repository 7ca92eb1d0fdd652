"""From BACKDESK_MAIL_URL to Django's settings of mail."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from backdesk.config.environment import SettingInvalid

SECONDS_FOR_A_MAIL_SERVER: Final = 10
_BACKENDS = "django.core.mail.backends"
_PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def django_mail(url: str, *, var: Path) -> dict[str, Any]:
    """Without a URL every e-mail is kept as a file under BACKDESK_VAR/mail, where nobody but its keeper reads it."""
    parts = urlsplit(url)
    if not url or parts.scheme == "file":
        directory = Path(unquote(parts.path)) if parts.path else var / "mail"
        return {"EMAIL_BACKEND": f"{_BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": directory}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingInvalid(
            "BACKDESK_MAIL_URL must look like smtp+tls://user:password@mail.example.org:587, "
            f"file:///var/spool/backdesk or console: (it begins with '{parts.scheme or url[:8]}')."
        )
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": SECONDS_FOR_A_MAIL_SERVER,
    }


def address(url: str, *, hosts: list[str], https: bool) -> str:
    """Where people reach this Backdesk, for links in e-mails; without BACKDESK_URL the first of ALLOWED_HOSTS."""
    if not url:
        host = next((host for host in hosts if host.strip(".*")), "localhost").lstrip(".")
        return f"{'https' if https else 'http'}://{host}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingInvalid(f"BACKDESK_URL is '{url}'; write an address like https://backdesk.example.org.")
    return url.rstrip("/")


def sender(given: str, *, url: str) -> str:
    """Whom e-mails come from; without BACKDESK_MAIL_FROM, Backdesk at its own host."""
    if given and ("@" not in given or "\n" in given):
        raise SettingInvalid(
            f"BACKDESK_MAIL_FROM is '{given}'; write an address, such as Backdesk <backdesk@example.org>."
        )
    return given or f"Backdesk <backdesk@{urlsplit(url).hostname}>"


def domain(given: str) -> str:
    """Of the addresses that answers are sent to: a name alone, such as answers.example.org."""
    if given and not re.fullmatch(r"(?!-)[a-z0-9-]+([.](?!-)[a-z0-9-]+)*", given, re.IGNORECASE):
        raise SettingInvalid(
            f"BACKDESK_REPLY_DOMAIN is '{given}'; write the name of a domain, such as answers.example.org."
        )
    return given.lower()
