"""What people can do, and how well."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backdesk.parties.models.organisations import Organisation
from backdesk.parties.models.people import Person
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import owned, through
from backdesk.platform.lines import Line
from backdesk.platform.querysets import OwnedQuerySet


class Level(models.IntegerChoices):
    LEARNING = 1, _("learning")
    WORKING = 2, _("working")
    FLUENT = 3, _("fluent")
    TEACHING = 4, _("teaching")


class Skill(models.Model):
    """Something an organisation's work takes: "VAT returns", "Danish", "SAP FI"."""

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="skills")
    name = Line(max_length=100)

    objects = OwnedQuerySet["Skill"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="skill_named_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="skill_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonSkillQuerySet(models.QuerySet["PersonSkill"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(skill__in=Skill.objects.visible_to(actor))


class PersonSkill(models.Model):
    """How well a person does it, as the organisation of the skill sees it; another grades for itself."""

    isolation = through("skill_id", Skill)

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="graded_skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="graded_people")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    since = models.DateTimeField()

    objects = PersonSkillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "person"], name="one_level_a_person_and_skill"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="skill_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.skill}, {self.get_level_display()}"
