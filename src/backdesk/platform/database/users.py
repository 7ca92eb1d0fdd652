"""As whom the embedded PostgreSQL runs: as us, or, since it refuses root, as a user of its own."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from backdesk.platform.database.addresses import DatabaseUnavailable

log = logging.getLogger(__name__)

OWN_USER = "backdesk"


class NoUserForServer(DatabaseUnavailable):
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


def let_reach(user: ServerUser, *, data: Path, programs: Path) -> None:
    """Let the server's user pass through to its data and its programs, where root keeps the way closed.

    Only search (x) is given on the way, so that names in those directories stay unlisted; and it is said.
    """
    if user.is_us:
        return
    for place in (data.parent, programs):
        for directory in [place.resolve(), *place.resolve().parents]:
            _open(directory)
    _open_programs(programs)


def _us(data: Path, *, owner: int | None) -> ServerUser:
    if owner is not None and owner != os.geteuid():
        name = _name(owner)
        raise NoUserForServer(
            f"{data} belongs to the user {name}, because Backdesk was started by {name} or by root before. "
            "Start it as that user again, or set BACKDESK_VAR to a directory of your own."
        )
    return _entry(os.geteuid())


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


def _open(directory: Path) -> None:
    mode = stat.S_IMODE(directory.stat().st_mode)
    if not mode & stat.S_IXOTH:
        log.warning(
            "Letting other users pass through %s, so that the database can reach its files.", directory
        )
        directory.chmod(mode | stat.S_IXOTH)


def _open_programs(programs: Path) -> None:
    """A tight umask of root's may have left the wheel's files unreadable to others."""
    package = programs.parent.parent
    for root in (programs.parent, package.with_name(f"{package.name}.libs")):
        for path in [root, *root.rglob("*")]:
            mode = stat.S_IMODE(path.stat().st_mode)
            wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if mode != wanted:
                path.chmod(wanted)


def _entry(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NoUserForServer(
            f"The user number {uid} has no name on this machine, and PostgreSQL needs one. "
            "Add it to /etc/passwd, or set DATABASE_URL to a server of your own."
        ) from None
    return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
