"""What of an organisation, its people and what they are told programs change: said over HTTP, as it is then."""

from __future__ import annotations

from typing import Any

import pytest

from backdesk.parties.models import Membership, Role
from backdesk.platform.models import AuditEntry
from tests.api.calling import Program, problem, program
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast: Cast) -> Program:
    return program(cast)


def house(**said: Any) -> dict[str, Any]:
    return {"name": "Larch & Sons", "zone": "UTC", "is_client": True, "is_provider": False, **said}


def test_everybody_can_be_asked_for_a_second_factor(cast: Cast, lead: Program) -> None:
    assert lead.get("/organisation").json()["second_factor_required"] is False
    changed = lead.put("/organisation", house(second_factor_required=True)).json()
    assert changed["second_factor_required"] is True
    assert AuditEntry.objects.filter(verb="organisation changed").count() == 1


def test_where_nothing_is_said_of_the_second_factor_it_stays(lead: Program) -> None:
    lead.put("/organisation", house(second_factor_required=True))
    assert lead.put("/organisation", house(name="Larch")).json()["second_factor_required"] is True
    assert (
        lead.put("/organisation", house(second_factor_required=False)).json()["second_factor_required"]
        is False
    )


def test_a_colleague_is_given_a_role_and_it_ends(cast: Cast, lead: Program) -> None:
    roles = f"/people/{cast.person(Role.EMPLOYEE).pk}/roles"
    given = lead.post(roles, {"role": "auditor"}).json()
    assert given["role"] == "auditor"
    assert lead.post(roles, {"role": "auditor"}).json() == given
    assert lead.delete(f"{roles}/auditor").status_code == 204
    assert not Membership.objects.current().filter(role="auditor", person=cast.person(Role.EMPLOYEE)).exists()


def test_the_last_role_is_refused_with_the_name_of_who_has_it(cast: Cast, lead: Program) -> None:
    person = cast.person(Role.EMPLOYEE)
    told = problem(lead.delete(f"/people/{person.pk}/roles/employee"), status=409, code="last-role")
    assert person.name in told["detail"]


def test_nobody_of_another_organisation_is_given_a_role(cast: Cast, lead: Program) -> None:
    stranger = cast.person(Role.EMPLOYEE, cast.other_client)
    problem(lead.post(f"/people/{stranger.pk}/roles", {"role": "auditor"}), status=404, code="not-found")


def test_a_grade_is_told_as_it_is_then(cast: Cast, lead: Program) -> None:
    skill = lead.post("/skills", {"name": "Ledger"}).json()
    address = f"/people/{cast.person(Role.EMPLOYEE).pk}/skills/{skill['id']}"
    assert lead.put(address, {"level": 3}).json() == {"skill": skill, "level": 3}
    assert lead.get(address.partition("/skills")[0]).json()["skills"] == [{"skill": skill, "level": 3}]


def test_who_a_token_acts_for_is_called_as_they_say(lead: Program) -> None:
    said = {"name": "Anna", "language": "de", "zone": "Europe/Berlin"}
    changed = lead.put("/me", said).json()
    assert changed == lead.get("/me").json()
    assert (changed["person"]["name"], changed["language"], changed["zone"]) == tuple(said.values())


def test_a_kind_of_notification_that_does_not_concern_one_is_unknown(cast: Cast) -> None:
    """Invitations concern who manages, and nobody else."""
    channels, address = (
        {"in_app": True, "email": "daily"},
        "/notification-preferences/parties.invitation_accepted",
    )
    chosen = {one["kind"]: one["email"] for one in program(cast).put(address, channels).json()}
    assert chosen["parties.invitation_accepted"] == "daily"
    told = problem(program(cast, Role.EMPLOYEE).put(address, channels), status=404, code="unknown-kind")
    assert "parties.role_changed" in told["detail"]
