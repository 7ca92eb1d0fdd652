"""Can this process serve people now? What it lacks is said in one word each, none of which helps a stranger."""

from __future__ import annotations

from datetime import datetime

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from backdesk.platform.isolation import as_system
from backdesk.platform.operating import workers

DATABASE, MIGRATIONS, WORKER = "database", "migrations", "worker"


class _Migrations:
    """Found applied once, they stay so while this process lives: its own code does not change."""

    applied = False


def lacking(*, now: datetime) -> list[str]:
    """Empty when ready."""
    try:
        with as_system("readiness"):
            return _lacking(now)
    except Error:
        connection.close()
        return [DATABASE]


def unapplied_migrations() -> list[str]:
    """Those of this version that the database has not had yet, as `app.name`."""
    loader = MigrationLoader(connection)
    return [
        f"{app}.{name}" for app, name in sorted(set(loader.disk_migrations) - set(loader.applied_migrations))
    ]


def _lacking(now: datetime) -> list[str]:
    if not _Migrations.applied:
        _Migrations.applied = not unapplied_migrations()
        if not _Migrations.applied:
            return [MIGRATIONS]
    return [] if workers.alive(now=now) else [WORKER]
