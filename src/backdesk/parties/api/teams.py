"""Teams, and who is in them."""

from typing import Annotated, Any

from pydantic import Field

from backdesk.parties import operations
from backdesk.parties.api.area import Number, parties
from backdesk.parties.models import Person, Team, TeamMembership
from backdesk.parties.queries.single import team_of
from backdesk.parties.queries.teams import members_of, team_rows
from backdesk.platform.api import (
    By,
    Call,
    Given,
    Id,
    Listing,
    Name,
    Named,
    Page,
    Query,
    Schema,
    Text,
    YesNo,
    listed,
    sorts,
)


class TeamOut(Schema):
    id: int
    name: str


class TeamRowOut(TeamOut):
    people: int
    leads: list[str]


class MemberOut(Schema):
    person: Named
    is_lead: bool


class TeamsAsked(Listing):
    sort: str = sorts("name", "people", first="name")
    name: Annotated[Text | None, By("name__icontains")] = None


class TeamGiven(Given):
    name: Annotated[Name, Field(max_length=100)]


class MemberGiven(Given):
    person_id: Number
    is_lead: YesNo = False


class LeadGiven(Given):
    is_lead: YesNo


@parties.read("/teams", Page[TeamRowOut])
def list_teams(call: Call, asked: Query[TeamsAsked]) -> Any:
    """The open teams."""
    return listed(call, team_rows(call.actor), asked)


@parties.create("/teams", TeamOut)
def open_team(call: Call, given: TeamGiven) -> Any:
    """Open a team."""
    return operations.open_team(actor=call.actor, now=call.now, name=given.name)


@parties.read("/teams/{pk}", TeamOut)
def get_team(call: Call, pk: Id) -> Any:
    """One team."""
    return team_of(call.actor, pk)


@parties.change("/teams/{pk}", TeamOut)
def rename_team(call: Call, pk: Id, given: TeamGiven) -> Any:
    """Name a team anew."""
    return operations.rename_team(actor=call.actor, now=call.now, team=Team(pk=pk), name=given.name)


@parties.remove("/teams/{pk}")
def close_team(call: Call, pk: Id) -> None:
    """Close a team: its people leave it, it stays in the history, and its name is free again."""
    operations.close_team(actor=call.actor, now=call.now, team=Team(pk=pk))


@parties.read("/teams/{pk}/people", list[MemberOut])
def list_members(call: Call, pk: Id) -> Any:
    """Who is in a team, its leads first."""
    return members_of(call.actor, team_of(call.actor, pk))


@parties.create("/teams/{pk}/people", MemberOut, status=200)
def join_team(call: Call, pk: Id, given: MemberGiven) -> Any:
    """Put a colleague into a team; who is in it already stays as they are."""
    return operations.join_team(
        actor=call.actor,
        now=call.now,
        team=Team(pk=pk),
        person=Person(pk=given.person_id),
        is_lead=given.is_lead,
    )


@parties.change("/teams/{pk}/people/{person}", MemberOut)
def lead_team(call: Call, pk: Id, person: Id, given: LeadGiven) -> TeamMembership:
    """Make somebody of a team its lead, or no longer."""
    return operations.lead_team(
        actor=call.actor, now=call.now, team=Team(pk=pk), person=Person(pk=person), leads=given.is_lead
    )


@parties.remove("/teams/{pk}/people/{person}")
def leave_team(call: Call, pk: Id, person: Id) -> None:
    """Take somebody out of a team."""
    operations.leave_team(actor=call.actor, now=call.now, team=Team(pk=pk), person=Person(pk=person))
