"""Guessing is slow, whoever is guessed at, and tells nobody whether there is such an account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone

from backdesk.parties.models import FailedAttempts, Person, Role
from backdesk.parties.operations import lockout
from backdesk.platform.models import AuditEntry, Notification
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PASSWORD = "a long walk by the quay"
HERE = "192.0.2.1"
FREE = 5


@pytest.fixture
def person(cast: Cast) -> Person:
    person = cast.person(Role.EMPLOYEE)
    person.set_password(PASSWORD)
    person.save()
    return person


def try_to_sign_in(email: str, password: str = "guess", *, address: str = HERE) -> str:
    """What is said; nothing where one gets in."""
    cache.clear()  # allauth's own count of requests, which is not what is tested here
    response = Client().post(
        "/sign-in/", {"login": email, "password": password}, headers={}, REMOTE_ADDR=address
    )
    return response.content.decode()


def fail(email: str, times: int, **where: str) -> list[str]:
    return [try_to_sign_in(email, **where) for _ in range(times)]


def test_after_five_failures_the_right_password_has_to_wait_too(person: Person) -> None:
    assert all("do not belong together" in said for said in fail(person.email, FREE))
    said = try_to_sign_in(person.email, PASSWORD)
    assert "Signing in failed too often. Try again in" in said
    assert "second" in said


def test_without_the_count_it_would_get_in(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(lockout, "refuse_if_locked", lambda **tried: None)
    fail(person.email, FREE)
    assert try_to_sign_in(person.email, PASSWORD) == ""


def test_it_opens_by_itself(person: Person) -> None:
    fail(person.email, FREE)
    FailedAttempts.objects.update(locked_until=timezone.now())
    assert try_to_sign_in(person.email, PASSWORD) == ""


def test_an_address_nobody_has_is_locked_in_the_same_words(person: Person) -> None:
    known, unknown = (
        [*fail(email, FREE, address=address), try_to_sign_in(email, address=address)]
        for email, address in ((person.email, HERE), ("nobody@example.org", "192.0.2.2"))
    )
    assert [errors(said) for said in known] == [errors(said) for said in unknown]
    assert "failed too often" in errors(known[-1])


def errors(said: str) -> str:
    """The error summary, in which nothing but the seconds may differ."""
    summary = said.partition('class="error-summary"')[2].partition("</div>")[0]
    return "".join(sign for sign in summary if not sign.isdigit())


def test_whoever_gets_in_begins_anew(person: Person) -> None:
    for _ in range(3):
        fail(person.email, FREE - 1)
        assert try_to_sign_in(person.email, PASSWORD) == ""


def test_the_password_alone_does_not_begin_anew_where_a_code_is_asked_for(
    person: Person, client: Client
) -> None:
    """Else codes could be guessed for ever, with the right password between."""
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    for _ in range(FREE):
        cache.clear()
        client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
        client.post("/sign-in/code/", {"code": "000000"})
    said = client.post("/sign-in/code/", {"code": "000000"}).content.decode()
    assert "Signing in failed too often" in said


def test_many_accounts_from_one_address_are_locked_by_the_address() -> None:
    now = timezone.now()
    for number in range(50):
        lockout.count_failure(now=now, email=f"{number}@example.org", address=HERE)
    with pytest.raises(lockout.LockedOut):
        lockout.refuse_if_locked(now=now, email="new@example.org", address=HERE)
    lockout.refuse_if_locked(now=now, email="new@example.org", address="192.0.2.9")


def waits(failures: int, *, apart: timedelta = timedelta(0)) -> list[int]:
    """How many seconds one has to wait after each failure."""
    now, found = timezone.now(), []
    for _ in range(failures):
        lockout.count_failure(now=now, email="who@example.org", address=HERE)
        locked = FailedAttempts.objects.exclude(key=lockout._address_key(HERE)).get().locked_until
        found.append(int(((locked or now) - now).total_seconds()))
        now += apart
    return found


def test_each_failure_waits_twice_as_long_as_the_last_up_to_an_hour() -> None:
    assert waits(14) == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_failures_are_forgotten_after_a_day_of_peace() -> None:
    assert waits(8, apart=timedelta(hours=25)) == [0] * 8


def test_the_person_is_told_and_it_is_history_once(person: Person) -> None:
    fail(person.email, FREE + 3)
    entries = AuditEntry.objects.filter(verb="sign-in locked")
    assert [(entry.subject_id, entry.organisation_id) for entry in entries] == [
        (str(person.pk), person.memberships.get().organisation_id)
    ]
    told = Notification.objects.get(person_id=person.pk)
    assert told.email_due_at is not None
    assert "locked for a while" in told.title


def test_neither_address_is_kept_in_the_clear(person: Person) -> None:
    fail(person.email, 1)
    kept = str(list(FailedAttempts.objects.values()))
    assert person.email not in kept
    assert HERE not in kept


def test_what_is_long_past_is_deleted(person: Person) -> None:
    fail(person.email, 1)
    later: datetime = timezone.now() + timedelta(days=2)
    assert lockout.forget_old_failures(now=later) == 2
    assert not FailedAttempts.objects.exists()


def test_asking_for_a_new_password_answers_alike_and_mails_either_way(
    person: Person, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    answers = []
    for email in (person.email, "nobody@example.org"):
        cache.clear()
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(Client().post("/sign-in/forgotten/", {"email": email})["Location"])
    assert answers == ["/sign-in/forgotten/sent/"] * 2
    assert [mail.to for mail in mailoutbox] == [[person.email], ["nobody@example.org"]]
    assert "/sign-in/forgotten/" in mailoutbox[0].body
    assert "nobody signs in" in mailoutbox[1].body


def test_an_address_is_not_flooded_with_links(person: Person) -> None:
    statuses = [Client().post("/sign-in/forgotten/", {"email": person.email}) for _ in range(6)]
    assert [response.status_code for response in statuses] == [302] * 5 + [429]
    assert "That was too often" in statuses[-1].content.decode()


def test_a_mail_server_that_fails_changes_nothing_and_no_address_is_logged(
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(letter: EmailMessage) -> None:
        raise SMTPRecipientsRefused({person.email: (550, b"unknown")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        response = Client().post("/sign-in/forgotten/", {"email": person.email})
    assert response["Location"] == "/sign-in/forgotten/sent/"
    assert "SMTPRecipientsRefused" in caplog.text
    assert person.email not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_further_than_five_in_turn(cast: Cast) -> None:
    """Attempts on one account wait for each other, whichever process they come to."""
    email = cast.person(Role.EMPLOYEE).email

    def guess(number: int) -> bool:
        try:
            return "do not belong together" in try_to_sign_in(email, address=f"192.0.2.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        tried = list(threads.map(guess, range(12)))
    assert tried.count(True) == FREE
