"""What makes a function a verb: one transaction, on behalf of its actor."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from backdesk.platform.actor import Actor
from backdesk.platform.isolation.scopes import within

_P = ParamSpec("_P")
_R = TypeVar("_R")


_falls: ContextVar[bool] = ContextVar("isolation_falls_with_its_verb", default=False)


class NoActor(TypeError):
    """A verb without a keyword-only `actor`: nobody could say on whose behalf it runs."""


def operation(verb: Callable[_P, _R]) -> Callable[_P, _R]:
    """Open a transaction (a savepoint inside another), in the scope of the verb's `actor`.

    A savepoint, so that a verb that is refused leaves nothing half done in the transaction of the request around it;
    none where that one `falls_with_its_verb`.
    """
    actor = inspect.signature(verb).parameters.get("actor")
    if actor is None or actor.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise NoActor(f"{verb.__qualname__} must take `actor` as a keyword to be an operation.")

    @wraps(verb)
    def done(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        asked: Any = kwargs
        falls = _falls.get()
        with (
            falls_with_its_verb(False),  # a verb within the verb may be refused, and the other go on
            within(cast(Actor, asked["actor"])),
            transaction.atomic(savepoint=not falls),
        ):
            return verb(*args, **kwargs)

    return done


@contextmanager
def falls_with_its_verb(falls: bool = True) -> Iterator[None]:
    """The transaction around is rolled back whole once a verb is refused, and asked nothing more: it needs no savepoint
    for one."""
    token = _falls.set(falls)
    try:
        yield
    finally:
        _falls.reset(token)
