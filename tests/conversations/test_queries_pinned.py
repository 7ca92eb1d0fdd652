"""How many statements the pages of conversations send: pinned, and the same for a long thread as for a short one."""

from __future__ import annotations

import pytest
from django.test import Client

from backdesk.conversations import operations
from backdesk.conversations.models import Thread
from tests.cast import NOW, Cast
from tests.conversations.matters import said, shared_thread
from tests.pinned import assert_sends, statements

pytestmark = pytest.mark.django_db

#: With those that every page sends to know who asks.
PINNED = {"list": 9, "thread": 15, "people": 11}


def furnished(cast: Cast, *, threads: int, messages: int) -> Thread:
    made = [shared_thread(cast, name=f"Invoice {number}") for number in range(threads)]
    for thread in made:
        operations.follow(actor=cast.lead, now=NOW, thread=thread)
        for number in range(messages):
            said(cast.agent, thread, f"No. {number}")
    return made[0]


def address(name: str, thread: Thread) -> str:
    asked = {"list": "", "thread": f"{thread.pk}/", "people": f"{thread.pk}/people/"}
    return f"/conversations/{asked[name]}"


@pytest.fixture
def lead(cast: Cast) -> Client:
    return cast.browser()


@pytest.mark.parametrize(("threads", "messages"), [(1, 1), (6, 9)])
def test_a_page_asks_as_often_as_pinned(cast: Cast, lead: Client, threads: int, messages: int) -> None:
    thread = furnished(cast, threads=threads, messages=messages)
    for name, pinned in PINNED.items():
        assert_sends(name, statements(lead, address(name, thread), {}), pinned)


def test_one_that_asks_more_is_told(cast: Cast, lead: Client, thread: Thread) -> None:
    """The negative control."""
    with pytest.raises(AssertionError, match="people"):
        assert_sends("people", statements(lead, address("people", thread), {}), PINNED["people"] - 1)
