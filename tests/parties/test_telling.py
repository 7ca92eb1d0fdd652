"""What people are told of what their colleagues did about them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backdesk.parties import operations
from backdesk.parties.models import Absence, Person, TeamMembership
from backdesk.platform.actor import system
from backdesk.platform.models import Notification
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def told(person: Person) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(person_id=person.pk).order_by("id")
    return [(row.title, row.detail) for row in rows]


def test_who_is_given_a_role_is_told_and_again_when_it_ends(cast: Cast) -> None:
    person, lead = cast.person("employee"), cast.lead
    operations.give_role(actor=lead, now=NOW, person=person, organisation=cast.client, role="auditor")
    operations.end_role(actor=lead, now=NOW + timedelta(days=1), person=person, role="auditor")
    by_whom = f"Changed by {lead.name}."
    assert told(person) == [("Your role as auditor has ended", by_whom)]


def test_nobody_is_told_of_the_roles_they_came_with(cast: Cast) -> None:
    person = cast.person("employee")
    backdesk = system(name="invitation", organisation_id=cast.client.pk)
    operations.give_role(actor=backdesk, now=NOW, person=person, organisation=cast.client, role="auditor")
    assert told(person) == []


def away(cast: Cast, person: Person) -> Absence:
    return operations.plan_absence(
        actor=cast.actor("employee"),
        now=NOW,
        person=person,
        begins_at=NOW,
        ends_at=NOW + timedelta(days=3),
        kind=Absence.Kind.SICK,
        note="a bad back",
    )


def test_whoever_leads_their_team_is_told_that_somebody_will_be_away_but_not_why(cast: Cast) -> None:
    employee, leading, other = cast.person("employee"), cast.person("auditor"), cast.person("controller")
    team = operations.open_team(actor=cast.lead, now=NOW, name="Ledger")
    TeamMembership.objects.bulk_create(
        TeamMembership(team=team, person=person, is_lead=person == leading, began_at=NOW)
        for person in (employee, leading, other)
    )
    away(cast, employee)
    assert told(leading) == [(f"{employee.name} will be away", "")]
    assert told(employee) == told(other) == []


def test_whoever_invited_somebody_is_told_that_they_have_joined(cast: Cast) -> None:
    invitation = operations.invite_person(
        actor=cast.lead,
        now=NOW,
        email="new@larch.example",
        roles=["employee"],
    )
    renewed = operations.invitations.renew_secret(actor=cast.lead, now=NOW, invitation_id=invitation.pk)
    assert renewed is not None
    person = operations.accept_as_newcomer(
        now=NOW, secret=renewed[1], name="Nora New", password="a long and winding sentence"
    )
    assert told(cast.person("operations_lead")) == [("Nora New has joined", "Your invitation was accepted.")]
    assert told(person) == []
