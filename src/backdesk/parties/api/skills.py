"""What the organisation's work takes, and its people can do."""

from typing import Annotated, Any

from pydantic import Field

from backdesk.parties import operations
from backdesk.parties.api.area import parties
from backdesk.parties.models import Skill
from backdesk.parties.queries.single import skill_of, skills_of
from backdesk.platform.api import By, Call, Given, Id, Listing, Name, Page, Query, Schema, Text, listed, sorts


class SkillOut(Schema):
    id: int
    name: str


class SkillsAsked(Listing):
    sort: str = sorts("name", first="name")
    name: Annotated[Text | None, By("name__icontains")] = None


class SkillGiven(Given):
    name: Annotated[Name, Field(max_length=100)]


@parties.read("/skills", Page[SkillOut])
def list_skills(call: Call, asked: Query[SkillsAsked]) -> Any:
    """The skills people are graded in."""
    return listed(call, skills_of(call.actor), asked)


@parties.create("/skills", SkillOut)
def add_skill(call: Call, given: SkillGiven) -> Any:
    """Add a skill."""
    return operations.add_skill(actor=call.actor, now=call.now, name=given.name)


@parties.read("/skills/{pk}", SkillOut)
def get_skill(call: Call, pk: Id) -> Any:
    """One skill."""
    return skill_of(call.actor, pk)


@parties.change("/skills/{pk}", SkillOut)
def rename_skill(call: Call, pk: Id, given: SkillGiven) -> Any:
    """Name a skill anew."""
    return operations.rename_skill(actor=call.actor, now=call.now, skill=Skill(pk=pk), name=given.name)


@parties.remove("/skills/{pk}")
def remove_skill(call: Call, pk: Id) -> None:
    """Remove a skill, with everybody's level in it."""
    operations.remove_skill(actor=call.actor, now=call.now, skill=Skill(pk=pk))
