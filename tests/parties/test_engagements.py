"""A client proposes to hand work over, the provider accepts by the link in the mail, and either may end it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import translation

from backdesk.parties import operations
from backdesk.parties.models import Engagement, Participant, Person, Role
from backdesk.parties.queries.engagements import engagement_row, engagement_rows, engagements_running
from backdesk.parties.queries.recipients import language_of
from backdesk.platform.isolation import within
from backdesk.platform.models import AuditEntry, Notification
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def backdesk_mail(settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def proposed(cast: Cast, name: str = "Back office") -> tuple[Engagement, str]:
    """One to the delivery manager of the provider, and the secret in its mail."""
    to = cast.person(Role.DELIVERY_MANAGER, cast.provider).email
    engagement = operations.propose_engagement(actor=cast.lead, now=NOW, name=name, email=to.upper())
    do_waiting_jobs()
    found = re.search(r"/engagements/proposals/([\w-]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return engagement, found[1]


def test_a_proposal_is_mailed_and_accepted_by_whom_it_was_sent_to(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    assert mail.outbox[-1].to == [engagement.proposed_to]
    assert secret not in str(Engagement.objects.values().get())
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    operations.accept_proposal(actor=manager, now=NOW, secret=secret)
    with within(manager):
        row = engagement_row(actor=manager, now=NOW, pk=engagement.pk)
    assert (row.client, row.provider, row.state) == (cast.client.name, cast.provider.name, "running")
    assert set(Participant.objects.values_list("organisation_id", "name")) == {
        (cast.client.pk, cast.person(Role.OPERATIONS_LEAD).name),
        (cast.provider.pk, cast.person(Role.DELIVERY_MANAGER, cast.provider).name),
    }
    told = Notification.objects.get(kind="parties.proposal_accepted")
    assert (told.person_id, told.url) == (cast.lead.person_id, f"/engagements/{engagement.pk}/")
    assert "has accepted" in told.title
    verbs = AuditEntry.objects.filter(subject_kind="parties.engagement").order_by("pk")
    assert list(verbs.values_list("verb", "organisation_id")) == [
        ("engagement proposed", cast.client.pk),
        ("engagement accepted", cast.provider.pk),
    ]


def test_the_link_opens_once(cast: Cast) -> None:
    _, secret = proposed(cast)
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    operations.accept_proposal(actor=manager, now=NOW, secret=secret)
    with pytest.raises(operations.ProposalUnknown):
        operations.accept_proposal(actor=manager, now=NOW, secret=secret)


def test_nobody_else_accepts(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    for actor in (
        cast.actor(Role.DELIVERY_MANAGER, cast.other_provider),
        cast.agent,
        cast.lead,
    ):
        with pytest.raises(operations.ProposedToSomebodyElse):
            operations.accept_proposal(actor=actor, now=NOW, secret=secret)
    with pytest.raises(operations.ProposalUnknown):
        operations.accept_proposal(
            actor=cast.actor(Role.DELIVERY_MANAGER, cast.provider), now=NOW, secret=secret + "x"
        )
    engagement.refresh_from_db()
    assert engagement.accepted_at is None


def test_who_is_asked_must_lead_delivery(cast: Cast) -> None:
    operations.propose_engagement(
        actor=cast.lead, now=NOW, name="X", email=cast.person(Role.AGENT, cast.provider).email
    )
    do_waiting_jobs()
    found = re.search(r"/engagements/proposals/([\w-]+)/", str(mail.outbox[-1].body))
    assert found is not None
    with pytest.raises(operations.ProposedToSomebodyElse, match="Only who leads delivery"):
        operations.accept_proposal(actor=cast.agent, now=NOW, secret=found[1])


def test_a_proposal_runs_out_and_is_sent_again_with_another_link(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    later = NOW + timedelta(days=14)
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    with pytest.raises(operations.ProposalExpired):
        operations.accept_proposal(actor=manager, now=later, secret=secret)
    operations.resend_proposal(actor=cast.lead, now=later, engagement=engagement)
    do_waiting_jobs()
    with pytest.raises(operations.ProposalUnknown):
        operations.accept_proposal(actor=manager, now=later, secret=secret)
    assert len(mail.outbox) == 2


def test_a_proposal_is_withdrawn_until_it_is_accepted(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    operations.withdraw_proposal(actor=cast.lead, now=NOW, engagement=engagement)
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    with pytest.raises(operations.ProposalUnknown):
        operations.accept_proposal(actor=manager, now=NOW, secret=secret)
    other, secret = proposed(cast)
    operations.accept_proposal(actor=manager, now=NOW, secret=secret)
    with pytest.raises(operations.ProposalOver):
        operations.withdraw_proposal(actor=cast.lead, now=NOW, engagement=other)


def test_only_the_clients_lead_proposes(cast: Cast) -> None:
    for actor in (cast.employee, cast.agent, cast.actor(Role.DELIVERY_MANAGER, cast.provider)):
        with pytest.raises(PermissionDenied):
            operations.propose_engagement(actor=actor, now=NOW, name="X", email="a@b.example")
    with pytest.raises(operations.EngagementUnnamed):
        operations.propose_engagement(actor=cast.lead, now=NOW, name=" ", email="a@b.example")
    with pytest.raises(operations.NoEmail):
        operations.propose_engagement(actor=cast.lead, now=NOW, name="X", email="nobody")


def test_either_side_ends_it_not_in_the_past(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    with pytest.raises(operations.EngagementNotRunning):
        operations.end_engagement(
            actor=cast.lead, now=NOW, engagement=engagement, ends_at=NOW + timedelta(days=9)
        )
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    operations.accept_proposal(actor=manager, now=NOW, secret=secret)
    with pytest.raises(operations.EndsBeforeToday):
        operations.end_engagement(
            actor=cast.lead, now=NOW, engagement=engagement, ends_at=NOW - timedelta(days=1)
        )
    operations.end_engagement(actor=manager, now=NOW, engagement=engagement, ends_at=NOW + timedelta(days=9))
    assert engagements_running(actor=cast.lead, now=NOW + timedelta(days=8))
    assert not engagements_running(actor=cast.lead, now=NOW + timedelta(days=9))
    with pytest.raises(operations.EngagementNotRunning):
        operations.end_engagement(
            actor=cast.lead,
            now=NOW + timedelta(days=9),
            engagement=engagement,
            ends_at=NOW + timedelta(days=10),
        )


def test_a_colleague_is_named_to_the_other_company_and_unnamed(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    operations.accept_proposal(actor=manager, now=NOW, secret=secret)
    agent = cast.person(Role.AGENT, cast.provider)
    named = operations.name_participant(actor=manager, now=NOW, engagement=engagement, person_id=agent.pk)
    assert (
        operations.name_participant(actor=manager, now=NOW, engagement=engagement, person_id=agent.pk)
        == named
    )
    with pytest.raises(Participant.DoesNotExist):  # the client does not take the provider's people out
        operations.unname_participant(actor=cast.lead, now=NOW, participant=named)
    operations.unname_participant(actor=manager, now=NOW, participant=named)
    assert not Participant.objects.filter(person=agent).exists()


def test_others_see_nothing_of_it(cast: Cast) -> None:
    engagement, secret = proposed(cast)
    operations.accept_proposal(actor=cast.actor(Role.DELIVERY_MANAGER, cast.provider), now=NOW, secret=secret)
    for actor in (cast.other_lead, cast.actor(Role.DELIVERY_MANAGER, cast.other_provider)):
        with within(actor):
            assert engagement_rows(actor=actor, now=NOW) == []
            with pytest.raises(Engagement.DoesNotExist):
                engagement_row(actor=actor, now=NOW, pk=engagement.pk)


def test_the_mail_is_in_the_language_of_who_is_asked_else_of_most_at_the_client(cast: Cast) -> None:
    known = cast.person(Role.DELIVERY_MANAGER, cast.provider)
    Person.objects.filter(pk=known.pk).update(language="de")
    assert language_of(email=known.email.upper(), organisation_id=cast.client.pk) == "de"
    asked: dict[str, Any] = {"email": "nobody@new.example", "organisation_id": cast.client.pk}
    assert language_of(**asked) == "en"
    members = [one.pk for one in cast.people[cast.client.pk].values()]
    Person.objects.filter(pk__in=members[1:]).update(language="de")
    assert language_of(**asked) == "de"
    proposed(cast)
    with translation.override("de"):
        subject = translation.gettext("%(organisation)s would like to hand work to you")
    assert mail.outbox[-1].subject == subject % {"organisation": cast.client.name}
