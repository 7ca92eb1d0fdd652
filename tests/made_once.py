"""What all tests of a module stand on, made once: each test then undoes what it did itself, and nothing else.

A module imports `var` and `making`, and makes its own in a fixture of module scope::

    from tests.made_once import Making, making, var  # noqa: F401

    @pytest.fixture(scope="module")
    def cast(making: Making) -> Cast:
        with making():
            return assemble()

The rows stand in a transaction around the module's tests, each of which has a savepoint of its own; the files are a
copy that no other test has changed. So no test of such a module may ask for `transaction=True` or `live_server`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

Making = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def common_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made-once") / "var"


@pytest.fixture(scope="module")
def making(common_var: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Making]:
    around = transaction.atomic()

    @contextmanager
    def make() -> Iterator[None]:
        with django_db_blocker.unblock(), override_settings(VAR=common_var):
            yield

    with make():
        around.__enter__()
    yield make
    with make():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def var(settings, common_var: Path) -> Path:  # type: ignore[no-untyped-def]
    """A copy of the files made once; that of the test before where it left them as they were: to copy takes longest."""
    if common_var not in _copies or _told(_copies[common_var]) != _told(common_var):
        _copies[common_var] = Path(tempfile.mkdtemp(dir=common_var.parent)) / "var"
        if common_var.exists():
            shutil.copytree(common_var, _copies[common_var])
    settings.VAR = _copies[common_var]
    return _copies[common_var]


_copies: dict[Path, Path] = {}


def _told(directory: Path) -> dict[str, tuple[int, int, int]]:
    """Whatever stands in it with its time, size and mode, which a copy keeps and a change does not."""
    return {
        path.removeprefix(str(directory)): (found.st_mtime_ns, found.st_size, found.st_mode)
        for folder, _, files in os.walk(directory)
        for path in (folder, *(os.path.join(folder, file) for file in files))  # noqa: PTH118  many, so quickly
        for found in [os.stat(path)]  # noqa: PTH116
    }
