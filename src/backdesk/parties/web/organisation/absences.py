"""Who is away: a strip of the next weeks, a list, and one's own absences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties import operations, policies, queries
from backdesk.parties.models import Absence, Person, Team
from backdesk.parties.queries.calendar import Row, Stretch, Strip, days_of
from backdesk.parties.queries.people import Away
from backdesk.parties.web.acting import allowed, clock, is_done, tell
from backdesk.parties.web.organisation.forms import AbsenceForm
from backdesk.parties.web.organisation.skills import chosen_team
from backdesk.platform.actor import Actor
from backdesk.platform.web import formats, tables
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table

WEEKS = 6
YEARS = range(2000, 2200)
ROOM_FOR_A_WORD = 4
"""Days of the strip that are as wide as the word for an absence."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The head of a column of the strip."""

    date: date
    is_weekend: bool
    is_today: bool
    begins_month: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Days away in a row, with a word for it; or one day here, which looks as its column does."""

    days: int
    word: str = ""
    period: str = ""
    look: str = ""

    @property
    def is_short(self) -> bool:
        """Shorter than its word."""
        return self.days < ROOM_FOR_A_WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    person: Person
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencesPage:
    strip: Strip
    days: tuple[Day, ...]
    rows: tuple[Line, ...]
    table: Table
    teams: tuple[Team, ...]
    team: Team | None
    previous: str
    next: str
    today: str
    own_url: str
    sees_why: bool

    @property
    def months(self) -> tuple[tuple[date, int], ...]:
        """The first day shown of each month, with how many of its days are."""
        firsts = [place for place, day in enumerate(self.days) if day.begins_month]
        ends = [*firsts[1:], len(self.days)]
        return tuple((self.days[at].date, end - at) for at, end in zip(firsts, ends, strict=True))


@require_safe
@allowed(policies.is_member)
def absences(request: HttpRequest, actor: Actor) -> HttpResponse:
    now, zone = clock(), timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    teams = queries.open_teams(actor)
    team, first = chosen_team(request, teams), _monday(_asked(request) or today)
    table = _table(request, actor, zone)
    if table.state.export:
        return tables.file_response(table=table, filename="absences.csv")
    strip = queries.strip(actor=actor, first=first, days=7 * WEEKS, zone=zone, team=team)
    days = tuple(_day(day, today, place) for place, day in enumerate(strip.days))
    page = AbsencesPage(
        strip=strip,
        days=days,
        rows=tuple(_line(row, {day.date: day for day in days}) for row in strip.rows),
        table=table,
        teams=teams,
        team=team,
        previous=_address(first - 2 * _WEEK, team),
        next=_address(first + 2 * _WEEK, team),
        today="" if first == _monday(today) else _address(None, team),
        own_url=reverse("organisation:absence-new", args=(actor.person_id,)),
        sees_why=policies.may_manage(actor),
    )
    return render(request, "parties/absences.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePage:
    person: Person
    absence: Absence | None
    form: AbsenceForm
    is_oneself: bool


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.is_member)
def absence_new(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(actor), pk=pk)
    policies.require(policies.may_plan_absence_of(actor, person.pk))
    form = AbsenceForm(request.POST or None, zone=_zone_of(person))
    if is_done(
        form, lambda: operations.plan_absence(actor=actor, now=clock(), person=person, **form.period())
    ):
        messages.success(request, _("The absence is planned."))
        return redirect("organisation:person", pk=pk)
    return _shown(
        request, AbsencePage(person=person, absence=None, form=form, is_oneself=person.pk == actor.person_id)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.is_member)
def absence(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _changeable(actor, pk)
    zone = _zone_of(one.person)
    form = AbsenceForm(request.POST or None, zone=zone, initial=AbsenceForm.values_of(one, zone))
    if is_done(
        form, lambda: operations.change_absence(actor=actor, now=clock(), absence=one, **form.period())
    ):
        messages.success(request, _("The absence is changed."))
        return redirect("organisation:person", pk=one.person_id)
    return _shown(
        request,
        AbsencePage(person=one.person, absence=one, form=form, is_oneself=one.person_id == actor.person_id),
    )


@require_POST
@allowed(policies.is_member)
def withdrawal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _changeable(actor, pk)
    done = _("The absence is withdrawn.")
    tell(request, lambda: operations.withdraw_absence(actor=actor, now=clock(), absence=one), done=done)
    return redirect("organisation:person", pk=one.person_id)


def _changeable(actor: Actor, pk: int) -> Absence:
    one = get_object_or_404(Absence.objects.visible_to(actor).select_related("person"), pk=pk)
    policies.require(policies.may_plan_absence_of(actor, one.person_id))
    return one


def _table(request: HttpRequest, actor: Actor, zone: tzinfo) -> Table:
    columns = _columns(zone, sees_why=policies.may_manage(actor))
    state = tables.read_state(request.GET, columns=columns, sort="first")
    empty = Empty(
        title=_("Nobody is away"),
        text=_("Holidays, training and other absences that are planned stand here and in the strip above."),
        action=_("Plan an absence of yours"),
        url=reverse("organisation:absence-new", args=(actor.person_id,)),
    )
    rows = queries.coming(actor=actor, now=clock())
    return tables.from_rows(rows, name="absences", columns=columns, state=state, empty=empty)


def _columns(zone: tzinfo, *, sees_why: bool) -> tuple[Column, ...]:
    """Of a row of a person and their absence."""

    def days(away: Away) -> tuple[date, date]:
        return days_of(away.begins_at, away.ends_at, zone)

    return (
        Column(
            key="person",
            title=_("Name"),
            value=lambda row: row[0].name,
            href=lambda row: reverse("organisation:person", args=(row[0].pk,)),
            filter="contains",
        ),
        Column(key="first", title=_("First day"), kind="date", value=lambda row: days(row[1])[0]),
        Column(key="last", title=_("Last day"), kind="date", value=lambda row: days(row[1])[1]),
        Column(
            key="kind",
            title=_("Kind"),
            value=lambda row: kind_of(row[1]),
            reason=_("shown to the person and to who manages"),
            is_optional=not sees_why,
        ),
        Column(
            key="note",
            title=_("Note"),
            value=lambda row: row[1].note,
            reason=_("none, or not shown to you"),
            is_optional=True,
        ),
    )


def kind_of(away: Away) -> str:
    return str(Absence.Kind(away.kind).label) if away.kind else ""


def _zone_of(person: Person) -> tzinfo:
    """A day away is a day where the person is."""
    try:
        return ZoneInfo(person.zone)
    except (ValueError, OSError):
        return timezone.get_current_timezone()


def _asked(request: HttpRequest) -> date | None:
    """Of the years in which somebody plans; beyond them a calendar ends, and so would ours."""
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return None
    return asked if asked.year in YEARS else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(day: date, today: date, place: int) -> Day:
    return Day(
        date=day,
        is_weekend=day.weekday() >= 5,
        is_today=day == today,
        begins_month=day.day == 1 or place == 0,
    )


def _line(row: Row, days: Mapping[date, Day]) -> Line:
    return Line(person=row.person, cells=tuple(cell for one in row.stretches for cell in _cells(one, days)))


def _cells(stretch: Stretch, days: Mapping[date, Day]) -> Iterator[Cell]:
    if stretch.away is not None:
        first, last = days_of(stretch.away.begins_at, stretch.away.ends_at, timezone.get_current_timezone())
        period = formats.day(first) if first == last else f"{formats.day(first)} – {formats.day(last)}"
        yield Cell(
            days=stretch.days,
            word=kind_of(stretch.away) or _("away"),
            period=period,
            look=_look_of(stretch, ends=max(days)),
        )
        return
    for n in range(stretch.days):
        day = days[stretch.first + timedelta(days=n)]
        looks = ("weekend" if day.is_weekend else "", "today-mark" if day.is_today else "")
        yield Cell(days=1, look=" ".join(filter(None, looks)))


def _look_of(stretch: Stretch, *, ends: date) -> str:
    if stretch.days >= ROOM_FOR_A_WORD:
        return "away"
    return "away short last" if (ends - stretch.last).days < ROOM_FOR_A_WORD else "away short"


def _address(first: date | None, team: Team | None) -> str:
    asked = {"from": first.isoformat() if first else "", "team": str(team.pk) if team else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _shown(request: HttpRequest, page: AbsencePage) -> HttpResponse:
    status = 422 if page.form.errors else 200
    return render(request, "parties/absence.html", {"page": page}, status=status)
