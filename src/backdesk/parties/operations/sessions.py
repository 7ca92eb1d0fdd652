"""Ending sessions: one's own, and those of who leaves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from backdesk.parties.models import Membership, Person
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system, operation
from backdesk.platform.isolation.sessions import SessionStore


@operation
def end_session(*, actor: Actor, now: datetime, person: Person, session_id: int) -> bool:
    """Of the actor's own person. False where there is no such session (any more)."""
    return bool(_end(actor, now, person, UserSession.objects.filter(user=person, pk=session_id)))


@operation
def end_other_sessions(*, actor: Actor, now: datetime, person: Person, session_key: str) -> int:
    """All of the actor's own person but the present one."""
    others = UserSession.objects.filter(user=person).exclude(session_key=session_key)
    return _end(actor, now, person, others)


@operation
def end_sessions(*, actor: Actor, now: datetime, person: Person) -> int:
    """A part of offboarding: who still belongs somewhere else stays signed in, and acts for that one."""
    with as_system("who belongs nowhere is signed out"):
        if Membership.objects.current().filter(person=person).exists():
            return 0
        found = list(UserSession.objects.filter(user=person))
    return _end(actor, now, person, found)


def forget_ended_sessions() -> None:
    """Those that ran out are of no use to anybody."""
    with as_system("forgetting sessions that ran out"):
        SessionStore.clear_expired()
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _end(actor: Actor, now: datetime, person: Person, found: Iterable[UserSession]) -> int:
    """The rows of sessions themselves are open to nobody but who signs people in."""
    ended = list(found)
    with as_system("ending sessions"):
        for session in ended:
            session.end()
    if ended:
        after = {"sessions": len(ended)}
        audit.record(actor=actor, now=now, verb="sessions ended", subject=person, after=after)
    return len(ended)
