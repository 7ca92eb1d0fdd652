"""What the database says to the scope one is in: past every queryset, page and policy of ours."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege


def rows(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table}")
        return {row for (row,) in cursor.fetchall()}


def one(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def changed(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def refused(sql: str) -> bool:
    """For want of a right, and for no other reason."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            return True
        raise
    return False
