"""A company with all there is of people: teams, skills, absences, invitations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backdesk.parties import operations
from backdesk.parties.models import Absence, Engagement, Invitation, Person, Role, Skill, Team
from tests.cast import BACKDESK, NOW, Cast
from tests.permissions import Route

MANAGERS = frozenset({Role.OPERATIONS_LEAD.value, Role.DELIVERY_MANAGER.value})
LEAD = frozenset({Role.OPERATIONS_LEAD.value})
LEAD_AND_EMPLOYEE = LEAD | {Role.EMPLOYEE.value}


def opened_team(cast: Cast, name: str = "Ledger") -> Team:
    """Led by the employee."""
    team = operations.open_team(actor=cast.lead, now=NOW, name=name)
    employee = cast.person(Role.EMPLOYEE)
    operations.join_team(actor=cast.lead, now=NOW, team=team, person=employee, is_lead=True)
    return team


def added_skill(cast: Cast, name: str = "VAT returns") -> Skill:
    """In which the employee is fluent."""
    skill = operations.add_skill(actor=cast.lead, now=NOW, name=name)
    employee = cast.person(Role.EMPLOYEE)
    operations.grade_skill(actor=cast.lead, now=NOW, person=employee, skill=skill, level=3)
    return skill


def planned_absence(cast: Cast, *, day: int = 3, days: int = 5, kind: str = "sick") -> Absence:
    """Of the employee, for a reason only some may read."""
    begins_at = NOW.replace(hour=0) + timedelta(days=day)
    return operations.plan_absence(
        actor=cast.employee,
        now=NOW,
        person=cast.person(Role.EMPLOYEE),
        begins_at=begins_at,
        ends_at=begins_at + timedelta(days=days),
        kind=kind,
        note="a broken wrist",
    )


def invited(cast: Cast, email: str = "new@larch.example", **given: Any) -> Invitation:
    asked = {"now": NOW, "roles": [Role.EMPLOYEE.value], **given}
    return operations.invite_person(actor=cast.lead, email=email, **asked)


def a_person(cast: Cast) -> Mapping[str, Any]:
    return {"pk": cast.person(Role.EMPLOYEE).pk}


def an_ending_role(cast: Cast) -> Mapping[str, Any]:
    """Of the auditor, who may open no page more by it: the matrix asks everybody after this."""
    auditor = cast.person(Role.AUDITOR)
    operations.give_role(
        actor=cast.lead, now=NOW, person=auditor, organisation=cast.client, role=Role.CONTROLLER
    )
    return {"pk": auditor.pk, "role": Role.CONTROLLER.value}


def a_team(cast: Cast) -> Mapping[str, Any]:
    return {"pk": opened_team(cast, "Payroll").pk}


def a_place_in_a_team(cast: Cast) -> Mapping[str, Any]:
    return {"pk": opened_team(cast, "Billing").pk, "person": cast.person(Role.EMPLOYEE).pk}


def a_skill(cast: Cast) -> Mapping[str, Any]:
    return {"pk": added_skill(cast).pk}


def an_absence(cast: Cast) -> Mapping[str, Any]:
    return {"pk": planned_absence(cast).pk}


def an_invitation(cast: Cast) -> Mapping[str, Any]:
    return {"pk": invited(cast).pk}


def left(cast: Cast, email: str = "") -> Person:
    """Somebody who was an employee, and was offboarded a day later."""
    email = email or f"gone@{cast.client.name.split()[0].lower()}.example"
    person = operations.add_person(actor=BACKDESK, now=NOW, email=email, name="Gunnar Gone", password=None)
    operations.give_role(actor=BACKDESK, now=NOW, person=person, organisation=cast.client, role=Role.EMPLOYEE)
    operations.offboard_person(actor=cast.lead, now=NOW + timedelta(days=1), person=person)
    return person


def somebody_who_left(cast: Cast) -> Mapping[str, Any]:
    return {"pk": left(cast).pk}


def a_proposal(cast: Cast) -> Mapping[str, Any]:
    made = operations.propose_engagement(
        actor=cast.lead, now=NOW, name="Payroll", email="lead@payroll.example"
    )
    return {"pk": made.pk}


def an_engagement(cast: Cast) -> Mapping[str, Any]:
    """With the provider of the cast."""
    return {"pk": engaged(cast).pk}


def an_agent_named(cast: Cast) -> Mapping[str, Any]:
    """The client's own employee, in the engagement."""
    engagement = engaged(cast)
    named = operations.name_participant(
        actor=cast.lead, now=NOW, engagement=engagement, person_id=cast.person(Role.EMPLOYEE).pk
    )
    return {"pk": engagement.pk, "participant": named.pk}


