"""On whose behalf the database is asked: by verbs, requests, jobs, threads; what a request's transaction keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from backdesk.parties.models import Person
from backdesk.platform.actor import Actor, system
from backdesk.platform.isolation import as_system, falls_with_its_verb, identifying, operation, within
from backdesk.platform.isolation.backend.base import AskedTooLate
from backdesk.platform.isolation.middleware import TransactionMiddleware
from backdesk.platform.isolation.operations import NoActor
from backdesk.platform.isolation.scopes import NOTHING, Scope, current, scoped
from tests.cast import NOW, Cast, assemble
from tests.waiting import PATIENCE

MEMBER = Actor(person_id=7, organisation_id=3)


def told() -> tuple[str, ...]:
    """As the database has it: scope, organisation, person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('backdesk.scope', true), ''), "
            "coalesce(current_setting('backdesk.organisation', true), ''), "
            "coalesce(current_setting('backdesk.person', true), '')"
        )
        return tuple(cursor.fetchone())


# -- Scopes
@pytest.mark.django_db
def test_each_scope_is_told_to_the_open_transaction_at_once_and_taken_back() -> None:
    assert told() == ("system", "", "")
    with within(MEMBER):
        assert told() == ("member", "3", "7")
        with identifying():
            assert told() == ("identify", "", "")
        assert told() == ("member", "3", "7")
    assert told() == ("system", "", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "scope"),
    [
        (system(name="Backdesk"), ("system", "", "")),
        (system(name="Backdesk", organisation_id=3), ("member", "3", "")),
        (Actor(person_id=7, organisation_id=None), ("member", "", "7")),
    ],
    ids=["Backdesk for the house", "Backdesk for one company", "a person of no company"],
)
def test_an_actor_sees_as_far_as_they_act(actor: Actor, scope: tuple[str, ...]) -> None:
    with within(actor):
        assert told() == scope


@pytest.mark.django_db
def test_a_scope_is_told_anew_after_a_savepoint_took_it_back() -> None:
    with scoped(NOTHING), transaction.atomic():
        told()
        with within(MEMBER):
            with pytest.raises(DatabaseError), transaction.atomic():
                fail_in_the_database()
            assert told() == ("member", "3", "7")


