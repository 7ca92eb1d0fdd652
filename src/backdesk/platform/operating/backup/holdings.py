"""What belongs to the database but lies in files: each app that keeps such names them here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from backdesk.platform.models import StoredFile
from backdesk.platform.operating.backup.programs import OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file under BACKDESK_VAR that the database names; `sha256` where the database knows it."""

    path: Path
    sha256: str = ""


#: Given a database, the files that its rows name. They are never changed once they are named.
Naming = Callable[[str], Iterator[Held]]

_namings: dict[str, Naming] = {}
_KEYS = ("secret-key", "demonstration-sign-in.txt", "keys")


def register(place: str, naming: Naming) -> None:
    """`place` is the directory under BACKDESK_VAR that holds these files and nothing else."""
    _namings[place] = naming


def places() -> tuple[str, ...]:
    return tuple(_namings)


def named() -> Iterator[Held]:
    """By the rows as the owner's open transaction sees them."""
    for naming in _namings.values():
        yield from naming(OWNER)


def keys() -> Iterator[Path]:
    """What makes this installation itself: what it signs with, and how one signs in to its demonstration."""
    for name in _KEYS:
        place = Path(settings.VAR) / name
        if place.is_dir():
            yield from (path for path in sorted(place.rglob("*")) if path.is_file())
        elif place.exists():
            yield place


def _stored_files(using: str) -> Iterator[Held]:
    seen = set()
    for file in StoredFile.objects.using(using).only("path", "sha256").order_by("id").iterator():
        if file.path not in seen:
            seen.add(file.path)
            yield Held(path=Path(settings.VAR) / "files" / file.path, sha256=file.sha256)


register("files", _stored_files)
