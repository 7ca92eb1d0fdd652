"""Telling people of what is said: who is named, who follows, and who should look while nobody does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backdesk.conversations import subjects, writing
from backdesk.conversations.mail import Asked, address_for
from backdesk.conversations.models import InternalThread, Message, Reader, Thread
from backdesk.conversations.queries import Addressable
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system
from backdesk.platform.models import Notification
from backdesk.platform.notifications import BY_EMAIL, Kind

_GROUP: Final = _("Conversations")
_BURST: Final = timedelta(minutes=5)
_SHORT_BURST: Final = timedelta(minutes=1)


def reply_address(told: Notification) -> str:
    """Of who was told, in the thread they were told of."""
    if told.organisation_id is None:
        return ""
    return address_for(
        Asked(
            thread_id=int(told.subject_id),
            person_id=told.person_id,
            organisation_id=told.organisation_id,
            is_internal=told.subject_kind == InternalThread._meta.label_lower,
        )
    )


MENTIONED: Final = Kind(
    name="conversations.mentioned",
    title=_("Somebody mentions you"),
    group=_GROUP,
    default_channels=BY_EMAIL,
    weighty=True,
    gathers=_SHORT_BURST,
    reply_to=reply_address,
)
QUESTION: Final = Kind(
    name="conversations.question",
    title=_("A question in a conversation you follow"),
    group=_GROUP,
    default_channels=BY_EMAIL,
    weighty=True,
    gathers=_SHORT_BURST,
    reply_to=reply_address,
)
REPLY: Final = Kind(
    name="conversations.reply",
    title=_("A message in a conversation you follow"),
    group=_GROUP,
    default_channels=BY_EMAIL,
    gathers=_BURST,
    reply_to=reply_address,
)
KINDS: Final = (MENTIONED, QUESTION, REPLY)


def register_kinds() -> None:
    notifications.register(*KINDS)


def tell(
    *,
    actor: Actor,
    now: datetime,
    message: Message,
    mentioned: Collection[Addressable],
    only_mentioned: bool = False,
) -> None:
    """Each company's people in that company, and nobody of one that does not see the message."""
    _follow_who_is_named(message, mentioned)
    for company in _who_see_it(message):
        named = {one.person_id for one in mentioned if one.organisation_id == company}
        _notify(actor, now, message, company, people=named, kind=MENTIONED)
        if not only_mentioned:
            others = _listening(message, company) - named
            kind = QUESTION if message.is_question else REPLY
            _notify(actor, now, message, company, people=others, kind=kind)


def reword(*, now: datetime, message: Message, before: str) -> None:
    """Who has not read of it yet is told what it says now; of a withdrawn one nothing."""
    after = _line(message, message.text) if message.text else ""
    for kind in KINDS:
        notifications.reword(
            now=now, kind=kind.name, subject=_subject(message), before=_line(message, before), after=after
        )


def settle(*, now: datetime, thread: Thread, person_id: int) -> None:
    """Who has read a thread has been told of it."""
    for kind, subject in product(KINDS, (thread, InternalThread(pk=thread.pk))):
        notifications.settle(now=now, kind=kind.name, subject=subject, people=[person_id])


def _who_see_it(message: Message) -> tuple[int, ...]:
    return message.thread.companies if message.internal_to is None else (message.internal_to,)


def _listening(message: Message, company: int) -> set[int]:
    """Who follows; while nobody is there who would take notice, whom the thing itself concerns."""
    with as_system("looking up who follows"):
        following = Reader.objects.filter(thread=message.thread, organisation_id=company, follows=True)
        people = set(following.values_list("person_id", flat=True))
        takes_notice = people - {message.author_id}
        if takes_notice or (company == message.organisation_id and message.internal_to is None):
            return people
        subject = subjects.named(message.thread.subject_kind)
        return {*subject.to_tell(organisation_id=company, subject_id=message.thread.subject_id)}


def _follow_who_is_named(message: Message, mentioned: Collection[Addressable]) -> None:
    with as_system("somebody is named"):
        Reader.objects.bulk_create(
            (
                Reader(thread=message.thread, person_id=one.person_id, organisation_id=one.organisation_id)
                for one in mentioned
            ),
            ignore_conflicts=True,
        )


def _notify(
    actor: Actor, now: datetime, message: Message, company: int, *, people: Collection[int], kind: Kind
) -> None:
    if not people:
        return
    words = _TITLES[kind.name, message.internal_to is not None]
    notifications.notify(
        actor=actor,
        now=now,
        people=people,
        kind=kind.name,
        subject=_subject(message),
        title=format_lazy(words, person=message.author_name, thread=message.thread.title),
        detail=_line(message, message.text),
        url=reverse("conversations:thread", args=(message.thread_id,)),
        organisation_id=company,
    )


def _subject(message: Message) -> Thread:
    return message.thread if message.internal_to is None else InternalThread(pk=message.thread_id)


def _line(message: Message, text: str) -> str:
    return f"{message.author_name}: {writing.excerpt(text)}"


_TITLES: Final = {
    (MENTIONED.name, False): _("{person} mentions you: {thread}"),
    (MENTIONED.name, True): _("{person} mentions you in an internal note: {thread}"),
    (QUESTION.name, False): _("{person} asks: {thread}"),
    (QUESTION.name, True): _("{person} asks in an internal note: {thread}"),
    (REPLY.name, False): _("{person} wrote: {thread}"),
    (REPLY.name, True): _("{person} left an internal note: {thread}"),
}
