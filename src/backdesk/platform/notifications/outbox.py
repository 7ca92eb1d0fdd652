"""Sending what is due by e-mail. Whatever goes wrong here waits for its next turn; no operation waits for it.

The rows themselves are the outbox: `email_due_at` says when to try next. A person's due rows go out as one e-mail.
They are claimed first, by putting their next turn off, so no lock is held while a mail server thinks; once the
server has accepted the e-mail they are marked as sent. A worker killed between the two sends it once more at its next
turn, under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Case, F, Value, When

from backdesk.platform.models import Notification
from backdesk.platform.models.notifications import NotificationQuerySet
from backdesk.platform.notifications import directory, mail
from backdesk.platform.notifications.directory import Recipient

log = logging.getLogger(__name__)

#: How long after each try the next one is due; after the last, nobody tries any more.
TURNS = (
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(hours=24),
)
MOST_LETTERS = 200

_FAILURES = (SMTPException, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How many e-mails went out, and how many did not."""

    letters: int = 0
    failed: int = 0


def send_due(*, now: datetime) -> Sent:
    """One turn: every person with something due gets one e-mail. Runs as the whole house, outside a transaction."""
    waiting = _waiting(now)
    if not waiting:
        return Sent()
    connection = get_connection()
    try:
        connection.open()
    except _FAILURES as error:
        log.warning("No mail can be sent now (%s): %s e-mails wait.", type(error).__name__, len(waiting))
        return Sent(failed=len(waiting))
    try:
        outcomes = [_send(connection, person_id, where, now) for person_id, where in waiting]
    finally:
        _close(connection)
    return Sent(letters=outcomes.count(True), failed=outcomes.count(False))


def _waiting(now: datetime) -> list[tuple[int, int | None]]:
    """The people with something due, in each organisation, those who wait longest first."""
    due = Notification.objects.unread().filter(email_due_at__lte=now).order_by("email_due_at")
    pairs = due.values_list("person_id", "organisation_id")[: MOST_LETTERS * 10]
    return list(dict.fromkeys(pairs))[:MOST_LETTERS]


def _send(
    connection: BaseEmailBackend, person_id: int, organisation_id: int | None, now: datetime
) -> bool | None:
    """Whether the e-mail went out; None where there was nothing left to send."""
    told = _claim(person_id, organisation_id, now)
    people = {one.person_id for one in told}
    recipient = directory.recipients(organisation_id=organisation_id, people=people).get(person_id)
    if recipient is None:
        _put_away(told)  # who has left the organisation, or is gone, is sent nothing
        return None
    if not _deliver(connection, recipient, told):
        return False
    _mark_sent(told, now)
    return True


def _deliver(connection: BaseEmailBackend, recipient: Recipient, told: list[Notification]) -> bool:
    message = mail.compose(recipient, told)
    message.connection = connection
    try:
        message.send()
    except _FAILURES as error:
        # The text of the error can name the address.
        log.warning(
            "The e-mail on notification %s was not sent at try %s: %s.",
            told[0].pk,
            told[0].email_attempts,
            type(error).__name__,
        )
        _close(connection)  # what state the conversation is in nobody knows; the next letter opens a new one
        return False
    return True


@transaction.atomic
def _claim(person_id: int, organisation_id: int | None, now: datetime) -> list[Notification]:
    """Take what is due to this person, unless another worker has; it is due again when this try has failed."""
    due = Notification.objects.unread().filter(
        person_id=person_id, organisation_id=organisation_id, email_due_at__lte=now
    )
    told = list(due.select_for_update(skip_locked=True).order_by("created_at", "id"))
    for one in told:
        one.email_due_at = now + TURNS[one.email_attempts] if one.email_attempts < len(TURNS) else None
        one.email_attempts += 1
    Notification.objects.bulk_update(told, ("email_due_at", "email_attempts"))
    return told


def _mark_sent(told: list[Notification], now: datetime) -> None:
    """What is for e-mail alone is over with that; nobody can read it in the product.

    What has been told newer meanwhile stays due: the e-mail did not say it yet.
    """
    read_at = Case(When(in_app=False, then=Value(now)), default=F("read_at"))
    as_sent = _rows(told).filter(created_at__lte=max(one.created_at for one in told))
    as_sent.update(emailed_at=now, email_due_at=None, read_at=read_at)


def _put_away(told: list[Notification]) -> None:
    _rows(told).update(email_due_at=None)


def _rows(told: Iterable[Notification]) -> NotificationQuerySet:
    return Notification.objects.filter(pk__in=[one.pk for one in told])


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except _FAILURES as error:
        log.info("The mail server ended the conversation by itself: %s.", type(error).__name__)
