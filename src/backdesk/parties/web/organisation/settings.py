"""What is settled for the whole organisation."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backdesk.parties import operations, policies, queries
from backdesk.parties.models import Organisation
from backdesk.parties.web.acting import allowed, clock, is_done
from backdesk.parties.web.organisation.forms import OrganisationForm
from backdesk.platform.actor import Actor
from backdesk.platform.notifications import UnreadableHours


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    organisation: Organisation
    form: OrganisationForm | None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.is_member)
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every member reads it; who manages changes it."""
    organisation = queries.organisation_of(actor)
    if not policies.may_manage(actor):
        policies.require(request.method != "POST")
        return _shown(request, SettingsPage(organisation=organisation, form=None))
    form = OrganisationForm(request.POST or None, initial=OrganisationForm.values_of(organisation))
    if is_done(
        form,
        lambda: operations.change_organisation(actor=actor, now=clock(), **form.cleaned_data),
        at={operations.SideInUse: "is_client", UnreadableHours: "working_hours"},
    ):
        messages.success(request, _("Saved."))
        return redirect("organisation:settings")
    return _shown(request, SettingsPage(organisation=organisation, form=form))


def _shown(request: HttpRequest, page: SettingsPage) -> HttpResponse:
    status = 422 if page.form and page.form.errors else 200
    return render(request, "parties/settings.html", {"page": page}, status=status)
