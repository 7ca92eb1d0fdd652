"""Who may call which operation of parties."""

from __future__ import annotations

from typing import Any

from backdesk.parties import operations
from backdesk.parties.models import Role
from backdesk.platform.actor import system
from tests.api.listing import ApiOperation
from tests.cast import NOW, Cast
from tests.parties.company import a_proposal, an_engagement

MANAGERS = frozenset({Role.OPERATIONS_LEAD.value, Role.DELIVERY_MANAGER.value})


def an_employee(cast: Cast) -> dict[str, Any]:
    return {"pk": cast.person(Role.EMPLOYEE).pk}


def somebody_with_two_roles(cast: Cast) -> dict[str, Any]:
    backdesk = system(name="a test")
    person = operations.add_person(
        actor=backdesk, now=NOW, email="two@larch.example", name="Two", password=None
    )
    for role in (Role.EMPLOYEE.value, Role.AUDITOR.value):
        operations.give_role(actor=backdesk, now=NOW, person=person, organisation=cast.client, role=role)
    return {"pk": person.pk, "role": Role.AUDITOR.value}


def a_skill(cast: Cast) -> dict[str, Any]:
    return {"pk": operations.add_skill(actor=cast.lead, now=NOW, name="VAT returns").pk}


def a_grade(cast: Cast) -> dict[str, Any]:
    skill = operations.add_skill(actor=cast.lead, now=NOW, name="Danish")
    person = cast.person(Role.EMPLOYEE)
    operations.grade_skill(actor=cast.lead, now=NOW, person=person, skill=skill, level=3)
    return {"pk": person.pk, "skill": skill.pk}


def a_team(cast: Cast) -> dict[str, Any]:
    return {"pk": operations.open_team(actor=cast.lead, now=NOW, name="Ledger").pk}


def a_team_member(cast: Cast) -> dict[str, Any]:
    team = operations.open_team(actor=cast.lead, now=NOW, name="Payroll")
    person = cast.person(Role.EMPLOYEE)
    operations.join_team(actor=cast.lead, now=NOW, team=team, person=person)
    return {"pk": team.pk, "person": person.pk}


def an_absence(cast: Cast) -> dict[str, Any]:
    """Of the lead's own, so that a colleague may not change it."""
    planned = operations.plan_absence(
        actor=cast.lead, now=NOW, person=cast.person(Role.OPERATIONS_LEAD), **_period(2027)
    )
    return {"pk": planned.pk}


def an_invitation(cast: Cast) -> dict[str, Any]:
    invited = operations.invite_person(
        actor=cast.lead, now=NOW, email="new@larch.example", roles=["employee"]
    )
    return {"pk": invited.pk}


def _period(year: int) -> dict[str, Any]:
    return {
        "begins_at": NOW.replace(year=year),
        "ends_at": NOW.replace(year=year, month=4),
        "kind": "holiday",
    }


def the_organisation(cast: Cast) -> dict[str, Any]:
    return {"name": "Larch & Daughters", "zone": "Europe/Copenhagen", "is_client": True, "is_provider": False}


def an_absence_to_plan(cast: Cast) -> dict[str, Any]:
    """Of a controller's, whom only a manager may plan it for."""
    return {"person_id": cast.person(Role.CONTROLLER).pk, **_told(2028)}


def _told(year: int) -> dict[str, Any]:
    return {
        "begins_at": f"{year}-07-01T00:00:00Z",
        "ends_at": f"{year}-07-08T00:00:00+02:00",
        "kind": "training",
    }


def a_newcomer(cast: Cast) -> dict[str, Any]:
    return {"email": "somebody@larch.example", "roles": ["employee"]}


LEAD = frozenset({Role.OPERATIONS_LEAD.value})
PLANNERS = LEAD | {Role.CONTROLLER.value}
API_OPERATIONS = {
    "get_me": ApiOperation(any_scope=True),
    "change_profile": ApiOperation(
        tell=lambda cast: {"name": "Ada Larch", "language": "de", "zone": "Europe/Berlin"}
    ),
    "get_organisation": ApiOperation(),
    "change_organisation": ApiOperation(roles=MANAGERS, tell=the_organisation),
    "list_people": ApiOperation(),
    "get_person": ApiOperation(of=an_employee),
    "give_role": ApiOperation(roles=LEAD, of=an_employee, tell=lambda cast: {"role": "controller"}),
    "end_role": ApiOperation(roles=LEAD, of=somebody_with_two_roles),
    "grade_skill": ApiOperation(roles=LEAD, of=a_grade, tell=lambda cast: {"level": 4}),
    "ungrade_skill": ApiOperation(roles=LEAD, of=a_grade),
    "offboard_person": ApiOperation(roles=LEAD, of=an_employee, tell=lambda cast: {}),
    "list_teams": ApiOperation(),
    "open_team": ApiOperation(roles=MANAGERS, tell=lambda cast: {"name": "Night team"}),
    "get_team": ApiOperation(of=a_team),
    "rename_team": ApiOperation(roles=LEAD, of=a_team, tell=lambda cast: {"name": "General ledger"}),
    "close_team": ApiOperation(roles=LEAD, of=a_team),
    "list_members": ApiOperation(of=a_team),
    "join_team": ApiOperation(
        roles=LEAD, of=a_team, tell=lambda cast: {"person_id": cast.person(Role.AUDITOR).pk}
    ),
    "lead_team": ApiOperation(roles=LEAD, of=a_team_member, tell=lambda cast: {"is_lead": True}),
    "leave_team": ApiOperation(roles=LEAD, of=a_team_member),
    "list_skills": ApiOperation(),
    "add_skill": ApiOperation(roles=MANAGERS, tell=lambda cast: {"name": "SAP FI"}),
    "get_skill": ApiOperation(of=a_skill),
    "rename_skill": ApiOperation(roles=LEAD, of=a_skill, tell=lambda cast: {"name": "VAT"}),
    "remove_skill": ApiOperation(roles=LEAD, of=a_skill),
    "list_absences": ApiOperation(),
    "plan_absence": ApiOperation(roles=PLANNERS, tell=an_absence_to_plan),
    "get_absence": ApiOperation(of=an_absence),
    "change_absence": ApiOperation(roles=LEAD, of=an_absence, tell=lambda cast: _told(2029)),
    "withdraw_absence": ApiOperation(roles=LEAD, of=an_absence),
    "list_invitations": ApiOperation(roles=MANAGERS),
    "invite_person": ApiOperation(roles=MANAGERS, tell=a_newcomer),
    "resend_invitation": ApiOperation(roles=LEAD, of=an_invitation),
    "revoke_invitation": ApiOperation(roles=LEAD, of=an_invitation),
}
SEE_ENGAGEMENTS = frozenset({"operations_lead", "employee", "controller", "auditor"})
DELIVERY = frozenset({Role.DELIVERY_MANAGER.value})
API_OPERATIONS |= {
    "list_engagements": ApiOperation(roles=SEE_ENGAGEMENTS | DELIVERY),
    "get_engagement": ApiOperation(roles=SEE_ENGAGEMENTS, of=an_engagement, engaged=DELIVERY),
    "propose_engagement": ApiOperation(
        roles=LEAD, tell=lambda cast: {"name": "Payroll", "email": "lead@payroll.example"}
    ),
    "resend_proposal": ApiOperation(roles=LEAD, of=a_proposal),
    "withdraw_proposal": ApiOperation(roles=LEAD, of=a_proposal),
    "end_engagement": ApiOperation(
        roles=LEAD, of=an_engagement, engaged=DELIVERY, tell=lambda cast: {"ends_at": "2099-01-01T00:00:00Z"}
    ),
}
