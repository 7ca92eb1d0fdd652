"""A token known from before is confirmed by the very message that takes work, with all that is promised of tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backdesk.parties.models import Membership, Person, Token
from backdesk.parties.operations import revoke_token, tokens
from backdesk.platform.api import serving
from backdesk.platform.isolation import prepared
from backdesk.platform.models import RequestAllowance
from backdesk.work.models import Step
from backdesk.work.operations import steps, taking
from tests.api.calling import Program, problem
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.work.services import ENTERED, Work, a_service, an_item

pytestmark = pytest.mark.django_db

TAKING = "/work/taking"


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    with making():
        made = a_service(cast, limit=9)
        for number in range(4):
            an_item(made, f"N{number}", now=timezone.now())
        return made


@pytest.fixture
def agent(cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Known to this process, at a time that stands."""
    now = timezone.now()
    monkeypatch.setattr(serving, "clock", lambda: now)
    found = Program(work.agent())
    found.get("/me")
    return found


def asked(agent: Program, path: str = TAKING, tell: Any = None) -> tuple[Any, int]:
    """The answer, and how many statements it took."""
    with CaptureQueriesContext(connection) as sent:
        answer = agent.post(path, tell or {})
    return answer, len([one for one in sent if not one["sql"].startswith("SAVEPOINT")])


def taken() -> int:
    return Step.objects.filter(state=Step.State.TAKEN).count()


def test_one_message_does_it_all(agent: Program) -> None:
    agent.post(TAKING, {})  # the process reads the service once
    answer, statements = asked(agent)
    assert answer.json()["work"]["step"]["state"] == "taken"
    assert statements == 1


def test_the_answer_is_that_of_the_whole_way(agent: Program) -> None:
    answers = []
    for forget in (False, True):
        if forget:
            tokens._known.clear()
        with transaction.atomic():
            answer, statements = asked(agent)
            answers.append((answer.json(), answer.headers["RateLimit"], answer.headers["RateLimit-Policy"]))
            transaction.set_rollback(True)
    assert statements > 1, "the second went the whole way"
    assert answers[0] == answers[1]


def test_who_never_had_a_step_is_told_so_by_the_one_message(agent: Program, work: Work) -> None:
    others = steps.take_next(actor=work.agent(1), now=timezone.now())
    assert others is not None
    claim = {"claim": others.claim}
    asks = {
        "completion": {**claim, "values": ENTERED},
        "heartbeat": claim,
        "return": {**claim, "reason": "No"},
    }
    for verb, told in asks.items():
        answer, statements = asked(agent, f"/work/steps/{others.pk}/{verb}", told)
        assert (answer.status_code, statements) == (404, 1)


def test_what_is_refused_is_counted_like_what_is_done(agent: Program, settings: Any) -> None:
    settings.BACKDESK_API_REQUESTS_PER_MINUTE = 100
    RequestAllowance.objects.all().delete()
    step = agent.post(TAKING, {}).json()["work"]["step"]
    path = f"/work/steps/{step['id']}/completion"
    lost = agent.post(path, {"claim": step["claim"] + 1, "values": ENTERED})
    unfit = agent.post(path, {"claim": step["claim"], "values": {}})
    done = agent.post(path, {"claim": step["claim"], "values": ENTERED})
    assert [one.status_code for one in (lost, unfit, done)] == [409, 422, 200]
    left = [one.headers["RateLimit"].split(";")[1] for one in (lost, unfit, done)]
    assert left == ["r=98", "r=97", "r=96"]


def test_each_is_counted_once_until_no_more_may_come(agent: Program, settings: Any) -> None:
    settings.BACKDESK_API_REQUESTS_PER_MINUTE = 3
    RequestAllowance.objects.all().delete()
    left = [agent.post(TAKING, {}).headers["RateLimit"].split(";")[1] for _ in range(3)]
    assert left == ["r=2", "r=1", "r=0"]
    problem(agent.post(TAKING, {}), status=429, code="too-many-requests")
    assert taken() == 3


