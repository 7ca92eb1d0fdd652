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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from backdesk.parties import operations
from backdesk.parties.requests import NotSignedIn, Standing, standing_of
from backdesk.parties.web.acting import clock, is_done
from backdesk.platform.notifications import UnreadableHours
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
    working_hours = forms.CharField(
        label=gettext_lazy("Working hours"),
        help_text=gettext_lazy(
            "Such as Mon-Thu 07:00-15:30; Fri 07:00-13:00; holidays DE. Warnings and e-mails wait for them. Empty: "
            "those of the company."
        ),
        required=False,
        max_length=200,
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
    form = ProfileForm(
        request.POST or None, initial={field: getattr(person, field) for field in ProfileForm.base_fields}
    )
    if is_done(
        form,
        lambda: operations.change_profile(actor=here.actor, now=clock(), person=person, **form.cleaned_data),
        at={UnreadableHours: "working_hours"},
    ):
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Your profile is saved."))
        return redirect("account")
    page = ProfilePage(form=form, email=person.email, tabs=account_tabs("account"))
    return render(request, "account/profile.html", {"page": page}, status=422 if form.errors else 200)
