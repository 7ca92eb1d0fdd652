"""Leaving: what will happen, said before it does."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backdesk.parties import holdings, operations, policies, queries
from backdesk.parties.holdings import Held
from backdesk.parties.models import Person
from backdesk.parties.queries.people import Profile
from backdesk.parties.web.common import allowed, clock, is_done
from backdesk.parties.web.organisation.forms import OffboardingForm
from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OffboardingPage:
    person: Person
    profile: Profile
    held: tuple[Held, ...]
    tokens: int
    form: OffboardingForm
    organisation: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def offboarding(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(actor), pk=pk)
    held = holdings.held_by(actor=actor, person=person)
    form = OffboardingForm(
        request.POST if request.method == "POST" else None,
        people=queries.colleagues(actor=actor, besides=person),
        is_needed=bool(held),
    )
    if is_done(
        form,
        lambda: operations.offboard_person(actor=actor, now=clock(), person=person, **form.cleaned_data),
        at={operations.SuccessorNeeded: "successor"},
    ):
        messages.success(request, _("%(person)s is offboarded.") % {"person": person})
        return redirect("organisation:people")
    page = OffboardingPage(
        person=person,
        profile=queries.profile_of(actor=actor, now=clock(), person=person),
        held=held,
        tokens=queries.living_tokens(actor=actor, now=clock(), person=person),
        form=form,
        organisation=str(queries.organisation_of(actor)),
    )
    return render(request, "parties/offboarding.html", {"page": page}, status=422 if form.errors else 200)
