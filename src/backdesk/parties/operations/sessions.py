"""Ending what a person is signed in on."""

from __future__ import annotations

from backdesk.parties.models import Membership, Person
from backdesk.platform.isolation import as_system


def end_sessions_of_who_belongs_nowhere(*, person: Person) -> int:
    """A part of offboarding: who still belongs somewhere else stays signed in, and acts for that one."""
    from allauth.usersessions.models import UserSession

    with as_system("who belongs nowhere is signed out"):
        if Membership.objects.current().filter(person=person).exists():
            return 0
        sessions = list(UserSession.objects.filter(user=person))
        for session in sessions:
            session.end()
    return len(sessions)
