"""Leaving: what one holds goes on, what one did stays, and in the end even the name can go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone

from backdesk.parties import holdings, operations
from backdesk.parties.models import Absence, Membership, Person, Role, Team
from backdesk.parties.policies import NotAllowed
from backdesk.parties.requests import standing_of
from backdesk.platform.models import AuditEntry, AuditValues
from tests.cast import BACKDESK, NOW, Cast
from tests.parties.company import added_skill, invited, left, opened_team, planned_absence

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=4)


def offboard(cast: Cast, *, successor: str | None = None) -> None:
    operations.offboard_person(
        actor=cast.lead,
        now=LATER,
        person=cast.person(Role.EMPLOYEE),
        successor=cast.person(successor) if successor else None,
    )


def test_who_is_offboarded_is_nothing_here_any_more(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    offboard(cast)
    assert not Membership.objects.current().filter(person=employee).exists()
    assert employee not in Person.objects.visible_to(cast.lead)
    assert employee in Person.objects.known_to(cast.lead)


def test_what_is_held_needs_a_successor_and_the_refusal_names_it(cast: Cast) -> None:
    opened_team(cast)
    with pytest.raises(operations.SuccessorNeeded, match=r"teams led \(1\)"):
        offboard(cast)
    assert Membership.objects.current().filter(person=cast.person(Role.EMPLOYEE)).exists()


def test_nobody_takes_over_from_themselves(cast: Cast) -> None:
    opened_team(cast)
    with pytest.raises(operations.SuccessorIsThePerson, match="Choose somebody else"):
        offboard(cast, successor=Role.EMPLOYEE)


def test_the_successor_leads_the_teams_and_the_history_keeps_who_did(cast: Cast) -> None:
    team = opened_team(cast)
    offboard(cast, successor=Role.CONTROLLER)
    leads = team.memberships.current().filter(is_lead=True)
    assert [one.person for one in leads] == [cast.person(Role.CONTROLLER)]
    assert team.memberships.filter(person=cast.person(Role.EMPLOYEE), is_lead=True).exists()


def test_every_kind_of_holding_an_app_registers_is_handed_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[Person, Person]] = []
    piles = holdings.Holding(
        title="piles",
        count=lambda *, actor, person: 2,
        hand_over=lambda *, actor, now, person, successor: taken.append((person, successor)),
    )
    monkeypatch.setattr(holdings, "_registered", [piles])
    offboard(cast, successor=Role.AUDITOR)
    assert taken == [(cast.person(Role.EMPLOYEE), cast.person(Role.AUDITOR))]


def test_absences_ahead_go_and_the_present_one_ends(cast: Cast) -> None:
    past = planned_absence(cast, day=0, days=2)
    present = planned_absence(cast, day=3, days=5)
    planned_absence(cast, day=20)
    offboard(cast)
    assert list(Absence.objects.order_by("begins_at").values_list("ends_at", flat=True)) == [
        past.ends_at,
        LATER,
    ]
    assert Absence.objects.filter(pk=present.pk, ends_at=LATER).exists()


def test_tokens_and_sessions_end(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    made = operations.create_token(
        actor=cast.employee, now=NOW, name="T", scopes=["read"], expires_at=NOW + timedelta(days=30)
    )
    browser = cast.browser(Role.EMPLOYEE)
    browser.get("/")
    UserSession.objects.get_or_create(
        user=employee, session_key=browser.session.session_key, defaults={"ip": "192.0.2.1"}
    )
    offboard(cast)
    made.token.refresh_from_db()
    assert made.token.revoked_at is not None
    assert browser.get("/").status_code == 302


def test_who_belongs_to_another_organisation_goes_on_there(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    operations.give_role(
        actor=BACKDESK, now=NOW, person=employee, organisation=cast.provider, role=Role.AGENT
    )
    browser = cast.browser(Role.EMPLOYEE)
    browser.get("/")
    offboard(cast)
    standing = standing_of(browser.get("/").wsgi_request)
    assert standing is not None
    assert standing.actor.organisation_id == cast.provider.pk


def test_the_last_who_manages_cannot_go_nor_anybody_by_themself(cast: Cast) -> None:
    lead = cast.person(Role.OPERATIONS_LEAD)
    with pytest.raises(operations.CannotOffboardOneself):
        operations.offboard_person(actor=cast.lead, now=LATER, person=lead)
    second = cast.person(Role.CONTROLLER)
    operations.give_role(
        actor=cast.lead, now=NOW, person=second, organisation=cast.client, role=Role.OPERATIONS_LEAD
    )
    operations.offboard_person(actor=cast.lead, now=LATER, person=second)
    stale = replace(cast.lead, person_id=second.pk)  # whose own role ended while their page stood open
    with pytest.raises(operations.LastManager, match="last who manages"):
        operations.offboard_person(actor=stale, now=LATER, person=lead)


def test_the_page_says_what_will_happen_and_asks_for_a_successor(cast: Cast) -> None:
    opened_team(cast)
    planned_absence(cast)
    address = reverse("organisation:offboarding", args=(cast.person(Role.EMPLOYEE).pk,))
    browser = cast.browser()
    page = browser.get(address).content.decode()
    assert "teams led" in page
    assert "Who takes over" in page
    assert browser.post(address, {"successor": ""}).status_code == 422
    response = browser.post(address, {"successor": cast.person(Role.AUDITOR).pk})
    assert response["Location"] == reverse("organisation:people")


def test_a_successor_is_a_colleague(cast: Cast) -> None:
    opened_team(cast)
    stranger = cast.person(Role.AGENT, cast.provider)
    with pytest.raises(Person.DoesNotExist):
        operations.offboard_person(
            actor=cast.lead, now=LATER, person=cast.person(Role.EMPLOYEE), successor=stranger
        )


# -- Erasing ------------------------------------------------------------------------------------------------------


def erased(cast: Cast) -> Person:
    person = left(cast)
    return operations.erase_person(actor=cast.lead, now=timezone.now(), person=person)


def test_an_erased_person_is_a_neutral_mark_that_cannot_sign_in(cast: Cast) -> None:
    person = erased(cast)
    assert (person.name, person.email) == ("Erased person", f"{person.pk}@erased.invalid")
    assert not person.is_active
    assert not person.has_usable_password()


def test_neither_name_nor_address_is_left_anywhere_not_even_in_the_trail(cast: Cast) -> None:
    invited(cast, email="gone@larch.example")
    operations.revoke_invitation(
        actor=cast.lead, now=NOW, invitation=cast.client.invitations.get(email="gone@larch.example")
    )
    assert "gone@larch.example" in str(list(AuditValues.objects.values()))
    erased(cast)
    kept = str([list(model.objects.values()) for model in (AuditValues, AuditEntry, Person)])
    kept += str(list(cast.client.invitations.values()))
    assert "gone@larch" not in kept
    assert "Gunnar" not in kept


def test_what_they_did_is_still_told(cast: Cast) -> None:
    person = erased(cast)
    verbs = AuditEntry.objects.filter(subject_id=str(person.pk)).values_list("verb", flat=True)
    assert "person offboarded" in set(verbs)


def test_who_still_belongs_somewhere_is_not_erased(cast: Cast) -> None:
    person = left(cast)
    operations.give_role(
        actor=BACKDESK, now=LATER, person=person, organisation=cast.provider, role=Role.AGENT
    )
    with pytest.raises(operations.BelongsSomewhere):
        operations.erase_person(actor=cast.lead, now=LATER, person=person)
    address = reverse("organisation:erasure", args=(person.pk,))
    response = cast.browser().post(address)
    assert response.status_code == 422
    assert "Nothing was erased" in response.content.decode()


def test_erasing_takes_a_manager_of_where_they_were(cast: Cast) -> None:
    person = left(cast)
    with pytest.raises(NotAllowed):
        operations.erase_person(actor=cast.employee, now=LATER, person=person)
    with pytest.raises(Person.DoesNotExist):
        operations.erase_person(actor=cast.other_lead, now=LATER, person=person)


def test_who_has_left_is_listed_and_once_erased_says_so(cast: Cast) -> None:
    person = left(cast)
    browser = cast.browser()
    assert "Gunnar Gone" in browser.get(reverse("organisation:former")).content.decode()
    browser.post(reverse("organisation:erasure", args=(person.pk,)))
    page = browser.get(reverse("organisation:former")).content.decode()
    assert "Gunnar Gone" not in page
    assert "erased" in page


def test_skills_are_gone_with_who_is_erased(cast: Cast) -> None:
    skill = added_skill(cast)
    offboard(cast)
    operations.erase_person(actor=cast.lead, now=LATER, person=cast.person(Role.EMPLOYEE))
    assert not skill.graded_people.exists()
    assert not Team.objects.filter(memberships__ended_at=None).exists()
