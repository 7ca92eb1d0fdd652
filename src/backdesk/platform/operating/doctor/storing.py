"""What lies on disk: room, stored files whole and wanted, closed to others."""

from __future__ import annotations

import hashlib
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from backdesk.platform import database
from backdesk.platform.models import StoredFile
from backdesk.platform.operating import backup
from backdesk.platform.operating.doctor.checks import (
    Circumstances,
    Finding,
    Limits,
    broken,
    check,
    ok,
    warning,
)

_NAMED = 3


@check("disk", "Room on disk", asks_database=False)
def disk(about: Circumstances) -> Finding:
    places = [_existing(place) for place in (Path(settings.VAR), database.data_directory(settings.VAR))]
    tightest = min(places, key=lambda place: shutil.disk_usage(place).free)
    usage = shutil.disk_usage(tightest)
    said = f"{usage.free / 1e9:,.1f} GB of {usage.total / 1e9:,.1f} GB are free where {tightest} is"
    if _is_tight(usage.free, usage.total, about.limits):
        return warning(f"Only {said}.", "Make room, or move BACKDESK_VAR to a larger disk.")
    return ok(said)


@check("files", "Stored files are whole")
def stored_files(about: Circumstances) -> Finding:
    files, wrong = 0, []
    for file in StoredFile.objects.order_by("id").iterator():
        files += 1
        fault = _fault_of(file, deep=about.deep)
        if fault:
            wrong.append(f"{file.path} {fault}")
    if wrong:
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        return broken(
            f"{'; '.join(wrong[:_NAMED])}{more}.", "Take these from a backup, under the same names."
        )
    return ok(f"{files} files are there, {'their content as it came' if about.deep else 'of the right size'}")


@check("orphans", "No file is left behind")
def orphans(about: Circumstances) -> Finding:
    root = Path(settings.VAR) / "files"
    known = set(StoredFile.objects.values_list("path", flat=True))
    left = [path for path in _files_in(root) if str(path.relative_to(root)) not in known]
    if left:
        size = sum(path.stat().st_size for path in left)
        return warning(
            f"{len(left)} files under {root} belong to nothing ({size / 1e6:,.1f} MB), such as {left[0].name}.",
            "Uploads that were cut short leave such files; an hour later they go, while the worker runs.",
        )
    return ok("every file belongs to something")


@check("restore", "No restore was cut short", asks_database=False)
def restored_whole(about: Circumstances) -> Finding:
    if backup.unfinished(Path(settings.VAR)):
        return broken("One was: files and database may be of two times.", "Run `backdesk restore` again.")
    return ok("none was")


@check("closed", "Nobody else reads what is kept", asks_database=False)
def closed(about: Circumstances) -> Finding:
    var = Path(settings.VAR)
    if not var.exists():
        return ok("nothing is kept yet")
    if var.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
        return broken(f"Others can read or write in {var}.", f"chmod 711 {var}")
    open_ones = [path for path in _private(var) if path.stat().st_mode & 0o077]
    if open_ones:
        return broken(f"Others can read {open_ones[0]}.", f"chmod go= {open_ones[0]}")
    return ok(f"{var} is closed to others")


@check("static", "Styles and scripts are in place", asks_database=False)
def static_files(about: Circumstances) -> Finding:
    if settings.DEBUG:
        return ok("served from the source")
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return warning("They are not collected.", "Start Backdesk (run or serve): each start collects them.")
    return ok(f"collected in {settings.STATIC_ROOT}")


def _existing(place: Path) -> Path:
    return next(path for path in (place, *place.parents) if path.exists())


def _is_tight(free: int, total: int, limits: Limits) -> bool:
    return free < limits.disk_free_bytes or free < total * limits.disk_free_share


def _fault_of(file: StoredFile, *, deep: bool) -> str:
    path = Path(settings.VAR) / "files" / file.path
    if not path.exists():
        return "is missing"
    if path.stat().st_size != file.size:
        return f"has {path.stat().st_size} bytes instead of {file.size}"
    if deep and _checksum(path) != file.sha256:
        return "is damaged: its checksum is not the one it came with"
    return ""


def _checksum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files_in(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file()) if root.exists() else iter(())


def _private(var: Path) -> Iterator[Path]:
    """What lies at the top, such as keys, and what people brought."""
    yield from (path for path in sorted(var.iterdir()) if path.is_file())
    yield from (path for path in (var / "files", var / "histories", var / "keys") if path.exists())
