"""What every answer carries: an id, headers that keep a page to itself; and the limit on what may be sent."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from backdesk.config.logs import JsonFormatter, RequestIdFilter
from backdesk.platform.requests import current_request_id, request_id
from backdesk.platform.uploads import LimitedUploadHandler

pytestmark = pytest.mark.django_db


def test_every_answer_has_an_id() -> None:
    first, second = (Client().get("/sign-in/")["X-Request-ID"] for _ in range(2))
    assert len(first) == 16
    assert first != second


def test_an_id_given_by_the_proxy_is_kept() -> None:
    assert Client().get("/sign-in/", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space in it", "line\u2028break-1"])
def test_an_id_that_could_spoil_a_log_is_not(given: str) -> None:
    assert Client().get("/sign-in/", headers={"X-Request-ID": given})["X-Request-ID"] != given


def test_the_id_ends_with_its_request() -> None:
    with request_id("abc"):
        assert current_request_id() == "abc"
    assert current_request_id() == ""


def test_a_log_line_names_its_request_and_can_be_read_by_a_machine() -> None:
    record = logging.LogRecord("backdesk", logging.INFO, "f.py", 1, "read %s\nrows", (3,), None)
    with request_id("job-7-1"):
        RequestIdFilter().filter(record)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["request_id"], entry["message"], entry["level"]) == ("job-7-1", "read 3\nrows", "info")


def test_a_page_runs_nothing_but_its_own() -> None:
    policy = Client().get("/sign-in/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_browsers_are_told_to_be_careful(header: str, value: str) -> None:
    assert Client().get("/sign-in/")[header] == value


def test_over_https_cookies_stay_there(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/sign-in/").status_code == 301
    response = Client().get("/sign-in/", headers={"X-Forwarded-Proto": "https"})
    assert response.status_code == 200
    assert response.cookies["csrftoken"]["secure"]


def test_an_upload_over_the_limit_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.BACKDESK_UPLOAD_LIMIT_MB = 1

    class Untouchable(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("somebody read the body")

    told: Any = {"CONTENT_LENGTH": "2500001", "wsgi.input": Untouchable()}
    response = Client().generic("POST", "/sign-in/", b"", **told)
    assert response.status_code == 413
    assert "1 MB" in response.content.decode()


def test_a_file_over_the_limit_is_cut_off_while_it_is_read(settings: Settings) -> None:
    settings.BACKDESK_UPLOAD_LIMIT_MB = 1
    file = SimpleUploadedFile("log.csv", b"x" * 1_500_000)
    assert Client().post("/sign-in/", {"file": file}).status_code == 413
    file = SimpleUploadedFile("log.csv", b"x" * 900_000)
    assert Client().post("/sign-in/", {"file": file}).status_code == 200


def test_what_was_cut_off_leaves_no_temporary_file(settings: Settings, tmp_path: Path) -> None:
    settings.BACKDESK_UPLOAD_LIMIT_MB = 1
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    handler = LimitedUploadHandler(RequestFactory().get("/"))
    handler.new_file("file", "log.csv", "text/csv", None)
    assert list(tmp_path.iterdir())
    with pytest.raises(Exception, match="larger than"):
        handler.receive_data_chunk(b"x" * 1_000_001, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_is_told_without_its_innards(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(
        "backdesk.parties.web.account.entering.SignIn.dispatch", lambda self, request: broken(request)
    )
    browser = Client(raise_request_exception=False)
    response = browser.get("/sign-in/")
    assert response.status_code == 500
    assert "secret detail" not in response.content.decode()
    assert response["X-Request-ID"] in response.content.decode()
