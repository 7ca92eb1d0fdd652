"""Several at once: nothing is given to two, nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module

import pytest
from django.db import OperationalError, connection, transaction

from backdesk.platform.isolation import as_system
from backdesk.work.models import Event, Item, Step
from backdesk.work.operations import holding, steps, taking
from tests.backend.base import as_owner
from tests.cast import NOW, Cast, assemble
from tests.waiting import PATIENCE, until
from tests.work.services import ENTERED, Work, a_flow, a_lane, a_service, an_item, bpmn, completed

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS, AT_ONCE = 24, 4
before = import_module("backdesk.work.migrations.0009_taking")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def together(*deeds: Callable[[], object]) -> list[object]:
    """Each on a connection of its own, all at one moment; what they gave, or raised."""
    moment = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        try:
            with as_system("a test"):
                moment.wait(PATIENCE)
                return deed()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def all_of(work: Work, agent: int, take: Callable[[Work, int], Step | None]) -> list[int]:
    taken = []
    while step := take(work, agent):
        taken.append(step.pk)
    return taken


def as_we_do(work: Work, agent: int) -> Step | None:
    return steps.take_next(actor=work.agent(agent), now=NOW)


def naively(all_have_looked: threading.Barrier, work: Work, agent: int) -> Step | None:
    """As one would without thinking of others: look, then write. Here everybody looks before anybody writes."""
    step = Step.objects.filter(state=Step.State.OPEN).order_by("pk").first()
    if step is not None:
        all_have_looked.wait(PATIENCE)
        step.state, step.holder_id, step.taken_at = Step.State.TAKEN, work.agents[agent].pk, NOW
        step.started_at = step.lease_until = NOW
        step.save()
    return step


def test_many_who_ask_at_once_are_each_given_their_own(cast: Cast) -> None:
    assert given_twice(cast, as_we_do) == set()
    assert Event.objects.filter(kind="step taken").count() == ITEMS
    assert not Step.objects.filter(state=Step.State.OPEN).exists()


def test_control_without_locks_some_are_given_to_two(cast: Cast) -> None:
    assert len(given_twice(cast, partial(naively, threading.Barrier(AT_ONCE)))) == ITEMS


def given_twice(cast: Cast, take: Callable[[Work, int], Step | None]) -> set[int]:
    work = a_service(cast, limit=100, agents=AT_ONCE)
    for number in range(ITEMS):
        an_item(work, str(number))
    taken = [pk for one in together(*(partial(all_of, work, n, take) for n in range(AT_ONCE))) for pk in one]  # type: ignore[attr-defined]
    return {pk for pk in taken if taken.count(pk) > 1}


def test_two_screens_of_one_person_get_no_more_than_one_may_hold(cast: Cast) -> None:
    work = a_service(cast, limit=1)
    for number in range(4):
        an_item(work, str(number))
    answers = together(*(partial(as_we_do, work, 0) for _ in range(AT_ONCE)))
    assert sum(isinstance(answer, Step) for answer in answers) == 1
    assert sum(isinstance(answer, taking.EnoughInHand) for answer in answers) == AT_ONCE - 1


def test_of_completing_and_handing_it_to_another_one_alone_comes_through(cast: Cast) -> None:
    work = a_service(cast, limit=100)
    for number in range(6):
        an_item(work, str(number))
        step = as_we_do(work, 0)
        assert step is not None
        reassign = partial(
            steps.reassign, actor=work.manager, now=NOW, step_id=step.pk, to_person=work.agents[1].pk
        )
        done, moved = together(partial(completed, work, step), reassign)
        assert isinstance(done, steps.Completed) != isinstance(moved, Step), (done, moved)
        assert isinstance(done, steps.Completed | steps.ClaimLost)
        assert isinstance(moved, Step | taking.NotOpen)
    assert (
        Event.objects.filter(kind="item delivered").count() == Item.objects.filter(state="delivered").count()
    )


def test_who_cancels_and_who_takes_do_not_wait_for_each_other(cast: Cast) -> None:
    """The one locks item then step, the other step then item, and passes by what it cannot have at once."""
    from backdesk.work.operations import items

    work = a_service(cast, limit=100)
    made = [an_item(work, str(number)) for number in range(10)]

    def cancel_all() -> None:
        for item in made:
            with suppress(items.NotOpenAnyMore):
                items.cancel_item(actor=work.lead, now=NOW, item=item, reason="Twice")

    answers = together(cancel_all, partial(all_of, work, 0, as_we_do), partial(all_of, work, 1, as_we_do))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []


def test_of_queues_in_which_others_take_the_next_in_order_is_given(cast: Cast) -> None:
    """The first of two queues are in others' hands: what comes next there is before what is first elsewhere."""
    invoices, letters, cards = (a_service(cast, key=key, limit=9) for key in ("invoices", "letters", "cards"))
    first = [an_item(work, "1", priority=1) for work in (invoices, letters)]
    second = an_item(letters, "2", priority=2)
    last = an_item(cards, "3", priority=3)
    with in_others_hands(first):
        given = [as_we_do(invoices, 0) for _ in range(3)]
    assert [step and step.item_id for step in given] == [second.pk, last.pk, None]


