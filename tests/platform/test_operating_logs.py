"""What is logged of a request, a fault and a job: enough to find it again, and nothing of anybody."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from logging.config import dictConfig

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from procrastinate.contrib.django.models import ProcrastinateJob

from backdesk.config import scrubbing
from backdesk.config.logs import django_logging
from backdesk.parties.models import Person, Role
from backdesk.platform import database
from backdesk.platform.jobs import enqueue
from backdesk.platform.jobs.run import execute_on
from backdesk.platform.models import Job
from backdesk.platform.requests import request_id
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.platform import handlers  # noqa: F401  the kinds of jobs these tests ask for

pytestmark = pytest.mark.django_db

log = logging.getLogger("backdesk.tests")

PERSONAL = ("anna.larsen", "larch.example", "Anna", "Larsen", "0451-772", "hunter2", "203.0.113.9")
HER = "Anna Larsen"
HOSTILE = "/plan/functions/7/anna.larsen@larch.example?q=Anna+Larsen&phone=0451-772"


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What the product's own logging writes, in both styles."""
    told, before = io.StringIO(), logging.getLogger().handlers[:]
    configuration = django_logging(level="info", style=request.param)
    configuration["handlers"]["stderr"]["stream"] = told
    dictConfig(configuration)
    yield told.getvalue
    logging.getLogger().handlers[:] = before
    logging.getLogger().setLevel(logging.WARNING)


def assert_nobody_in(text: str) -> None:
    assert [word for word in PERSONAL if word.casefold() in text.casefold()] == []


# -- Requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_one_line_a_request_says_how_it_went(cast: Cast, written: Callable[[], str]) -> None:
    cast.browser().get("/", headers={"X-Request-ID": "from-the-proxy-1"})
    (line,) = (one for one in map(json.loads, written().splitlines()) if one["logger"] == "backdesk.request")
    assert line["ms"] > 0
    assert line["statements"] > 0
    assert {
        name: line[name] for name in ("method", "route", "status", "organisation", "person", "request_id")
    } == {
        "method": "GET",
        "route": "web:home",
        "status": 200,
        "organisation": cast.client.pk,
        "person": cast.lead.person_id,
        "request_id": "from-the-proxy-1",
    }


def test_a_hostile_request_leaves_nothing_of_anybody(cast: Cast, written: Callable[[], str]) -> None:
    browser = cast.browser()
    browser.get(HOSTILE, REMOTE_ADDR="203.0.113.9", headers={"User-Agent": "Anna Larsen"})
    browser.post("/sign-in/", {"login": "anna.larsen@larch.example", "password": "hunter2"})
    Client(enforce_csrf_checks=True).post(HOSTILE, {"name": "Anna Larsen"})
    Client(headers={"Host": "anna.larsen.example"}).get("/sign-in/")
    assert written().count("backdesk.request") == 4
    assert "none" in written()
    assert_nobody_in(written())


# -- Faults --------------------------------------------------------------------------------------------------


def faulty(request: HttpRequest, name: str) -> HttpResponse:
    raise ValueError(f"cannot work with {name}, {HER}")


urlpatterns = [path("faulty/<str:name>/", faulty, name="faulty")]
handler404 = handler500 = lambda request, *args, **kwargs: HttpResponse(status=500)


@pytest.mark.urls(__name__)
def test_a_fault_nobody_foresaw_names_its_place_and_nobody(cast: Cast, written: Callable[[], str]) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.person(Role.EMPLOYEE))
    assert browser.get("/faulty/anna.larsen@larch.example/").status_code == 500
    assert "Internal Server Error: faulty" in written()
    assert "in faulty" in written()
    assert "ValueError: [withheld]" in written()
    assert_nobody_in(written())


def test_a_row_that_breaks_a_rule_is_told_by_the_rule(cast: Cast, written: Callable[[], str]) -> None:
    taken = cast.person(Role.EMPLOYEE).email
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Person.objects.create(email=taken, name=HER, created_at=NOW)
    log.error("Could not be saved", exc_info=refused.value)
    assert "IntegrityError: SQLSTATE 23505 parties_person_email" in written()
    assert taken not in written()
    assert_nobody_in(written())


