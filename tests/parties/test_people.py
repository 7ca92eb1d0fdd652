"""Roles, teams, skills and absences: who may, what is refused, and what colleagues are shown."""

from __future__ import annotations

import csv
import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backdesk.parties import operations, queries
from backdesk.parties.models import Absence, Membership, PersonSkill, Role, Skill, Team
from backdesk.parties.policies import NotAllowed
from backdesk.platform.models import AuditValues
from tests.cast import BACKDESK, NOW, Cast
from tests.parties.company import added_skill, opened_team, planned_absence

pytestmark = pytest.mark.django_db


def page(cast: Cast, name: str, *args: int, role: str = Role.OPERATIONS_LEAD, query: str = "") -> str:
    response = cast.browser(role).get(reverse(f"organisation:{name}", args=args) + query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


# -- Roles --------------------------------------------------------------------------------------------------------


def test_a_manager_gives_a_colleague_a_role_and_ends_it(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    browser = cast.browser()
    browser.post(reverse("organisation:roles", args=(employee.pk,)), {"role": "controller"})
    assert "controller" in page(cast, "person", employee.pk)
    browser.post(reverse("organisation:role-ending", args=(employee.pk, "controller")))
    roles = Membership.objects.current().filter(person=employee).values_list("role", flat=True)
    assert list(roles) == ["employee"]


def test_the_way_to_the_trail_of_a_person_is_there_once_something_is_told_of_them(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    trail = reverse("web:trail-object", args=("parties.person", employee.pk))
    assert trail not in page(cast, "person", employee.pk)
    own = cast.actor(Role.EMPLOYEE)
    operations.change_profile(actor=own, now=NOW, person=employee, name="Ida", language="en", zone="UTC")
    assert trail in page(cast, "person", employee.pk)
    assert cast.browser().get(trail).status_code == 200


def test_a_stranger_is_given_no_role_past_an_invitation(cast: Cast) -> None:
    stranger = cast.person(Role.EMPLOYEE, cast.other_client)
    with pytest.raises(NotAllowed):
        operations.give_role(
            actor=cast.lead, now=NOW, person=stranger, organisation=cast.client, role=Role.AUDITOR
        )


def test_nobody_gives_roles_at_another_organisation(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        operations.give_role(
            actor=cast.lead,
            now=NOW,
            person=cast.person(Role.EMPLOYEE),
            organisation=cast.other_client,
            role=Role.AUDITOR,
        )


def test_a_client_has_no_agents(cast: Cast) -> None:
    with pytest.raises(operations.RoleOfTheOtherSide, match="operations lead, employee"):
        operations.give_role(
            actor=cast.lead,
            now=NOW,
            person=cast.person(Role.EMPLOYEE),
            organisation=cast.client,
            role=Role.AGENT,
        )


def test_the_last_role_ends_by_offboarding_alone(cast: Cast) -> None:
    with pytest.raises(operations.LastRole, match="offboard"):
        operations.end_role(actor=cast.lead, now=NOW, person=cast.person(Role.EMPLOYEE), role=Role.EMPLOYEE)


def test_the_last_manager_stays_one(cast: Cast) -> None:
    lead = cast.person(Role.OPERATIONS_LEAD)
    operations.give_role(actor=cast.lead, now=NOW, person=lead, organisation=cast.client, role=Role.AUDITOR)
    address = reverse("organisation:role-ending", args=(lead.pk, Role.OPERATIONS_LEAD.value))
    response = cast.browser().post(address, follow=True)
    assert "last who manages" in response.content.decode()
    assert Membership.objects.current().filter(person=lead, role=Role.OPERATIONS_LEAD).exists()


def test_who_managed_may_stop_once_somebody_else_does(cast: Cast) -> None:
    """The negative control of the test above."""
    lead, second = cast.person(Role.OPERATIONS_LEAD), cast.person(Role.CONTROLLER)
    for person, role in ((lead, Role.AUDITOR), (second, Role.OPERATIONS_LEAD)):
        operations.give_role(actor=cast.lead, now=NOW, person=person, organisation=cast.client, role=role)
    operations.end_role(actor=cast.lead, now=NOW + timedelta(days=1), person=lead, role=Role.OPERATIONS_LEAD)
    assert not Membership.objects.current().filter(person=lead, role=Role.OPERATIONS_LEAD).exists()


# -- Teams --------------------------------------------------------------------------------------------------------


def test_a_team_is_opened_joined_and_led_on_its_page(cast: Cast) -> None:
    browser, employee = cast.browser(), cast.person(Role.EMPLOYEE)
    opened = browser.post(reverse("organisation:team-new"), {"name": "Ledger"})
    team = Team.objects.get()
    assert opened["Location"] == reverse("organisation:team", args=(team.pk,))
    browser.post(reverse("organisation:team-people", args=(team.pk,)), {"person": employee.pk})
    browser.post(reverse("organisation:team-lead", args=(team.pk, employee.pk)), {"leads": "yes"})
    assert "leads it" in page(cast, "team", team.pk)
    assert employee.name in page(cast, "teams", role=Role.EMPLOYEE)
    browser.post(reverse("organisation:team-leaving", args=(team.pk, employee.pk)))
    assert not team.memberships.current().exists()


def test_a_name_is_taken_while_the_team_is_open_whatever_its_case(cast: Cast) -> None:
    team = opened_team(cast)
    response = cast.browser().post(reverse("organisation:team-new"), {"name": "LEDGER"})
    assert response.status_code == 422
    assert "There is a team" in response.content.decode()
    operations.close_team(actor=cast.lead, now=NOW, team=team)
    assert operations.open_team(actor=cast.lead, now=NOW, name="Ledger").pk != team.pk


def test_another_organisation_may_use_the_name(cast: Cast) -> None:
    opened_team(cast)
    assert operations.open_team(actor=cast.other_lead, now=NOW, name="Ledger").pk


def test_nobody_joins_a_closed_team(cast: Cast) -> None:
    team = opened_team(cast)
    operations.close_team(actor=cast.lead, now=NOW, team=team)
    with pytest.raises(operations.TeamClosed):
        operations.join_team(actor=cast.lead, now=NOW, team=team, person=cast.person(Role.AUDITOR))


def test_only_colleagues_are_on_offer_for_a_team(cast: Cast) -> None:
    team, stranger = opened_team(cast), cast.person(Role.EMPLOYEE, cast.other_client)
    address = reverse("organisation:team-people", args=(team.pk,))
    response = cast.browser().post(address, {"person": stranger.pk}, follow=True)
    assert "Choose one of those on offer" in response.content.decode()
    assert not team.memberships.filter(person=stranger).exists()


# -- Skills -------------------------------------------------------------------------------------------------------


def test_a_persons_skills_are_graded_together_and_shown_as_words(cast: Cast) -> None:
    first, second = added_skill(cast), added_skill(cast, "Danish")
    auditor = cast.person(Role.AUDITOR)
    address = reverse("organisation:grades", args=(auditor.pk,))
    given = {f"skill-{first.pk}": "4", f"skill-{second.pk}": "0"}
    cast.browser().post(address, given)
    assert "teaching" in page(cast, "person", auditor.pk, role=Role.EMPLOYEE)
    assert list(auditor.graded_skills.values_list("skill", "level")) == [(first.pk, 4)]


def test_a_grade_taken_back_is_gone_and_one_given_again_keeps_its_date(cast: Cast) -> None:
    skill, employee = added_skill(cast), cast.person(Role.EMPLOYEE)
    later = NOW + timedelta(days=9)
    same = operations.grade_skill(actor=cast.lead, now=later, person=employee, skill=skill, level=3)
    assert same is not None
    assert same.since == NOW
    operations.grade_skill(actor=cast.lead, now=later, person=employee, skill=skill, level=None)
    assert not PersonSkill.objects.exists()


def test_a_level_is_one_of_four(cast: Cast) -> None:
    skill = added_skill(cast)
    with pytest.raises(operations.UnknownLevel):
        operations.grade_skill(
            actor=cast.lead, now=NOW, person=cast.person(Role.AUDITOR), skill=skill, level=5
        )


def test_the_matrix_says_where_the_work_hangs_on_one_person(cast: Cast) -> None:
    skill = added_skill(cast)
    assert "the work hangs on one person" in page(cast, "skills")
    for level, role in ((3, Role.AUDITOR), (2, Role.CONTROLLER)):
        operations.grade_skill(actor=cast.lead, now=NOW, person=cast.person(role), skill=skill, level=level)
    assert queries.matrix(cast.lead).fluent == (2,)
    assert "the work hangs on one person" not in page(cast, "skills")


def test_a_skill_is_removed_with_everybodys_level_after_saying_how_many(cast: Cast) -> None:
    skill = added_skill(cast)
    assert "1 person has a level in it" in page(cast, "skill", skill.pk)
    cast.browser().post(reverse("organisation:skill-removal", args=(skill.pk,)))
    assert not Skill.objects.exists()


# -- Absences -----------------------------------------------------------------------------------------------------


def test_colleagues_see_that_somebody_is_away_and_not_why(cast: Cast) -> None:
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    employee = cast.person(Role.EMPLOYEE)
    operations.plan_absence(
        actor=cast.employee,
        now=NOW,
        person=employee,
        begins_at=today - timedelta(days=1),
        ends_at=today + timedelta(days=3),
        kind="sick",
        note="a broken wrist",
    )
    for role, is_told in (
        (Role.OPERATIONS_LEAD, True),
        (Role.EMPLOYEE, True),
        (Role.CONTROLLER, False),
        (Role.AUDITOR, False),
    ):
        shown = page(cast, "absences", role=role) + page(cast, "person", employee.pk, role=role)
        export = page(cast, "absences", role=role, query="?export=csv&columns=kind&columns=note")
        assert ("broken wrist" in shown, "sick" in shown) == (is_told, is_told), role
        assert ("broken wrist" in export) == is_told, role
        assert employee.name in shown
    assert "away" in page(cast, "people", role=Role.AUDITOR)


def test_why_somebody_is_away_is_not_in_the_trail(cast: Cast) -> None:
    planned_absence(cast)
    kept = str(list(AuditValues.objects.values()))
    assert "wrist" not in kept
    assert "sick" not in kept


def test_an_absence_over_another_is_refused_with_its_days(cast: Cast) -> None:
    planned_absence(cast)
    with pytest.raises(operations.AbsencesOverlap, match="March 5, 2026"):
        planned_absence(cast, day=7)
    assert Absence.objects.count() == 1


def test_not_even_past_the_operation(cast: Cast) -> None:
    one = planned_absence(cast)
    one.pk = None
    with pytest.raises(IntegrityError, match="one_absence_at_a_time"), transaction.atomic():
        one.save()


def test_one_absence_may_begin_when_another_ends(cast: Cast) -> None:
    """The negative control of the two above: periods are half-open."""
    first = planned_absence(cast)
    second = planned_absence(cast, day=8)
    assert first.ends_at == second.begins_at


def test_one_plans_ones_own_absence_in_days_of_ones_own_zone(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    employee.zone = "Asia/Manila"
    employee.save()
    given = {"first": "2026-12-24", "last": "2026-12-26", "kind": "holiday", "note": ""}
    address = reverse("organisation:absence-new", args=(employee.pk,))
    cast.browser(Role.EMPLOYEE).post(address, given)
    absence = Absence.objects.get()
    assert absence.begins_at.isoformat() == "2026-12-23T16:00:00+00:00"
    assert absence.ends_at - absence.begins_at == timedelta(days=3)


def test_a_colleagues_absence_is_not_ones_own_to_plan(cast: Cast) -> None:
    planned_absence(cast)
    one = Absence.objects.get()
    for role, status in ((Role.CONTROLLER, 403), (Role.OPERATIONS_LEAD, 302)):
        address = reverse("organisation:absence-withdrawal", args=(one.pk,))
        assert cast.browser(role).post(address).status_code == status


def test_what_was_typed_stays_when_the_days_are_the_wrong_way_round(cast: Cast) -> None:
    employee = cast.person(Role.EMPLOYEE)
    address = reverse("organisation:absence-new", args=(employee.pk,))
    given = {"first": "2026-12-26", "last": "2026-12-24", "kind": "training", "note": "a course in Ålborg"}
    response = cast.browser().post(address, given)
    assert response.status_code == 422
    assert "a course in Ålborg" in response.content.decode()


@pytest.mark.parametrize("asked", ["", "?from=2026-03-02", "?from=9999-12-31", "?from=0001-01-01", "?team=x"])
def test_the_strip_begins_on_a_monday_wherever_one_looks(cast: Cast, asked: str) -> None:
    planned_absence(cast)
    assert "Two weeks on" in page(cast, "absences", query=asked)


def test_the_strip_shows_each_day_once(cast: Cast) -> None:
    planned_absence(cast, day=0, days=3)
    planned_absence(cast, day=3, days=2)
    shown = queries.strip(actor=cast.lead, first=NOW.date(), days=14, zone=NOW.tzinfo)  # type: ignore[arg-type]
    (row,) = shown.rows
    assert [one.days for one in row.stretches] == [3, 2, 9]
    assert shown.present == 3


# -- The people and their organisation ----------------------------------------------------------------------------


def test_people_are_exported_as_shown(cast: Cast) -> None:
    opened_team(cast)
    added_skill(cast)
    rows = list(csv.DictReader(page(cast, "people", query="?export=csv&teams=Ledger").splitlines()))
    assert [(row["Roles"], row["Teams"], row["Skills"]) for row in rows] == [
        ("employee", "Ledger", "VAT returns")
    ]


def test_providers_and_clients_do_not_see_each_others_people(cast: Cast) -> None:
    shown = page(cast, "people")
    for other in (cast.other_client, cast.provider):
        for person in cast.people[other.pk].values():
            assert person.name not in shown


def test_every_member_reads_the_settings_and_who_manages_changes_them(cast: Cast) -> None:
    given = {"name": "Larch & Daughters", "zone": "Europe/Oslo", "is_client": "on", "is_provider": "on"}
    assert cast.browser(Role.EMPLOYEE).post(reverse("organisation:settings"), given).status_code == 403
    cast.browser().post(reverse("organisation:settings"), given)
    assert "Larch & Daughters" in page(cast, "settings", role=Role.EMPLOYEE)


def test_a_side_does_not_go_while_somebody_has_a_role_of_it(cast: Cast) -> None:
    with pytest.raises(operations.SideInUse, match="End that role first"):
        operations.change_organisation(
            actor=cast.lead, now=NOW, name="Larch", zone="UTC", is_client=False, is_provider=True
        )


def test_a_provider_is_founded_with_a_delivery_manager(cast: Cast) -> None:
    person = operations.found_company(
        actor=BACKDESK,
        now=NOW,
        company="Kestrel",
        zone="Asia/Manila",
        name="Amihan Villareal",
        email="amihan@kestrel.example",
        password="nine green bottles",
        is_client=False,
        is_provider=True,
    )
    assert [one.role for one in person.memberships.all()] == ["delivery_manager"]
