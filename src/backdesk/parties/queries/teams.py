"""Teams, and what their people can do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet

from backdesk.parties.models import Level, Person, PersonSkill, Skill, Team, TeamMembership
from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    id: int
    name: str
    people: int
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """One person's levels, in the order of the skills; None where nobody graded."""

    person: Person
    levels: tuple[int | None, ...]

    @property
    def grades(self) -> tuple[Level | None, ...]:
        return tuple(Level(level) if level else None for level in self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`fluent`: how many people are fluent or teach, by skill: where it is one, the work hangs on one."""

    skills: tuple[Skill, ...]
    rows: tuple[Grades, ...]
    fluent: tuple[int, ...]


def team_rows(actor: Actor) -> list[TeamRow]:
    current = Q(memberships__ended_at=None)
    teams = Team.objects.visible_to(actor).open().annotate(people=Count("memberships", filter=current))
    leading = TeamMembership.objects.visible_to(actor).current().filter(is_lead=True).select_related("person")
    leads: dict[int, tuple[str, ...]] = {}
    for one in leading.order_by("person__name"):
        leads[one.team_id] = (*leads.get(one.team_id, ()), one.person.name)
    return [
        TeamRow(id=pk, name=name, people=people, leads=leads.get(pk, ()))
        for pk, name, people in teams.order_by("name").values_list("pk", "name", "people")
    ]


def members_of(actor: Actor, team: Team) -> list[TeamMembership]:
    """Leads first."""
    found = TeamMembership.objects.visible_to(actor).current().filter(team=team).select_related("person")
    return list(found.order_by("-is_lead", "person__name", "pk"))


def people_to_add(actor: Actor, team: Team) -> QuerySet[Person]:
    joined = TeamMembership.objects.visible_to(actor).current().filter(team=team)
    outside = Person.objects.visible_to(actor).exclude(pk__in=joined.values("person_id"))
    return outside.order_by("name", "pk")


def matrix(actor: Actor, *, team: Team | None = None) -> Matrix:
    skills = tuple(Skill.objects.visible_to(actor).order_by("name"))
    people = Person.objects.visible_to(actor)
    if team is not None:
        inside = TeamMembership.objects.visible_to(actor).current().filter(team=team)
        people = people.filter(pk__in=inside.values("person_id"))
    graded = PersonSkill.objects.visible_to(actor).values_list("person_id", "skill_id", "level")
    levels = {(person, skill): level for person, skill, level in graded}
    rows = tuple(
        Grades(person=person, levels=tuple(levels.get((person.pk, skill.pk)) for skill in skills))
        for person in people.order_by("name", "pk")
    )
    fluent = tuple(
        sum((row.levels[place] or 0) >= Level.FLUENT for row in rows) for place in range(len(skills))
    )
    return Matrix(skills=skills, rows=rows, fluent=fluent)


def matrix_of_team(actor: Actor, team: Team) -> Matrix:
    """Of the skills somebody in the team has; what other teams do does not crowd it."""
    whole = matrix(actor, team=team)
    kept = [place for place in range(len(whole.skills)) if any(row.levels[place] for row in whole.rows)]
    return Matrix(
        skills=tuple(whole.skills[place] for place in kept),
        rows=tuple(replace(row, levels=tuple(row.levels[place] for place in kept)) for row in whole.rows),
        fluent=tuple(whole.fluent[place] for place in kept),
    )


def grades_of(actor: Actor, person: Person) -> list[tuple[Skill, int | None]]:
    graded = dict(
        PersonSkill.objects.visible_to(actor).filter(person=person).values_list("skill_id", "level")
    )
    return [(skill, graded.get(skill.pk)) for skill in Skill.objects.visible_to(actor).order_by("name")]
