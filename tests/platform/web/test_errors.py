"""What is said when something fails: no test here may touch the database, because it may be what failed."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from lxml import html

from backdesk.platform.web import views
from tests.platform.web.markup import select, words


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/plan/", **headers)  # type: ignore[arg-type]
    request.request_id = "reference-4711"  # type: ignore[attr-defined]
    return request


def heading(response: HttpResponse) -> str:
    return words(select(html.document_fromstring(response.content.decode()), "h1")[0])


def test_a_failed_server_answers_without_session_or_database() -> None:
    request = asked()
    request.COOKIES["theme"] = "dark"
    response = views.server_error(request)
    assert (response.status_code, heading(response)) == (500, "Backdesk failed at this")
    assert 'data-theme="dark"' in response.content.decode()
    assert "reference-4711" in response.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "said"),
    [
        (views.bad_request, 400, "That request could not be read"),
        (views.forbidden, 403, "You may not do this"),
        (views.not_found, 404, "There is nothing here"),
    ],
)
def test_each_refusal_has_its_own_words(view: object, status: int, said: str) -> None:
    response = view(asked(), SuspiciousOperation())  # type: ignore[operator]
    assert (response.status_code, heading(response)) == (status, said)
    assert "Nothing was changed" in response.content.decode() or status == 404


def test_a_form_that_is_too_large_is_told_the_limit() -> None:
    response = views.bad_request(asked(), RequestDataTooBig())
    assert (response.status_code, heading(response)) == (413, "The file is too large")
    assert "200 MB" in response.content.decode()
