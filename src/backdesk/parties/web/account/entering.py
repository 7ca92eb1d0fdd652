"""Getting in and out: password, passkey, code, and the company's own sign-in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account import views as account_views
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.base import views as code_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount.adapter import get_adapter as single_sign_on
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from backdesk.parties.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Another way in: the company's own."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    next: str
    passkey_url: str
    ways: tuple[Way, ...]
    is_unsaved: bool
    """Somebody sent a form after their session had ended."""


class SignIn(account_views.LoginView):
    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = SignInPage(
            next=self.get_next_url() or "",
            passkey_url=reverse("mfa_login_webauthn"),
            ways=_ways(self.request),
            is_unsaved="unsaved" in self.request.GET,
        )
        return {**super().get_context_data(**kwargs), "page": page}


class SignOut(LogoutView):
    """POST only, so that no link on another site can sign anybody out."""


class EnterCode(code_views.AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "passkey_options": options(context["js_data"]["request_options"])}


class PasskeyAgain(passkey_views.ReauthenticateWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "passkey_options": options(context["js_data"]["request_options"])}


@require_POST
def start_single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A page that leads on, not a redirect: a form may lead nowhere else by our content security policy."""
    response: HttpResponseBase = oidc_views.login(request, provider_id)
    if response.status_code != 302:
        return response
    return render(request, "account/leaving.html", {"url": response["Location"]})


def single_sign_on_done(request: HttpRequest, provider_id: str) -> HttpResponse:
    response: HttpResponse = oidc_views.callback(request, provider_id)
    return response


def sign_in_newcomer(request: HttpRequest, person: Person) -> None:
    """Whoever has just shown by an invitation who they are, and chosen a password."""
    record_authentication(request, person, method="invitation")
    perform_login(request, person, email_verification="none")


def options(given: Mapping[str, Any]) -> str:
    """What the browser is asked for, as its `publicKey` options in JSON."""
    return json.dumps(dict(given["publicKey"]), default=dict)


def _ways(request: HttpRequest) -> tuple[Way, ...]:
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return ()
    providers = single_sign_on(request).list_providers(request)
    return tuple(Way(name=provider.name, url=provider.get_login_url(request)) for provider in providers)
