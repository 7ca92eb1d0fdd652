"""Answers that come by e-mail: what is taken of them, from whom, and what is left alone."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.conversations import operations
from backdesk.conversations.mail import Asked, Ignored, UnreadableMail, address_for, read_address, read_mail
from backdesk.conversations.mail.incoming import LARGEST
from backdesk.conversations.mail.quoting import own_words
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.operations import NotTheirs, receive_mail, receiving
from backdesk.parties.models import Membership
from tests.api.calling import Program, problem, program
from tests.cast import NOW, Cast
from tests.conversations.letters import ANSWER, HTML, OF_MACHINES, PLAIN, WHOLE, letter
from tests.conversations.matters import said

pytestmark = pytest.mark.django_db
ASKED = Asked(thread_id=2**53, person_id=2**40, organisation_id=2**31, is_internal=True)


def asked(cast: Cast, thread: Thread, **changed: Any) -> Asked:
    """The lead of the client answers to both companies."""
    lead = cast.person("operations_lead")
    whole = Asked(thread_id=thread.pk, person_id=lead.pk, organisation_id=cast.client.pk)
    return replace(whole, **changed)


def answer(cast: Cast, thread: Thread, *, told: Asked | None = None, **changed: Any) -> bytes:
    told = told or asked(cast, thread)
    return letter(**{"to": address_for(told), "sender": cast.person("operations_lead").email, **changed})


def received(data: bytes) -> Message:
    return receive_mail(now=NOW, data=data, interface="cli")


# -- Addresses
def test_an_address_says_who_answers_where_and_fits_before_the_at() -> None:
    address = address_for(ASKED)
    assert read_address(address) == read_address(address.upper()) == ASKED
    assert len(address.partition("@")[0]) <= 64


def test_no_sign_of_an_address_can_be_changed() -> None:
    address = address_for(ASKED)
    for place, sign in enumerate(address):
        other = "a" if sign != "a" else "b"
        assert read_address(address[:place] + other + address[place + 1 :]) is None, place


def test_an_internal_address_is_not_made_a_shared_one() -> None:
    assert read_address(address_for(ASKED).replace("note+", "reply+")) is None


@given(st.text(max_size=80))
def test_nothing_else_is_an_address_of_ours(text: str) -> None:
    assert read_address(text) is None


# -- What of it was written
@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_of_a_plain_mail_only_the_answer_is_taken(text: str) -> None:
    assert own_words(text) == ANSWER


@pytest.mark.parametrize("html", HTML.values(), ids=HTML)
def test_of_one_in_html_too(html: str) -> None:
    data = letter(to=address_for(ASKED), sender="ada@larch.example", text="", html=html)
    assert read_mail(data).text == ANSWER


@pytest.mark.parametrize("text", WHOLE)
def test_where_nothing_is_quoted_nothing_is_lost(text: str) -> None:
    assert own_words(text) == text


@given(st.text(max_size=300))
def test_what_is_taken_is_the_beginning_of_what_came(text: str) -> None:
    kept = own_words(text)
    assert kept == "" or kept.split("\n")[0].strip() in text.replace("\xa0", " ")
    assert own_words(kept) == kept or kept.endswith(("\n", " "))


@given(st.binary(max_size=400))
def test_whatever_comes_in_is_told_in_words(data: bytes) -> None:
    with pytest.raises((UnreadableMail, Ignored)):
        read_mail(data)


def test_a_character_set_nobody_knows_costs_some_letters_not_the_answer() -> None:
    data = letter(to=address_for(ASKED), sender="ada@larch.example").replace(b'"utf-8"', b'"x-martian"')
    assert read_mail(data).text.startswith("It is 7")


# -- Taking it in
def test_an_answer_is_posted_in_the_name_of_whom_the_address_was_made_for(cast: Cast, thread: Thread) -> None:
    message = received(answer(cast, thread, text=PLAIN["gmail"]))
    assert (message.text, message.author_id) == (ANSWER, cast.lead.person_id)
    assert (message.organisation_id, message.internal_to) == (cast.client.pk, None)


def test_the_same_mail_twice_is_one_message(cast: Cast, thread: Thread) -> None:
    data = answer(cast, thread)
    assert received(data) == received(data)
    assert Message.objects.count() == 1


def test_the_answer_to_an_internal_note_stays_internal(cast: Cast, thread: Thread) -> None:
    message = received(answer(cast, thread, told=asked(cast, thread, is_internal=True)))
    assert message.internal_to == cast.client.pk


def test_who_passed_the_mail_on_cannot_be_taken_for_its_reader(cast: Cast, thread: Thread) -> None:
    with pytest.raises(NotTheirs, match="made for somebody else"):
        received(answer(cast, thread, sender=cast.person("employee").email))


def test_who_has_left_answers_no_more(cast: Cast, thread: Thread) -> None:
    Membership.objects.filter(person=cast.person("operations_lead")).update(ended_at=NOW.replace(year=2027))
    with pytest.raises(NotTheirs):
        received(answer(cast, thread))


def test_an_address_made_for_a_thread_of_others_opens_nothing(cast: Cast, thread: Thread) -> None:
    stranger = cast.person("operations_lead", cast.other_client)
    told = asked(cast, thread, person_id=stranger.pk, organisation_id=cast.other_client.pk)
    with pytest.raises(NotTheirs, match="cannot see"):
        received(answer(cast, thread, told=told, sender=stranger.email))


@pytest.mark.parametrize("headers", OF_MACHINES.values(), ids=OF_MACHINES)
def test_what_no_person_wrote_is_left_alone(cast: Cast, thread: Thread, headers: dict[str, Any]) -> None:
    with pytest.raises(Ignored, match="No person wrote"):
        received(answer(cast, thread, **headers))
    assert not Message.objects.exists()


def test_a_mail_from_one_of_our_own_addresses_cannot_go_in_circles(cast: Cast, thread: Thread) -> None:
    with pytest.raises(Ignored):
        received(answer(cast, thread, sender=address_for(asked(cast, thread))))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"to": "reply+1-2-3-aaaaaaaaaaaaaaaaaaaa@answers.example"}, "address of ours"),
        ({"to": "office@larch.example"}, "address of ours"),
        ({"text": "> Which rate?\n"}, "says nothing"),
        ({"text": "x" * LARGEST}, "bytes"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_the_reason(
    cast: Cast, thread: Thread, changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(UnreadableMail, match=why):
        received(answer(cast, thread, **changed))


# -- The ways in
@pytest.fixture
def gateway(cast: Cast) -> Program:
    """A mail server's program: whose token it has does not matter."""
    return program(cast, "delivery_manager", cast.other_provider)