def engaged(cast: Cast) -> Engagement:
    return Engagement.objects.create(
        client=cast.client,
        provider=cast.provider,
        name="Accounts",
        begins_at=NOW,
        proposed_at=NOW,
        accepted_at=NOW,
    )


def of_organisation(name: str) -> str:
    return f"organisation:{name}"


ROUTES = {
    of_organisation(name): route
    for name, route in {
        "settings": Route(),
        "people": Route(),
        "person": Route(of=a_person),
        "roles": Route(roles=MANAGERS, of=a_person, method="post"),
        "role-ending": Route(roles=MANAGERS, of=an_ending_role, method="post"),
        "grades": Route(roles=MANAGERS, of=a_person),
        "joining": Route(roles=MANAGERS, of=a_person, method="post"),
        "offboarding": Route(roles=MANAGERS, of=a_person),
        "former": Route(roles=MANAGERS),
        "erasure": Route(roles=MANAGERS, of=somebody_who_left),
        "absence-new": Route(roles=LEAD_AND_EMPLOYEE, of=a_person),
        "invitations": Route(roles=MANAGERS),
        "invitation-new": Route(roles=MANAGERS),
        "invitation-mail": Route(roles=MANAGERS, of=an_invitation, method="post"),
        "invitation-revocation": Route(roles=MANAGERS, of=an_invitation, method="post"),
        "teams": Route(),
        "team-new": Route(roles=MANAGERS),
        "team": Route(of=a_team),
        "team-name": Route(roles=MANAGERS, of=a_team),
        "team-closing": Route(roles=MANAGERS, of=a_team, method="post"),
        "team-people": Route(roles=MANAGERS, of=a_team, method="post"),
        "team-leaving": Route(roles=MANAGERS, of=a_place_in_a_team, method="post"),
        "team-lead": Route(roles=MANAGERS, of=a_place_in_a_team, method="post"),
        "skills": Route(),
        "skill-new": Route(roles=MANAGERS),
        "skill": Route(roles=MANAGERS, of=a_skill),
        "skill-removal": Route(roles=MANAGERS, of=a_skill, method="post"),
        "absences": Route(),
        "absence": Route(roles=LEAD_AND_EMPLOYEE, of=an_absence),
        "absence-withdrawal": Route(roles=LEAD_AND_EMPLOYEE, of=an_absence, method="post"),
    }.items()
}
ROUTES["invitation"] = Route(public=True)
CLIENT = frozenset({"operations_lead", "employee", "controller", "auditor"})
DELIVERY = frozenset({Role.DELIVERY_MANAGER.value})
ROUTES |= {
    f"engagements:{name}": route
    for name, route in {
        "engagements": Route(roles=CLIENT | DELIVERY),
        "engagement-new": Route(roles=LEAD),
        "engagement": Route(roles=CLIENT, of=an_engagement, engaged=DELIVERY),
        "proposal-mail": Route(roles=LEAD, of=a_proposal, method="post"),
        "withdrawal": Route(roles=LEAD, of=a_proposal, method="post"),
        "ending": Route(
            roles=LEAD, of=an_engagement, engaged=DELIVERY, method="post", data={"last_day": "2999-01-01"}
        ),
        "naming": Route(roles=LEAD, of=an_engagement, engaged=DELIVERY, method="post", data={}),
        "unnaming": Route(roles=LEAD, of=an_agent_named, method="post"),
        "proposal": Route(public=True),
    }.items()
}
