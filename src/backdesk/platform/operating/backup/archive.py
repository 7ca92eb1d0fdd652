"""The tar file: written member by member with its checksum, and read again with the same distrust."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backdesk.platform.operating.backup.manifest import NAME, Manifest, Member

_CHUNK = 1 << 20
_MOST_BYTES_OF_MANIFEST = 200_000_000


class NotABackup(Exception):
    """The file is no backup, or not a whole one."""


class Damaged(Exception):
    """A member is not what was written; the message names it."""


class Writing:
    """A tar file that is written as it comes, and what went into it."""

    def __init__(self, target: IO[bytes], *, now: float) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._now = now
        self.members: dict[str, Member] = {}

    def add(self, name: str, source: Path) -> str:
        """The checksum of what was written."""
        with source.open("rb") as content:
            return self._add(name, content, size=source.stat().st_size)

    def close(self, manifest: Manifest) -> None:
        text = manifest.text().encode()
        self._add(NAME, io.BytesIO(text), size=len(text))
        self._tar.close()

    def _add(self, name: str, content: IO[bytes], *, size: int) -> str:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, self._now
        reading = _Hashing(content)
        self._tar.addfile(entry, reading)
        digest = reading.digest.hexdigest()
        self.members[name] = Member(sha256=digest, size=size)
        return digest


class _Hashing:
    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.digest = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.content.read(size)
        self.digest.update(chunk)
        return chunk


def checked(source: Path) -> Manifest:
    """Read all of it. Raises `NotABackup`, or `Damaged` with the first member that is not what was written."""
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with _told_plainly(source):
        for entry, content in _members(source):
            if entry.name == NAME:
                manifest = _manifest(content, source)
            else:
                found[entry.name] = _read(content)
    if manifest is None:
        raise NotABackup(f"{source} ends before its manifest: it is cut short, or no backup of Backdesk.")
    _compare(manifest, found)
    return manifest


def extract(source: Path, *, to: Path, manifest: Manifest) -> None:
    """Every member under its name, closed to others. Compared once more, since another read may bring other bytes."""
    for entry, content in _members(source):
        if entry.name == NAME:
            continue
        place = _inside(to, entry.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as target:
            place.chmod(0o600)
            if _read(content, target) != manifest.members[entry.name]:
                raise Damaged(f"{entry.name} changed while it was read.")


@contextmanager
def _told_plainly(source: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as error:
        raise NotABackup(
            f"{source} cannot be read as a backup: {error}. It is damaged, cut short, or something else."
        ) from error
    except OSError as error:
        raise NotABackup(f"{source} cannot be read: {error.strerror}.") from error


def _members(source: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    with tarfile.open(source, mode="r|") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None:
                raise NotABackup(
                    f"{source} holds {entry.name}, which is no plain file: it is no backup of Backdesk."
                )
            yield entry, content


def _manifest(content: IO[bytes], source: Path) -> Manifest:
    try:
        return Manifest.parse(content.read(_MOST_BYTES_OF_MANIFEST).decode())
    except (ValueError, KeyError, TypeError) as error:
        raise NotABackup(f"The manifest of {source} cannot be read: {error}.") from error


def _read(content: IO[bytes], target: IO[bytes] | None = None) -> Member:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return Member(sha256=digest.hexdigest(), size=size)


def _compare(manifest: Manifest, found: dict[str, Member]) -> None:
    for name, told in manifest.members.items():
        if name not in found:
            raise Damaged(f"{name} is missing from the backup, although its manifest names it.")
        if found[name] != told:
            raise Damaged(
                f"{name} is damaged: its checksum is not the one the manifest has. Use another backup."
            )
    strangers = sorted(set(found) - set(manifest.members))
    if strangers:
        raise Damaged(
            f"{strangers[0]} is in the backup, but its manifest does not know it. Use another backup."
        )


def _inside(directory: Path, name: str) -> Path:
    place = (directory / name).resolve()
    if not place.is_relative_to(directory.resolve()):
        raise NotABackup(f"{name} would be written outside {directory}: this is no backup of Backdesk.")
    return place