def test_what_a_database_cannot_read_it_quotes_and_we_do_not(cast: Cast, written: Callable[[], str]) -> None:
    with pytest.raises(DataError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [HER])
    assert HER in str(refused.value), "what this guards against"
    log.error("Could not be read: %s", refused.value, exc_info=refused.value)
    assert "DataError: SQLSTATE 22P02" in written()
    assert_nobody_in(written())


def test_the_embedded_servers_own_log_quotes_nothing_either(cast: Cast, postgres: database.Server) -> None:
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [HER])
    kept = postgres.data.with_name("postgres.log").read_text()
    assert "database system is ready" in kept
    assert_nobody_in(kept)


def test_faults_that_led_to_one_another_are_told_in_order(written: Callable[[], str]) -> None:
    try:
        try:
            raise KeyError(HER)
        except KeyError as cause:
            raise OSError(28, "No space left on device") from cause
    except OSError:
        log.exception("Could not be kept")
    told = written()
    assert (
        told.index("KeyError: [withheld]")
        < told.index("which led to:")
        < told.index("No space left on device")
    )
    assert_nobody_in(told)


def test_a_job_that_fails_names_its_place_and_nobody(cast: Cast, written: Callable[[], str]) -> None:
    job = enqueue(actor=cast.lead, now=NOW, kind="tests.fail_unforeseen")
    do_waiting_jobs()
    assert "tests.fail_unforeseen failed" in written()
    assert f"job-{job.pk}-1" in written()
    assert "Traceback" in written()
    assert_nobody_in(written())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "DETAIL:  Key (email)=(anna.larsen@larch.example) already exists.",
            "Key (email)=([withheld]) already",
        ),
        (
            "DETAIL:  Failing row contains (1, Anna Larsen, 0451-772 (home)).",
            "Failing row contains ([withheld])",
        ),
        ('invalid input syntax for type integer: "Anna Larsen"', "for type integer: ([withheld])"),
        ("sent to anna.larsen+tag@mail.larch.example today", "sent to [withheld] today"),
    ],
)
def test_what_a_database_quotes_is_withheld(text: str, kept: str) -> None:
    assert kept in scrubbing.scrubbed(text)
    assert_nobody_in(scrubbing.scrubbed(text))


def test_what_is_of_the_machine_or_the_code_is_told_in_its_own_words() -> None:
    assert "'name'" in scrubbing.words_of(AttributeError("'NoneType' object has no attribute 'name'"))
    assert "refused" in scrubbing.words_of(psycopg.OperationalError("connection refused"))


def test_without_the_scrubbing_the_same_log_would_name_her() -> None:
    """The negative control: an ordinary formatter writes what ours withholds."""
    try:
        raise ValueError("cannot work with Anna Larsen")
    except ValueError as error:
        record = logging.LogRecord(
            "backdesk",
            logging.ERROR,
            "",
            0,
            "for %s",
            ("anna.larsen@larch.example",),
            (ValueError, error, None),
        )
    with pytest.raises(AssertionError):
        assert_nobody_in(logging.Formatter().format(record))


# -- Jobs ----------------------------------------------------------------------------------------------------


def test_a_job_says_which_request_asked_for_it(cast: Cast, written: Callable[[], str]) -> None:
    with request_id("request-of-a-person"):
        job = enqueue(actor=cast.lead, now=NOW, kind="tests.fail_foreseen")
    (queued,) = ProcrastinateJob.objects.all()
    assert queued.args == {"job_id": job.pk, "asked_in": "request-of-a-person"}
    with request_id(queued.args["asked_in"]):
        execute_on(connections["default"], job_id=job.pk, now=lambda: NOW)
    assert Job.objects.get(pk=job.pk).is_over
    (line,) = (one for one in written().splitlines() if "begins" in one)
    assert f"job-{job.pk}-1" in line
    assert "asked for in request-of-a-person" in line
