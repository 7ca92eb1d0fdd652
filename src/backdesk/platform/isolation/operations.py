"""What makes a function a verb: one transaction, on behalf of its actor."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from backdesk.platform.actor import Actor
from backdesk.platform.isolation.scopes import within

_P = ParamSpec("_P")
_R = TypeVar("_R")


class NoActor(TypeError):
    """A verb without a keyword-only `actor`: nobody could say on whose behalf it runs."""


def operation(verb: Callable[_P, _R]) -> Callable[_P, _R]:
    """Open a transaction (a savepoint inside another), in the scope of the verb's `actor`.

    A savepoint, so that a verb that is refused leaves nothing half done in the transaction of the request around it.
    """
    actor = inspect.signature(verb).parameters.get("actor")
    if actor is None or actor.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise NoActor(f"{verb.__qualname__} must take `actor` as a keyword to be an operation.")

    @wraps(verb)
    def done(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        asked: Any = kwargs
        with within(cast(Actor, asked["actor"])), transaction.atomic():
            return verb(*args, **kwargs)

    return done
