"""Telling people, and what they do with what they were told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models, transaction
from django.utils import translation

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system, operation
from backdesk.platform.models.notifications import Email, Notification
from backdesk.platform.notifications import directory, hours, kinds, preferences
from backdesk.platform.notifications.directory import Recipient
from backdesk.platform.notifications.kinds import Channels, Kind, Words

DIGEST_AT = time(7, 0)
_LONGEST_TITLE = 300
_LONGEST_DETAIL = 4_000
_REFRESHED = ("title", "detail", "url", "created_at", "email_due_at", "emailed_at", "email_attempts")


class AddressElsewhere(ValueError):
    """A notification leads to a page of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """What is said, before it is put into anybody's language."""

    kind: Kind
    title: Words
    detail: Words
    url: str
    organisation_id: int | None
    subject_kind: str
    subject_id: str


def notify(
    *,
    actor: Actor,
    now: datetime,
    people: Iterable[int],
    kind: str,
    title: Words,
    url: str,
    detail: Words = "",
    subject: models.Model | None = None,
    organisation_id: int | None = None,
) -> None:
    """Tell these people, in the caller's transaction; whoever is no member of the organisation is left out.

    Nobody is told what they did themselves, unless the kind says so. Who has not read the last one of this kind about
    this subject yet gets no second one: it says the newer thing. The organisation is the actor's, where none is named.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise AddressElsewhere(
            f"A notification leads to a page of ours, such as /plan/histories/; not to {url!r}."
        )
    known = kinds.registry.named(kind)
    message = _Message(
        kind=known,
        title=title,
        detail=detail,
        url=url,
        organisation_id=None if known.personal else organisation_id or actor.organisation_id,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
    )
    others = set(people) if known.to_oneself else set(people) - {actor.person_id}
    # As the house: what somebody is told is theirs alone to read, and written by whoever causes it.
    with as_system("notifying"), transaction.atomic():
        _tell(message, others, now)


@operation
def mark_read(*, actor: Actor, now: datetime, notification: Notification) -> Notification:
    """A second time changes nothing. One that was read in the product need not come by e-mail any more."""
    own = Notification.objects.visible_to(actor).select_for_update().get(pk=notification.pk)
    if own.read_at is None:
        own.read_at, own.email_due_at = now, None
        own.save(update_fields=("read_at", "email_due_at"))
    return own


@operation
def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """How many there were."""
    return Notification.objects.visible_to(actor).unread().update(read_at=now, email_due_at=None)


def settle(*, now: datetime, kind: str, subject: models.Model, people: Collection[int] | None = None) -> None:
    """It is no news any more: what it warned of has been dealt with. To nobody, or only not to these people."""
    with as_system("settling"):
        unread = Notification.objects.unread().filter(
            kind=kind, subject_kind=subject._meta.label_lower, subject_id=str(subject.pk)
        )
        theirs = unread if people is None else unread.filter(person_id__in=people)
        theirs.update(read_at=now, email_due_at=None)


def reword(*, now: datetime, kind: str, subject: models.Model, before: str, after: str) -> None:
    """Who has not read it is told `after` where their notification said `before`; nothing at all where that is all."""
    with as_system("rewording"):
        rows = list(
            Notification.objects.unread().filter(
                kind=kind,
                subject_kind=subject._meta.label_lower,
                subject_id=str(subject.pk),
                detail__contains=before,
            )
        )
        for row in rows:
            row.detail = row.detail.replace(before, after).strip()
            if not row.detail:
                row.read_at, row.email_due_at = now, None
        Notification.objects.bulk_update(rows, ("detail", "read_at", "email_due_at"))


def forget(*, person_id: int) -> None:
    """All this person was told, and how they wanted to be: part of erasing them, in the caller's transaction."""
    with as_system("erasing"):
        Notification.objects.filter(person_id=person_id).delete()
        preferences.forget(person_id=person_id)
        hours.forget(person_id=person_id)


def _tell(message: _Message, people: set[int], now: datetime) -> None:
    found = directory.recipients(organisation_id=message.organisation_id, people=people)
    channels = preferences.channels(kind=message.kind, people=found)
    _write(message, [one for one in found.values() if _wants(channels[one.person_id])], channels, now)


def _write(
    message: _Message, recipients: list[Recipient], channels: Mapping[int, Channels], now: datetime
) -> None:
    unread = {row.person_id: row for row in _unread_about_the_same(message, recipients)}
    due = _emails_due(message.kind, recipients, channels, now)
    for one in recipients:
        if one.person_id in unread:
            _say_more(unread[one.person_id], message, one, due[one.person_id], now)
    Notification.objects.bulk_update(unread.values(), _REFRESHED)
    new = [one for one in recipients if one.person_id not in unread]
    # Somebody else may have told them the same a moment ago.
    Notification.objects.bulk_create(
        (_row(message, one, channels[one.person_id], due[one.person_id], now) for one in new),
        ignore_conflicts=True,
    )


def _unread_about_the_same(message: _Message, recipients: list[Recipient]) -> Iterable[Notification]:
    if not message.subject_id or not recipients:
        return ()
    return Notification.objects.unread().filter(
        person_id__in=[one.person_id for one in recipients],
        kind=message.kind.name,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
    )


def _row(
    message: _Message, recipient: Recipient, channels: Channels, due: datetime | None, now: datetime
) -> Notification:
    row = Notification(
        organisation_id=message.organisation_id,
        person_id=recipient.person_id,
        kind=message.kind.name,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        in_app=channels.in_app,
        email_due_at=due,
    )
    return _say(row, message, recipient, now)


def _say_more(
    row: Notification, message: _Message, recipient: Recipient, due: datetime | None, now: datetime
) -> None:
    """Instead of what was said; of a kind that gathers, beside it, and by another e-mail where one has left."""
    before = row.detail
    _say(row, message, recipient, now)
    if message.kind.gathers is None:
        return
    if row.emailed_at is None:
        row.detail = f"{before}\n\n{row.detail}"[-_LONGEST_DETAIL:]
    elif row.email_due_at is None:
        row.email_due_at, row.emailed_at, row.email_attempts = due, None, 0


def _say(row: Notification, message: _Message, recipient: Recipient, now: datetime) -> Notification:
    with translation.override(recipient.language):
        row.title, row.detail = str(message.title)[:_LONGEST_TITLE], str(message.detail)
    row.url, row.created_at = message.url, now
    return row


def _wants(channels: Channels) -> bool:
    return channels.in_app or channels.email != Email.OFF


def _emails_due(
    kind: Kind, recipients: list[Recipient], channels: Mapping[int, Channels], now: datetime
) -> Mapping[int, datetime | None]:
    """By when each is sent an e-mail, if at all; but for what cannot be turned off, in the hours they chose or work."""
    due = {one.person_id: _email_due(kind, channels[one.person_id].email, one, now) for one in recipients}
    if kind.always:
        return due
    chosen = hours.chosen(due)
    for one in recipients:
        if wanted := due[one.person_id]:
            due[one.person_id] = hours.reachable_from(one, chosen.get(one.person_id, ""), wanted)
    return due


def _email_due(kind: Kind, email: Email, recipient: Recipient, now: datetime) -> datetime | None:
    """At once, or with the next digest: in the morning of the person's own day."""
    if email == Email.OFF:
        return None
    if email == Email.AT_ONCE:
        return now + (kind.gathers or timedelta())
    local = now.astimezone(recipient.timezone)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, tzinfo=recipient.timezone)
