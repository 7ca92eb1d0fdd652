"""What an organisation's people can do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import Level, Person, PersonSkill, Skill
from backdesk.parties.operations import qualifying
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class SkillNameTaken(Refused):
    """The organisation has a skill of this name."""

    status = 409


class UnknownLevel(Refused):
    """A level is learning, working, fluent or teaching."""


@operation
def add_skill(*, actor: Actor, now: datetime, name: str) -> Skill:
    policies.require(policies.may_manage(actor))
    skill = Skill(organisation_id=policies.company(actor), name=name.strip())
    _save_named(skill)
    audit.record(actor=actor, now=now, verb="skill added", subject=skill, after={"name": skill.name})
    return skill


@operation
def rename_skill(*, actor: Actor, now: datetime, skill: Skill, name: str) -> Skill:
    policies.require(policies.may_manage(actor))
    skill = Skill.objects.visible_to(actor).get(pk=skill.pk)
    before, skill.name = {"name": skill.name}, name.strip()
    _save_named(skill)
    after = {"name": skill.name}
    audit.record(actor=actor, now=now, verb="skill renamed", subject=skill, before=before, after=after)
    qualifying.changed(now=now, organisation_id=skill.organisation_id)
    return skill


@operation
def remove_skill(*, actor: Actor, now: datetime, skill: Skill) -> None:
    """With everybody's level in it; the trail keeps what they were."""
    policies.require(policies.may_manage(actor))
    skill = Skill.objects.visible_to(actor).get(pk=skill.pk)
    levels = dict(skill.graded_people.values_list("person_id", "level"))
    audit.record(
        actor=actor,
        now=now,
        verb="skill removed",
        subject=skill,
        before={"name": skill.name, "levels": {str(person): level for person, level in levels.items()}},
    )
    organisation_id = skill.organisation_id
    skill.delete()
    qualifying.changed(now=now, organisation_id=organisation_id)


@operation
def grade_skill(
    *, actor: Actor, now: datetime, person: Person, skill: Skill, level: int | None
) -> PersonSkill | None:
    """Say how well a colleague does it; None takes the grade back. The same level again changes nothing."""
    policies.require(policies.may_manage(actor))
    if level is not None and level not in Level.values:
        raise UnknownLevel(
            _("%(level)s is no level: they are 1 to 4, learning to teaching.") % {"level": level}
        )
    person = Person.objects.visible_to(actor).get(pk=person.pk)
    skill = Skill.objects.visible_to(actor).get(pk=skill.pk)
    known = PersonSkill.objects.select_for_update().filter(person=person, skill=skill).first()
    if (known.level if known else None) == level:
        return known
    return _grade(actor, now, known or PersonSkill(person=person, skill=skill), level)


@operation
def grade_skills(
    *, actor: Actor, now: datetime, person: Person, levels: Iterable[tuple[Skill, int | None]]
) -> None:
    """All or none."""
    for skill, level in levels:
        grade_skill(actor=actor, now=now, person=person, skill=skill, level=level)


def _grade(actor: Actor, now: datetime, graded: PersonSkill, level: int | None) -> PersonSkill | None:
    about = {"person": graded.person_id, "skill": graded.skill_id}
    before = {**about, "level": graded.level}
    if level is None:
        audit.record(actor=actor, now=now, verb="skill ungraded", subject=graded, before=before)
        person_id = graded.person_id
        graded.delete()
        qualifying.changed(now=now, organisation_id=policies.company(actor), person_id=person_id)
        return None
    graded.level, graded.since = level, now
    graded.save()
    audit.record(
        actor=actor,
        now=now,
        verb="skill graded",
        subject=graded,
        before=before,
        after={**about, "level": level},
    )
    qualifying.changed(now=now, organisation_id=policies.company(actor), person_id=graded.person_id)
    return graded


def _save_named(skill: Skill) -> None:
    try:
        with transaction.atomic():
            skill.save()
    except IntegrityError as error:
        if "skill_named_once" not in str(error):
            raise
        raise SkillNameTaken(
            _("There is a skill “%(name)s” already. Choose another name.") % {"name": skill.name}
        ) from error
