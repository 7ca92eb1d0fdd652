"""Telling people of what is said: whom, how often, and when an e-mail goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from backdesk.conversations import operations
from backdesk.conversations.mail import read_address
from backdesk.conversations.models import Thread
from backdesk.parties.models import Membership, Organisation, Person
from backdesk.platform import notifications
from backdesk.platform.models import Notification
from backdesk.platform.notifications.outbox import Sent, send_due
from tests.cast import NOW, Cast
from tests.conversations.matters import said

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def told(person: Person) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(person_id=person.pk, read_at=None).order_by("id")
    return [(row.title, row.detail) for row in rows]


def letters() -> list[EmailMultiAlternatives]:
    return [one for one in mail.outbox if isinstance(one, EmailMultiAlternatives)]


def follow(cast: Cast, thread: Thread, role: str, company: Organisation) -> Person:
    operations.follow(actor=cast.actor(role, company), now=NOW, thread=thread)
    return cast.person(role, company)


# -- Whom
def test_while_nobody_of_a_company_follows_those_whom_the_thing_concerns_are_told(
    cast: Cast, thread: Thread
) -> None:
    said(cast.agent, thread, "The total is off.")
    title, detail = f"{cast.agent.name} wrote: Invoice 4711", f"{cast.agent.name}: The total is off."
    assert told(cast.person("operations_lead")) == [(title, detail)]
    assert told(cast.person("employee")) == []


def test_who_follows_is_told_and_nobody_of_what_they_wrote_themselves(cast: Cast, thread: Thread) -> None:
    employee = follow(cast, thread, "employee", cast.client)
    agent = follow(cast, thread, "agent", cast.provider)
    said(cast.employee, thread, "Use 7 %.")
    assert told(agent) == [(f"{employee.name} wrote: Invoice 4711", f"{employee.name}: Use 7 %.")]
    assert told(employee) == []


def test_an_internal_note_is_told_within_the_company_alone(cast: Cast, thread: Thread) -> None:
    for role, company in (
        ("employee", cast.client),
        ("agent", cast.provider),
        ("operations_lead", cast.client),
    ):
        follow(cast, thread, role, company)
    said(cast.lead, thread, "They are slow.", is_internal=True)
    ((title, _),) = told(cast.person("employee"))
    assert title == f"{cast.lead.name} left an internal note: Invoice 4711"
    assert not told(cast.person("agent", cast.provider))
    assert not told(cast.person("delivery_manager", cast.provider))


def test_who_is_named_is_told_so_once_and_not_also_that_something_was_written(
    cast: Cast, thread: Thread
) -> None:
    employee = follow(cast, thread, "employee", cast.client)
    said(cast.lead, thread, f"@{employee.name}, which rate?")
    ((title, _),) = told(employee)
    assert title == f"{cast.lead.name} mentions you: Invoice 4711"


def test_a_question_is_told_as_one(cast: Cast, thread: Thread) -> None:
    said(cast.agent, thread, is_question=True)
    assert told(cast.person("operations_lead"))[0][0] == f"{cast.agent.name} asks: Invoice 4711"


def test_what_was_withdrawn_before_it_was_read_is_told_no_more(cast: Cast, thread: Thread) -> None:
    first, second = said(cast.agent, thread, "Wrong thread."), said(cast.agent, thread, "The total is off.")
    operations.withdraw(actor=cast.agent, now=NOW, message=first)
    lead = cast.person("operations_lead")
    assert [detail for _, detail in told(lead)] == [f"{cast.agent.name}: The total is off."]
    operations.edit(actor=cast.agent, now=NOW, message=second, text="The total is right.")
    assert [detail for _, detail in told(lead)] == [f"{cast.agent.name}: The total is right."]
    operations.withdraw(actor=cast.agent, now=NOW, message=second)
    assert told(lead) == []
    assert send_due(now=NOW + 10 * MINUTE) == Sent()


def test_who_has_read_the_thread_has_been_told(cast: Cast, thread: Thread) -> None:
    follow(cast, thread, "employee", cast.client)
    follow(cast, thread, "operations_lead", cast.client)
    said(cast.agent, thread)
    operations.mark_read(actor=cast.lead, now=NOW, thread=thread)
    assert told(cast.person("operations_lead")) == []
    assert len(told(cast.person("employee"))) == 1


# -- How often
def test_a_burst_in_one_thread_becomes_one_notification_and_one_e_mail(cast: Cast, thread: Thread) -> None:
    for minute in range(4):
        said(cast.agent, thread, f"Line {minute}", now=NOW + minute * MINUTE)
    ((_, detail),) = told(cast.person("operations_lead"))
    assert detail.split("\n\n") == [f"{cast.agent.name}: Line {n}" for n in range(4)]
    assert send_due(now=NOW + 4 * MINUTE) == Sent()
    assert send_due(now=NOW + 5 * MINUTE) == Sent(letters=1)
    (letter,) = letters()
    assert all(f"Line {n}" in letter.body for n in range(4))


def test_what_comes_after_the_e_mail_comes_in_the_next_one_and_only_that(cast: Cast, thread: Thread) -> None:
    said(cast.agent, thread, "Before")
    send_due(now=NOW + 5 * MINUTE)
    said(cast.agent, thread, "After", now=NOW + 60 * MINUTE)
    said(cast.agent, thread, "And more", now=NOW + 61 * MINUTE)
    assert send_due(now=NOW + 65 * MINUTE) == Sent(letters=1)
    assert "After" in letters()[1].body
    assert "And more" in letters()[1].body
    assert "Before" not in letters()[1].body


def test_what_is_written_while_the_e_mail_leaves_is_not_lost(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(cast.agent, thread, "First")
    sending = EmailMultiAlternatives.send

    def slow(self: EmailMultiAlternatives, *args: Any) -> int:
        said(cast.agent, thread, "Meanwhile", now=NOW + 6 * MINUTE)
        return sending(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", slow)
        send_due(now=NOW + 5 * MINUTE)
    send_due(now=NOW + 20 * MINUTE)
    assert "Meanwhile" in letters()[1].body


# -- Answering
def test_an_e_mail_on_one_conversation_can_be_answered(cast: Cast, thread: Thread) -> None:
    said(cast.agent, thread)
    send_due(now=NOW + 5 * MINUTE)
    (letter,) = letters()
    (address,) = letter.reply_to
    asked = read_address(address)
    assert asked
    assert (asked.thread_id, asked.person_id) == (thread.pk, cast.lead.person_id)
    assert (asked.organisation_id, asked.is_internal) == (cast.client.pk, False)
    assert "Answer above this line" in letter.body
    assert len(address.partition("@")[0]) <= 64


def test_one_on_several_or_where_no_domain_takes_answers_cannot(
    cast: Cast, thread: Thread, settings: Any
) -> None:
    said(cast.agent, thread)
    follow(cast, thread, "operations_lead", cast.client)
    said(cast.employee, thread, "Careful", is_internal=True)
    send_due(now=NOW + 5 * MINUTE)
    settings.BACKDESK_REPLY_DOMAIN = ""
    said(cast.agent, thread, "Again", now=NOW + 9 * MINUTE)
    send_due(now=NOW + 20 * MINUTE)
    assert [
        letter.reply_to for letter in letters() if letter.to == [cast.person("operations_lead").email]
    ] == [
        [],
        [],
    ]
    assert "Answer above" not in letters()[-1].body


# -- When
def reached_at(cast: Cast, thread: Thread, *, hours: str, zone: str, at: datetime) -> datetime:
    """In the person's own hours."""
    lead = cast.person("operations_lead")
    Person.objects.filter(pk=lead.pk).update(zone=zone)
    notifications.choose_hours(actor=cast.lead, now=NOW, hours=hours)
    said(cast.agent, thread, now=at)
    due = Notification.objects.get(person_id=lead.pk, read_at=None).email_due_at
    assert due
    return due


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-27T10:00", "2026-03-27T10:05"),  # a Friday in Berlin, at eleven: at once
        ("2026-03-27T16:56", "2026-03-30T06:00"),  # the burst ends after six: on Monday, in summer time
        ("2026-03-28T10:00", "2026-03-30T06:00"),
        ("2026-10-23T15:54", "2026-10-23T15:59"),
        ("2026-10-23T16:00", "2026-10-26T07:00"),  # and back
    ],
)
def test_outside_ones_hours_an_e_mail_waits_until_they_begin_also_over_a_change_of_clocks(
    cast: Cast, thread: Thread, at: str, due: str
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    reached = reached_at(cast, thread, hours="Mon-Fri 08:00-18:00", zone="Europe/Berlin", at=moment)
    assert reached == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_hours_may_run_through_the_night_in_which_clocks_change(cast: Cast, thread: Thread) -> None:
    noon = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    reached = reached_at(cast, thread, hours="Mon-Sun 22:00-06:00", zone="Europe/Berlin", at=noon)
    assert reached == datetime(2026, 3, 28, 21, 0, tzinfo=UTC)


def test_without_hours_nothing_waits(cast: Cast, thread: Thread) -> None:
    saturday = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert reached_at(cast, thread, hours="", zone="Europe/Berlin", at=saturday) == saturday + 5 * MINUTE


def test_who_has_left_is_told_nothing(cast: Cast, thread: Thread) -> None:
    employee = follow(cast, thread, "employee", cast.client)
    Membership.objects.filter(person=employee).update(ended_at=NOW + MINUTE)
    said(cast.agent, thread)
    assert told(employee) == []
