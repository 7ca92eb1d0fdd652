"""A database that goes away and a disk that is full are said plainly, keep nothing half done, and are got over."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from backdesk.platform import errors, files
from backdesk.platform.models import StoredFile
from backdesk.platform.web import views
from tests.cast import Cast
from tests.waiting import PATIENCE


@contextmanager
def the_database_goes_at_the_next_statement() -> Iterator[None]:
    """Its process for our connection is ended, as when the server stops."""
    ended: list[int] = []

    def end(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not ended:
            ended.append(connection.connection.info.backend_pid)
            parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
            with psycopg.connect(**parameters) as other:
                other.execute("SELECT pg_terminate_backend(%s, %s)", [ended[0], int(PATIENCE * 1000)])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end):
        yield
    assert ended


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_told_and_got_over(cast: Cast) -> None:
    browser, api = cast.browser(), Client(raise_request_exception=False)
    browser.raise_request_exception = False
    assert browser.get("/").status_code == 200
    with the_database_goes_at_the_next_statement():
        page = browser.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "The database does not answer just now." in page.content.decode()
    connection.close_if_unusable_or_obsolete()  # as the server does before each request
    assert browser.get("/").status_code == 200
    token = {"Authorization": "Bearer bd_unknown"}
    with the_database_goes_at_the_next_statement():
        problem = api.get("/api/v1/me", headers=token)
    assert (problem.status_code, problem.json()["code"]) == (503, "database-away")
    connection.close_if_unusable_or_obsolete()
    assert api.get("/api/v1/me", headers=token).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_control_an_error_nobody_foresaw_stays_a_fault(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = cast.browser()
    browser.raise_request_exception = False
    monkeypatch.setattr(views, "trouble_of", lambda error: None)
    with the_database_goes_at_the_next_statement():
        assert browser.get("/").status_code == 500
    connection.close_if_unusable_or_obsolete()


def test_a_statement_that_is_wrong_is_no_trouble_of_the_house() -> None:
    wrong = OperationalError("too slow")
    wrong.__cause__ = psycopg.errors.QueryCanceled("too slow")
    assert errors.trouble_of(wrong) is None
    assert errors.trouble_of(OSError("no number")) is None


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever is written to a new file meets the kernel's own refusal."""

    def made(*args: Any, **kwargs: Any) -> tuple[int, str]:
        place = tmp_path / "coming"
        place.touch()
        return os.open("/dev/full", os.O_WRONLY), str(place)

    monkeypatch.setattr(tempfile, "mkstemp", made)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_keeps_nothing_of_a_file(cast: Cast, var: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        files.save(stream=BytesIO(b"1,2\n"), name="a.csv", organisation_id=cast.client.pk, limit=100)
    assert not StoredFile.objects.exists()
    assert not [one for one in var.rglob("*") if one.is_file()]


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_is_told_to_who_uploads(cast: Cast) -> None:
    browser = cast.browser()
    browser.raise_request_exception = False
    page = browser.post(
        "/plan/histories/new/", {"file": SimpleUploadedFile("a.csv", b"case,activity\n1,A\n")}
    )
    assert page.status_code == 507
    assert "There is no room left" in page.content.decode()
