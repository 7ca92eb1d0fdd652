"""On whose behalf this thread of work talks to the database. `backend` puts it into each transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from backdesk.platform.actor import Actor

Kind = Literal["", "member", "identify", "system", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    kind: Kind = ""
    organisation_id: int | None = None
    person_id: int | None = None
    why: str = ""


#: Nobody's: no row is there. What a connection begins with.
NOTHING = Scope()
#: The request's transaction is over: asking the database now would silently find nothing, so it is refused.
CLOSED = Scope(kind="closed")
#: Nobody is known yet: the tables that say who somebody is, and no other.
IDENTIFYING = Scope(kind="identify")

_current: ContextVar[Scope] = ContextVar("isolation_scope", default=NOTHING)


def current() -> Scope:
    return _current.get()


def scope_of(actor: Actor) -> Scope:
    """A person's, in their organisation; Backdesk itself sees one organisation where it acts for one, else all."""
    if actor.person_id is None and actor.organisation_id is None:
        return Scope(kind="system", why=actor.name)
    return Scope(kind="member", organisation_id=actor.organisation_id, person_id=actor.person_id)


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def within(actor: Actor) -> Iterator[None]:
    """All that is asked of the database inside, in a transaction open already or in later ones, is asked for them."""
    with scoped(scope_of(actor)):
        yield


@contextmanager
def as_system(why: str) -> Iterator[None]:
    """Work of the whole house, such as sealing the trail: every row of everybody."""
    with scoped(Scope(kind="system", why=why)):
        yield


@contextmanager
def identifying() -> Iterator[None]:
    """Before anybody is known: the tables that say who somebody is, and no other."""
    with scoped(IDENTIFYING):
        yield
