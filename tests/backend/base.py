"""Only the owner may truncate, so that is who empties the tables, over a connection of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.postgresql import operations

from backdesk.platform.isolation.backend import base
from backdesk.platform.isolation.roles import OWNER

_FILLED_BY_TESTS = """
SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
"""


@contextmanager
def as_owner() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection of the owner's to the test database, past Django, which keeps tests to their own."""
    parameters = connections[OWNER].get_connection_params()
    with psycopg.connect(**{**parameters, "cursor_factory": psycopg.Cursor}, autocommit=True) as connection:
        yield connection


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """A prepared statement is told as it was given: its values stand beside it."""
        return super().last_executed_query(cursor, sql, params) or str(sql)

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """All but what migrations themselves wrote; Django's own list holds only tables it may migrate here."""
        with as_owner() as owner:
            ((tables,),) = owner.execute(_FILLED_BY_TESTS).fetchall()
            _truncate(owner, tables)


def _truncate(owner: psycopg.Connection[tuple[Any, ...]], tables: str, tries: int = 5) -> None:
    """What a page had asked for when its browser closed may still be answered, and lock tables the other way round."""
    for left in reversed(range(tries)):
        try:
            owner.execute(f"TRUNCATE {tables}")
            return
        except psycopg.errors.DeadlockDetected:
            if not left:
                raise


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
