"""Leaving: what will happen, said before it does."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backdesk.parties import holdings, operations, policies, queries
from backdesk.parties.holdings import Held
from backdesk.parties.models import Person
from backdesk.parties.queries.people import Profile
from backdesk.parties.web.acting import allowed, clock, is_done
from backdesk.parties.web.organisation.forms import OffboardingForm
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPage:
    table: Table


@require_safe
@allowed(policies.may_manage)
def former(request: HttpRequest, actor: Actor) -> HttpResponse:
    state = tables.read_state(request.GET, columns=COLUMNS, sort="-left_at")
    empty = Empty(title=_("Nobody has left"), text=_("Who is offboarded stands here; what they did stays."))
    table = tables.from_rows(
        queries.former_rows(actor), name="former", columns=COLUMNS, state=state, empty=empty
    )
    if state.export:
        return tables.file_response(table=table, filename="former-people.csv")
    return render(request, "parties/former.html", {"page": FormerPage(table=table)})


COLUMNS = (
    Column(
        key="name",
        title=gettext_lazy("Name"),
        href=lambda row: reverse("organisation:erasure", args=(row.id,)),
        filter="contains",
        mark=lambda row: _("erased") if row.is_erased else "",
    ),
    Column(key="roles", title=gettext_lazy("Was"), value=lambda row: ", ".join(row.roles), filter="contains"),
    Column(key="left_at", title=gettext_lazy("Left on"), kind="date", value=lambda row: row.left_at.date()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePage:
    person: Person
    refusal: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def erasure(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Of who has left; who is here still is offboarded first."""
    gone = Person.objects.known_to(actor).exclude(pk__in=Person.objects.visible_to(actor))
    person = get_object_or_404(gone, pk=pk)
    page = ErasurePage(person=person, refusal="")
    if request.method == "POST":
        try:
            operations.erase_person(actor=actor, now=clock(), person=person)
        except Refused as refusal:
            page = ErasurePage(person=person, refusal=str(refusal))
        else:
            messages.success(request, _("The person is erased."))
            return redirect("organisation:former")
    return render(request, "parties/erasure.html", {"page": page}, status=422 if page.refusal else 200)
