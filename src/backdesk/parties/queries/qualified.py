"""Who could do what at a company: their roles and skills, unless they are away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backdesk.parties.models import Absence, Membership, PersonSkill


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified:
    """`skills`: by their names in small letters, 1 (learning) to 4 (teaching)."""

    person_id: int
    roles: frozenset[str]
    skills: Mapping[str, int] = field(default_factory=dict)


def people_there(*, organisation_id: int, at: datetime) -> list[Qualified]:
    """Everybody who works for the company and is not away at the time. In the scope of the house."""
    away = Absence.objects.filter(organisation_id=organisation_id, begins_at__lte=at, ends_at__gt=at)
    there = Membership.objects.current().filter(organisation_id=organisation_id, person__is_active=True)
    roles: dict[int, set[str]] = {}
    for person_id, role in there.exclude(person__in=away.values("person_id")).values_list(
        "person_id", "role"
    ):
        roles.setdefault(person_id, set()).add(role)
    graded = PersonSkill.objects.filter(skill__organisation_id=organisation_id, person_id__in=roles)
    skills: dict[int, dict[str, int]] = {}
    for person_id, name, level in graded.values_list("person_id", "skill__name", "level"):
        skills.setdefault(person_id, {})[name.lower()] = level
    return [
        Qualified(person_id=person_id, roles=frozenset(held), skills=skills.get(person_id, {}))
        for person_id, held in sorted(roles.items())
    ]


def skills_held(*, person_id: int, organisation_id: int) -> dict[str, int]:
    """Of one person, as this company grades them, by names in small letters."""
    graded = PersonSkill.objects.filter(skill__organisation_id=organisation_id, person_id=person_id)
    return {name.lower(): level for name, level in graded.values_list("skill__name", "level")}
