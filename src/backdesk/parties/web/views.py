"""Signing in and out, and choosing for whom one acts."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from backdesk.parties.requests import SESSION_KEY, standing_of


class SignInForm(AuthenticationForm):
    """E-mail and password; the address counts whatever its case."""

    def clean(self) -> dict[str, object]:
        self.cleaned_data["username"] = self.cleaned_data.get("username", "").lower()
        return super().clean()


class SignIn(LoginView):
    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """POST only, so that no link on another site can sign anybody out."""


@require_POST
def choose_organisation(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request)
    chosen = request.POST.get("organisation", "")
    known = {str(place.organisation.pk) for place in standing.places} if standing else set()
    if chosen not in known:
        raise Http404
    request.session[SESSION_KEY] = int(chosen)
    after = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if safe else "/")
