"""A company that was saved, and what its tables hold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from backdesk.platform import database
from tests.cli.companies import FirstRun


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A company that was saved twice, while it worked and at rest; `printed` says how one signs in to it."""

    home: Path
    alive: Path
    at_rest: Path
    printed: str

    @property
    def var(self) -> Path:
        return self.home / "var"


@pytest.fixture(scope="module")
def saved(first_run: FirstRun) -> Iterator[Saved]:
    home = Path(tempfile.mkdtemp(prefix="backdesk-bk-"))
    first_run.copied_to(home)
    yield Saved(
        home=home, alive=first_run.backup, at_rest=first_run.backup_at_rest, printed=first_run.printed
    )
    shutil.rmtree(home, ignore_errors=True)


def tables(var: Path) -> dict[str, str]:
    """Every table with a checksum of all its rows, read past every wall; but for how far webhooks have read, which is
    counted in transactions of the server and begun anew on another."""
    with database.start(database.data_directory(var)) as server, closing(_superuser(server)) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'platform_webhookcursor'"
        ).fetchall()
        digest = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{}\" t"
        return {name: _one(connection, digest.format(name)) for (name,) in names}


def plant_table(var: Path, name: str) -> None:
    """One of before, which no backup holds."""
    with (
        database.start(database.data_directory(var)) as server,
        psycopg.connect(server.address.conninfo(user="backdesk")) as connection,
    ):
        connection.execute(f"CREATE TABLE public.{name} ()".encode())


def _superuser(server: database.Server) -> psycopg.Connection:
    return psycopg.connect(server.address.conninfo(user="postgres"))


def _one(connection: psycopg.Connection, sql: str) -> str:
    (row,) = connection.execute(sql.encode()).fetchall()
    return str(row[0])
