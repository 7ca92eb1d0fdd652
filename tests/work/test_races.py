"""Several at once: nothing is given to two, nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection

from backdesk.platform.isolation import as_system
from backdesk.work.models import Event, Item, Step
from backdesk.work.operations import steps, taking
from tests.cast import NOW, Cast, assemble
from tests.work.services import Work, a_service, an_item, completed

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS, AT_ONCE = 24, 4


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def together(*deeds: Callable[[], object]) -> list[object]:
    """Each on a connection of its own, all at one moment; what they gave, or raised."""
    moment = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        try:
            with as_system("a test"):
                moment.wait(10)
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


def naively(work: Work, agent: int) -> Step | None:
    """As one would without thinking of others: look, then write."""
    step = Step.objects.filter(state=Step.State.OPEN).order_by("pk").first()
    if step is not None:
        step.state, step.holder_id, step.taken_at = Step.State.TAKEN, work.agents[agent].pk, NOW
        step.started_at = step.lease_until = NOW
        step.save()
    return step


def test_many_who_ask_at_once_are_each_given_their_own(cast: Cast) -> None:
    assert given_twice(cast, as_we_do) == set()
    assert Event.objects.filter(kind="step taken").count() == ITEMS
    assert not Step.objects.filter(state=Step.State.OPEN).exists()


def test_control_without_locks_some_are_given_to_two(cast: Cast) -> None:
    assert given_twice(cast, naively)


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
