"""The people of the organisation, and each one's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backdesk.parties import holdings, operations, policies, queries
from backdesk.parties.holdings import Held
from backdesk.parties.models import Person
from backdesk.parties.queries.calendar import days_of
from backdesk.parties.queries.people import Away, PersonRow, Profile
from backdesk.parties.web.acting import allowed, clock, tell
from backdesk.parties.web.organisation.absences import kind_of
from backdesk.parties.web.organisation.forms import RoleForm, TeamForm
from backdesk.platform.actor import Actor
from backdesk.platform.audit import policies as trail
from backdesk.platform.audit.queries import Asked, entries
from backdesk.platform.web import formats, tables
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table

_SHOWN = 4


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" + {more}" if more > 0 else "")


def _presence(row: PersonRow) -> Status:
    if row.absent_until is None:
        return Status(kind="neutral", word=_("here"))
    return Status(kind="info", word=_("away"))


def _until(row: PersonRow) -> str:
    if row.absent_until is None:
        return ""
    last = timezone.localtime(row.absent_until) - timedelta(microseconds=1)
    return (_("until %(day)s") % {"day": formats.day(last.date())}).replace(" ", formats.NO_BREAK)


COLUMNS = (
    Column(
        key="name",
        title=gettext_lazy("Name"),
        href=lambda row: reverse("organisation:person", args=(row.id,)),
        filter="contains",
    ),
    Column(
        key="roles", title=gettext_lazy("Roles"), value=lambda row: ", ".join(row.roles), filter="contains"
    ),
    Column(
        key="teams", title=gettext_lazy("Teams"), value=lambda row: ", ".join(row.teams), filter="contains"
    ),
    Column(
        key="skills", title=gettext_lazy("Skills"), value=lambda row: _listed(row.skills), filter="contains"
    ),
    Column(
        key="presence",
        title=gettext_lazy("Today"),
        kind="status",
        value=_presence,
        detail=_until,
        filter="choice",
        choices=tuple((word, word) for word in (gettext_lazy("here"), gettext_lazy("away"))),
    ),
    Column(key="email", title=gettext_lazy("E-mail"), filter="contains", is_optional=True),
)


def _empty() -> Empty:
    return Empty(
        title=_("Nobody is here yet"),
        text=_("Invite the people who work here; each makes an account of their own."),
        action=_("Invite somebody"),
        url=reverse("organisation:invitation-new"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    table: Table
    open_invitations: int
    may_manage: bool


@require_safe
@allowed(policies.is_member)
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = clock()
    state = tables.read_state(request.GET, columns=COLUMNS, sort="name")
    rows = queries.people_rows(actor=actor, now=now)
    table = tables.from_rows(rows, name="people", columns=COLUMNS, state=state, empty=_empty())
    if state.export:
        return tables.file_response(table=table, filename="people.csv")
    may_manage = policies.may_manage(actor)
    page = PeoplePage(
        table=table,
        open_invitations=queries.open_invitations(actor) if may_manage else 0,
        may_manage=may_manage,
    )
    return render(request, "parties/people.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceLine:
    """Present or coming, in days on the reader's clock; kind and note only for who may know."""

    id: int
    first: date
    last: date
    kind: str
    note: str
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """`held`: what the person would hand over on leaving; told to who manages, and to themself."""

    profile: Profile
    absences: tuple[AbsenceLine, ...]
    held: tuple[Held, ...]
    trail_url: str
    may_manage: bool
    is_oneself: bool
    role_form: RoleForm | None
    team_form: TeamForm | None

    @property
    def person(self) -> Person:
        return self.profile.person

    @property
    def may_plan_absence(self) -> bool:
        return self.may_manage or self.is_oneself


@require_safe
@allowed(policies.is_member)
def person(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one, now = get_object_or_404(Person.objects.visible_to(actor), pk=pk), clock()
    may_manage, is_oneself = policies.may_manage(actor), one.pk == actor.person_id
    profile = queries.profile_of(actor=actor, now=now, person=one)
    page = PersonPage(
        profile=profile,
        held=holdings.held_by(actor=actor, person=one) if may_manage or is_oneself else (),
        absences=tuple(_absence_line(one) for one in profile.absences),
        trail_url=_trail_url(actor, one),
        may_manage=may_manage,
        is_oneself=is_oneself,
        role_form=_role_form(actor, profile) if may_manage else None,
        team_form=_team_form(actor, one) if may_manage else None,
    )
    return render(request, "parties/person.html", {"page": page})


@require_POST
@allowed(policies.may_manage)
def roles(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = get_object_or_404(Person.objects.visible_to(actor), pk=pk)
    tell(
        request,
        lambda: operations.give_colleague_role(
            actor=actor, now=clock(), person=one, role=request.POST.get("role", "")
        ),
    )
    return redirect("organisation:person", pk=pk)


@require_POST
@allowed(policies.may_manage)
def role_ending(request: HttpRequest, actor: Actor, pk: int, role: str) -> HttpResponse:
    one = get_object_or_404(Person.objects.visible_to(actor), pk=pk)
    if not queries.has_role(actor=actor, person=one, role=role):
        raise Http404
    tell(request, lambda: operations.end_role(actor=actor, now=clock(), person=one, role=role))
    return redirect("organisation:person", pk=pk)


def _absence_line(one: Away) -> AbsenceLine:
    first, last = days_of(one.begins_at, one.ends_at, timezone.get_current_timezone())
    return AbsenceLine(
        id=one.id, first=first, last=last, kind=kind_of(one), note=one.note, may_change=one.may_change
    )


def _trail_url(actor: Actor, one: Person) -> str:
    """What was done to the person, for who may read the trail, where anything was that the company may know of."""
    where = (one._meta.label_lower, str(one.pk))
    if not trail.may_read(actor) or not entries(actor, Asked(kind=where[0], subject=where[1])).exists():
        return ""
    return reverse("web:trail-object", args=where)


def _role_form(actor: Actor, profile: Profile) -> RoleForm | None:
    """Nothing to choose where the person has every role there is."""
    held = {one.role for one in profile.roles}
    roles = [role for role in queries.roles_here(actor) if role.value not in held]
    return RoleForm(roles=roles) if roles else None


def _team_form(actor: Actor, one: Person) -> TeamForm | None:
    teams = queries.teams_to_join(actor=actor, person=one)
    return TeamForm(teams=teams) if teams else None
