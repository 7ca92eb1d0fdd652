"""Every page of signing in and of one's own account: its statements pinned, and readable by everyone."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from backdesk.parties import operations
from backdesk.parties.models import Person, Role
from tests.cast import NOW, Cast
from tests.parties.passkeys import add_passkey
from tests.pinned import assert_sends, statements
from tests.platform.web.browser import BrowserPage, assert_accessible

pytestmark = pytest.mark.django_db

A_MONTH = timedelta(days=30)
PINNED: dict[str, int] = json.loads(Path(__file__).with_name("own_sql_counts.json").read_text())
OUTSIDE = (
    "/sign-in/",
    "/sign-in/cancelled/",
    "/sign-in/forgotten/",
    "/sign-in/forgotten/1-used/",
    "/sign-in/forgotten/done/",
    "/sign-in/forgotten/sent/",
    "/sign-in/inactive/",
)
INSIDE = (
    "/account/",
    "/account/email/",
    "/account/security/",
    "/account/security/app/removal/",
    "/account/security/codes/",
    "/account/security/codes/new/",
    "/account/security/passkeys/new/",
    "/account/security/password/",
    "/account/sessions/",
    "/account/tokens/",
    "/account/tokens/new/",
    "/sign-in/again/",
    "/sign-in/again/code/",
    "/sign-in/again/passkey/",
)


@pytest.fixture
def person(cast: Cast) -> Person:
    """With some of everything."""
    person = cast.person(Role.OPERATIONS_LEAD)
    person.set_password("a long walk by the quay")
    person.save()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person).mark_as_viewed()
    add_passkey(person)
    operations.create_token(
        actor=cast.lead, now=NOW, name="Export", scopes=["read"], expires_at=NOW + A_MONTH
    )
    return person


def signed_in_just_now(person: Person) -> Client:
    """So that no page asks once more who one is."""
    browser = Client()
    browser.force_login(person)
    shown = {"method": "password", "at": time.time()}
    session = browser.session
    session.update(
        {"account_authentication_methods": [shown], "account_authentication_methods_user": str(person.pk)}
    )
    session.save()
    return browser


def test_every_page_is_pinned() -> None:
    assert set(PINNED) == {*OUTSIDE, *INSIDE}


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_page_before_anybody_is_known_asks_as_often_as_pinned(address: str) -> None:
    assert_sends(address, statements(Client(), address, {}), PINNED[address])


@pytest.mark.parametrize("address", INSIDE)
def test_a_page_of_ones_own_asks_as_often_as_pinned(address: str, person: Person) -> None:
    browser = signed_in_just_now(person)
    assert_sends(address, statements(browser, address, {}), PINNED[address])


def test_however_many_sessions_and_tokens_there_are(person: Person, cast: Cast) -> None:
    for number in range(3):
        operations.create_token(
            actor=cast.lead, now=NOW, name=f"Export {number}", scopes=["read"], expires_at=NOW + A_MONTH
        )
        key = signed_in_just_now(person).session.session_key
        UserSession.objects.create(user=person, session_key=key, ip="192.0.2.1", user_agent="")
    for address in ("/account/sessions/", "/account/tokens/"):
        browser = signed_in_just_now(person)
        assert_sends(address, statements(browser, address, {}), PINNED[address])


def test_everyone_can_read_the_pages_of_ones_own(browser_page: BrowserPage, person: Person) -> None:
    """Those on which there is more to read for who has some of everything."""
    cookie = signed_in_just_now(person).cookies[settings.SESSION_COOKIE_NAME]
    browser_page.page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": browser_page.address}]
    )
    for address in (
        "/account/security/",
        "/account/security/codes/",
        "/account/tokens/",
        "/sign-in/again/code/",
    ):
        browser_page.open(address)
        assert browser_page.page.url.endswith(address)
        assert_accessible(browser_page.page)
