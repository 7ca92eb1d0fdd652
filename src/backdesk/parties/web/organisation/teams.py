"""Teams, and who is in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties import operations, policies, queries
from backdesk.parties.models import Person, Team, TeamMembership
from backdesk.parties.queries.teams import Matrix
from backdesk.parties.web.acting import Fields, allowed, clock, is_done, tell
from backdesk.parties.web.organisation.forms import NameForm, PersonForm, TeamForm
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table

AT_NAME: Fields = {operations.TeamNameTaken: "name"}


COLUMNS = (
    Column(
        key="name",
        title=gettext_lazy("Team"),
        href=lambda row: reverse("organisation:team", args=(row.id,)),
        filter="contains",
    ),
    Column(key="people", title=gettext_lazy("People"), kind="number"),
    Column(
        key="leads",
        title=gettext_lazy("Led by"),
        value=lambda row: ", ".join(row.leads),
        reason=gettext_lazy("nobody leads it yet"),
        filter="contains",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsPage:
    table: Table
    may_manage: bool


@require_safe
@allowed(policies.is_member)
def teams(request: HttpRequest, actor: Actor) -> HttpResponse:
    may_manage = policies.may_manage(actor)
    state = tables.read_state(request.GET, columns=COLUMNS, sort="name")
    empty = Empty(
        title=_("No teams yet"),
        text=_("A team is people who do the same work; skills and absences can be looked at by team."),
        action=_("Open a team") if may_manage else "",
        url=reverse("organisation:team-new") if may_manage else "",
    )
    table = tables.from_rows(
        queries.team_rows(actor), name="teams", columns=COLUMNS, state=state, empty=empty
    )
    if state.export:
        return tables.file_response(table=table, filename="teams.csv")
    return render(request, "parties/teams.html", {"page": TeamsPage(table=table, may_manage=may_manage)})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    team: Team
    members: tuple[TeamMembership, ...]
    matrix: Matrix
    may_manage: bool
    person_form: PersonForm | None


@require_safe
@allowed(policies.is_member)
def team(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _open_one(actor, pk)
    may_manage = policies.may_manage(actor)
    outside = queries.people_to_add(actor, one) if may_manage else Person.objects.none()
    page = TeamPage(
        team=one,
        members=tuple(queries.members_of(actor, one)),
        matrix=queries.matrix_of_team(actor, one),
        may_manage=may_manage,
        person_form=PersonForm(people=outside) if may_manage else None,
    )
    return render(request, "parties/team.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNamePage:
    form: NameForm
    team: Team | None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def team_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = NameForm(request.POST or None)
    made: list[Team] = []
    if is_done(
        form,
        lambda: made.append(operations.open_team(actor=actor, now=clock(), **form.cleaned_data)),
        at=AT_NAME,
    ):
        return redirect("organisation:team", pk=made[0].pk)
    page = TeamNamePage(form=form, team=None)
    return render(request, "parties/team_name.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def team_name(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _open_one(actor, pk)
    form = NameForm(request.POST or None, initial={"name": one.name})
    if is_done(
        form,
        lambda: operations.rename_team(actor=actor, now=clock(), team=one, **form.cleaned_data),
        at=AT_NAME,
    ):
        return redirect("organisation:team", pk=pk)
    page = TeamNamePage(form=form, team=one)
    return render(request, "parties/team_name.html", {"page": page}, status=422 if form.errors else 200)


@require_POST
@allowed(policies.may_manage)
def closing(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _open_one(actor, pk)
    done = _("“%(team)s” is closed.") % {"team": one}
    tell(request, lambda: operations.close_team(actor=actor, now=clock(), team=one), done=done)
    return redirect("organisation:teams")


@require_POST
@allowed(policies.may_manage)
def adding(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Somebody chosen on the page of the team."""
    one = _open_one(actor, pk)
    form = PersonForm(request.POST, people=queries.people_to_add(actor, one))
    _join(request, form, lambda: (one, form.cleaned_data["person"]), actor)
    return redirect("organisation:team", pk=pk)


@require_POST
@allowed(policies.may_manage)
def joining(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A team chosen on the page of the person."""
    person = get_object_or_404(Person.objects.visible_to(actor), pk=pk)
    form = TeamForm(request.POST, teams=queries.teams_to_join(actor=actor, person=person))
    _join(request, form, lambda: (form.cleaned_data["team"], person), actor)
    return redirect("organisation:person", pk=pk)


@require_POST
@allowed(policies.may_manage)
def leaving(request: HttpRequest, actor: Actor, pk: int, person: int) -> HttpResponse:
    membership = _membership(actor, pk, person)
    tell(
        request,
        lambda: operations.leave_team(
            actor=actor, now=clock(), team=membership.team, person=membership.person
        ),
    )
    return redirect("organisation:team", pk=pk)


@require_POST
@allowed(policies.may_manage)
def lead(request: HttpRequest, actor: Actor, pk: int, person: int) -> HttpResponse:
    membership = _membership(actor, pk, person)
    tell(
        request,
        lambda: operations.lead_team(
            actor=actor,
            now=clock(),
            team=membership.team,
            person=membership.person,
            leads=request.POST.get("leads") == "yes",
        ),
    )
    return redirect("organisation:team", pk=pk)


def _open_one(actor: Actor, pk: int) -> Team:
    return get_object_or_404(Team.objects.visible_to(actor).open(), pk=pk)


def _membership(actor: Actor, team: int, person: int) -> TeamMembership:
    current = TeamMembership.objects.visible_to(actor).current().select_related("team", "person")
    return get_object_or_404(current, team=team, person=person)


def _join(request: HttpRequest, form: Form, chosen: Callable[[], tuple[Team, Person]], actor: Actor) -> None:
    if not form.is_valid():
        messages.error(request, _("Choose one of those on offer."))
        return
    team, person = chosen()
    tell(request, lambda: operations.join_team(actor=actor, now=clock(), team=team, person=person))
