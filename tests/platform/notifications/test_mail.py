"""E-mail: what it says, to whom it goes, when, and what happens when it cannot go."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from backdesk.parties.models import Membership
from backdesk.platform import notifications
from backdesk.platform.models import Notification, NotificationPreference
from backdesk.platform.notifications.jobs import KEPT_AFTER_READING, drop_what_was_read_long_ago, send_emails
from backdesk.platform.notifications.outbox import TURNS, Sent, send_due
from tests.cast import NOW, Cast
from tests.platform.notifications.telling import tell, told

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.BACKDESK_URL = "https://backdesk.example"


def sent() -> list[EmailMultiAlternatives]:
    return [message for message in mail.outbox if isinstance(message, EmailMultiAlternatives)]


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def refusing(monkeypatch: pytest.MonkeyPatch, error: Exception, *, when: str = "send_messages") -> None:
    def fail(self: object, *messages: object) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, when, fail)


def test_one_thing_is_one_e_mail_that_says_it(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed", title="The file is read", detail="12 cases")
    assert send_due(now=LATER) == Sent(letters=1)
    (message,) = sent()
    (row,) = told(cast.person("employee"))
    assert message.to == [cast.person("employee").email]
    assert message.subject == "The file is read · Larch & Sons"
    for text in (message.body, html_of(message)):
        assert "The file is read" in text
        assert "12 cases" in text
        assert f"https://backdesk.example/notifications/{row.pk}/" in text
    assert (row.emailed_at, row.email_due_at) == (LATER, None)


def test_it_is_sent_once(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    assert [send_due(now=LATER), send_due(now=LATER + timedelta(days=9))] == [Sent(letters=1), Sent()]


def test_what_comes_by_e_mail_alone_comes_again_when_it_happens_again(cast: Cast) -> None:
    employee = cast.person("employee")
    NotificationPreference.objects.create(
        person_id=employee.pk, kind="tests.mailed", in_app=False, email="at once"
    )
    for hour in range(2):
        now = NOW + timedelta(hours=hour)
        tell(cast.lead, employee, kind="tests.mailed", subject=cast.client, now=now)
        assert send_due(now=now) == Sent(letters=1)


def test_several_things_due_at_once_come_as_one_e_mail(cast: Cast) -> None:
    for title in ("First", "Second"):
        tell(cast.lead, cast.person("employee"), kind="tests.mailed", title=title)
    send_due(now=LATER)
    (message,) = sent()
    assert message.subject == "2 notifications · Larch & Sons"
    assert message.body.index("First") < message.body.index("Second")


def test_it_is_written_in_the_persons_language_and_on_their_clock(cast: Cast) -> None:
    german = cast.person("employee")
    german.language, german.zone = "de", "Europe/Berlin"
    german.save()
    tell(cast.lead, german, kind="tests.mailed")
    send_due(now=LATER)
    assert "März 2026" in sent()[0].body
    assert "10:00" in sent()[0].body
    assert '<html lang="de">' in html_of(sent()[0])


def test_what_somebody_called_a_thing_is_no_markup_and_no_header(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed", title="<b>Q1</b>\nBcc: all@larch.example")
    send_due(now=LATER)
    (message,) = sent()
    assert message.subject == "<b>Q1</b> Bcc: all@larch.example · Larch & Sons"
    assert "<b>Q1</b>" in message.body
    assert "&lt;b&gt;Q1&lt;/b&gt;" in html_of(message)


def test_its_header_lets_a_mail_program_end_such_e_mails(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    send_due(now=LATER)
    headers = sent()[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("https://backdesk.example")
    assert Client().post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    assert send_due(now=LATER) == Sent()


def test_what_cannot_be_turned_off_offers_no_such_thing(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.account")
    send_due(now=LATER)
    assert "List-Unsubscribe" not in sent()[0].message()
    assert sent()[0].subject == "A thing happened"


# -- When
@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        ("Europe/Berlin", "2026-03-02T05:59+00:00", "2026-03-02T06:00+00:00"),
        ("Europe/Berlin", "2026-03-02T06:00+00:00", "2026-03-03T06:00+00:00"),
        ("America/New_York", "2026-03-02T06:00+00:00", "2026-03-02T12:00+00:00"),
        ("Europe/Berlin", "2026-03-28T12:00+00:00", "2026-03-29T05:00+00:00"),  # the night clocks go forward
    ],
)
def test_what_comes_once_a_day_comes_in_the_morning_of_ones_own_day(
    zone: str, asked: str, due: str, cast: Cast
) -> None:
    person = cast.person("employee")
    person.zone = zone
    person.save()
    tell(cast.lead, person, kind="tests.daily", now=datetime.fromisoformat(asked))
    morning = datetime.fromisoformat(due)
    assert send_due(now=morning - timedelta(seconds=1)) == Sent()
    assert send_due(now=morning) == Sent(letters=1)


def test_what_was_read_meanwhile_is_not_sent(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    notifications.mark_read(actor=cast.employee, now=NOW, notification=told(cast.person("employee"))[0])
    assert send_due(now=LATER) == Sent()


def test_who_has_left_is_sent_nothing(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    Membership.objects.filter(person=cast.person("employee")).update(ended_at=LATER)
    send_due(now=LATER)
    assert sent() == []
    assert told(cast.person("employee"))[0].email_due_at is None


# -- When it cannot go
def test_a_refused_e_mail_is_tried_again_later_and_later_until_nobody_tries_any_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    refusing(monkeypatch, SMTPRecipientsRefused({}))
    now = LATER
    for pause in TURNS:
        assert send_due(now=now) == Sent(failed=1)
        assert send_due(now=now + pause - timedelta(seconds=1)) == Sent()
        now += pause
    assert send_due(now=now) == Sent(failed=1)
    assert told(cast.person("employee"))[0].email_due_at is None


def test_sent_again_it_carries_the_same_number(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker killed after the server took the e-mail, before it was marked, sends it a second time."""
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    for turn in range(2):
        with monkeypatch.context() as patched:
            patched.setattr("backdesk.platform.notifications.outbox._mark_sent", lambda told, now: None)
            send_due(now=LATER + turn * TURNS[0])
    numbers = [message.extra_headers["Message-ID"] for message in sent()]
    assert len(numbers) == 2
    assert len(set(numbers)) == 1


