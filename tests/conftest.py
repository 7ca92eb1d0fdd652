"""What every test stands on: a real PostgreSQL of the session's own, started when the first test asks for it."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connections
from django.middleware import csrf
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from pytest_django import DjangoDbBlocker

from backdesk.platform import database
from backdesk.platform.isolation import as_system
from backdesk.platform.isolation.roles import OWNER
from tests.cast import Cast, assemble
from tests.cli.companies import first_run as first_run
from tests.cli.companies import port as port

# The same examples each time, and few: what is searched more widely says so itself.
settings.register_profile(
    "brief",
    settings.default,
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("brief")
# Else it draws from the numbers and words of all modules that are loaded: a change of one would change every draw.
providers._get_local_constants = lambda: providers._local_constants

# The tokens of a page's forms never spell a name that a test says is not on it.
csrf.CSRF_ALLOWED_CHARS = "BCDFGHJKLMNPQRSTVWXZ"

gc.disable()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, up to four: a good part of the tests waits for a process of its own to end."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_itemcollected(item: pytest.Item) -> None:
    """All operations that schemathesis tests have one address, and of one address a parallel run does one test."""
    if item.parent is not None and not item.nodeid.endswith(item.name):
        item._id = item.parent.id.child(item.name)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: to look through it for rubbish was a third of the time to collect it."""
    gc.enable()
    gc.freeze()


@pytest.fixture(scope="session")
def session_directory() -> Iterator[Path]:
    """Short, because the path of the database's socket must be."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-test-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(session_directory: Path, request: pytest.FixtureRequest) -> Iterator[database.Server]:
    data = database.data_directory(session_directory)
    if _is_embedded():
        subprocess.run(["cp", "-a", request.getfixturevalue("migrated"), data], check=True)
    with database.start(data, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    """A server's directory with the test database in it, migrated by the test process that comes first. The others
    wait for it, and each starts a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "migrated"
    with (shared / "migrated.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            directory = Path(tempfile.mkdtemp(prefix="backdesk-test-"))
            data, name = database.data_directory(directory), connections[OWNER].settings_dict["NAME"]
            with database.start(data, durable=False) as server:
                _turn_to(server)
                _make_test_database()
                connections.close_all()
            connections[OWNER].settings_dict["NAME"] = name
            shutil.move(data, made)
            shutil.rmtree(directory)
    return made


def _is_embedded() -> bool:
    """There is no BACKDESK_TEST_DATABASE_URL."""
    return str(connections["default"].settings_dict["HOST"]).endswith("/postgres")


def _turn_to(server: database.Server) -> None:
    for alias in connections:
        connections[alias].settings_dict["HOST"] = str(server.address.socket_directory)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """pytest-django asks for this before it makes the test database."""
    if _is_embedded():
        _turn_to(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session", autouse=True)
def everything_in_sight() -> Iterator[None]:
    """What a test looks up itself it sees whole; verbs and requests put the database in a scope of their own."""
    with as_system("a test"):
        yield


@pytest.fixture(autouse=True)
def var(settings, session_directory: Path) -> Path:  # type: ignore[no-untyped-def]
    """Files a test writes are its own. Pytest's own directory for it is made, and looked for among thousands."""
    settings.VAR = session_directory / "var" / str(next(_numbers))
    return settings.VAR  # type: ignore[no-any-return]


_numbers = count()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The owner makes and migrates the test database, the tests work in it as the application."""
    owner, application = connections[OWNER], connections["default"]
    name = owner.settings_dict["NAME"]
    if _is_embedded():  # it is there, and goes with its server
        made = owner.creation._get_test_db_name()  # type: ignore[attr-defined]
        owner.settings_dict["NAME"] = application.settings_dict["NAME"] = made
        yield
        return
    with django_db_blocker.unblock():
        _make_test_database()
        application.settings_dict["NAME"] = owner.settings_dict["NAME"]
        owner.close()
    yield
    with django_db_blocker.unblock():
        with application.cursor() as cursor:  # ends those a browser's event loop hid from Django
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND usename = current_user AND pid <> pg_backend_pid()"
            )
        application.close()
        owner.creation.destroy_test_db(name, verbosity=0)


def _make_test_database() -> None:
    connections[OWNER].creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    _let_tables_be_emptied()


def _let_tables_be_emptied() -> None:
    """Transactional tests empty all tables between them; the audit trail must let them, here and only here."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_no_truncate'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_no_truncate")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()
