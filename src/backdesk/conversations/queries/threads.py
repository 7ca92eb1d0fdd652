"""Threads, what is said in them, and what of it one has not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from backdesk.conversations import subjects
from backdesk.conversations.models import Message, Reader, Thread
from backdesk.conversations.subjects import About
from backdesk.platform import search
from backdesk.platform.actor import Actor

LATEST_SEARCHED: Final = 5_000
MOST_COUNTED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far one has read, whether one follows, and what is new: others' messages after that."""

    follows: bool
    read_up_to: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A thread as a list shows it, with the last that was said in it and may be seen."""

    thread: Thread
    kind: str
    last: Message
    is_unread: bool


def subject_of(*, actor: Actor, kind: str, subject_id: str) -> About | None:
    """None where the actor may not see it, or nobody speaks for such things."""
    subject = subjects.found(kind)
    return subject.about(actor=actor, subject_id=subject_id) if subject else None


def thread_of(actor: Actor, pk: int) -> Thread:
    """`DoesNotExist` also for one beside a thing that the actor may not see."""
    thread = Thread.objects.visible_to(actor).get(pk=pk)
    _require_readable(actor, thread)
    return thread


def thread_on(*, actor: Actor, kind: str, subject_id: str) -> Thread | None:
    return Thread.objects.visible_to(actor).filter(subject_kind=kind, subject_id=subject_id).first()


def message_of(actor: Actor, pk: int) -> Message:
    message = Message.objects.visible_to(actor).select_related("thread").get(pk=pk)
    _require_readable(actor, message.thread)
    return message


def messages_of(actor: Actor, thread: Thread) -> QuerySet[Message]:
    """In the order they were written."""
    return Message.objects.visible_to(actor).filter(thread=thread).order_by("pk")


def reading_of(actor: Actor, thread: Thread) -> Reading:
    own = Reader.objects.visible_to(actor).filter(thread=thread).first()
    read_up_to = own.read_up_to if own else 0
    new = messages_of(actor, thread).filter(pk__gt=read_up_to).exclude(_is_own(actor))
    return Reading(
        follows=bool(own and own.follows), read_up_to=read_up_to, unread=new[:MOST_COUNTED].count()
    )


def threads_followed(actor: Actor) -> QuerySet[Reader]:
    """The reader rows of the threads one follows, the unread first, then the latest; each with `last_id`."""
    own = Reader.objects.visible_to(actor).filter(follows=True)
    said = Message.objects.visible_to(actor).filter(thread=OuterRef("thread")).order_by("-pk")
    news = said.filter(pk__gt=OuterRef("read_up_to")).exclude(_is_own(actor))
    rows = own.annotate(
        last_id=Subquery(said.values("pk")[:1], output_field=BigIntegerField()),
        new_id=Coalesce(Subquery(news.values("pk")[:1], output_field=BigIntegerField()), 0),
    )
    is_read = Case(When(new_id=0, then=Value(1)), default=Value(0))
    return rows.exclude(last_id=None).order_by(is_read, F("last_id").desc())


def excerpts(actor: Actor, rows: Sequence[Reader]) -> list[Excerpt]:
    """Of these rows of `threads_followed`, without those beside what one may not see any more."""
    last = Message.objects.visible_to(actor).in_bulk([row.last_id for row in rows])  # type: ignore[attr-defined]
    threads = Thread.objects.visible_to(actor).in_bulk([row.thread_id for row in rows])
    readable = _readable(actor, threads.values())
    return [
        Excerpt(
            thread=threads[row.thread_id],
            kind=str(subjects.named(threads[row.thread_id].subject_kind).title),
            last=last[row.last_id],  # type: ignore[attr-defined]
            is_unread=row.new_id > 0,  # type: ignore[attr-defined]
        )
        for row in rows
        if row.thread_id in readable
    ]


def matching_messages(*, actor: Actor, words: search.Words, limit: int) -> list[Message]:
    """Of the latest messages one may see those in which every word begins a word, the newest first."""
    visible = Message.objects.visible_to(actor)
    latest = visible.filter(withdrawn_at=None).order_by("-pk").values("pk")[:LATEST_SEARCHED]
    found = search.matching(visible.filter(pk__in=latest), words=words, title="text", also=("author_name",))
    # Some may be beside things the actor may not see: those are looked for twice over.
    rows = list(found.order_by("-pk").select_related("thread")[: limit * 2])
    readable = _readable(actor, {row.thread for row in rows})
    return [row for row in rows if row.thread_id in readable][:limit]


def _is_own(actor: Actor) -> Q:
    return Q(author_id=actor.person_id, organisation_id=actor.organisation_id)


def _require_readable(actor: Actor, thread: Thread) -> None:
    if thread.pk not in _readable(actor, [thread]):
        raise Thread.DoesNotExist


def _readable(actor: Actor, threads: Iterable[Thread]) -> set[int]:
    """Which of them stand beside things the actor may see; each kind is asked once."""
    by_kind: dict[str, dict[str, int]] = {}
    for thread in threads:
        by_kind.setdefault(thread.subject_kind, {})[thread.subject_id] = thread.pk
    return {
        numbers[subject_id]
        for kind, numbers in by_kind.items()
        for subject_id in subjects.named(kind).readable(actor=actor, subject_ids=tuple(numbers))
        if subject_id in numbers
    }
