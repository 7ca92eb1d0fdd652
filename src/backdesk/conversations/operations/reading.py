"""How far one has read, and whether one is told of what is new."""

from __future__ import annotations

from datetime import datetime

from backdesk.conversations import policies, queries
from backdesk.conversations.models import Reader, Thread
from backdesk.conversations.operations.telling import settle
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system, operation


@operation
def follow(*, actor: Actor, now: datetime, thread: Thread) -> Reader:
    """Be told of what is new. Who follows already goes on."""
    return _set_following(actor=actor, now=now, thread=thread, follows=True)


@operation
def unfollow(*, actor: Actor, now: datetime, thread: Thread) -> Reader:
    """Be told only where somebody names one."""
    return _set_following(actor=actor, now=now, thread=thread, follows=False)


@operation
def mark_read(*, actor: Actor, now: datetime, thread: Thread, up_to: int | None = None) -> Reader:
    """Up to the number of a message, else all; never back. What one was told of the thread is no news any more.

    Opening a page reads: so this leaves no entry in the trail.
    """
    thread = queries.thread_of(actor, thread.pk)
    said = queries.messages_of(actor, thread)
    last = (
        (said if up_to is None else said.filter(pk__lte=up_to)).order_by("-pk").values_list("pk", flat=True)
    )
    reader = _reader(actor, thread)
    read_up_to = max(reader.read_up_to, last[:1].first() or 0)
    if read_up_to != reader.read_up_to:
        reader.read_up_to = read_up_to
        reader.save(update_fields=["read_up_to"])
    settle(now=now, thread=thread, person_id=policies.person(actor))
    return reader


def take_part(*, person_id: int | None, organisation_id: int, thread: Thread) -> None:
    """Part of writing, and of being named: who does follows, unless they said that they do not want to."""
    if person_id is None:
        return
    with as_system("somebody else is named"):
        Reader.objects.bulk_create(
            [Reader(thread=thread, person_id=person_id, organisation_id=organisation_id)],
            ignore_conflicts=True,
        )


def _set_following(*, actor: Actor, now: datetime, thread: Thread, follows: bool) -> Reader:
    reader = _reader(actor, queries.thread_of(actor, thread.pk), follows=follows)
    if reader.follows != follows:
        reader.follows = follows
        reader.save(update_fields=["follows"])
    verb = "thread followed" if follows else "thread no longer followed"
    audit.record(actor=actor, now=now, verb=verb, subject=reader.thread)
    return reader


def _reader(actor: Actor, thread: Thread, *, follows: bool = False) -> Reader:
    """Who only looks does not follow yet."""
    policies.require(policies.takes_part(actor, thread))
    reader, _ = Reader.objects.get_or_create(
        thread=thread,
        person_id=policies.person(actor),
        organisation_id=policies.company(actor),
        defaults={"follows": follows},
    )
    return reader
