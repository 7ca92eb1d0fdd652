"""Sessions end when their life is over; where an organisation asks for a second factor, it comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from backdesk.parties import sessions
from backdesk.parties.queries.credentials import has_second_factor
from backdesk.parties.requests import standing_of, to_sign_in
from backdesk.platform.web_access import is_public

#: What one may open before there is a second factor: all that is needed to set one up, and to leave.
SETTING_UP: Final = frozenset(
    {
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "choose-organisation",
        "logout",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "web:theme",
    }
)


class SessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        standing = standing_of(request)
        if standing is None:
            return None
        now = timezone.now()
        if sessions.has_lived_out(request, now=now):
            logout(request)
            return None if is_public(request) else to_sign_in(request)
        if sessions.is_due_to_be_seen(request, now=now):
            UserSession.objects.create_from_request(request)
        if _needs_second_factor(request):
            messages.warning(request, _("Your organisation asks for a second factor. Set one up to go on."))
            return redirect("mfa_index")
        return None


def _needs_second_factor(request: HttpRequest) -> bool:
    standing = standing_of(request)
    match = request.resolver_match
    if standing is None or standing.place is None or match is None:
        return False
    if not standing.place.organisation.second_factor_required or match.view_name in SETTING_UP:
        return False
    return not is_public(request) and not has_second_factor(standing.person)