def test_a_letter_that_fails_does_not_keep_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = EmailBackend.send_messages

    def refuse_one(self: EmailBackend, messages: list[EmailMultiAlternatives]) -> int:
        if messages[0].to == [cast.person("employee").email]:
            raise SMTPServerDisconnected
        return int(kept(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_one)
    tell(cast.lead, cast.person("employee"), cast.person("auditor"), kind="tests.mailed")
    assert send_due(now=LATER) == Sent(letters=1, failed=1)
    assert [message.to for message in sent()] == [[cast.person("auditor").email]]


def test_without_a_mail_server_everything_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    with monkeypatch.context() as patched:
        refusing(patched, ConnectionRefusedError(), when="open")
        assert send_due(now=LATER) == Sent(failed=1)
    assert send_due(now=LATER) == Sent(letters=1)


def test_logs_name_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tell(cast.lead, cast.person("employee"), kind="tests.mailed", title="About Ada")
    refusing(monkeypatch, SMTPRecipientsRefused({cast.person("employee").email: (550, b"nobody here")}))
    send_due(now=LATER)
    assert "SMTPRecipientsRefused" in caplog.text
    assert cast.person("employee").email not in caplog.text
    assert "Ada" not in caplog.text


# -- By the clock
def test_every_minute_sends_what_is_due(cast: Cast) -> None:
    from procrastinate.contrib.django import app

    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    send_emails(LATER)
    assert len(sent()) == 1
    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons["backdesk.platform.notifications.jobs.send_emails"] == "* * * * *"


def test_what_was_read_long_ago_goes_and_what_is_unread_stays(cast: Cast) -> None:
    for title in ("Read", "Unread"):
        tell(cast.lead, cast.person("employee"), title=title)
    notifications.mark_read(actor=cast.employee, now=NOW, notification=told(cast.person("employee"))[0])
    drop_what_was_read_long_ago(NOW + KEPT_AFTER_READING)
    assert Notification.objects.count() == 2
    drop_what_was_read_long_ago(NOW + KEPT_AFTER_READING + timedelta(seconds=1))
    assert [row.title for row in told(cast.person("employee"))] == ["Unread"]
