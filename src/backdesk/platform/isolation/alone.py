"""A statement that says on whose behalf it asks, and is its own transaction: a verb or a reading in one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection

from backdesk.platform.isolation import confirming, prepared
from backdesk.platform.isolation.backend.base import DatabaseWrapper
from backdesk.platform.isolation.confirming import Confirmation, NotConfirmed
from backdesk.platform.isolation.scopes import Scope

#: Stands in FROM before what refers to it laterally: so it is told before anything is asked. All that asks must be a
#: function or end in OFFSET 0, and refer to it; anything else the planner may ask first.
TOLD = (
    "(SELECT set_config('backdesk.scope', %s, true), "
    "nullif(set_config('backdesk.organisation', %s, true), '')::bigint, "
    "nullif(set_config('backdesk.person', %s, true), '')::bigint) AS told (scope, organisation, person)"
)


def one_row(*, scope: Scope, columns: str, source: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of them."""
    return next(iter(rows(scope=scope, columns=columns, source=source, values=values)), None)


def rows(*, scope: Scope, columns: str, source: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a source that refers to `told`; within a transaction it is part of that. The first of the columns is
    never null. Who is still to be confirmed is confirmed by it."""
    with cast(DatabaseWrapper, connection).telling(scope):
        if (confirmation := confirming.pending()) and confirmation.scope == scope:
            return _confirmed(confirmation, columns=columns, source=source, values=values)
        sql = f"SELECT {columns} FROM {TOLD} CROSS JOIN LATERAL {source}"  # noqa: S608  our own words
        return prepared.rows(sql=sql, values=[*told_of(scope), *values])


def told_of(scope: Scope) -> list[str]:
    """Values of `TOLD`."""
    return [scope.kind, str(scope.organisation_id or ""), str(scope.person_id or "")]


def _confirmed(
    confirmation: Confirmation, *, columns: str, source: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """A row comes back even of nothing, so that this and not being confirmed are two."""
    confirmation.is_sent = True  # whatever becomes of it, it is not to be tried again
    sql = f"SELECT told.outcome, {columns} FROM {confirmation.sql} LEFT JOIN LATERAL {source} ON true"  # noqa: S608
    found = prepared.rows(sql=sql, values=[*confirmation.values, *values])
    confirmation.is_sent = bool(found)
    if not found:
        raise NotConfirmed
    confirmation.outcome = found[0][0]
    return [row[1:] for row in found if row[1] is not None]