def passed_on(gateway: Program, data: bytes, kind: str = "message/rfc822") -> Any:
    return gateway.client.generic("POST", "/api/v1/mail/replies", data, kind)


def test_the_api_takes_the_mail_as_it_came(cast: Cast, thread: Thread, gateway: Program) -> None:
    response = passed_on(gateway, answer(cast, thread))
    told = response.json()
    assert (response.status_code, told["outcome"]) == (200, "posted"), told
    assert Message.objects.get(pk=told["message_id"]).text == ANSWER


def test_the_same_mail_twice_at_once_is_one_message(
    cast: Cast, thread: Thread, gateway: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, known = answer(cast, thread), receiving._known
    first = received(data)
    looks = iter([False, True])  # at first the other is not through
    monkeypatch.setattr(receiving, "_known", lambda reply: known(reply) if next(looks) else None)
    told = passed_on(gateway, data).json()
    assert (told["outcome"], told["message_id"]) == ("posted", first.pk)


def test_a_bounce_is_no_error_so_that_nobody_bounces_it(cast: Cast, thread: Thread, gateway: Program) -> None:
    response = passed_on(gateway, answer(cast, thread, **dict[str, Any](OF_MACHINES["a bounce"])))
    assert (response.status_code, response.json()["outcome"]) == (200, "ignored")


def test_the_api_says_what_is_wrong(cast: Cast, thread: Thread, gateway: Program) -> None:
    problem(passed_on(gateway, b"no mail"), status=422, code="unreadable-mail")
    problem(passed_on(gateway, answer(cast, thread, sender="x@y.example")), status=403, code="not-theirs")
    wrong = passed_on(gateway, answer(cast, thread), kind="application/json")
    problem(wrong, status=415, code="unsupported-media-type")


def test_an_answer_shows_in_the_thread_and_is_told(cast: Cast, thread: Thread) -> None:
    operations.follow(actor=cast.agent, now=NOW, thread=thread)
    said(cast.agent, thread)
    received(answer(cast, thread))
    page = cast.browser("agent", cast.provider).get(f"/conversations/{thread.pk}/").content.decode()
    assert "It is 7 %." in page


def test_a_mail_server_hands_it_to_the_command(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from contextlib import nullcontext

    from backdesk.cli import mail, starting

    monkeypatch.setattr(starting, "settings_and_database", nullcontext)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(answer(cast, thread))))
    mail.receive()
    assert "Posted as message" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"no mail")))
    with pytest.raises(SystemExit) as ended:
        mail.receive()
    assert ended.value.code == 65


def test_the_guide_names_the_command_and_the_address() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "conversations.md").read_text(encoding="utf-8")
    assert "backdesk mail receive" in guide
    assert "/api/v1/mail/replies" in guide
