"""How many requests may come: by the clock that is passed in, and over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backdesk.platform.allowances import Limit, count
from backdesk.platform.api import serving
from backdesk.platform.jobs.requests import forget_requests
from backdesk.platform.models import RequestAllowance
from tests.api.calling import ROOT, problem, program
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

SIX = Limit(requests=6)
SECOND = timedelta(seconds=1)


def test_all_may_come_at_once_and_then_one_every_tenth_of_the_window() -> None:
    left = [count(name="a", limit=SIX, now=NOW).left for _ in range(6)]
    assert left == [5, 4, 3, 2, 1, 0]
    refused = count(name="a", limit=SIX, now=NOW)
    assert (refused.is_over, refused.wait) == (True, 10 * SECOND)
    assert count(name="a", limit=SIX, now=NOW + 9 * SECOND).wait == SECOND
    assert not count(name="a", limit=SIX, now=NOW + 10 * SECOND).is_over
    assert count(name="a", limit=SIX, now=NOW + 10 * SECOND).is_over


def test_one_that_is_refused_costs_nothing() -> None:
    for _ in range(50):
        count(name="a", limit=SIX, now=NOW)
    assert not count(name="a", limit=SIX, now=NOW + 10 * SECOND).is_over


def test_after_a_window_all_may_come_again() -> None:
    for _ in range(7):
        count(name="a", limit=SIX, now=NOW)
    assert count(name="a", limit=SIX, now=NOW + 61 * SECOND).left == 5


def test_each_is_counted_alone() -> None:
    for _ in range(7):
        count(name="a", limit=SIX, now=NOW)
    assert count(name="b", limit=SIX, now=NOW).left == 5


def test_what_is_full_again_is_forgotten() -> None:
    count(name="a", limit=SIX, now=NOW)
    forget_requests(NOW + SECOND)
    assert RequestAllowance.objects.exists()
    forget_requests(NOW + 11 * SECOND)
    assert not RequestAllowance.objects.exists()


def test_a_program_is_told_what_is_left_and_when_to_come_again(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKDESK_API_REQUESTS_PER_MINUTE = 2
    now = timezone.now()
    monkeypatch.setattr(serving, "clock", lambda: now)
    lead = program(cast)
    told = [lead.get("/me").headers["RateLimit"] for _ in range(2)]
    assert told == ['"requests";r=1;t=30', '"requests";r=0;t=60']
    refused = lead.get("/me")
    assert "try again in 30 s" in problem(refused, status=429, code="too-many-requests")["detail"]
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers["RateLimit-Policy"] == '"requests";q=2;w=60'
    assert program(cast).get("/me").status_code == 200  # another token has its own
    monkeypatch.setattr(serving, "clock", lambda: now + 30 * SECOND)
    assert lead.get("/me").status_code == 200


def test_who_guesses_is_turned_away_but_not_a_neighbour_who_holds_a_token(cast: Cast, settings: Any) -> None:
    settings.BACKDESK_API_FAILURES_PER_MINUTE = 3
    stranger = Client(headers={"Authorization": "Bearer bd_guessed"})
    for _ in range(3):
        problem(stranger.get(f"{ROOT}/me"), status=401, code="unauthenticated")
    problem(stranger.get(f"{ROOT}/me"), status=429, code="too-many-requests")
    assert program(cast).get("/me").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get(f"{ROOT}/me").status_code == 401


def test_behind_a_proxy_who_guesses_is_told_by_the_address_the_proxy_put_down(
    cast: Cast, settings: Any
) -> None:
    settings.BACKDESK_API_FAILURES_PER_MINUTE = 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert _guess("192.0.2.7") == 401
    assert _guess("192.0.2.8") == 401
    assert _guess("203.0.113.1, 192.0.2.7") == 429  # what visitors claim of themselves does not count


def test_without_a_proxy_nobody_is_believed_another_address(cast: Cast, settings: Any) -> None:
    """The negative control."""
    settings.BACKDESK_API_FAILURES_PER_MINUTE = 1
    assert [_guess("192.0.2.7"), _guess("192.0.2.8")] == [401, 429]


def _guess(forwarded_for: str) -> int:
    headers = {"Authorization": "Bearer bd_guessed", "X-Forwarded-For": forwarded_for}
    return Client(headers=headers).get(f"{ROOT}/me").status_code


def test_where_the_server_tells_no_address_all_are_counted_together(cast: Cast, settings: Any) -> None:
    settings.BACKDESK_API_FAILURES_PER_MINUTE = 1
    statuses = [Client(REMOTE_ADDR="").get(f"{ROOT}/me").status_code for _ in range(2)]
    assert statuses == [401, 429]


def test_no_address_is_kept(cast: Cast) -> None:
    Client(REMOTE_ADDR="192.0.2.7").get(f"{ROOT}/me")
    assert "192.0.2.7" not in RequestAllowance.objects.get().name
