"""Writing in a thread: what is said, by whom, to whom, and how it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from backdesk.conversations import operations, queries
from backdesk.conversations.models import Message, Reader, Thread
from backdesk.conversations.operations import (
    AlreadyWithdrawn,
    MentionsStranger,
    NothingSaid,
    TooLateToEdit,
    edit,
    open_thread,
    withdraw,
)
from backdesk.conversations.policies import EDITABLE_FOR
from backdesk.conversations.queries.threads import excerpts
from backdesk.parties.models import Person
from backdesk.platform.actor import system
from backdesk.platform.models import AuditEntry
from tests.cast import NOW, Cast
from tests.conversations.matters import MATTERS, matter, own_thread, said, shared_thread

pytestmark = pytest.mark.django_db


def trail(message: Message) -> list[tuple[str, object, object]]:
    rows = AuditEntry.objects.filter(subject_id=str(message.pk), subject_kind="conversations.message")
    return [(row.verb, row.before, row.after) for row in rows.order_by("sequence")]


# -- Threads
def test_a_thing_has_one_thread_whoever_comes_first(cast: Cast) -> None:
    about = matter(cast.client, cast.provider)
    first = open_thread(actor=cast.agent, now=NOW, about=about)
    assert open_thread(actor=cast.lead, now=NOW, about=about) == first
    verbs = AuditEntry.objects.filter(subject_kind="conversations.thread", subject_id=str(first.pk))
    assert [(row.verb, row.organisation_id) for row in verbs] == [("thread opened", cast.provider.pk)]


def test_backdesk_itself_opens_one_where_it_brings_a_thing_in(cast: Cast) -> None:
    assert open_thread(actor=system(name="import"), now=NOW, about=matter(cast.client)).companies == (
        cast.client.pk,
    )


def test_only_the_companies_of_a_thing_talk_about_it(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        open_thread(actor=cast.other_lead, now=NOW, about=matter(cast.client, cast.provider))


# -- Messages
def test_what_is_said_is_kept_in_the_trail_and_who_says_it_follows(cast: Cast, thread: Thread) -> None:
    message = said(cast.agent, thread, "  The total is off.\r\n\r\nBy 10 cents. ")
    assert (message.text, message.author_name) == ("The total is off.\n\nBy 10 cents.", cast.agent.name)
    ((verb, before, after),) = trail(message)
    assert (verb, before) == ("message posted", None)
    assert after == {"text": message.text, "thread": thread.pk, "is_internal": False}
    assert queries.reading_of(cast.agent, thread).follows


@pytest.mark.parametrize("text", ["", " \n ", "\0", "x" * 10_001])
def test_a_message_needs_words_but_not_a_book(cast: Cast, thread: Thread, text: str) -> None:
    with pytest.raises(NothingSaid):
        said(cast.agent, thread, text)
    assert not Message.objects.exists()


def test_for_a_quarter_of_an_hour_it_can_be_said_better(cast: Cast, thread: Thread) -> None:
    message = said(cast.agent, thread, "The toatl is off.")
    edited = edit(
        actor=cast.agent, now=NOW + timedelta(minutes=14), message=message, text="The total is off."
    )
    assert (edited.text, edited.edited_at) == ("The total is off.", NOW + timedelta(minutes=14))
    verb, before, after = trail(message)[-1]
    assert verb == "message edited"
    assert before == {"text": "The toatl is off.", "thread": thread.pk, "is_internal": False}
    assert after == {"text": "The total is off.", "thread": thread.pk, "is_internal": False}


def test_after_that_it_stands(cast: Cast, thread: Thread) -> None:
    message = said(cast.agent, thread)
    with pytest.raises(TooLateToEdit, match="15 minutes"):
        edit(actor=cast.agent, now=NOW + EDITABLE_FOR, message=message, text="Something else")


def test_saying_the_same_again_changes_nothing(cast: Cast, thread: Thread) -> None:
    message = said(cast.agent, thread)
    assert edit(actor=cast.agent, now=NOW, message=message, text=message.text).edited_at is None
    assert len(trail(message)) == 1


def test_a_withdrawn_message_leaves_its_place_and_the_trail_keeps_its_words(
    cast: Cast, thread: Thread
) -> None:
    message = said(cast.agent, thread, "The director is a fool.")
    gone = withdraw(actor=cast.agent, now=NOW + timedelta(days=1), message=message)
    assert (gone.text, gone.withdrawn_at) == ("", NOW + timedelta(days=1))
    verb, before, after = trail(message)[-1]
    assert (verb, after) == ("message withdrawn", None)
    assert before == {"text": "The director is a fool.", "thread": thread.pk, "is_internal": False}
    with pytest.raises(AlreadyWithdrawn):
        edit(actor=cast.agent, now=NOW, message=message, text="Again")


def test_nobody_changes_what_another_said_not_even_who_manages(cast: Cast, thread: Thread) -> None:
    message = said(cast.agent, thread)
    manager = cast.actor("delivery_manager", cast.provider)
    for actor in (manager, cast.lead):
        with pytest.raises(PermissionDenied):
            edit(actor=actor, now=NOW, message=message, text="Mine")
        with pytest.raises(PermissionDenied):
            withdraw(actor=actor, now=NOW, message=message)


# -- Mentions
def mentioned(message: Message) -> list[str]:
    return sorted(message.mentions.values_list("name", flat=True))


def test_who_is_named_after_an_at_is_mentioned_and_follows(cast: Cast, thread: Thread) -> None:
    colleague = cast.person("delivery_manager", cast.provider)
    message = said(cast.agent, thread, f"Please look, @{colleague.name}: or @{cast.agent.name.upper()}.")
    assert mentioned(message) == sorted([colleague.name, cast.agent.name])
    assert Reader.objects.get(thread=thread, person=colleague).follows


def test_who_has_written_from_the_other_company_can_be_named(cast: Cast, thread: Thread) -> None:
    text = f"Thank you, @{cast.agent.name}"
    assert mentioned(said(cast.lead, thread, text)) == []
    said(cast.agent, thread)
    assert mentioned(said(cast.lead, thread, text)) == [cast.agent.name]


def test_of_two_names_that_begin_alike_the_longer_is_meant(cast: Cast, thread: Thread) -> None:
    people = {"employee": "Ann", "controller": "Ann Marie"}
    for role, name in people.items():
        Person.objects.filter(pk=cast.person(role).pk).update(name=name)
    assert mentioned(said(cast.lead, thread, "@Ann Marie, see mail@Ann and @Anna")) == ["Ann Marie"]


@pytest.mark.parametrize("where", ["other_client", "other_provider"])
def test_somebody_of_a_third_company_cannot_be_mentioned(cast: Cast, thread: Thread, where: str) -> None:
    company = getattr(cast, where)
    stranger = next(iter(cast.people[company.pk].values()))
    assert mentioned(said(cast.lead, thread, f"Hello @{stranger.name}")) == []
    with pytest.raises(MentionsStranger, match="takes part"):
        said(cast.lead, thread, "Hello", mentions=[stranger.pk])


def test_nor_somebody_who_would_not_see_the_note_they_are_named_in(cast: Cast, thread: Thread) -> None:
    said(cast.agent, thread)
    with pytest.raises(MentionsStranger, match="does not see internal notes"):
        said(cast.lead, thread, f"Is @{cast.agent.name} new?", is_internal=True)
    assert mentioned(said(cast.lead, thread, f"@{cast.employee.name} knows", is_internal=True)) == [
        cast.employee.name
    ]


def test_a_name_that_is_put_in_later_is_mentioned_too(cast: Cast, thread: Thread) -> None:
    message = said(cast.lead, thread, "Please look.")
    edit(actor=cast.lead, now=NOW, message=message, text=f"Please look, @{cast.employee.name}.")
    assert mentioned(message) == [cast.employee.name]


# -- Following and reading
def test_one_follows_and_stops_and_is_not_made_to_follow_again_by_writing(cast: Cast, thread: Thread) -> None:
    operations.follow(actor=cast.employee, now=NOW, thread=thread)
    assert queries.reading_of(cast.employee, thread).follows
    operations.unfollow(actor=cast.employee, now=NOW, thread=thread)
    said(cast.employee, thread)
    assert not queries.reading_of(cast.employee, thread).follows


def test_what_others_wrote_since_is_unread_until_it_is_read(cast: Cast, thread: Thread) -> None:
    said(cast.lead, thread, "My own does not count")
    first, second = said(cast.agent, thread), said(cast.agent, thread, "And the date?")
    assert queries.reading_of(cast.lead, thread).unread == 2
    operations.mark_read(actor=cast.lead, now=NOW, thread=thread, up_to=first.pk)
    assert queries.reading_of(cast.lead, thread).unread == 1
    operations.mark_read(actor=cast.lead, now=NOW, thread=thread)
    operations.mark_read(actor=cast.lead, now=NOW, thread=thread, up_to=first.pk)  # never back
    assert queries.reading_of(cast.lead, thread).read_up_to == second.pk


def test_one_cannot_have_read_more_than_there_is(cast: Cast, thread: Thread) -> None:
    said(cast.agent, thread)
    operations.mark_read(actor=cast.lead, now=NOW, thread=thread, up_to=2**62)
    said(cast.agent, thread)
    assert queries.reading_of(cast.lead, thread).unread == 1


def test_of_ones_threads_the_unread_come_first_then_the_latest(cast: Cast) -> None:
    old, read, new = (shared_thread(cast, name=name) for name in ("old", "read", "new"))
    for one in (old, read, new):
        said(cast.lead, one)
    said(cast.agent, old)
    for one in (read, new):
        said(cast.agent, one)
    operations.mark_read(actor=cast.lead, now=NOW, thread=read)
    rows = list(queries.threads_followed(cast.lead))
    assert [row.thread.title for row in rows] == ["new", "old", "read"]
    assert [one.is_unread for one in excerpts(cast.lead, rows)] == [True, True, False]
    assert not queries.threads_followed(cast.other_lead).exists()


def test_beside_what_one_may_not_see_one_reads_and_writes_nothing(cast: Cast, thread: Thread) -> None:
    said(cast.agent, thread)
    MATTERS.hidden.add(thread.subject_id)
    with pytest.raises(Thread.DoesNotExist):
        said(cast.agent, thread, "Still here")
    assert said(cast.lead, thread).pk


def test_in_a_thread_of_one_company_nothing_needs_to_be_kept_internal(cast: Cast) -> None:
    assert said(cast.lead, own_thread(cast), is_internal=True).internal_to is None
