"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backdesk.platform.jobs.run import JobRun

Handler = Callable[["JobRun"], None]

_handlers: dict[str, Handler] = {}


class UnknownKind(LookupError):
    """No handler is registered for this kind of job."""


class KindTakenTwice(ValueError):
    """Two handlers want the same kind of job."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for jobs of this kind, such as "planning.read_history"."""

    def register(function: Handler) -> Handler:
        known = _handlers.setdefault(kind, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise KindTakenTwice(f"{kind} is handled by {known.__module__}.{known.__qualname__} already.")
        return function

    return register


def handler_for(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"No handler is registered for jobs of the kind '{kind}'.") from None
