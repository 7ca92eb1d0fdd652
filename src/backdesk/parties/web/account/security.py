"""By what one signs in: the overview, and the passkeys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from backdesk.parties.queries.credentials import Credentials, credentials_of
from backdesk.parties.web.account.entering import options
from backdesk.parties.web.account.profile import account_tabs, standing
from backdesk.platform.web.parts import Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPage:
    email: str
    credentials: Credentials
    factor_is_demanded_by: str
    tabs: tuple[Tab, ...]


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    here = standing(request)
    demands = here.place is not None and here.place.organisation.second_factor_required
    page = SecurityPage(
        email=here.person.email,
        credentials=credentials_of(here.person),
        factor_is_demanded_by=here.place.organisation.name if here.place and demands else "",
        tabs=account_tabs("mfa_index"),
    )
    return render(request, "account/security.html", {"page": page})


class AddPasskey(passkey_views.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = webauthn.begin_registration(self.request.user, passwordless=True)
        return {**context, "passkey_options": options(asked)}


class RemovePasskey(passkey_views.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class RenamePasskey(passkey_views.EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")
