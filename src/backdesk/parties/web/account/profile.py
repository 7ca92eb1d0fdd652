"""Who one is here: name, language, zone."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from backdesk.parties import operations
from backdesk.parties.requests import NotSignedIn, Standing, standing_of
from backdesk.platform.errors import Refused
from backdesk.platform.web.parts import Tab

_TABS = (
    ("account", gettext_lazy("Profile")),
    ("mfa_index", gettext_lazy("Security")),
    ("account-sessions", gettext_lazy("Sessions")),
    ("account-tokens", gettext_lazy("API tokens")),
    ("web:notification-preferences", gettext_lazy("Notifications")),
)


def standing(request: HttpRequest) -> Standing:
    found = standing_of(request)
    if found is None:
        raise NotSignedIn("Nobody is signed in.")
    return found


def account_tabs(current: str) -> tuple[Tab, ...]:
    return tuple(
        Tab(title=str(title), url=reverse(name), is_current=name == current) for name, title in _TABS
    )


class ProfileForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Dates and numbers are written as this language writes them."),
        choices=settings.LANGUAGES,
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Times are shown in it."),
        choices=[(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones())],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    form: ProfileForm
    email: str
    tabs: tuple[Tab, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    here = standing(request)
    person = here.person
    known = {"name": person.name, "language": person.language, "zone": person.zone}
    form = ProfileForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            operations.change_profile(
                actor=here.actor, now=timezone.now(), person=person, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            with override(form.cleaned_data["language"]):
                messages.success(request, _("Your profile is saved."))
            return redirect("account")
    page = ProfilePage(form=form, email=person.email, tabs=account_tabs("account"))
    return render(request, "account/profile.html", {"page": page})
