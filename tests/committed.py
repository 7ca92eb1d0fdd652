"""Rows that other connections see: made once for a module, committed, and all tables emptied at its end.

A module imports `committed`, and makes its rows in a fixture of module scope::

    from tests.committed import Committing, committed  # noqa: F401

    @pytest.fixture(scope="module")
    def worked(committed: Committing) -> Worked:
        with committed():
            return a_worked_service(assemble())

Its tests run in a transaction each, as usual: what they change themselves other connections do not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

Committing = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Committing]:
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=True)
