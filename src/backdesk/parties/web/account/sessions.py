"""Where one is signed in, and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backdesk.parties import operations
from backdesk.parties.queries.sessions import OpenSession, sessions_of
from backdesk.parties.web.account.profile import account_tabs, standing
from backdesk.platform.web.parts import Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsPage:
    sessions: tuple[OpenSession, ...]
    now: datetime
    tabs: tuple[Tab, ...]

    @property
    def has_others(self) -> bool:
        return any(not session.is_this_one for session in self.sessions)


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = sessions_of(standing(request).person, now=now, session_key=request.session.session_key)
    page = SessionsPage(sessions=found, now=now, tabs=account_tabs("account-sessions"))
    return render(request, "account/sessions.html", {"page": page})


@require_POST
def end(request: HttpRequest, session_id: int) -> HttpResponse:
    here = standing(request)
    if not operations.end_session(
        actor=here.actor, now=timezone.now(), person=here.person, session_id=session_id
    ):
        raise Http404
    messages.success(request, _("The session is ended."))
    return redirect("account-sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    here = standing(request)
    ended = operations.end_other_sessions(
        actor=here.actor,
        now=timezone.now(),
        person=here.person,
        session_key=request.session.session_key,
    )
    said = ngettext("%(count)d other session is ended.", "%(count)d other sessions are ended.", ended)
    messages.success(request, said % {"count": ended})
    return redirect("account-sessions")
