"""Starting Backdesk: on one's own machine, in production, a worker alone, one of Django's commands."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NoReturn, ParamSpec

import typer
from rich.console import Console

from backdesk.cli import local, preparing, processes
from backdesk.cli.processes import Child, Family
from backdesk.config.environment import SettingInvalid, SettingMissing
from backdesk.platform import database

_P = ParamSpec("_P")
_SECONDS_FOR_THE_WEB_SERVER = 180.0  # on a machine that is busy; one that has died is noticed at once
_THIS_MACHINE = ("127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def told_plainly(command: Callable[_P, None]) -> Callable[_P, None]:
    """What can be expected to go wrong ends the command with its message, not with a trace."""

    @wraps(command)
    def told(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            with processes.stop_signals():
                command(*args, **kwargs)
        except processes.ToldToStop:
            err.print("Stopped.")
        except (SettingInvalid, SettingMissing, database.DatabaseUnavailable, local.CannotStart) as error:
            err.print(f"[bold red]Cannot start.[/] {error}")
            sys.exit(2)
        except processes.ChildEnded as error:
            err.print(f"[bold red]Stopped.[/] {error}")
            sys.exit(1)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            err.print(
                f"[bold red]Not done.[/] {error.strerror}. Make room, or write elsewhere, and try again."
            )
            sys.exit(1)

    return told


def refuse(message: str) -> NoReturn:
    err.print(f"[bold red]Not done.[/] {message}")
    sys.exit(2)


@told_plainly
def run(*, host: str, port: int | None, debug: bool) -> None:
    place = local.listening(host, wanted=port)
    chosen = int(place.getsockname()[1])
    local.use_settings(
        BACKDESK_DEBUG="yes" if debug else "no",
        BACKDESK_HTTPS="no",
        BACKDESK_LOG_LEVEL="warning",
        ALLOWED_HOSTS=f"localhost,127.0.0.1,[::1],{host}",
        BACKDESK_URL=f"http://{_shown(host)}:{chosen}",
    )
    local.keep_to_ourselves()
    local.refuse_half_restored()
    local.count_together()
    local.use_local_key()
    with place, ExitStack() as stack:
        own_database = stack.enter_context(_database())
        preparing.prepare()
        preparing.load_demonstration_where_empty(say=out.print)
        family = stack.enter_context(Family())
        _start_web(family, place, web_processes=1, threads=4)
        _start_worker(family, concurrency=2, sole=bool(own_database))
        _await_web(host, chosen, family)
        _welcome(host, chosen, wanted=port)
        family.watch(*own_database)


@told_plainly
def serve(*, host: str, port: int, web_processes: int, threads: int, with_worker: bool) -> None:
    local.use_settings()
    _require("SECRET_KEY", "It signs sessions: at least 50 random characters that stay the same.")
    _require("ALLOWED_HOSTS", "Name the hosts this Backdesk is reached at, parted by commas.")
    place = local.listening(host, wanted=port)
    local.keep_to_ourselves()
    local.refuse_half_restored()
    local.count_together()
    with place, ExitStack() as stack:
        own_database = stack.enter_context(_database())
        if own_database:
            out.print(f"DATABASE_URL is not set: using the embedded PostgreSQL in {local.var_directory()}.")
        preparing.prepare()
        family = stack.enter_context(Family())
        _start_web(family, place, web_processes=web_processes, threads=threads)
        if with_worker:
            _start_worker(family, concurrency=2, sole=bool(own_database))
        _await_web(host, port, family)
        out.print(f"Backdesk serves on http://{host}:{port}, for a proxy that speaks https.")
        family.watch(*own_database)


@told_plainly
def worker(*, concurrency: int) -> None:
    local.use_settings()
    local.keep_to_ourselves()
    local.refuse_half_restored()
    local.count_together()
    local.use_local_key()
    with ExitStack() as stack:
        if is_embedded():
            stack.enter_context(database.available(data_directory()))
        family = stack.enter_context(Family())
        _start_worker(family, concurrency=concurrency, sole=False)
        family.watch()


@told_plainly
def manage(arguments: Sequence[str]) -> None:
    with settings_and_database():
        from django.core.management import ManagementUtility

        from backdesk.platform.isolation import as_system

        with as_system("backdesk manage"):
            ManagementUtility(["backdesk manage", *arguments]).execute()


@told_plainly
def found(
    *, company: str, zone: str, name: str, email: str, password: str, client: bool, provider: bool
) -> None:
    """A company and its first person, who manages there."""
    with settings_and_database():
        preparing.prepare()
        from backdesk.parties import operations
        from backdesk.platform.actor import system
        from backdesk.platform.errors import Refused

        try:
            person = operations.found_company(
                actor=system(name="backdesk found"),
                now=datetime.now(UTC),
                company=company,
                zone=zone,
                name=name,
                email=email,
                password=password,
                is_client=client,
                is_provider=provider,
            )
        except Refused as error:
            err.print(f"[bold red]Nothing was founded.[/] {error}")
            sys.exit(2)
        out.print(f"{company} is founded. {person.email} signs in and manages it.")


def commands(about: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(
        help=about,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


@contextmanager
def all_in_sight(why: str) -> Iterator[None]:
    """Django ready, and the rows of every organisation: who may run a command may read the database."""
    with settings_and_database():
        import django

        django.setup()
        from backdesk.platform.isolation import as_system

        with as_system(why):
            yield


@contextmanager
def settings_and_database() -> Iterator[None]:
    local.use_settings(BACKDESK_HTTPS="no")
    local.use_local_key()
    with ExitStack() as stack:
        if is_embedded():
            stack.enter_context(database.available(data_directory()))
        yield


def is_embedded() -> bool:
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def data_directory() -> Path:
    return database.data_directory(local.var_directory())


@contextmanager
def _database() -> Iterator[list[Child]]:
    """The embedded server, owned by us; nothing where DATABASE_URL names another."""
    if not is_embedded():
        yield []
        return
    with database.start(data_directory()) as server:
        yield [Child(title="database server", process=server.process)]


def _start_web(family: Family, place: socket.socket, *, web_processes: int, threads: int) -> None:
    """What is listened on is its own from now on: where it ends, nobody waits for an answer."""
    handed = place.fileno()
    arguments = ("--listening", handed, "--processes", web_processes, "--threads", threads)
    family.start("web server", "backdesk.cli.web", *arguments, handed=(handed,))
    place.close()


def _start_worker(family: Family, *, concurrency: int, sole: bool) -> None:
    alone = ("--sole",) if sole else ()
    family.start("job worker", "backdesk.cli.work", "--concurrency", concurrency, *alone)


def _require(name: str, why: str) -> None:
    if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
        raise SettingMissing(f"{name} is not set. {why}")


def _await_web(host: str, port: int, family: Family) -> None:
    """Until it says that it lives: the port alone is open before the pages are loaded."""
    deadline = time.monotonic() + _SECONDS_FOR_THE_WEB_SERVER
    while time.monotonic() < deadline:
        family.check()
        with suppress(OSError, HTTPException), closing(HTTPConnection(_shown(host), port, timeout=5)) as web:
            web.request("GET", "/health/live")
            web.getresponse()
            return
        time.sleep(0.05)
    raise processes.ChildEnded(f"The web server did not answer within {_SECONDS_FOR_THE_WEB_SERVER:.0f} s.")


def _shown(host: str) -> str:
    """An address one can go to: this machine by its name, since browsers keep no passkey for a number."""
    return "localhost" if host in _THIS_MACHINE else host


def _welcome(host: str, port: int, *, wanted: int | None) -> None:
    out.print(f"\n[bold]Backdesk is at http://{_shown(host)}:{port}[/]")
    if wanted is None and port != local.DEFAULT_PORT:
        out.print(f"(Port {local.DEFAULT_PORT} is taken by something else.)")
    sign_ins = preparing.sign_in_file()
    if sign_ins.exists():
        out.print(f"\n{sign_ins.read_text(encoding='utf-8').rstrip()}\n", markup=False)
    if not (os.environ.get("BACKDESK_MAIL_URL") or os.environ.get("BACKDESK_MAIL_URL_FILE")):
        out.print(f"E-mails are not sent but kept in {local.var_directory() / 'mail'}.")
    out.print(f"Ctrl-C stops it. Everything is kept in {local.var_directory()}.")
