"""Taking a document in: stored, looked into, and kept only where it is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from backdesk.platform import files
from backdesk.platform.documents.sniffing import kind_of
from backdesk.platform.models import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    file: StoredFile
    kind: str


def keep(*, stream: BinaryIO, name: str, organisation_id: int, limit: int, declared: str = "") -> Kept:
    """In the caller's transaction; `declared` is the media type it was sent as. What is not accepted leaves nothing."""
    file = files.save(stream=stream, name=name, organisation_id=organisation_id, limit=limit)
    with files.while_accepted(file):
        kind = kind_of(
            files.path_of(file), name=file.name, declared=declared.partition(";")[0].strip().lower()
        )
    return Kept(file=file, kind=kind)
