"""From BACKDESK_MAIL_URL, BACKDESK_MAIL_FROM and BACKDESK_URL to what Django needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from backdesk.config import mail
from backdesk.config.environment import SettingInvalid

VAR = Path("/srv/backdesk")


def test_without_a_server_e_mails_are_kept_as_files() -> None:
    found = mail.django_mail("", var=VAR)
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == VAR / "mail"
    assert mail.django_mail("file:///spool/out%20box", var=VAR)["EMAIL_FILE_PATH"] == Path("/spool/out box")


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp+tls://me%40home:p%2Fw@mail.example", 587, True, False),
        ("smtps://me%40home:p%2Fw@mail.example", 465, False, True),
        ("smtp://me%40home:p%2Fw@mail.example:2525", 2525, False, False),
    ],
)
def test_a_server_is_taken_apart(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = mail.django_mail(url, var=VAR)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@home", "p/w")
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert found["EMAIL_TIMEOUT"] == mail.SECONDS_FOR_A_MAIL_SERVER


@pytest.mark.parametrize("url", ["imap://mail.example", "smtp://", "mail.example"])
def test_what_is_no_mail_server_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(SettingInvalid, match="must look like") as refused:
        mail.django_mail(url.replace("://", "://me:secret@"), var=VAR)
    assert "secret" not in str(refused.value)


def test_links_lead_to_the_address_given_or_to_the_first_host() -> None:
    assert mail.address("https://desk.example/", hosts=[], https=True) == "https://desk.example"
    assert mail.address("", hosts=["*", ".desk.example"], https=True) == "https://desk.example"
    assert mail.address("", hosts=[], https=False) == "http://localhost"
    with pytest.raises(SettingInvalid, match="BACKDESK_URL"):
        mail.address("desk.example", hosts=[], https=True)


def test_e_mails_come_from_the_address_given_or_from_the_host() -> None:
    assert mail.sender("", url="https://desk.example") == "Backdesk <backdesk@desk.example>"
    assert mail.sender("A <a@b.example>", url="https://desk.example") == "A <a@b.example>"
    for wrong in ("nobody", "a@b.example\nBcc: c@d.example"):
        with pytest.raises(SettingInvalid, match="BACKDESK_MAIL_FROM"):
            mail.sender(wrong, url="https://desk.example")
