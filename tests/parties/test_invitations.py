"""Coming in: by a mail, once, as whom it was sent to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backdesk.parties import operations
from backdesk.parties.models import Invitation, Person, Role
from backdesk.parties.policies import NotAllowed
from backdesk.parties.requests import actor_of
from backdesk.platform.models import AuditEntry, Job
from tests.background import do_waiting_jobs
from tests.cast import BACKDESK, NOW, Cast
from tests.parties.company import invited, opened_team

pytestmark = pytest.mark.django_db

PASSWORD = "a long walk by the quay"


@pytest.fixture(autouse=True)
def backdesk_mail(settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def posted(cast: Cast, email: str = "new@larch.example", role: str = Role.EMPLOYEE) -> str:
    """Invite by the page, do the job, and follow the link in the mail: its path."""
    cast.browser().post(reverse("organisation:invitation-new"), {"email": email, "roles": [role]})
    return path_in_mail()


def path_in_mail() -> str:
    do_waiting_jobs()
    found = re.search(r"(/invitations/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def accepted(path: str, *, browser: Client | None = None, **given: str) -> tuple[Client, int]:
    newcomer = browser or Client()
    response = newcomer.post(path, {"name": "Nora Newly", "password": PASSWORD, **given})
    return newcomer, response.status_code


def test_who_is_invited_gets_a_mail_makes_an_account_and_is_in_with_the_role(cast: Cast) -> None:
    path = posted(cast)
    assert mail.outbox[-1].to == ["new@larch.example"]
    assert f"{settings.BACKDESK_URL}{path}" in str(mail.outbox[-1].body)
    assert "You come as: employee." in str(mail.outbox[-1].body)
    assert "Larch" in Client().get(path).content.decode()
    newcomer, status = accepted(path)
    assert status == 302
    actor = actor_of(newcomer.get("/").wsgi_request)
    assert (actor.name, actor.organisation_id, actor.roles) == (
        "Nora Newly",
        cast.client.pk,
        frozenset({"employee"}),
    )


def test_the_secret_is_nowhere_but_in_the_mail(cast: Cast) -> None:
    secret = posted(cast).split("/")[-2]
    invitation = Invitation.objects.get()
    assert invitation.token_digest is not None
    assert secret not in str(vars(invitation))
    assert secret not in str(Job.objects.values_list("arguments", flat=True))
    assert secret not in str(AuditEntry.objects.values())


def test_a_link_works_once(cast: Cast) -> None:
    path = posted(cast)
    accepted(path)
    response = Client().get(path)
    assert response.status_code == 409
    assert "used or taken back" in response.content.decode()


def test_a_guessed_link_opens_nothing(cast: Cast) -> None:
    assert Client().get(reverse("invitation", args=("guess",))).status_code == 404


def test_sent_again_the_latest_link_alone_works(cast: Cast) -> None:
    first = posted(cast)
    again = reverse("organisation:invitation-mail", args=(Invitation.objects.get().pk,))
    cast.browser().post(again)
    second = path_in_mail()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


def test_a_revoked_link_opens_nothing(cast: Cast) -> None:
    path = posted(cast)
    cast.browser().post(reverse("organisation:invitation-revocation", args=(Invitation.objects.get().pk,)))
    assert accepted(path)[1] == 409
    assert not Person.objects.filter(email="new@larch.example").exists()


def test_a_mail_that_waits_is_not_sent_for_a_revoked_invitation(cast: Cast) -> None:
    operations.revoke_invitation(actor=cast.lead, now=NOW, invitation=invited(cast))
    do_waiting_jobs()
    assert mail.outbox == []


def test_what_the_mail_server_did_not_take_is_not_called_sent(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1  # where nobody listens
    invited(cast, now=timezone.now())
    (job,) = do_waiting_jobs()
    assert (job.state, "did not take" in job.message) == (Job.State.FAILED, True)
    assert "not sent yet" in cast.browser().get(reverse("organisation:invitations")).content.decode()


def test_what_it_took_is(cast: Cast) -> None:
    """The negative control of the test above."""
    posted(cast)
    page = cast.browser().get(reverse("organisation:invitations")).content.decode()
    assert "not sent yet" not in page
    assert Invitation.objects.get().times_sent == 1


def test_after_two_weeks_it_has_expired(cast: Cast) -> None:
    path = posted(cast)
    Invitation.objects.update(
        invited_at=timezone.now() - timedelta(days=15), expires_at=timezone.now() - timedelta(days=1)
    )
    response = Client().get(path)
    assert response.status_code == 410
    assert "send it again" in response.content.decode()


def test_a_weak_password_is_told_at_its_field_and_makes_nobody(cast: Cast) -> None:
    path = posted(cast)
    response = Client().post(path, {"name": "Nora Newly", "password": "short"})
    assert response.status_code == 422
    assert "Nora Newly" in response.content.decode()
    assert not Person.objects.filter(email="new@larch.example").exists()


def test_who_is_here_for_another_organisation_joins_with_the_account_they_have(cast: Cast) -> None:
    agent = cast.person(Role.AGENT, cast.provider)
    path = posted(cast, email=agent.email, role=Role.AUDITOR)
    assert "Sign in" in Client().get(path).content.decode()
    browser = cast.browser(Role.AGENT, cast.provider)
    browser.post(path)
    actor = actor_of(browser.get("/").wsgi_request)
    assert (actor.person_id, actor.organisation_id, actor.roles) == (
        agent.pk,
        cast.client.pk,
        frozenset({"auditor"}),
    )


def test_an_account_is_not_made_twice(cast: Cast) -> None:
    agent = cast.person(Role.AGENT, cast.provider)
    path = posted(cast, email=agent.email)
    assert accepted(path)[1] == 422
    assert Person.objects.filter(email=agent.email).count() == 1


def test_who_is_signed_in_as_somebody_else_is_told(cast: Cast) -> None:
    path = posted(cast)
    other = cast.browser(Role.AGENT, cast.provider)
    assert "signed in as" in other.get(path).content.decode()
    other.post(path)
    assert Invitation.objects.get().accepted_at is None


def test_one_comes_into_the_team_one_was_invited_to(cast: Cast) -> None:
    team = opened_team(cast)
    invited(cast, now=timezone.now(), team=team)
    accepted(path_in_mail())
    assert team.memberships.current().filter(person__email="new@larch.example").exists()


def test_a_team_closed_meanwhile_is_left_out(cast: Cast) -> None:
    team = opened_team(cast)
    invited(cast, now=timezone.now(), team=team)
    operations.close_team(actor=cast.lead, now=NOW, team=team)
    assert accepted(path_in_mail())[1] == 302


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"email": "nobody"}, operations.NoEmail),
        ({"roles": []}, operations.NoRole),
        ({"roles": ["king"]}, operations.UnknownRole),
        ({"roles": ["agent"]}, operations.RoleOfTheOtherSide),
        ({"email": "EMPLOYEE@larch.example"}, operations.AlreadyMember),
        ({"email": "Twice@larch.example"}, operations.AlreadyInvited),
    ],
)
def test_what_cannot_be_is_refused_and_sends_nothing(
    cast: Cast, given: dict[str, object], refusal: type[Exception]
) -> None:
    invited(cast, email="twice@larch.example")
    jobs = Job.objects.count()
    asked = {"email": "new@larch.example", "roles": ["employee"], **given}
    with pytest.raises(refusal):
        operations.invite_person(actor=cast.lead, now=NOW, **asked)  # type: ignore[arg-type]
    assert Job.objects.count() == jobs


def test_the_page_says_at_the_address_that_it_is_invited_already(cast: Cast) -> None:
    invited(cast)
    given = {"email": "new@larch.example", "roles": ["employee"]}
    response = cast.browser().post(reverse("organisation:invitation-new"), given)
    assert response.status_code == 422
    assert "is invited already" in response.content.decode()


def test_who_does_not_manage_invites_nobody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        operations.invite_person(actor=cast.employee, now=NOW, email="x@larch.example", roles=["employee"])


def test_one_address_may_be_invited_by_two_organisations(cast: Cast) -> None:
    invited(cast)
    operations.invite_person(actor=cast.other_lead, now=NOW, email="new@larch.example", roles=["employee"])
    assert Invitation.objects.count() == 2
    assert Invitation.objects.visible_to(cast.lead).count() == 1


def test_the_trail_of_the_organisation_tells_who_came(cast: Cast) -> None:
    path = posted(cast)
    accepted(path)
    own = AuditEntry.objects.filter(organisation_id=cast.client.pk).values_list("verb", flat=True)
    assert {"person invited", "person added", "role given", "invitation accepted"} <= set(own)


def test_home_says_that_an_invitation_runs_out(cast: Cast) -> None:
    invitation = invited(cast)
    Invitation.objects.update(
        invited_at=timezone.now() - timedelta(days=12), expires_at=timezone.now() + timedelta(days=2)
    )
    assert invitation.email in cast.browser().get("/").content.decode()
    assert invitation.email not in cast.browser(Role.EMPLOYEE).get("/").content.decode()


def test_nobody_but_backdesk_adds_people_past_an_invitation(cast: Cast) -> None:
    """The negative control of the door: the same call by Backdesk itself goes through."""
    given = {"now": NOW, "email": "past@larch.example", "name": "P", "password": None}
    with pytest.raises(NotAllowed):
        operations.add_person(actor=cast.lead, **given)  # type: ignore[arg-type]
    assert operations.add_person(actor=BACKDESK, **given).pk  # type: ignore[arg-type]
