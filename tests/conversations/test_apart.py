"""What one company keeps to itself never reaches the other: by page, API, search, notification or e-mail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from backdesk.conversations import operations, queries
from backdesk.conversations.models import Message, Thread
from backdesk.parties.models import Organisation, Role
from backdesk.platform.isolation import within
from backdesk.platform.models import AuditEntry, Notification
from backdesk.platform.notifications.outbox import send_due
from tests.api.calling import Program, program
from tests.cast import NOW, Cast
from tests.conversations.matters import said
from tests.walls import no_filters, no_row_security

pytestmark = pytest.mark.django_db

SECRET = "The penalty clause ends in June."
WORDS = "penalty clause"
Reads = Callable[[Client, Program, Thread], str]


def page(browser: Client, calls: Program, thread: Thread) -> str:
    return browser.get(f"/conversations/{thread.pk}/").content.decode()


def own_list(browser: Client, calls: Program, thread: Thread) -> str:
    return browser.get("/conversations/").content.decode()


def api(browser: Client, calls: Program, thread: Thread) -> str:
    return str(calls.get(f"/threads/{thread.pk}/messages").json())


def found(browser: Client, calls: Program, thread: Thread) -> str:
    page = browser.get("/search/", {"q": "penalty ends"}).content.decode()
    return page + str(calls.get("/search", q="penalty ends").json())


def everything(browser: Client, calls: Program, thread: Thread) -> str:
    return "".join(read(browser, calls, thread) for read in (page, own_list, api, found))


each_way = pytest.mark.parametrize("read", [page, own_list, api, found])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    browser: Client
    calls: Program


@pytest.fixture
def noted(cast: Cast, thread: Thread) -> Message:
    """By an employee of the client, in a thread that somebody of each company follows."""
    for role, company in (("operations_lead", cast.client), ("agent", cast.provider)):
        operations.follow(actor=cast.actor(role, company), now=NOW, thread=thread)
    said(cast.agent, thread, "Which rate?")
    return said(cast.employee, thread, SECRET, is_internal=True, now=NOW + timedelta(hours=1))


def reader(cast: Cast, role: str, company: Organisation) -> Reader:
    return Reader(browser=cast.browser(role, company), calls=program(cast, role, company))


@pytest.fixture
def provider(cast: Cast) -> Reader:
    return reader(cast, Role.AGENT, cast.provider)


@each_way
def test_the_company_itself_reads_its_note(cast: Cast, noted: Message, read: Reads) -> None:
    colleague = reader(cast, Role.OPERATIONS_LEAD, cast.client)
    assert WORDS in read(colleague.browser, colleague.calls, noted.thread)


@each_way
def test_the_other_company_does_not(provider: Reader, noted: Message, read: Reads) -> None:
    assert WORDS not in read(provider.browser, provider.calls, noted.thread)


@each_way
@pytest.mark.parametrize("wall", [no_filters, no_row_security])
def test_nor_with_either_wall_alone(
    provider: Reader, noted: Message, read: Reads, wall: Callable[[], AbstractContextManager[None]]
) -> None:
    with wall():
        assert WORDS not in read(provider.browser, provider.calls, noted.thread)


def test_with_both_walls_down_it_would(provider: Reader, noted: Message) -> None:
    """The negative control: these tests see a leak."""
    with no_filters(), no_row_security():
        assert WORDS in page(provider.browser, provider.calls, noted.thread)
        assert WORDS in api(provider.browser, provider.calls, noted.thread)


def test_nor_can_it_be_told_from_anything_else_that_something_was_said(
    cast: Cast, provider: Reader, noted: Message
) -> None:
    thread = noted.thread
    (row,) = queries.threads_followed(cast.agent)
    assert row.last_id != noted.pk  # type: ignore[attr-defined]
    assert queries.reading_of(cast.agent, thread).unread == 0
    assert provider.calls.get(f"/messages/{noted.pk}").status_code == 404
    assert provider.calls.get(f"/threads/{thread.pk}/messages").json()["total"] == 1
    assert provider.browser.get(f"/conversations/messages/{noted.pk}/").status_code == 404


def test_nobody_of_the_other_company_is_notified_or_sent_an_e_mail(cast: Cast, noted: Message) -> None:
    theirs = {person.pk for person in cast.people[cast.provider.pk].values()}
    assert not Notification.objects.filter(person_id__in=theirs, detail__contains=WORDS).exists()
    send_due(now=NOW + timedelta(days=1))
    ours = {person.email for person in cast.people[cast.client.pk].values()}
    told = [letter for letter in mail.outbox if WORDS in str(letter.body)]
    assert told
    assert {address for letter in told for address in letter.to} <= ours


def test_nor_does_it_stand_in_their_trail(cast: Cast, noted: Message) -> None:
    with within(cast.actor("delivery_manager", cast.provider)):
        assert not AuditEntry.objects.filter(
            subject_kind="conversations.message", subject_id=str(noted.pk)
        ).exists()


def test_a_third_company_sees_neither_thread_nor_messages(cast: Cast, noted: Message) -> None:
    for company, role in (
        (cast.other_client, Role.OPERATIONS_LEAD),
        (cast.other_provider, Role.DELIVERY_MANAGER),
    ):
        stranger = reader(cast, role, company)
        assert stranger.browser.get(f"/conversations/{noted.thread_id}/").status_code == 404
        assert stranger.calls.get(f"/threads/{noted.thread_id}/messages").status_code == 404
        answer = stranger.browser.post(f"/conversations/{noted.thread_id}/messages/", {"text": "Hello"})
        assert answer.status_code == 404
        assert WORDS not in everything(stranger.browser, stranger.calls, noted.thread)


def test_both_companies_read_what_is_for_both(cast: Cast, provider: Reader, thread: Thread) -> None:
    """The control of the control: the ways above do show what may be seen."""
    operations.follow(actor=cast.agent, now=NOW, thread=thread)
    said(cast.lead, thread, SECRET)
    for read in (page, own_list, api, found):
        assert WORDS in read(provider.browser, provider.calls, thread), read.__name__