def test_what_comes_next_is_given_however_many_others_have_in_hand(cast: Cast) -> None:
    """More than are looked at at first: what is behind them in their queue is before what is first elsewhere."""
    assert given_beyond_the_first_few(cast) == ["9", "elsewhere"]


def test_control_passing_the_last_that_is_known_gives_another_queue_s_before_it(cast: Cast) -> None:
    goes_on = " OR cardinality(array_positions(_queues[:_place], _queues[_place])) = _most"
    assert goes_on in in_use()
    with function(in_use().replace(goes_on, "")):
        assert given_beyond_the_first_few(cast) == ["elsewhere", "9"]


def given_beyond_the_first_few(cast: Cast) -> list[str]:
    invoices, letters = (a_service(cast, key=key, limit=9) for key in ("invoices", "letters"))
    first = [an_item(invoices, str(number), priority=1) for number in range(1, 10)]
    an_item(letters, "elsewhere", priority=2)
    with in_others_hands(first[:8]):
        given = [as_we_do(invoices, 0) for _ in range(2)]
    return [step.item.business_key for step in given if step]


def test_what_another_takes_at_this_moment_is_not_waited_for_nor_taken_from_them(cast: Cast) -> None:
    work = a_service(cast)
    items = [an_item(work, str(number)) for number in range(3)]
    with in_others_hands(items), impatiently():
        assert as_we_do(work, 0) is None


def test_control_the_function_before_waited_for_it_and_took_it_from_them(cast: Cast) -> None:
    work = a_service(cast)
    items = [an_item(work, str(number)) for number in range(3)]
    lost = pytest.raises(OperationalError, match="lock timeout")
    with function(before.TAKE), in_others_hands(items), impatiently(), lost:
        as_we_do(work, 0)


@contextmanager
def in_others_hands(items: Iterable[Item]) -> Iterator[None]:
    """Somebody takes them, and has not committed yet."""
    with as_owner() as other, other.transaction():
        other.execute("SELECT set_config('backdesk.scope', 'system', true)")
        for table, column in (("item", "id"), ("step", "item_id")):  # the item first, as every verb does
            sql = f"SELECT FROM work_{table} WHERE {column} = ANY (%s) FOR UPDATE"
            other.execute(sql.encode(), [[item.pk for item in items]])
        yield


@contextmanager
def impatiently() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")


def in_use() -> str:
    """The function that gives out work, as the migrations have left it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('work_take_next'::regproc)")
        return str(cursor.fetchone()[0])


@contextmanager
def function(body: str) -> Iterator[None]:
    """Another one in its place for a while."""
    ours = in_use()
    with as_owner() as owner:
        owner.execute(body.encode())
        try:
            yield
        finally:
            owner.execute(ours.encode())


FORK = bpmn(
    a_lane("provider", "a", "b"),
    '<startEvent id="begin"/>', '<parallelGateway id="fork"/>', '<parallelGateway id="join"/>', '<endEvent id="end"/>',
    '<userTask id="a" name="A" b:fields="total"/>', '<userTask id="b" name="B" b:fields="note"/>',
    *(a_flow(ends) for ends in ("begin fork", "fork a", "fork b", "a join", "b join", "join end")),
)  # fmt: skip


def both_branches_at_once(work: Work) -> str:
    """One completes a branch and has not committed yet when another comes to complete the other."""
    item = an_item(work)
    held = [steps.take_next(actor=work.agent(agent), now=NOW) for agent in (0, 1)]
    waits = threading.Event()

    def second() -> object:
        assert waits.wait(PATIENCE)
        assert held[1] is not None
        return completed(work, held[1], agent=1, values=_ENTERED[held[1].node])

    def first() -> object:
        assert held[0] is not None
        with transaction.atomic():
            done = completed(work, held[0], values=_ENTERED[held[0].node])
            waits.set()
            until_somebody_waits()
        return done

    assert not [one for one in together(first, second) if isinstance(one, Exception)]
    return Item.objects.get(pk=item.pk).state


def until_somebody_waits() -> None:
    """For what this connection holds."""

    def one_does() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            return bool(cursor.fetchone()[0])

    until(one_does, "somebody to wait")


_ENTERED = {"a": ENTERED, "b": {"note": "seen"}}


def test_two_who_complete_the_branches_of_an_item_at_once_bring_it_to_its_end(cast: Cast) -> None:
    assert both_branches_at_once(a_service(cast, process=FORK, limit=9, agents=2)) == Item.State.DELIVERED


def test_read_only_once_the_item_would_stand_still_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = holding._locked
    monkeypatch.setattr(holding, "_locked", lambda *of: [(True, *row[1:]) for row in read(*of)])
    assert both_branches_at_once(a_service(cast, process=FORK, limit=9, agents=2)) == Item.State.OPEN
