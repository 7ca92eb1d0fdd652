"""Second factors, passkeys and recovery codes as people use them: in a browser, with a device that makes passkeys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from backdesk.parties.models import Person, Role
from tests.cast import Cast
from tests.platform.web.browser import BrowserPage, assert_accessible

PASSWORD = "a long walk by the quay"


@pytest.fixture
def person(transactional_db: None, cast: Cast) -> Person:
    person = cast.person(Role.OPERATIONS_LEAD)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def device(browser_page: BrowserPage) -> Iterator[Any]:
    """A telephone of the browser's own making: it keeps passkeys, and its owner always puts a finger on it."""
    session = browser_page.page.context.new_cdp_session(browser_page.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session
    session.detach()


def sign_in(browser: BrowserPage, person: Person) -> None:
    browser.open("/sign-in/")
    browser.page.get_by_label("E-mail").fill(person.email)
    browser.page.get_by_label("Password").fill(PASSWORD)
    browser.page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(browser: BrowserPage) -> None:
    browser.page.context.clear_cookies()


def code_of(key: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps)))


def set_up_app(browser: BrowserPage) -> tuple[str, list[str]]:
    """The app's key, and the recovery codes that came with it."""
    browser.open("/account/security/app/")
    key = browser.page.locator("code.secret").inner_text()
    browser.page.get_by_role("textbox", name="Code").fill(code_of(key))
    browser.page.get_by_role("button", name="Set up").click()
    browser.page.get_by_role("heading", name="Recovery codes").wait_for()
    return key, browser.page.locator(".codes code").all_inner_texts()


def add_passkey(browser: BrowserPage) -> None:
    browser.open("/account/security/passkeys/new/")
    browser.page.get_by_label("Name").fill("Work laptop")
    browser.page.get_by_role("button", name="Add a passkey").click()
    browser.page.get_by_role("heading", name="Recovery codes").wait_for()


def is_home(browser: BrowserPage) -> bool:
    browser.page.wait_for_url(browser.address + "/")
    return True


def test_after_the_password_the_app_says_the_code(browser_page: BrowserPage, person: Person) -> None:
    sign_in(browser_page, person)
    key, codes = set_up_app(browser_page)
    assert len(set(codes)) == 10
    assert_accessible(browser_page.page)
    sign_out(browser_page)
    sign_in(browser_page, person)
    browser_page.page.get_by_role("heading", name="One more step").wait_for()
    assert_accessible(browser_page.page)
    browser_page.page.get_by_role("textbox", name="Code").fill(code_of(key, steps=1))
    browser_page.page.get_by_role("button", name="Sign in", exact=True).click()
    assert is_home(browser_page)


def test_a_recovery_code_opens_once(browser_page: BrowserPage, person: Person) -> None:
    sign_in(browser_page, person)
    _key, codes = set_up_app(browser_page)
    for turn in range(2):
        sign_out(browser_page)
        sign_in(browser_page, person)
        browser_page.page.get_by_role("textbox", name="Code").fill(codes[0])
        browser_page.page.get_by_role("button", name="Sign in", exact=True).click()
        if turn == 0:
            assert is_home(browser_page)
    browser_page.page.get_by_text("This code is not right, or it was used already.").first.wait_for()


def test_recovery_codes_can_be_kept_as_a_file_and_are_not_shown_again(
    browser_page: BrowserPage, person: Person
) -> None:
    sign_in(browser_page, person)
    _key, codes = set_up_app(browser_page)
    with browser_page.page.expect_download() as download:
        browser_page.page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes
    browser_page.page.reload()
    assert browser_page.page.locator(".codes").count() == 0
    assert "10 codes are left" in browser_page.page.content()


def test_a_passkey_signs_in_without_a_password(
    browser_page: BrowserPage, person: Person, device: Any
) -> None:
    sign_in(browser_page, person)
    browser_page.open("/account/security/passkeys/new/")
    assert_accessible(browser_page.page)
    add_passkey(browser_page)
    sign_out(browser_page)
    browser_page.open("/sign-in/?next=/account/security/")
    browser_page.page.get_by_role("button", name="Sign in with a passkey").click()
    browser_page.page.get_by_role("link", name="Rename Work laptop").wait_for()
    assert_accessible(browser_page.page)


def test_a_passkey_is_a_second_factor_too(browser_page: BrowserPage, person: Person, device: Any) -> None:
    sign_in(browser_page, person)
    add_passkey(browser_page)
    sign_out(browser_page)
    sign_in(browser_page, person)
    browser_page.page.get_by_role("button", name="Use a passkey").click()
    assert is_home(browser_page)


def test_without_a_device_that_has_one_it_is_said(browser_page: BrowserPage, person: Person) -> None:
    """A device that knows no passkey answers so; nothing is sent."""
    browser_page.open("/sign-in/")
    browser_page.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new Error('none')) }"
    )
    browser_page.page.get_by_role("button", name="Sign in with a passkey").click()
    browser_page.page.get_by_text("The device gave no passkey.").wait_for()
    assert_accessible(browser_page.page)
