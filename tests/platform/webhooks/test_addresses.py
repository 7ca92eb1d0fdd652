"""Whom Backdesk calls, and whom it does not, whatever an organisation asks for."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from backdesk.platform.models import WebhookEndpoint
from backdesk.platform.webhooks import addresses, operations
from backdesk.platform.webhooks.addresses import AddressRefused, resolve
from backdesk.platform.webhooks.posting import post
from tests.cast import NOW, Cast
from tests.platform.webhooks.receiving import Receiver, receiving

PUBLIC = "93.184.215.14"
PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep their secrets
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="private network"):
        resolve("https://erp.example.com/", lookup=lambda *_: [address])


@pytest.mark.parametrize("address", PRIVATE)
def test_so_is_one_that_leads_outside_and_inside(address: str) -> None:
    with pytest.raises(AddressRefused):
        resolve("https://erp.example.com/", lookup=lambda *_: [PUBLIC, address])


@pytest.mark.parametrize("address", PRIVATE)
def test_the_guard_is_what_refuses_them(address: str, settings: Any) -> None:
    """The negative control."""
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    assert resolve("https://erp.example.com/", lookup=lambda *_: [address]).address == address


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_world_outside_is_allowed(address: str) -> None:
    assert addresses.is_public(ipaddress.ip_address(address))
    found = resolve("https://erp.example.com:8443/x", lookup=lambda *_: [address])
    assert (found.address, found.port) == (address, 8443)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://erp.example.com/", "https alone"),
        ("ftp://erp.example.com/", "whole address"),
        ("erp.example.com", "whole address"),
        ("https:///hook", "whole address"),
        ("https://erp.example.com/a b", "whole address"),
        ("https://erp.example.com/\nHost: x", "whole address"),
        ("https://büro.example/", "whole address"),
        ("https://user:word@erp.example.com/", "Leave user"),
        ("https://erp.example.com/#x", "Leave user"),
        ("https://erp.example.com:99999/", "no address"),
        ("https://erp.example.com:0/", "port"),
        ("https://[::1/", "no address"),
        ("https://127.0.0.1/", "private network"),
        ("https://[::ffff:10.0.0.1]/", "private network"),
        ("https://" + "a" * 2000, "whole address"),
    ],
)
def test_an_address_that_cannot_be_is_refused_where_it_is_given(url: str, says: str) -> None:
    with pytest.raises(AddressRefused, match=says):
        addresses.check(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
def test_numbers_written_otherwise_are_looked_up_and_refused_as_what_they_are(host: str) -> None:
    with pytest.raises(AddressRefused):
        resolve(f"https://{host}/")


@pytest.mark.parametrize("fails", [socket.gaierror, UnicodeError])
def test_a_name_nobody_knows_is_said_to_be_unknown(fails: type[Exception]) -> None:
    def lookup(*_: object) -> list[str]:
        raise fails

    with pytest.raises(AddressRefused, match="No address is known for erp"):
        resolve("https://erp.example.com/", lookup=lookup)


def test_even_where_private_ones_are_allowed_other_machines_are_called_by_https_alone(
    settings: Any,
) -> None:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    with pytest.raises(AddressRefused, match="another machine"):
        resolve("http://erp.example.com/", lookup=lambda *_: ["10.0.0.7"])


def test_nothing_is_sent_inside(receiver: Receiver) -> None:
    answer = post(url=receiver.url, body="{}", headers={})
    assert answer.status is None
    assert "https alone" in answer.error
    assert receiver.received == []


def test_the_connection_is_to_the_address_that_was_checked_whatever_the_name_says_later(
    receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers one thing to the guard and another to who connects."""
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    asked: list[str] = []

    def rebinding(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if asked.count("rebinding.example") < 2 else "127.0.0.2"
        where = (host if host[0].isdigit() else address, int(port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where)]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    answer = post(url=f"http://rebinding.example:{port}/hook", body="{}", headers={})
    assert answer.is_good
    assert asked == ["rebinding.example", "127.0.0.1"]
    assert receiver.received[0].headers["host"] == f"rebinding.example:{port}"


def test_a_redirect_is_told_and_not_followed(receiver: Receiver, settings: Any) -> None:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    receiver.answers, receiver.headers = [(302, "")], {"Location": receiver.url}
    answer = post(url=receiver.url, body="{}", headers={})
    assert "a redirect" in answer.error
    assert len(receiver.received) == 1


def test_of_a_long_answer_the_beginning_is_kept(receiver: Receiver, settings: Any) -> None:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    receiver.answers = [(400, "No.\0" + "x" * 5_000_000)]
    answer = post(url=receiver.url, body="{}", headers={})
    assert (answer.status, len(answer.excerpt)) == (400, 1999)
    assert answer.excerpt.startswith("No.x")


def test_who_answers_a_letter_at_a_time_is_not_listened_to_for_long(
    receiver: Receiver, settings: Any
) -> None:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    text = "so slow" * 100
    receiver.drips, receiver.answers = True, [(200, text)]
    answer = post(url=receiver.url, body="{}", headers={}, seconds=0.3)
    assert answer.status is None or len(answer.excerpt) < len(text)


def test_nobody_there_a_certificate_of_nobodys_and_no_http_are_told_in_words(
    receiver: Receiver, settings: Any
) -> None:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]  # kept, and not listened on
        assert "No connection" in post(url=f"http://127.0.0.1:{port}/", body="", headers={}).error
    tls = receiver.url.replace("http:", "https:")
    assert "does not speak TLS" in post(url=tls, body="", headers={}).error


@pytest.mark.django_db
def test_a_refused_address_is_told_to_who_gave_it(cast: Cast) -> None:
    with pytest.raises(AddressRefused):
        operations.add_endpoint(actor=cast.lead, now=NOW, url="https://169.254.169.254/latest/meta-data")
    assert not WebhookEndpoint.objects.exists()