def test_where_nothing_waits_that_is_told_and_counted_once(agent: Program, settings: Any) -> None:
    settings.BACKDESK_API_REQUESTS_PER_MINUTE = 100
    RequestAllowance.objects.all().delete()
    Step.objects.update(is_held_back=True)
    answer = agent.post(TAKING, {})
    assert answer.json() == {"work": None}
    assert answer.headers["RateLimit"].startswith('"requests";r=99;')


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda token: revoke_token(actor=token.acts, now=timezone.now(), token=token.kept), 401),
        (lambda token: _of(token).update(created_at=_ago(2), expires_at=_ago(1)), 401),
        (lambda token: _of(token).update(scopes=["read"]), 403),
        (lambda token: _places(token).update(ended_at=timezone.now()), 401),
        (lambda token: _places(token).update(role="auditor"), 403),
        (lambda token: Person.objects.filter(pk=token.kept.person_id).update(is_active=False), 401),
        (lambda token: _of(token).delete(), 401),
    ],
    ids=["revoked", "expired", "made for less", "left", "of another role", "suspended", "erased"],
)
def test_what_changed_since_counts_at_once(agent: Program, work: Work, change: Any, status: int) -> None:
    change(_Held(agent, work))
    assert agent.post(TAKING, {}).status_code == status
    assert taken() == 0


def test_who_may_not_come_is_not_told_what_is_wrong_with_what_they_sent(agent: Program, work: Work) -> None:
    problem(agent.post(TAKING, {"queue_ids": "all"}), status=422, code="invalid")
    revoke_token(actor=work.agent(), now=timezone.now(), token=agent.token)
    problem(agent.post(TAKING, {"queue_ids": "all"}), status=401, code="unauthenticated")


def test_nothing_else_is_asked_before_it_is_confirmed(
    agent: Program, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault it guards against: a verb that reads first would read for somebody whose token was revoked."""
    seen, take = list[int](), steps.take_next_whole

    def reads_first(**given: Any) -> Any:
        seen.append(Step.objects.count())
        return take(**given)

    monkeypatch.setattr(steps, "take_next_whole", reads_first)
    assert agent.post(TAKING, {}).json()["work"] is not None
    assert seen == [4], "it was carried out once, by the whole way"
    revoke_token(actor=work.agent(), now=timezone.now(), token=agent.token)
    assert agent.post(TAKING, {}).status_code == 401
    assert seen == [4]


def test_nothing_is_answered_before_it_is_confirmed(
    agent: Program, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault it guards against: a verb that asks nothing would answer whoever held the token once."""
    monkeypatch.setattr(steps, "take_next_whole", lambda **given: None)
    assert agent.post(TAKING, {}).status_code == 200
    revoke_token(actor=work.agent(), now=timezone.now(), token=agent.token)
    assert agent.post(TAKING, {}).status_code == 401


def test_what_failed_on_its_way_is_not_tried_again(agent: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been done all the same."""
    tries = list[str]()

    def breaks(*, sql: str, values: Any) -> Any:
        tries.append(sql)
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(prepared, "rows", breaks)
    assert agent.post(TAKING, {}).status_code >= 500
    assert len([sql for sql in tries if "work_take_next" in sql]) == 1


def test_what_failed_on_its_way_is_counted_all_the_same(
    agent: Program, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its statement took its count back with it: whoever makes it fail would ask without end."""
    settings.BACKDESK_API_REQUESTS_PER_MINUTE = 100
    RequestAllowance.objects.all().delete()
    send = prepared.rows

    def for_itself(**asked: Any) -> Any:
        with transaction.atomic():
            return send(**asked)

    monkeypatch.setattr(prepared, "rows", for_itself)
    monkeypatch.setattr(taking, "_AND_TELL", taking._AND_TELL.replace("work_take_next", "no_such_function"))
    answer = agent.post(TAKING, {})
    assert answer.status_code >= 500
    assert answer.headers["RateLimit"].startswith('"requests";r=99;')


def test_that_it_is_used_is_kept_once_a_minute(agent: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(serving, "clock", lambda: later)
    assert agent.post(TAKING, {}).status_code == 200
    assert Token.objects.get(pk=agent.token.pk).last_used_at == later


def test_with_its_idempotency_key_it_gives_the_same_step(agent: Program) -> None:
    first, second = (agent.post(TAKING, {}, Idempotency_Key="one").json() for _ in range(2))
    assert first == second
    assert taken() == 1


class _Held:
    def __init__(self, agent: Program, work: Work) -> None:
        self.kept, self.acts = agent.token, work.agent()


def _of(token: _Held) -> Any:
    return Token.objects.filter(pk=token.kept.pk)


def _places(token: _Held) -> Any:
    return Membership.objects.filter(person=token.kept.person_id)


def _ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)
