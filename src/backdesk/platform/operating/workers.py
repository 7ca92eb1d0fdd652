"""Which job workers are alive, by the word each leaves in the database every few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

SILENT_AFTER = timedelta(seconds=30)


def alive(*, now: datetime, silent_after: timedelta = SILENT_AFTER) -> int:
    return _count("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s", now - silent_after)


def held_by_the_dead(*, now: datetime, silent_after: timedelta = SILENT_AFTER) -> int:
    """Jobs in work whose worker is gone or silent."""
    return _count(
        "SELECT count(*) FROM procrastinate_jobs job "
        "LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id "
        "WHERE job.status = 'doing' AND coalesce(worker.last_heartbeat, '-infinity') <= %s",
        now - silent_after,
    )


def _count(sql: str, value: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return int(cursor.fetchone()[0])
