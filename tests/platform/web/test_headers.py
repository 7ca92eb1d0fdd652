"""What every answer tells the browser to refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from backdesk.platform.web.headers import HEADERS
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGES = ("/", "/plan/inventory/", "/nowhere/", "/sign-in/", "/account/profile/")
REFUSED = ("camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_tells_the_browser_what_to_refuse(cast: Cast, path: str) -> None:
    answer = cast.browser().get(path)
    told = answer.headers
    assert {name for name in HEADERS if name not in told} == set()
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["X-Frame-Options"] == "DENY"
    assert told["Referrer-Policy"] == "same-origin"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = told["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy


def test_the_browser_may_use_passkeys_and_nothing_of_the_device(client: Client) -> None:
    policy = client.get("/sign-in/").headers["Permissions-Policy"].split(", ")
    assert set(REFUSED) <= set(policy)
    assert "publickey-credentials-get=(self)" in policy


def test_a_page_is_kept_by_nobody_on_the_way(cast: Cast) -> None:
    assert cast.browser().get("/").headers["Cache-Control"] == "private, no-cache"
