"""The connection: tells the database on whose behalf it is asked, before the first statement that asks.

The settings are local to a transaction, so they end with it and a pooled connection carries nothing to the next.
They are sent when a statement comes and the scope is another than the transaction's so far: a transaction in one
scope costs one statement, one that asks nothing costs none. A statement outside a transaction gets one of its own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

from backdesk.platform.isolation import confirming, scopes
from backdesk.platform.isolation.scopes import CLOSED, NOTHING, Scope

SET = (
    "SELECT set_config('backdesk.scope', %s, true), set_config('backdesk.organisation', %s, true), "
    "set_config('backdesk.person', %s, true)"
)


_SURELY_ALIVE = 1.0  # seconds


class AskedTooLate(RuntimeError):
    """The database was asked while a response streamed, when the request's transaction was over."""


class _PreparedCursor(psycopg.Cursor[tuple[Any, ...]]):
    """Results come as the server keeps them, which the driver reads without a line of Python; JSON is read already.
    One serves its connection as long as that lives: what it has found out about types serves the next statement."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        return super().execute(query, params, prepare=True, binary=True, **how)

    def close(self) -> None:
        """Not with the first statement."""


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        #: What the transaction has been told; None where that is not known. A transaction begins with nothing.
        self._told: Scope | None = NOTHING
        self._alive_at = -math.inf
        self._prepared: _PreparedCursor | None = None
        self.execute_wrappers.append(self._in_scope)

    def _in_scope(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        scope = scopes.current()
        if scope == CLOSED:
            raise AskedTooLate(
                "Read what a streamed response needs before it begins: its transaction is over."
            )
        if confirming.pending():
            raise confirming.NotConfirmed
        if scope == self._told:
            return execute(sql, params, many, context)
        if not self.get_autocommit():
            self._tell(scope)
            return execute(sql, params, many, context)
        with self.connection.transaction():
            try:
                self._tell(scope)
                return execute(sql, params, many, context)
            finally:
                self._told = NOTHING

    def _tell(self, scope: Scope) -> None:
        self._told = scope  # at once, since this statement comes through here as well
        try:
            with self.prepared_cursor() as cursor:
                cursor.execute(SET, [scope.kind, _text(scope.organisation_id), _text(scope.person_id)])
        except BaseException:
            self._told = None
            raise

    def prepared_cursor(self) -> CursorWrapper:
        """What it asks, the server reads and plans once for the connection: see `prepared`."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        if self._prepared is None or self._prepared.connection is not self.connection:
            self._prepared = _PreparedCursor(self.connection)
        return self._prepare_cursor(self._prepared)  # type: ignore[attr-defined,no-any-return]

    def get_connection_params(self) -> dict[str, Any]:
        """Without a threshold psycopg prepares nothing, not even where it is asked to."""
        return {**super().get_connection_params(), "prepare_threshold": 0}

    @contextmanager
    def telling(self, scope: Scope) -> Iterator[None]:
        """The statement inside tells the scope itself: nothing is sent before it."""
        self._told = scope
        try:
            with scopes.scoped(scope):
                yield
        except BaseException:
            self._told = NOTHING if self.get_autocommit() else None
            raise
        if self.get_autocommit():
            self._told = NOTHING

    def close_if_health_check_failed(self) -> None:
        """Once a request, but not where it was asked within this second: hundreds ask. Should it have died since, that
        one request fails, and the next finds it closed."""
        now = time.monotonic()
        self.health_check_done |= now - self._alive_at < _SURELY_ALIVE  # type: ignore[attr-defined]
        super().close_if_health_check_failed()
        self._alive_at = now

    def connect(self) -> None:
        self._told = NOTHING
        super().connect()

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        self._told = NOTHING

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._told = NOTHING

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._told = NOTHING

    def _savepoint_rollback(self, sid: str) -> None:
        """Takes the settings back to what they were at the savepoint, and comes in a transaction that may be broken."""
        self._told = scopes.current()
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        """What waits for the commit is done on behalf of whoever asked for it, not of whoever commits."""
        scope = scopes.current()

        def in_its_scope() -> None:
            with scopes.scoped(scope):
                func()

        super().on_commit(in_its_scope, robust)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
