"""An installation whose application may do too much: told what is missing, migrated all the same, never served."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from backdesk.platform import database
from tests.cli.test_commands import backdesk
from tests.ports import free_port

SQL = "CREATE ROLE backdesk_app LOGIN PASSWORD"


@pytest.fixture(scope="module")
def conninfo(postgres: database.Server) -> str:
    where, name = postgres.address, "of_one_role"
    with psycopg.connect(where.conninfo(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return where.conninfo(name=name)


@pytest.fixture(scope="module")
def urls(postgres: database.Server, conninfo: str) -> dict[str, str]:
    """By role."""
    host = postgres.address.socket_directory
    return {
        role: f"postgresql://{role}@/of_one_role?host={host}"
        for role in ("backdesk", "backdesk_app", "nobody")
    }


def test_with_one_role_the_tables_come_and_what_is_missing_is_said(
    urls: dict[str, str], conninfo: str
) -> None:
    done = backdesk("migrate", DATABASE_URL=urls["backdesk"], SECRET_KEY="k" * 50)
    assert done.returncode == 1
    assert "DATABASE_OWNER_URL is not set, or names the same role as DATABASE_URL (backdesk)" in done.stderr
    assert SQL in done.stderr
    with psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT count(*) FROM parties_organisation").fetchone() == (0,)


def test_with_a_role_that_is_not_there_it_is_named(urls: dict[str, str]) -> None:
    done = backdesk(
        "migrate", DATABASE_URL=urls["nobody"], DATABASE_OWNER_URL=urls["backdesk"], SECRET_KEY="k" * 50
    )
    assert done.returncode == 1
    assert 'CREATE ROLE "nobody" LOGIN PASSWORD' in done.stderr


@pytest.mark.parametrize(
    ("role", "told"),
    [("backdesk", "names the same role"), ("postgres", "is a superuser")],
    ids=["the owner", "a superuser"],
)
def test_it_does_not_serve(
    role: str, told: str, urls: dict[str, str], postgres: database.Server, tmp_path: Path
) -> None:
    done = backdesk(
        "serve",
        *("--port", str(free_port())),
        DATABASE_URL=urls["backdesk"].replace("backdesk@", f"{role}@"),
        DATABASE_OWNER_URL=urls["backdesk"],
        SECRET_KEY="k" * 50,
        ALLOWED_HOSTS="localhost",
        BACKDESK_VAR=str(tmp_path / "var"),
    )
    assert done.returncode == 2
    assert "Cannot start." in done.stderr
    assert told in done.stderr
    assert SQL in done.stderr
