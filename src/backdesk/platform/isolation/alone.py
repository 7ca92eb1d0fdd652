"""A statement that says on whose behalf it asks, and is its own transaction: a verb or a reading in one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection

from backdesk.platform.isolation import prepared
from backdesk.platform.isolation.backend.base import DatabaseWrapper
from backdesk.platform.isolation.scopes import Scope

#: To stand in FROM, before what refers to it laterally: so it is told before anything is asked. All that asks must be a
#: function or end in OFFSET 0, and refer to it; anything else the planner may ask first.
TOLD = (
    "(SELECT set_config('backdesk.scope', %s, true), "
    "nullif(set_config('backdesk.organisation', %s, true), '')::bigint, "
    "nullif(set_config('backdesk.person', %s, true), '')::bigint) AS told (scope, organisation, person)"
)


def one_row(*, scope: Scope, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of a statement whose FROM begins with `TOLD`. Within a transaction it is part of that."""
    return next(iter(rows(scope=scope, sql=sql, values=values)), None)


def rows(*, scope: Scope, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All of them."""
    told = [scope.kind, str(scope.organisation_id or ""), str(scope.person_id or "")]
    with cast(DatabaseWrapper, connection).telling(scope):
        return prepared.rows(sql=sql, values=[*told, *values])
