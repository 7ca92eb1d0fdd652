"""Health and metrics: what probes and Prometheus are told, and what strangers are not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from backdesk.parties.models import Role
from backdesk.platform.operating import readiness, workers
from tests.cast import Cast
from tests.platform import handlers  # noqa: F401  the kinds of jobs these tests ask for
from tests.shared import REPOSITORY

pytestmark = pytest.mark.django_db

TOKEN = "only-prometheus-knows-it"


@pytest.fixture
def metered(settings: Any) -> None:
    settings.BACKDESK_METRICS_TOKEN = TOKEN


def a_living_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [datetime.now(UTC)])


def metrics() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample by its name and labels."""
    response = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def counted(name: str, **labels: str) -> float:
    return metrics().get((name, frozenset(labels.items())), 0.0)


# -- Health --------------------------------------------------------------------------------------------------


def test_living_asks_nobody(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "live"})


def test_ready_once_a_worker_is_there() -> None:
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["lacking"]) == (503, ["worker"])
    a_living_worker()
    assert Client().get("/health/ready").json() == {"status": "ready"}


def test_not_ready_before_the_database_is_of_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    a_living_worker()
    monkeypatch.setattr(readiness._Migrations, "applied", False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    monkeypatch.setattr(readiness, "unapplied_migrations", lambda: ["planning.0009_later"])
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["lacking"]) == (503, ["migrations"])
    assert "planning" not in response.content.decode()


def test_not_ready_without_a_database_and_no_word_more(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = connection.copy()
    elsewhere.settings_dict["HOST"] = "/nowhere/secret"
    monkeypatch.setattr(readiness, "connection", elsewhere)
    monkeypatch.setattr(workers, "connection", elsewhere)
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"status": "not ready", "lacking": ["database"]})


@pytest.mark.parametrize("address", ["/health/live", "/health/ready", "/metrics"])
def test_probes_come_under_any_name_by_plain_http_and_nothing_is_kept(address: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["backdesk.example"]
    response = Client(headers={"Host": "10.0.0.7:8000"}).get(address)
    assert response.status_code in {200, 404, 503}
    assert response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response
    assert Client().post(address).status_code == 405
    assert Client(headers={"Host": "10.0.0.7:8000"}).get("/sign-in/").status_code >= 300


# -- Metrics -------------------------------------------------------------------------------------------------


def test_without_a_token_in_the_settings_there_is_nothing() -> None:
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer naïve"])
def test_only_who_knows_the_token_reads(metered: None, cast: Cast, header: str) -> None:
    response = cast.browser().get("/metrics", headers={"Authorization": header})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert b"backdesk_" not in response.content


def test_requests_are_counted_by_route(metered: None, cast: Cast) -> None:
    before = counted("backdesk_requests_total", method="GET", route="web:home", status="200")
    statements = counted("backdesk_request_statements_total", route="web:home")
    cast.browser().get("/")
    assert counted("backdesk_requests_total", method="GET", route="web:home", status="200") == before + 1
    assert counted("backdesk_request_seconds_count", route="web:home") >= 1
    assert counted("backdesk_request_statements_total", route="web:home") > statements


def test_strangers_cannot_make_the_metrics_grow(metered: None) -> None:
    Client().get("/nowhere/first")
    before = len(metrics())
    for number in range(20):
        Client().get(f"/nowhere/{number}/anna.larsen@larch.example")
        Client().generic("BREW", f"/coffee/{number}")
    after = metrics()
    assert len(after) <= before + 2, "one more method, with one or two states"
    assert not any("larch" in value for _, labels in after for _, value in labels)


def test_attempts_to_sign_in_that_were_refused(metered: None, cast: Cast) -> None:
    before = counted("backdesk_sign_in_failures_total")
    assert not Client().login(username=cast.person(Role.EMPLOYEE).email, password="wrong")
    assert counted("backdesk_sign_in_failures_total") == before + 1


def test_jobs_by_kind_and_state_and_how_long_the_oldest_waits(metered: None, cast: Cast) -> None:
    from backdesk.platform.jobs import enqueue
    from tests.background import do_waiting_jobs

    now = datetime.now(UTC)
    enqueue(actor=cast.lead, now=now - timedelta(minutes=5), kind="tests.fail_foreseen")
    assert counted("backdesk_jobs", kind="tests.fail_foreseen", state="waiting") == 1
    assert counted("backdesk_job_oldest_waiting_seconds") == pytest.approx(300, abs=60)
    assert counted("backdesk_queue", status="todo") == 1
    do_waiting_jobs()
    assert counted("backdesk_jobs", kind="tests.fail_foreseen", state="failed") == 1
    assert counted("backdesk_job_seconds_count", kind="tests.fail_foreseen", state="failed") == 1


def test_the_trail_the_build_and_the_memory_are_told(metered: None, cast: Cast) -> None:
    from backdesk.parties.operations import found_organisation
    from backdesk.platform import audit
    from backdesk.platform.actor import system

    now = datetime.now(UTC)
    found_organisation(actor=system(name="a test"), now=now, name="New", is_client=True)
    assert counted("backdesk_audit_pending") >= 1
    audit.seal(now=now)
    assert (counted("backdesk_audit_pending"), counted("backdesk_audit_sealed") >= 1) == (0, True)
    assert counted("backdesk_resident_bytes", process="web") > 10_000_000
    assert any(name == "backdesk_build_info" for name, _ in metrics())


COUNTING = """
from backdesk.platform.operating import metrics
metrics.count_request(method="GET", route="web:home", status=200, took=0.1, asked=3)
"""


def test_processes_of_one_start_count_together_and_what_the_dead_counted_goes(tmp_path: Path) -> None:
    reading = "from backdesk.platform.operating import metrics as m\nfrom prometheus_client import generate_latest\n"
    reading += "print(generate_latest(m.counted()).decode())"
    place = tmp_path / "var" / "metrics"
    begin = "from backdesk.cli import local; local.count_together()"
    assert _python(begin, tmp_path) == ""
    for _ in range(2):
        _python(COUNTING, tmp_path, PROMETHEUS_MULTIPROC_DIR=str(place))
    told = _python(reading, tmp_path, PROMETHEUS_MULTIPROC_DIR=str(place))
    assert re.search(r'backdesk_requests_total\{.*route="web:home".*\} 2.0', told)
    _python(begin, tmp_path)
    assert list(place.glob("*.db")) == []


def _python(code: str, tmp_path: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, "BACKDESK_VAR": str(tmp_path / "var"), **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
