"""What people can do: the matrix of people and skills, and where both are changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties import operations, policies, queries
from backdesk.parties.models import Level, Person, Skill, Team
from backdesk.parties.queries.asked_for import skills_asked_for
from backdesk.parties.queries.teams import Matrix
from backdesk.parties.web.acting import Fields, allowed, clock, is_done, tell
from backdesk.parties.web.organisation.forms import GradesForm, NameForm
from backdesk.platform.actor import Actor

AT_NAME: Fields = {operations.SkillNameTaken: "name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillsPage:
    matrix: Matrix
    teams: tuple[Team, ...]
    team: Team | None
    may_manage: bool
    asked_for: tuple[str, ...] = ()
    """What the work asks for and nobody can be graded in yet."""

    @property
    def levels(self) -> tuple[tuple[int, str], ...]:
        return tuple((level.value, str(level.label)) for level in Level)

    @property
    def heads(self) -> tuple[tuple[Skill, int], ...]:
        """Each skill with how many are fluent in it."""
        return tuple(zip(self.matrix.skills, self.matrix.fluent, strict=True))


@require_safe
@allowed(policies.is_member)
def skills(request: HttpRequest, actor: Actor) -> HttpResponse:
    teams = queries.open_teams(actor)
    team = chosen_team(request, teams)
    matrix = queries.matrix(actor, team=team)
    may_manage = policies.may_manage(actor)
    page = SkillsPage(
        matrix=matrix,
        teams=teams,
        team=team,
        may_manage=may_manage,
        asked_for=skills_asked_for(actor=actor, known=matrix.skills) if may_manage else (),
    )
    return render(request, "parties/skills.html", {"page": page})


def chosen_team(request: HttpRequest, teams: tuple[Team, ...]) -> Team | None:
    asked = request.GET.get("team", "")
    return next((team for team in teams if str(team.pk) == asked), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradesPage:
    person: Person
    form: GradesForm


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def grades(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """All skills of one person at once: arrow keys choose a level, the tabulator goes on to the next skill."""
    person = get_object_or_404(Person.objects.visible_to(actor), pk=pk)
    form = GradesForm(request.POST or None, graded=queries.grades_of(actor, person))
    if is_done(form, lambda: _grade_all(actor, person, form)):
        messages.success(request, _("The skills of %(person)s are saved.") % {"person": person})
        return redirect("organisation:person", pk=pk)
    page = GradesPage(person=person, form=form)
    return render(request, "parties/grades.html", {"page": page}, status=422 if form.errors else 200)


def _grade_all(actor: Actor, person: Person, form: GradesForm) -> None:
    operations.grade_skills(actor=actor, now=clock(), person=person, levels=form.levels())


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillPage:
    """`graded`: how many people would lose their level with the skill."""

    form: NameForm
    skill: Skill | None
    graded: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def skill_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = NameForm(request.POST or None)
    if is_done(
        form,
        lambda: operations.add_skill(actor=actor, now=clock(), **form.cleaned_data),
        at=AT_NAME,
    ):
        return redirect("organisation:skills")
    return _shown(request, SkillPage(form=form, skill=None))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def skill(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = get_object_or_404(Skill.objects.visible_to(actor), pk=pk)
    form = NameForm(request.POST or None, initial={"name": one.name})
    if is_done(
        form,
        lambda: operations.rename_skill(actor=actor, now=clock(), skill=one, **form.cleaned_data),
        at=AT_NAME,
    ):
        return redirect("organisation:skills")
    return _shown(request, SkillPage(form=form, skill=one, graded=one.graded_people.count()))


@require_POST
@allowed(policies.may_manage)
def removal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = get_object_or_404(Skill.objects.visible_to(actor), pk=pk)
    done = _("“%(skill)s” is removed.") % {"skill": one}
    tell(request, lambda: operations.remove_skill(actor=actor, now=clock(), skill=one), done=done)
    return redirect("organisation:skills")


def _shown(request: HttpRequest, page: SkillPage) -> HttpResponse:
    status = 422 if page.form.errors else 200
    return render(request, "parties/skill.html", {"page": page}, status=status)
