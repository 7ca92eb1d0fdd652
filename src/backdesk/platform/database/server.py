"""The server process: started, awaited, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from backdesk.platform.database import cluster, leftovers, ownership, users
from backdesk.platform.database.addresses import (
    APPLICATION_ROLE,
    Address,
    DatabaseUnavailable,
    address,
    wait_for,
)
from backdesk.platform.database.ownership import DirectoryInUse
from backdesk.platform.database.users import ServerUser

_LOG_KEPT_BYTES = 10_000_000


class Server:
    """A running server and the lock that makes it ours. Use it as a context manager, or call `stop`."""

    def __init__(self, *, data: Path, process: subprocess.Popen[bytes], lock: int) -> None:
        self.data = data
        self.process = process
        self.address = address(data)
        self._lock = lock

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, nothing committed is lost."""
        try:
            _end(self.process)
        finally:
            ownership.release(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(data: Path, *, durable: bool = True, patience: float = 60.0) -> Server:
    """Own the directory, make a cluster where there is none, and start the server on it.

    `durable=False` is for tests alone: it turns fsync off, and autovacuum, whose transactions come when they like.
    Raises `DirectoryInUse` and `DatabaseUnavailable`.
    """
    data = data.absolute()
    lock = ownership.own(data)
    try:
        user = users.for_directory(data)
        users.let_reach(user, data=data, programs=cluster.programs())
        leftovers.clear(data)
        cluster.ensure(data, user=user, durable=durable)
        process = _launch(data, user=user, durable=durable, patience=patience)
    except BaseException:
        ownership.release(lock)
        raise
    server = Server(data=data, process=process, lock=lock)
    try:
        _ensure_roles_and_database(server.address)
    except BaseException:
        server.stop()
        raise
    return server


@contextmanager
def available(data: Path) -> Iterator[Address]:
    """The server of this directory: the one another Backdesk runs, else one of our own for as long as this lasts."""
    try:
        server = start(data)
    except DirectoryInUse:
        wait_for(address(data))
        yield address(data)
        return
    with server:
        yield server.address


def _launch(data: Path, *, user: ServerUser, durable: bool, patience: float) -> subprocess.Popen[bytes]:
    _write_access_rules(data, user=user)
    _prepare_socket_directory(data, user=user)
    with _open_log(data) as log_file:
        process = subprocess.Popen(
            [str(cluster.programs() / "postgres"), "-D", str(data), *_options(data, durable=durable)],
            cwd="/",
            env=cluster.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=subprocess.STDOUT,
            # Ctrl-C at the terminal is for us; the server ends after those who use it.
            start_new_session=True,
            **user.as_arguments(),
        )
    try:
        _await_ready(data, process=process, patience=patience)
    except BaseException:  # also Ctrl-C while it starts
        _end(process)
        raise
    return process


def _options(data: Path, *, durable: bool) -> list[str]:
    """On the command line, so that they hold for data of any age."""
    switch = "on" if durable else "off"
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(address(data).socket_directory),
        "fsync": switch,
        "full_page_writes": switch,
        "synchronous_commit": switch,
        "autovacuum": switch,
        "max_connections": "100",
        "shared_buffers": "256MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Errors go to who asked, and are logged there without what they quote of the data.
        "log_min_messages": "log",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


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
    return data.with_name(f"{data.name}.log")


def _open_log(data: Path) -> BinaryIO:
    """For our eyes alone, since an error can quote the data it is about."""
    path = _log_file(data)
    if path.exists() and path.stat().st_size > _LOG_KEPT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "ab")


def _await_ready(data: Path, *, process: subprocess.Popen[bytes], patience: float) -> None:
    def settled() -> bool:
        return process.poll() is not None or _says_ready(data, pid=process.pid)

    in_time = leftovers.wait_until(settled, patience=patience)
    if process.poll() is not None:
        raise DatabaseUnavailable(f"The database server did not start. Its log ends with:\n{_log_tail(data)}")
    if not in_time:
        raise DatabaseUnavailable(f"The database server was not ready in time. See {_log_file(data)}.")


def _says_ready(data: Path, *, pid: int) -> bool:
    """Line 1 of the pid file is the process, line 8 its state."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _log_tail(data: Path) -> str:
    lines = _log_file(data).read_text(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-8:])


def _end(process: subprocess.Popen[bytes]) -> None:
    for sent, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def _ensure_roles_and_database(where: Address) -> None:
    """One role owns the database and its tables, the other works with them; neither is a superuser, as elsewhere."""
    import psycopg

    with psycopg.connect(where.conninfo(user="postgres", name="postgres"), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in (
            (where.user, "CREATEDB CREATEROLE"),
            (APPLICATION_ROLE, "NOCREATEDB NOCREATEROLE"),
        ):
            if role not in known:
                connection.execute(f'CREATE ROLE "{role}" LOGIN {rights}')
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [where.name]).fetchone():
            connection.execute(f'CREATE DATABASE "{where.name}" OWNER "{where.user}"')
