"""Signing in through a company's own provider: a real one, in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from backdesk.config import single_sign_on
from backdesk.config.environment import SettingInvalid
from backdesk.parties.models import Person, Role
from backdesk.platform.models import AuditEntry
from tests.cast import Cast
from tests.parties.identity_provider import CLIENT_ID, CLIENT_SECRET
from tests.shared import REPOSITORY

pytestmark = pytest.mark.django_db

Provide = Callable[..., str]


@pytest.fixture
def provide(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provide]:
    """Starts the company's provider, which takes everybody for the person it is given, and tells Backdesk of it."""
    running: list[subprocess.Popen[str]] = []

    def start(**person: Any) -> str:
        command = [sys.executable, "-m", "tests.parties.identity_provider", "0", json.dumps(person)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
        running.append(process)
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        configure(monkeypatch, BACKDESK_OIDC_ISSUER=address, BACKDESK_OIDC_CLIENT_ID=CLIENT_ID)
        monkeypatch.setenv("BACKDESK_OIDC_CLIENT_SECRET", CLIENT_SECRET)
        monkeypatch.setenv("BACKDESK_OIDC_NAME", "Larch")
        settings.SOCIALACCOUNT_PROVIDERS = single_sign_on.providers()
        return address

    yield start
    for process in running:
        process.kill()
        process.communicate()


def configure(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _sent_on(url: str) -> str:
    """Where the provider sends the browser."""
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_StayHere).open(url)
    answer.value.close()
    return str(answer.value.headers["Location"])


def sign_in(browser: Client, *, after: str = "") -> Any:
    """As a browser goes: from our page to the provider, and back to where it is sent."""
    leaving = browser.post("/sign-in/with/company/", {"next": after})
    (onwards,) = re.findall(r'href="(http://127[^"]+)"', leaving.content.decode())
    return browser.get(_sent_on(unescape(onwards)))


def is_signed_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_whoever_is_known_by_a_verified_address_gets_in(cast: Cast, provide: Provide) -> None:
    person = cast.person(Role.EMPLOYEE)
    provide(sub="7", email=person.email.upper(), email_verified=True, name="Somebody")
    browser = Client()
    response = sign_in(browser, after="/account/")
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert browser.get("/account/").wsgi_request.user == person
    assert list(SocialAccount.objects.values_list("user", "uid")) == [(person.pk, "7")]
    assert {"single sign-on linked", "signed in"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_once_linked_the_person_is_known_by_the_providers_number(cast: Cast, provide: Provide) -> None:
    person = cast.person(Role.EMPLOYEE)
    SocialAccount.objects.create(user=person, provider="company", uid="7")
    provide(sub="7", email="married@example.org", email_verified=True)
    browser = Client()
    sign_in(browser)
    assert browser.get("/").wsgi_request.user == person


@pytest.mark.parametrize("verified", [False, None])
def test_an_address_the_provider_does_not_vouch_for_opens_nothing(
    cast: Cast, provide: Provide, verified: bool | None
) -> None:
    provide(sub="7", email=cast.person(Role.EMPLOYEE).email, email_verified=verified)
    browser = Client()
    assert sign_in(browser)["Location"] == "/sign-in/"
    assert "Nobody has been invited with this address" in browser.get("/sign-in/").content.decode()
    assert not is_signed_in(browser)
    assert not SocialAccount.objects.exists()


def test_a_stranger_is_not_made_a_person(cast: Cast, provide: Provide) -> None:
    people = Person.objects.count()
    provide(sub="8", email="stranger@example.org", email_verified=True)
    browser = Client()
    sign_in(browser)
    assert not is_signed_in(browser)
    assert Person.objects.count() == people


def test_nor_does_who_is_no_longer_active_get_in(cast: Cast, provide: Provide) -> None:
    person = cast.person(Role.EMPLOYEE)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    provide(sub="7", email=person.email, email_verified=True)
    browser = Client()
    sign_in(browser)
    assert not is_signed_in(browser)


def test_an_answer_nobody_asked_for_is_turned_away(cast: Cast, provide: Provide) -> None:
    """The state of the request is bound to the browser that began."""
    provide(sub="7", email=cast.person(Role.EMPLOYEE).email, email_verified=True)
    browser = Client()
    response = browser.get("/sign-in/with/company/callback/?code=x&state=guessed")
    assert "did not answer as it should" in response.content.decode()
    assert not is_signed_in(browser)


def test_what_the_provider_hands_out_is_not_kept(cast: Cast, provide: Provide) -> None:
    provide(sub="7", email=cast.person(Role.EMPLOYEE).email, email_verified=True, phone="+45 1234")
    sign_in(Client())
    assert not SocialToken.objects.exists()
    assert SocialAccount.objects.get().extra_data == {}


def test_the_button_says_whose_sign_in_it_is(provide: Provide) -> None:
    assert "Sign in with Larch" not in Client().get("/sign-in/").content.decode()
    provide(sub="7")
    assert "Sign in with Larch" in Client().get("/sign-in/").content.decode()


def test_a_provider_that_is_not_set_up_does_not_exist() -> None:
    assert Client().post("/sign-in/with/company/").status_code == 404


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"BACKDESK_OIDC_ISSUER": "https://login.example.org"}, "BACKDESK_OIDC_CLIENT_ID"),
        ({"BACKDESK_OIDC_ISSUER": "http://login.example.org", "BACKDESK_OIDC_CLIENT_ID": "b"}, "https"),
    ],
)
def test_half_a_configuration_is_refused(
    given: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, **given)
    with pytest.raises(SettingInvalid, match=message):
        single_sign_on.providers()
