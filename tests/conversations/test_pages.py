"""The pages of conversations: a thread beside anything, one's own threads, and all of it without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from backdesk.conversations import operations
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.web.panel import SHOWN
from backdesk.parties.models import Role
from tests.cast import NOW, Cast
from tests.conversations.matters import KIND, MATTERS, matter, own_thread, said
from tests.platform.web import markup
from tests.platform.web.markup import words

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def select(page: str, selector: str) -> list[Any]:
    return markup.select(html.fromstring(f"<div>{page}</div>"), selector)


@pytest.fixture
def lead(cast: Cast) -> Client:
    return cast.browser()


@pytest.fixture
def agent(cast: Cast) -> Client:
    return cast.browser(Role.AGENT, cast.provider)


def page(browser: Client, thread: Thread, **asked: str) -> str:
    response = browser.get(f"/conversations/{thread.pk}/", asked)
    assert response.status_code == 200
    return response.content.decode()


def shown(text: str) -> list[str]:
    return [words(one) for one in select(text, ".said-text")]


def test_what_is_sent_stands_in_the_thread_and_one_comes_back_to_where_one_was(
    lead: Client, thread: Thread
) -> None:
    answer = lead.post(
        f"/conversations/{thread.pk}/messages/",
        {"text": "Use **7 %**.", "audience": "both", "back": "/search/"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/search/#thread")
    assert shown(page(lead, thread)) == ["Use 7 %."]


def test_nobody_is_sent_elsewhere_afterwards(lead: Client, thread: Thread) -> None:
    data = {"text": "Noted.", "back": "https://elsewhere.example/"}
    answer = lead.post(f"/conversations/{thread.pk}/messages/", data)
    assert answer["Location"] == f"/conversations/{thread.pk}/#thread"


def test_the_first_message_beside_a_thing_opens_its_thread(cast: Cast, lead: Client, agent: Client) -> None:
    about = matter(cast.client, cast.provider)
    address = f"/conversations/about/{KIND}/{about.id}/messages/"
    for browser, text in ((lead, "First"), (agent, "Second")):
        assert browser.post(address, {"text": text}).status_code == 302
    assert shown(page(lead, Thread.objects.get(subject_id=about.id))) == ["First", "Second"]


@pytest.mark.parametrize("kind", [KIND, "tests.nothing"])
def test_of_what_is_not_there_nobody_talks(lead: Client, kind: str) -> None:
    assert lead.post(f"/conversations/about/{kind}/0/messages/", {"text": "Hello"}).status_code == 404
    assert lead.get(f"/conversations/about/{kind}/0/people/").status_code == 404


def test_an_internal_note_says_so_in_words(cast: Cast, lead: Client, agent: Client, thread: Thread) -> None:
    lead.post(f"/conversations/{thread.pk}/messages/", {"text": "Careful.", "audience": "internal"})
    (note,) = select(page(lead, thread), ".said.is-internal")
    assert "Internal" in words(note)
    assert Message.objects.get().internal_to == cast.client.pk
    assert shown(page(agent, thread)) == []


def test_what_is_refused_stands_beside_what_was_typed_and_so_does_who_was_to_see_it(
    cast: Cast, lead: Client, thread: Thread
) -> None:
    said(cast.agent, thread)
    data = {"text": f"Is @{cast.agent.name} new?", "audience": "internal"}
    answer = lead.post(f"/conversations/{thread.pk}/messages/", data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "does not see internal notes" in words(select(text, "#thread-error")[0])
    assert words(select(text, "#thread-text")[0]) == data["text"]
    assert select(text, "input[value=internal][checked]")
    part = lead.post(f"/conversations/{thread.pk}/messages/", data, headers=HTMX)
    assert part.status_code == 200  # swapped in, with what is wrong
    assert select(part.content.decode(), "#thread-error")


def test_nothing_said_is_refused(lead: Client, thread: Thread) -> None:
    answer = lead.post(f"/conversations/{thread.pk}/messages/", {"text": " "})
    assert "Write something" in answer.content.decode()


def test_by_htmx_the_thread_alone_comes_back(lead: Client, thread: Thread) -> None:
    part = lead.post(f"/conversations/{thread.pk}/messages/", {"text": "Noted."}, headers=HTMX)
    text = part.content.decode()
    assert shown(text) == ["Noted."]
    assert "<html" not in text


def test_what_others_wrote_since_stands_below_a_line_until_it_is_read(
    cast: Cast, lead: Client, thread: Thread
) -> None:
    said(cast.lead, thread, "Mine")
    said(cast.agent, thread, "Theirs")
    text = page(lead, thread)
    assert [one.get("class") for one in select(text, "ol.said-list")[0]] == [
        "said is-ours",
        "unread-line",
        "said",
    ]
    lead.post(f"/conversations/{thread.pk}/reading/", {"up_to": Message.objects.latest("pk").pk})
    assert not select(page(lead, thread), ".unread-line")


def test_looking_at_a_page_reads_nothing_by_itself(cast: Cast, lead: Client, thread: Thread) -> None:
    said(cast.agent, thread)
    for _ in range(2):
        assert select(page(lead, thread), ".unread-line")


def test_one_follows_and_stops(cast: Cast, lead: Client, thread: Thread) -> None:
    lead.post(f"/conversations/{thread.pk}/following/", {"follow": "1"})
    assert "Following" in words(select(page(lead, thread), ".thread-head")[0])
    lead.post(f"/conversations/{thread.pk}/following/")
    assert "Following" not in words(select(page(lead, thread), ".thread-head")[0])


def test_a_long_thread_shows_its_end_and_all_of_it_when_asked(
    cast: Cast, lead: Client, thread: Thread
) -> None:
    for number in range(SHOWN + 3):
        said(cast.lead, thread, f"No. {number}")
    text = page(lead, thread)
    assert (len(shown(text)), words(select(text, ".thread-earlier")[0])) == (SHOWN, "3 earlier messages")
    assert len(shown(page(lead, thread, all="1"))) == SHOWN + 3


# -- One's own message
def test_within_a_quarter_of_an_hour_one_edits_and_afterwards_is_told_why_not(
    cast: Cast, lead: Client, thread: Thread
) -> None:
    fresh, old = said(cast.lead, thread, now=timezone.now()), said(cast.lead, thread, "Old")
    assert lead.post(f"/conversations/messages/{fresh.pk}/", {"text": "Better"}).status_code == 302
    answer = lead.post(f"/conversations/messages/{old.pk}/", {"text": "Better"})
    assert answer.status_code == 422
    assert "15 minutes" in answer.content.decode()
    assert shown(page(lead, thread)) == ["Better", "Old"]


def test_what_one_withdraws_leaves_a_word_in_its_place(cast: Cast, lead: Client, thread: Thread) -> None:
    message = said(cast.lead, thread, "A mistake")
    lead.post(f"/conversations/messages/{message.pk}/withdrawal/")
    text = page(lead, thread)
    assert "A mistake" not in text
    assert "This message was withdrawn." in text


# -- Whom one may address
def suggested(browser: Client, thread: Thread, **asked: str) -> list[str]:
    text = browser.get(f"/conversations/{thread.pk}/people/", asked).content.decode()
    return [str(one.get("data-name")) for one in select(text, "li")]


def test_whom_one_may_address_is_offered_by_how_a_name_begins(
    cast: Cast, lead: Client, thread: Thread
) -> None:
    said(cast.agent, thread)
    assert suggested(lead, thread, typed="agent") == [cast.agent.name]
    assert suggested(lead, thread, typed="agent", audience="internal") == []
    assert suggested(lead, thread, typed="empl") == [cast.employee.name]
    assert suggested(lead, thread, typed="operations") == []  # oneself


# -- One's threads
def test_ones_threads_stand_with_the_last_that_was_said(cast: Cast, lead: Client, thread: Thread) -> None:
    said(cast.lead, thread, "Mine")
    said(cast.agent, thread, "Which rate?", now=NOW + timedelta(hours=1))
    (row,) = select(lead.get("/conversations/").content.decode(), ".thread-row")
    assert "is-unread" in str(row.get("class"))
    assert words(row).startswith("Unread: Invoice 4711 Matter")
    assert f"{cast.agent.name}: Which rate?" in words(row)


def test_those_beside_what_one_may_not_see_any_more_are_gone(cast: Cast, thread: Thread) -> None:
    said(cast.employee, thread)
    MATTERS.hidden.add(thread.subject_id)
    browser = cast.browser(Role.EMPLOYEE)
    assert not select(browser.get("/conversations/").content.decode(), ".thread-row")
    assert browser.get(f"/conversations/{thread.pk}/").status_code == 404


def test_who_follows_nothing_is_told_how_it_begins(lead: Client) -> None:
    assert "You follow no conversation yet" in lead.get("/conversations/").content.decode()


def test_pages_beyond_the_last_are_empty_and_odd_numbers_the_first(cast: Cast, lead: Client) -> None:
    said(cast.lead, own_thread(cast))
    for number, rows in (("1", 1), ("2", 0), ("x", 1), ("-1", 1)):
        text = lead.get("/conversations/", {"page": number}).content.decode()
        assert len(select(text, ".thread-row")) == rows, number


# -- Hours
def test_hours_are_read_as_one_writes_them_and_what_cannot_be_read_stays(lead: Client) -> None:
    address = "/notifications/hours/"
    assert lead.post(address, {"hours": "mon-fri 8-18"}).status_code == 302
    assert 'value="Mon-Fri 08:00-18:00"' in lead.get("/notifications/preferences/").content.decode()
    wrong = lead.post(address, {"hours": "in the morning"})
    assert wrong.status_code == 422
    assert 'value="in the morning"' in wrong.content.decode()
    assert lead.post(address, {"hours": ""}).status_code == 302
    assert 'Mon-Fri 08:00-18:00"' not in lead.get("/notifications/preferences/").content.decode()


def test_who_is_erased_is_named_no_more(cast: Cast, lead: Client, thread: Thread) -> None:
    employee = cast.person(Role.EMPLOYEE)
    said(cast.employee, thread, "Mine")
    said(cast.lead, thread, f"Thank you, @{employee.name}!")
    operations.blank_names(actor=cast.lead, now=NOW, person_id=employee.pk)
    text = page(lead, thread)
    assert employee.name not in text
    assert shown(text) == ["Mine", "Thank you, @…!"]
