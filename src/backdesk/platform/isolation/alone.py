"""A statement that is a verb by itself: it says on whose behalf it asks, and is its own transaction, in one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection

from backdesk.platform.isolation import prepared
from backdesk.platform.isolation.backend.base import DatabaseWrapper
from backdesk.platform.isolation.scopes import Scope

#: To stand in FROM, before what refers to it laterally: so it is told before anything is asked.
TOLD = (
    "(SELECT set_config('backdesk.scope', %s, true), "
    "nullif(set_config('backdesk.organisation', %s, true), '')::bigint, "
    "nullif(set_config('backdesk.person', %s, true), '')::bigint) AS told (scope, organisation, person)"
)


def one_row(*, scope: Scope, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of a statement whose FROM begins with `TOLD`. Within a transaction it is part of that."""
    told = [scope.kind, str(scope.organisation_id or ""), str(scope.person_id or "")]
    with cast(DatabaseWrapper, connection).telling(scope):
        return next(iter(prepared.rows(sql=sql, values=[*told, *values])), None)
