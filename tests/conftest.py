"""What every test stands on: a real PostgreSQL of the session's own, started when the first test asks for it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from backdesk.platform import database
from tests.cast import Cast, assemble


@pytest.fixture(scope="session")
def session_directory() -> Iterator[Path]:
    """Short, because the path of the database's socket must be."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-test-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(session_directory: Path) -> Iterator[database.Server]:
    with database.start(database.data_directory(session_directory), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """pytest-django asks for this before it makes the test database."""
    default = connections["default"].settings_dict
    if default["HOST"].endswith("/postgres"):  # no BACKDESK_TEST_DATABASE_URL
        server: database.Server = request.getfixturevalue("postgres")
        default["HOST"] = str(server.address.socket_directory)


@pytest.fixture(autouse=True)
def var(settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    """Files a test writes are its own."""
    settings.VAR = tmp_path / "var"
    return tmp_path / "var"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Transactional tests empty all tables between them; the audit trail must let them, here and only here."""
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE platform_auditentry DISABLE TRIGGER audit_no_truncate")


@pytest.fixture
def cast(db: None) -> Cast:
    # A test before may have had the server end every connection, ours too where it came late.
    if not connection.in_atomic_block and not connection.is_usable():
        connection.close()
    return assemble()