def fail_in_the_database() -> None:
    assert told() == ("member", "3", "7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.django_db
def test_a_scope_that_stays_the_same_is_told_once(django_assert_num_queries: Callable[..., Any]) -> None:
    with within(MEMBER), django_assert_num_queries(4):  # and once who it was
        for _ in range(3):
            with within(MEMBER):
                told()


@pytest.mark.django_db(transaction=True)
def test_a_statement_outside_a_transaction_is_asked_in_its_scope_and_leaves_nothing() -> None:
    with within(MEMBER):
        assert told() == ("member", "3", "7")
        with transaction.atomic():
            assert told() == ("member", "3", "7")
    with scoped(NOTHING):
        assert told() == ("", "", "")
    assert connection.connection.info.transaction_status.name == "IDLE"


@pytest.mark.django_db(transaction=True)
def test_a_cursor_of_the_server_reads_on_in_its_scope() -> None:
    cast = assemble()
    with within(cast.lead):
        names = {person.pk for person in Person.objects.iterator(chunk_size=2)}
    assert names == {person.pk for person in cast.people[cast.client.pk].values()}


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_commit_is_done_for_who_asked() -> None:
    seen: list[Scope] = []
    with transaction.atomic(), within(MEMBER):
        transaction.on_commit(lambda: seen.append(current()))
    assert [(scope.kind, scope.organisation_id) for scope in seen] == [("member", 3)]


def test_threads_know_nothing_of_each_others_scope() -> None:
    met = Barrier(3)

    def as_one(number: int) -> int | None:
        with within(Actor(person_id=1, organisation_id=number)):
            met.wait(PATIENCE)
            return current().organisation_id

    with ThreadPoolExecutor(3) as threads, within(MEMBER):
        assert list(threads.map(as_one, (10, 20, 30))) == [10, 20, 30]
        assert threads.submit(current).result() == NOTHING


# -- Verbs
@operation
def rename(*, actor: Actor, now: datetime, person: AbstractBaseUser, name: str) -> tuple[str, ...]:
    Person.objects.filter(pk=person.pk).update(name=name)
    if not name:
        raise ValueError("A name is needed.")
    return told()


def test_a_verb_runs_for_its_actor_and_leaves_nothing_half_done(cast: Cast) -> None:
    person = cast.person("operations_lead")
    scope = ("member", str(cast.client.pk), str(person.pk))
    assert rename(actor=cast.lead, now=NOW, person=person, name="Lise") == scope
    with pytest.raises(ValueError, match="name is needed"):
        rename(actor=cast.lead, now=NOW, person=person, name="")
    person.refresh_from_db()
    assert person.name == "Lise"


@operation
def rename_twice(*, actor: Actor, now: datetime, person: AbstractBaseUser) -> None:
    with suppress(ValueError):
        rename(actor=actor, now=now, person=person, name="")
    rename(actor=actor, now=now, person=person, name="Lise")


def savepoints(does: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as sent:
        does()
    return sum(one["sql"].startswith("SAVEPOINT") for one in sent.captured_queries)


def test_a_transaction_that_falls_with_its_verb_has_no_savepoint_for_it(cast: Cast) -> None:
    person = cast.person("operations_lead")
    do = partial(rename, actor=cast.lead, now=NOW, person=person, name="Lise")
    assert savepoints(do) == 1, "the control"
    with falls_with_its_verb():
        assert savepoints(do) == 0


def test_a_verb_within_a_verb_leaves_nothing_half_done_there_either(cast: Cast) -> None:
    person = cast.person("operations_lead")
    with falls_with_its_verb():
        assert savepoints(partial(rename_twice, actor=cast.lead, now=NOW, person=person)) == 2
    person.refresh_from_db()
    assert person.name == "Lise"


def test_it_is_asked_nothing_more_once_its_verb_was_refused(cast: Cast) -> None:
    person = cast.person("operations_lead")
    with transaction.atomic():
        with falls_with_its_verb(), pytest.raises(ValueError, match="name is needed"):
            rename(actor=cast.lead, now=NOW, person=person, name="")
        with pytest.raises(transaction.TransactionManagementError), within(cast.lead):
            told()
    person.refresh_from_db()
    assert person.name, "and it was rolled back"


def test_a_verb_without_an_actor_is_none() -> None:
    with pytest.raises(NoActor, match="must take `actor`"):

        @operation
        def seal(now: datetime) -> None: ...


# -- Requests
def served(view: Callable[[HttpRequest], HttpResponseBase], path: str = "/") -> HttpResponseBase:
    return TransactionMiddleware(view)(RequestFactory().get(path))


def write(name: str) -> None:
    with as_system("a view of these tests"):
        Person.objects.create(email=f"{name}@example.org", name=name, created_at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "is_kept"), [(200, True), (302, True), (404, True), (500, False), (503, False)]
)
def test_a_request_is_kept_whole_or_not_at_all(status: int, is_kept: bool) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        write("one")
        return HttpResponse(status=status)

    served(view)
    assert Person.objects.exists() == is_kept


@pytest.mark.django_db(transaction=True)
def test_a_request_that_fails_unforeseen_leaves_nothing() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        write("one")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        served(view)
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_request_begins_with_nobody_known() -> None:
    assert served(lambda request: HttpResponse(told()[0])).getvalue() == b"identify"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/api/v1/functions"])
def test_what_opens_its_own_transactions_gets_none(path: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(connection.in_atomic_block))

    assert served(view, path).getvalue() == b"False"


@pytest.mark.django_db(transaction=True)
def test_a_form_with_its_files_is_taken_in_before_the_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    take_in = HttpRequest._load_post_and_files

    def watched(request: HttpRequest) -> None:
        taken.append(connection.in_atomic_block)
        take_in(request)

    monkeypatch.setattr(HttpRequest, "_load_post_and_files", watched)
    request = RequestFactory().post("/", {"name": "orders"})
    TransactionMiddleware(lambda request: HttpResponse(request.POST["name"]))(request)
    assert taken == [False]


@pytest.mark.django_db(transaction=True)
def test_what_streams_cannot_ask_the_database_when_the_transaction_is_over() -> None:
    def lines() -> Iterator[bytes]:
        yield b"head\n"
        yield str(Person.objects.count()).encode()

    response = served(lambda request: StreamingHttpResponse(lines()))
    with pytest.raises(AskedTooLate, match="before it begins"):
        response.getvalue()
    assert current().kind == "system", "the scope around is untouched"


@pytest.mark.django_db(transaction=True)
def test_what_streams_without_asking_is_sent_whole() -> None:
    response = served(lambda request: StreamingHttpResponse(iter([b"a", b"", b"b"])))
    assert response.getvalue() == b"ab"


@pytest.mark.django_db(transaction=True)
def test_signing_out_ends_the_session_although_no_member_sees_one() -> None:
    from django.contrib.sessions.models import Session

    browser = assemble().browser()
    assert Session.objects.count() == 1
    assert browser.post("/sign-out/").status_code == 302
    assert Session.objects.count() == 0
