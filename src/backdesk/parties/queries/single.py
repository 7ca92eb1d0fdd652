"""One of each, or `DoesNotExist` where the actor sees none of that number."""

from __future__ import annotations

from backdesk.parties.models import Absence, Skill, Team
from backdesk.platform.actor import Actor
from backdesk.platform.querysets import OwnedQuerySet


def team_of(actor: Actor, pk: int) -> Team:
    return Team.objects.visible_to(actor).get(pk=pk)


def skill_of(actor: Actor, pk: int) -> Skill:
    return skills_of(actor).get(pk=pk)


def skills_of(actor: Actor) -> OwnedQuerySet[Skill]:
    return Skill.objects.visible_to(actor)


def absence_of(actor: Actor, pk: int) -> Absence:
    return Absence.objects.visible_to(actor).select_related("person").get(pk=pk)
