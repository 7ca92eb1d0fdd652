"""Two that start Backdesk for the first time on one database, at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from backdesk.platform.isolation import roles
from tests.platform.audit.test_migration import a_new_database, execute

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_of_two_first_starts_one_makes_the_tables_and_the_other_finds_them(db: None) -> None:
    with a_new_database(is_parted=True) as owner, ThreadPoolExecutor(2) as both:
        begin = Barrier(2)

        def start(own: BaseDatabaseWrapper) -> None:
            connections[roles.OWNER] = own
            begin.wait()
            try:
                call_command("migrate", verbosity=0)
            finally:
                own.close()

        owns = [owner.copy() for _ in range(2)]
        for own in owns:
            own.inc_thread_sharing()
        list(both.map(start, owns))
        assert execute(owner, "SELECT count(*) = count(DISTINCT (app, name)) FROM django_migrations")
        assert not execute(owner, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), (
            "let go at the end"
        )
