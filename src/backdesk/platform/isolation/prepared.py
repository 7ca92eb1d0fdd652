"""Statements that the server reads and plans once for a connection: for what is asked hundreds of times a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import connection

from backdesk.platform.isolation.backend.base import DatabaseWrapper


def rows(*, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of the answer, JSON read. Values are told apart from the statement, so each says its type where the
    server cannot know it: `%s::bigint[]`."""
    with cast(DatabaseWrapper, connection).prepared_cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
