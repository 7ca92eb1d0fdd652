"""Ending sessions: one's own, and those of who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from backdesk.parties.models import Membership, Person
from backdesk.parties.queries.sessions import living_sessions
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system, operation
from backdesk.platform.isolation.sessions import SessionStore


@operation
def end_session(*, actor: Actor, now: datetime, person: Person, session_id: int) -> bool:
    """Of the actor's own person. False where there is no such session (any more)."""
    found = [session for session in living_sessions(person, now=now) if session.pk == session_id]
    return bool(_end(actor, now, person, found))


@operation
def end_other_sessions(*, actor: Actor, now: datetime, person: Person, session_key: str | None) -> int:
    """All of the actor's own person but the present one."""
    living = living_sessions(person, now=now)
    return _end(actor, now, person, [session for session in living if session.session_key != session_key])


@operation
def end_sessions(*, actor: Actor, now: datetime, person: Person) -> int:
    """A part of offboarding: who still belongs somewhere else stays signed in, and acts for that one."""
    with as_system("who belongs nowhere is signed out"):
        if Membership.objects.current().filter(person=person).exists():
            return 0
    return _end(actor, now, person, living_sessions(person, now=now))


def forget_ended_sessions() -> None:
    """Those that ran out are of no use to anybody."""
    with as_system("forgetting sessions that ran out"):
        SessionStore.clear_expired()
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _end(actor: Actor, now: datetime, person: Person, ended: Sequence[UserSession]) -> int:
    with as_system("ending sessions"):
        for session in ended:
            session.end()
    if ended:
        after = {"sessions": len(ended)}
        audit.record(actor=actor, now=now, verb="sessions ended", subject=person, after=after)
    return len(ended)
