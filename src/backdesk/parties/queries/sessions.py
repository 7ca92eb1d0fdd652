"""Where somebody is signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from backdesk.parties.models import Person
from backdesk.platform.isolation import identifying

# In the order of asking: Edge and Opera say Chrome too, and Chrome says Safari.
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """`browser` and `system` are empty where what the device says of itself is not known to us."""

    id: int
    browser: str
    system: str
    address: str
    began_at: datetime
    last_seen_at: datetime
    is_this_one: bool


def living_sessions(person: Person, *, now: datetime) -> list[UserSession]:
    """Sessions themselves are out of every page's reach, so it is asked as before anybody was known."""
    with identifying():
        living = Session.objects.filter(expire_date__gt=now)
        return list(UserSession.objects.filter(user=person, session_key__in=living.values("session_key")))


def sessions_of(person: Person, *, now: datetime, session_key: str | None) -> tuple[OpenSession, ...]:
    """This one first, then by when they were last seen."""
    found = [_open(session, session_key) for session in living_sessions(person, now=now)]
    return tuple(sorted(found, key=lambda one: (not one.is_this_one, -one.last_seen_at.timestamp())))


def _open(session: UserSession, session_key: str | None) -> OpenSession:
    return OpenSession(
        id=session.pk,
        browser=_first(_BROWSERS, session.user_agent),
        system=_first(_SYSTEMS, session.user_agent),
        address=session.ip,
        began_at=session.created_at,
        last_seen_at=session.last_seen_at,
        is_this_one=session.session_key == session_key,
    )


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, said)), "")
