"""How long a session lives, and when it was last seen: kept in the session, written once a minute at most."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest

_BEGAN: Final = "began_at"
_SEEN: Final = "seen_at"
_COARSE: Final = dt.timedelta(minutes=1)


def mark_beginning(request: HttpRequest, *, now: datetime) -> None:
    request.session[_BEGAN] = request.session[_SEEN] = now.timestamp()


def has_lived_out(request: HttpRequest, *, now: datetime) -> bool:
    """Its longest life is over, whatever was done in it. Being idle too long ends it by its cookie's age."""
    began = request.session.get(_BEGAN)
    return began is None or now.timestamp() - began > settings.BACKDESK_SESSION_LIFE.total_seconds()


def is_due_to_be_seen(request: HttpRequest, *, now: datetime) -> bool:
    """True once a minute, and then the session is written, which renews its time."""
    if now.timestamp() - request.session.get(_SEEN, 0) < _COARSE.total_seconds():
        return False
    request.session[_SEEN] = now.timestamp()
    return True
