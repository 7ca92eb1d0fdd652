"""Only the owner may truncate, so that is who empties the tables, over a connection of its own."""

from __future__ import annotations

from contextlib import closing

from django.db import connections
from django.db.backends.postgresql import operations

from backdesk.platform.isolation.backend import base
from backdesk.platform.isolation.roles import OWNER


class DatabaseOperations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: list[str]) -> None:
        with closing(connections[OWNER].copy()) as owner, owner.cursor() as cursor:
            for statement in sql_list:
                cursor.execute(statement)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
