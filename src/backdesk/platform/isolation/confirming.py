"""Who a program acts for is known from its last request, and confirmed by the statement that does what it asks: so one
message does both. Until that has come back nothing else may be asked of the database, and nothing answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from backdesk.platform.isolation.scopes import Scope


class NotConfirmed(Exception):
    """What was known does not hold any more, or something else was asked before. Nothing was done."""


@dataclass(slots=True, kw_only=True)
class Confirmation:
    """`sql` stands in FROM as `alone.TOLD` does, and tells this scope and an `outcome`; it gives no row where what is
    known does not hold. `is_sent`: what becomes of the statement is the answer."""

    scope: Scope
    sql: str
    values: Sequence[Any]
    outcome: Any = None
    is_sent: bool = False


_pending: ContextVar[Confirmation | None] = ContextVar("isolation_confirmation", default=None)


def pending() -> Confirmation | None:
    """What is still to be confirmed before anything is answered."""
    found = _pending.get()
    return None if found is None or found.is_sent else found


@contextmanager
def confirmed_by(confirmation: Confirmation) -> Iterator[None]:
    """The first statement of `alone` inside confirms it; any other before is refused with `NotConfirmed`."""
    token = _pending.set(confirmation)
    try:
        yield
    finally:
        _pending.reset(token)
