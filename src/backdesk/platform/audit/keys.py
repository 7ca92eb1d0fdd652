"""The key that seals: given by a setting, or made once under BACKDESK_VAR."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from backdesk.platform.audit.notes import SigningKey


def sealing_key() -> SigningKey:
    given = str(settings.BACKDESK_SEALING_KEY)
    return SigningKey.parse(given or _own())


def key_file() -> Path:
    return Path(settings.VAR) / "keys" / "sealing-key"


def _own() -> str:
    path = key_file()
    if not path.exists():
        _make(path)
    return path.read_text(encoding="utf-8")


def _make(path: Path) -> None:
    """Whole from the moment it has its name, readable by us alone; of two who make one, the first is kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(SigningKey.make(f"backdesk/{secrets.token_hex(4)}").text + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
