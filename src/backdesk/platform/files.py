"""Files that people bring: streamed to disk, checked against a limit, named by their checksum."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system
from backdesk.platform.lines import one_line
from backdesk.platform.models import StoredFile

_CHUNK = 1 << 20
COMES_WITHIN: Final = timedelta(hours=1)


class FileTooLarge(Refused):
    """More came than the limit allows; nothing was kept."""

    status = 413


def save(*, stream: BinaryIO, name: str, organisation_id: int, limit: int) -> StoredFile:
    """Keep what the stream holds, up to `limit` bytes. The file is in place, whole, before its row is written.

    A row that is rolled back leaves the file behind, until `forget_rowless` comes by; see `while_accepted`.
    """
    folder = _root() / str(organisation_id)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".coming-")
    try:
        with os.fdopen(handle, "wb") as target:
            digest, size = _copy(stream, target, limit=limit)
            target.flush()
            os.fsync(target.fileno())
        place = folder / digest[:2] / digest
        path = str(place.relative_to(_root()))
        with transaction.atomic():
            _hold(path)
            place.parent.mkdir(exist_ok=True)
            Path(temporary).replace(place)
            return StoredFile.objects.create(
                organisation_id=organisation_id, name=plain_name(name), sha256=digest, size=size, path=path
            )
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def while_accepted(file: StoredFile) -> Iterator[None]:
    """What is refused within leaves nothing. At once: the verb is rolled back, and what waits for its end with it."""
    try:
        yield
    except Refused:
        file.delete()
        _drop_unused(file.path)
        raise


@transaction.atomic
def remove(*, file: StoredFile) -> None:
    """Forget a file; its content goes once that is certain, unless it is kept for another row as well."""
    path = file.path
    file.delete()
    transaction.on_commit(lambda: _drop_unused(path))


def forget_rowless(*, now: datetime) -> int:
    """Of all of the house: what has no row an hour after it came, since its verb was rolled back or its process died.
    Gives how many files went. A folder of which no row tells is left alone: its rows may stand in another database."""
    came_before, gone = (now - COMES_WITHIN).timestamp(), 0
    with as_system("files whose rows were rolled back go"):
        for folder in sorted(_root().glob("*")):
            kept = set(
                StoredFile.objects.filter(path__startswith=f"{folder.name}/").values_list("path", flat=True)
            )
            for one in folder.rglob("*") if kept else ():
                path = str(one.relative_to(_root()))
                if path not in kept and one.is_file() and one.stat().st_mtime < came_before:
                    gone += _drop_unused(path)
    return gone


@transaction.atomic
def _drop_unused(path: str) -> bool:
    _hold(path)
    if StoredFile.objects.filter(path=path).exists():
        return False
    (_root() / path).unlink(missing_ok=True)
    return True


def _hold(path: str) -> None:
    """Until the transaction ends nobody else keeps or drops this content: it may come anew while it goes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [path])


def plain_name(name: str) -> str:
    """The last part of what a browser called the file, whatever system it runs on."""
    return PurePath(one_line(name).replace("\\", "/")).name[:255] or "unnamed"


def path_of(file: StoredFile) -> Path:
    return _root() / file.path


def in_words(text: str, *, file: StoredFile) -> str:
    """Put the person's own name of the file where a message has the one it is kept under."""
    path = path_of(file)
    return text.replace(str(path), file.name).replace(path.name, file.name)


def _root() -> Path:
    return Path(settings.VAR) / "files"


def _copy(source: BinaryIO, target: BinaryIO, *, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(
                _("The file is larger than the %(limit)s MB allowed here.")
                % {"limit": f"{limit / 1_000_000:,.0f}"}
            )
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size
