"""People of the organisation: what they are there, in which teams, what they can do; and their leaving."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.parties import operations
from backdesk.parties.api.area import Number, parties
from backdesk.parties.models import Level, Person, Skill
from backdesk.parties.queries.people import people_rows, profile_numbered
from backdesk.platform.api import (
    By,
    Call,
    Given,
    Id,
    Listing,
    Named,
    Page,
    Query,
    Schema,
    Text,
    listed,
    sorts,
)

RoleName = Literal["operations_lead", "employee", "controller", "auditor", "delivery_manager", "agent"]


class PersonRowOut(Schema):
    id: int
    name: str
    email: str
    roles: list[str] = Field(description="In words.")
    teams: list[str]
    skills: list[str]
    absent_until: datetime | None = Field(description="The end of the absence they are in now.")


class PeopleAsked(Listing):
    sort: str = sorts("name", "email", first="name")
    name: Annotated[Text | None, By("name__icontains")] = None
    email: Annotated[Text | None, By("email__icontains")] = None


class RoleOut(Schema):
    role: RoleName
    began_at: datetime


class GradeOut(Schema):
    skill: Named
    level: int = Field(description="1 learning, 2 working, 3 fluent, 4 teaching.")


class TeamOfPersonOut(Schema):
    team: Named
    is_lead: bool


class ProfileOut(Schema):
    id: int
    name: str
    email: str
    roles: list[RoleOut]
    teams: list[TeamOfPersonOut]
    skills: list[GradeOut]


class RoleGiven(Given):
    role: RoleName


class GradeGiven(Given):
    level: Annotated[Number, Field(le=max(Level.values))]


class OffboardingGiven(Given):
    successor_id: Number | None = Field(None, description="Who takes over what the person holds.")


@parties.read("/people", Page[PersonRowOut])
def list_people(call: Call, asked: Query[PeopleAsked]) -> Any:
    """The people of the organisation."""
    return listed(call, people_rows(actor=call.actor, now=call.now), asked)


@parties.read("/people/{pk}", ProfileOut)
def get_person(call: Call, pk: Id) -> Any:
    """One person."""
    profile = profile_numbered(actor=call.actor, now=call.now, pk=pk)
    return {
        "id": profile.person.pk,
        "name": profile.person.name,
        "email": profile.person.email,
        "roles": profile.roles,
        "teams": profile.teams,
        "skills": profile.skills,
    }


@parties.create("/people/{pk}/roles", RoleOut, status=200)
def give_role(call: Call, pk: Id, given: RoleGiven) -> Any:
    """Give a colleague a role; one they have already stays as it is."""
    return operations.give_colleague_role(
        actor=call.actor, now=call.now, person=Person(pk=pk), role=given.role
    )


@parties.remove("/people/{pk}/roles/{role}")
def end_role(call: Call, pk: Id, role: RoleName) -> None:
    """End one of several roles; the last one ends by offboarding."""
    operations.end_role(actor=call.actor, now=call.now, person=Person(pk=pk), role=role)


@parties.change("/people/{pk}/skills/{skill}", GradeOut)
def grade_skill(call: Call, pk: Id, skill: Id, given: GradeGiven) -> Any:
    """Say how well a colleague does something."""
    return operations.grade_skill(
        actor=call.actor, now=call.now, person=Person(pk=pk), skill=Skill(pk=skill), level=given.level
    )


@parties.remove("/people/{pk}/skills/{skill}")
def ungrade_skill(call: Call, pk: Id, skill: Id) -> None:
    """Take a grade back."""
    operations.grade_skill(
        actor=call.actor, now=call.now, person=Person(pk=pk), skill=Skill(pk=skill), level=None
    )


@parties.create("/people/{pk}/offboarding", None, status=204)
def offboard_person(call: Call, pk: Id, given: OffboardingGiven) -> None:
    """End everything the person is in the organisation; what they hold goes to the successor."""
    successor = None if given.successor_id is None else Person(pk=given.successor_id)
    operations.offboard_person(actor=call.actor, now=call.now, person=Person(pk=pk), successor=successor)
