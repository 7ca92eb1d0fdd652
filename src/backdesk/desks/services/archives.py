"""The files of a service in a folder of a disk, or in a zip."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backdesk.desks.services.attachments import LARGEST, MOST_FILES
from backdesk.desks.services.definition import BrokenService, Problem

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same service is the same zip."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder; those whose names begin with a full stop are passed over.

    Raises:
        BrokenService: it is no folder, or holds too much.

    >>> sorted(read_folder(Path(__file__).parent.parent / "examples" / "customer_record"))[0]
    'checks.toml'
    """
    if not folder.is_dir():
        raise BrokenService([Problem(file=str(folder), says="This is no folder.")])
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(".") for part in name.parts):
            continue
        if len(found) == MOST_FILES or path.stat().st_size > LARGEST:
            raise BrokenService([Problem(file=str(name), says=_too_much())])
        if path.is_symlink():
            raise BrokenService([Problem(file=str(name), says="This is a link; put the file itself there.")])
        found[name.as_posix()] = path.read_bytes()
    return found


def write_folder(files: Mapping[str, bytes], *, folder: Path) -> None:
    """Write the files of a service into a folder, which is made.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_folder({"pictures/a.png": b"1"}, folder=Path(folder))
    ...     read_folder(Path(folder))
    {'pictures/a.png': b'1'}
    """
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def read_zip(data: bytes) -> dict[str, bytes]:
    """Read the files of a zip; a single folder around them all is taken off.

    No more is unpacked than a service may have, whatever the zip says of itself.

    Raises:
        BrokenService: it is no zip, a broken one, one with a password, or it holds too much.

    >>> read_zip(write_zip({"service.toml": b"x"}))
    {'service.toml': b'x'}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as broken:
        raise _refused(f"This is no zip that can be read: {str(broken)[:200] or 'it is broken'}.") from None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_hidden(entry.filename)]
    if len(entries) > MOST_FILES:
        raise _refused(_too_much())
    found: dict[str, bytes] = {}
    room = LARGEST
    for entry in entries:
        with archive.open(entry) as file:
            found[entry.filename] = file.read(room + 1)
        room -= len(found[entry.filename])
        if room < 0:
            raise _refused(_too_much())
    return _out_of_their_folder(found)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.split("/"))


def _out_of_their_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    folders = {name.partition("/")[0] for name in files}
    if len(folders) != 1 or not all("/" in name for name in files):
        return files
    return {name.partition("/")[2]: data for name, data in files.items()}


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Write files as a zip, the same files always as the same bytes.

    >>> write_zip({"a": b"1"}) == write_zip({"a": b"1"})
    True
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return whole.getvalue()


def _refused(says: str) -> BrokenService:
    return BrokenService([Problem(file="", says=says)])


def _too_much() -> str:
    return f"A service has at most {MOST_FILES} files of {LARGEST:,} bytes together."
