"""What a check is given and what it returns; the registry of all; going through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction

from backdesk.platform.isolation import as_system


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`remedy` is the one thing to do; empty where all is well."""

    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on something counts as wrong."""

    key_length: int = 50
    disk_free_share: float = 0.10
    disk_free_bytes: int = 1_000_000_000
    clocks_apart: timedelta = timedelta(seconds=2)
    zone_data_years: int = 2
    connections_left: int = 10
    transaction_open: timedelta = timedelta(minutes=10)
    transaction_idle: timedelta = timedelta(minutes=2)
    worker_silent: timedelta = timedelta(seconds=30)
    job_waiting: timedelta = timedelta(minutes=10)
    failures_within: timedelta = timedelta(days=1)
    tick_missing: timedelta = timedelta(minutes=5)
    unsealed: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """`deep` reads every stored file anew; `send_mail_to` sends a mail there; `at_rest`: nothing is to run now."""

    clock: Callable[[], datetime]
    deep: bool = False
    send_mail_to: str = ""
    at_rest: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def now(self) -> datetime:
        return self.clock()


Looking = Callable[[Circumstances], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    title: str
    look: Looking
    asks_database: bool
    while_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    name: str
    title: str
    finding: Finding


registry: dict[str, Check] = {}
REACHABLE = "database-reachable"


def check(
    name: str, title: str, *, asks_database: bool = True, while_running: bool = False
) -> Callable[[Looking], Looking]:
    """Register a check. Those that ask the database are left out where it does not answer, those of work at rest."""

    def register(look: Looking) -> Looking:
        registry[name] = Check(
            name=name, title=title, look=look, asks_database=asks_database, while_running=while_running
        )
        return look

    return register


def examine(about: Circumstances) -> list[Examined]:
    with as_system("doctor"):
        return list(_examine(about))


def ok(found: str) -> Finding:
    return Finding(state=State.OK, found=found)


def warning(found: str, remedy: str) -> Finding:
    return Finding(state=State.WARNING, found=found, remedy=remedy)


def broken(found: str, remedy: str) -> Finding:
    return Finding(state=State.BROKEN, found=found, remedy=remedy)


def ask(sql: str, values: list[Any] | None = None, *, using: str = DEFAULT_DB_ALIAS) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def ask_one(sql: str, values: list[Any] | None = None, *, using: str = DEFAULT_DB_ALIAS) -> Any:
    return ask(sql, values, using=using)[0][0]


def _examine(about: Circumstances) -> Iterator[Examined]:
    reachable = True
    for one in registry.values():
        if (one.asks_database and not reachable) or (one.while_running and about.at_rest):
            continue
        finding = _finding(one, about)
        if one.name == REACHABLE:
            reachable = finding.state == State.OK
        yield Examined(name=one.name, title=one.title, finding=finding)


def _finding(one: Check, about: Circumstances) -> Finding:
    """A check that cannot look is not one that finds all well."""
    try:
        with transaction.atomic() if one.asks_database else nullcontext():
            return one.look(about)
    except (Error, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return broken(
            f"This could not be looked at: {reason}", "Mend what the other lines name, then ask again."
        )
