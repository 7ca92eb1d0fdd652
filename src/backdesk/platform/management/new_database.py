"""A new database begins from a picture of what the migrations make: one by one they took 5.7 s, and this 0.3.

The picture is `new_database.sql`, written by `make picture`. It may be older than the migrations: those it lacks follow
it, as in every other database. Rights and policies are in no picture; `backdesk migrate` derives them.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

PICTURE = Path(__file__).with_suffix(".sql")


def begin(connection: BaseDatabaseWrapper) -> bool:
    """Whether it was done: not where there are tables, nor where the libraries installed are older than the picture."""
    if connection.introspection.table_names():
        return False
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL check_function_bodies = off")
            cursor.execute(PICTURE.read_text(encoding="utf-8"))
        loader = MigrationLoader(connection)
        is_known = set(loader.applied_migrations) <= set(loader.disk_migrations)
        transaction.set_rollback(not is_known, using=connection.alias)
    return is_known
