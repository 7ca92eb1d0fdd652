"""Who wants to know when what somebody may be asked to do has changed: their roles, skills or absences.

Apps above register here, because parties knows nothing of them. A listener is part of the verb and its transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Listener(Protocol):
    """`person_id` None: of everybody at the company."""

    def __call__(self, *, now: datetime, organisation_id: int, person_id: int | None) -> None: ...


_listeners: list[Listener] = []


def on_change(listener: Listener) -> Callable[[], None]:
    """Call the listener from now on; gives a function that takes it back."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def changed(*, now: datetime, organisation_id: int, person_id: int | None = None) -> None:
    """Tell them all."""
    for listener in _listeners:
        listener(now=now, organisation_id=organisation_id, person_id=person_id)
