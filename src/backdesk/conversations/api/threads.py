"""Threads, and what is said in them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backdesk.conversations import operations, queries
from backdesk.conversations.api.area import conversations
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.operations.messages import LONGEST
from backdesk.conversations.queries import threads as lists
from backdesk.platform.api import Call, Given, Id, Listing, Page, Query, Schema, Text, YesNo, listed
from backdesk.platform.api.fields import LARGEST_ID
from backdesk.platform.api.fields import Whole as WholeNumber

Words = Annotated[Text, Field(min_length=1, max_length=LONGEST)]
Person = Annotated[WholeNumber, Field(ge=1, le=LARGEST_ID)]


class ThreadOut(Schema):
    id: int
    subject_kind: str = Field(description="What it is about, with `subject_id`; such as work.item.")
    subject_id: str
    title: str
    client_id: int
    provider_id: int | None = Field(description="Null for a thread of one company alone.")
    created_at: datetime


class FollowedOut(Schema):
    """A thread one follows."""

    thread: ThreadOut
    is_unread: bool
    last_message_id: int


class ReadingOut(Schema):
    """How far one has read."""

    id: int = Field(description="Of the thread.")
    follows: bool
    read_up_to: int = Field(description="The last message one has read; 0 for none.")
    unread: int = Field(description="What others wrote since, up to 100.")


class MentionOut(Schema):
    person_id: int
    name: str


class MessageOut(Schema):
    id: int
    thread_id: int
    author_id: int | None
    author_name: str
    organisation_id: int = Field(description="The company of who wrote it.")
    text: str = Field(description="Empty where it was withdrawn.")
    is_internal: bool = Field(description="Kept within the own company.")
    is_question: bool
    at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    mentions: list[MentionOut]


class MessageGiven(Given):
    """Who is named after an @ in the text is mentioned, and `mentions` beside."""

    text: Words
    is_internal: YesNo = False
    mentions: Annotated[list[Person], Field(max_length=50)] = []


class TextGiven(Given):
    text: Words


class FollowingGiven(Given):
    follows: YesNo


class ReadGiven(Given):
    up_to: Annotated[WholeNumber, Field(ge=1, le=LARGEST_ID)] | None = Field(
        None, description="The number of a message; all of them where nothing is said."
    )


@conversations.read("/threads", Page[FollowedOut])
def list_threads(call: Call, asked: Query[Listing]) -> Any:
    """The threads one follows, the unread first, then the latest."""
    found = queries.threads_followed(call.actor)
    rows = list(found[asked.offset : asked.offset + asked.limit])
    shown = [
        {"thread": one.thread, "is_unread": one.is_unread, "last_message_id": one.last.pk}
        for one in lists.excerpts(call.actor, rows)
    ]
    return {**listed(call, range(found.order_by().count()), asked), "items": shown}


@conversations.read("/threads/{pk}", ThreadOut)
def get_thread(call: Call, pk: Id) -> Any:
    """One thread."""
    return queries.thread_of(call.actor, pk)


@conversations.read("/threads/{pk}/messages", Page[MessageOut])
def list_messages(call: Call, pk: Id, asked: Query[Listing]) -> Any:
    """What is said in a thread, as far as it is for one's own company, in the order it was written."""
    said = queries.messages_of(call.actor, queries.thread_of(call.actor, pk)).prefetch_related("mentions")
    return listed(call, said, asked, shown=_shown)


@conversations.create("/threads/{pk}/messages", MessageOut)
def post_message(call: Call, pk: Id, given: MessageGiven) -> Any:
    """Say something in a thread."""
    return _shown(operations.post(actor=call.actor, now=call.now, thread=Thread(pk=pk), **given.model_dump()))


@conversations.read("/messages/{pk}", MessageOut)
def get_message(call: Call, pk: Id) -> Any:
    """One message."""
    return _shown(queries.message_of(call.actor, pk))


@conversations.change("/messages/{pk}", MessageOut)
def edit_message(call: Call, pk: Id, given: TextGiven) -> Any:
    """Say it better: one's own, within 15 minutes."""
    return _shown(operations.edit(actor=call.actor, now=call.now, message=Message(pk=pk), text=given.text))


@conversations.remove("/messages/{pk}")
def withdraw_message(call: Call, pk: Id) -> None:
    """Take back one's own; its place in the thread stays."""
    operations.withdraw(actor=call.actor, now=call.now, message=Message(pk=pk))


@conversations.read("/threads/{pk}/reading", ReadingOut)
def get_reading(call: Call, pk: Id) -> Any:
    """How far one has read in a thread, and whether one follows it."""
    return _reading(call, pk)


@conversations.create("/threads/{pk}/reading", ReadingOut, status=200)
def mark_read(call: Call, pk: Id, given: ReadGiven) -> Any:
    """Have read a thread, up to a message."""
    operations.mark_read(actor=call.actor, now=call.now, thread=Thread(pk=pk), up_to=given.up_to)
    return _reading(call, pk)


@conversations.change("/threads/{pk}/following", ReadingOut)
def follow_thread(call: Call, pk: Id, given: FollowingGiven) -> Any:
    """Be told of what is new in a thread, or no longer."""
    act = operations.follow if given.follows else operations.unfollow
    act(actor=call.actor, now=call.now, thread=Thread(pk=pk))
    return _reading(call, pk)


def _reading(call: Call, pk: int) -> dict[str, Any]:
    found = queries.reading_of(call.actor, queries.thread_of(call.actor, pk))
    return {
        "id": pk,
        "follows": found.follows,
        "read_up_to": found.read_up_to,
        "unread": found.unread,
    }


def _shown(message: Message) -> dict[str, Any]:
    told = {name: getattr(message, name, None) for name in MessageOut.model_fields}
    return {
        **told,
        "is_internal": message.internal_to is not None,
        "mentions": list(message.mentions.all()),
    }
