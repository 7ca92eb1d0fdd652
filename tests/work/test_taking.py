"""Who is given which work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from backdesk.evidence.statistics.sampling import sampled
from backdesk.parties.policies import NotAllowed
from backdesk.platform.actor import Actor
from backdesk.platform.audit.verification import verify
from backdesk.work.models import Entitlement, Event, Item, Pause, Route, ServiceVersion, Step
from backdesk.work.operations import events, leases, pauses, pushing, sharing, steps, taking
from backdesk.work.operations.holding import ClaimLost
from backdesk.work.operations.items import NewItem, create_items
from backdesk.work.operations.process import Course
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import BACKDESK, NOW, Cast
from tests.work.services import Work, a_lane, a_process, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
REVIEW = '<userTask id="check" name="Check" b:kind="review" b:of="enter"/>'
ENTER = '<userTask id="enter" name="Enter"/>'
KEY = '<userTask id="key" name="Key" b:kind="key"/>'


def test_nobody_is_given_work_of_a_queue_they_may_not_do(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work)
    Entitlement.objects.filter(person_id=work.agents[0].pk).delete()
    assert steps.take_next(actor=work.agent(0), now=NOW) is None
    assert steps.take_next(actor=work.agent(1), now=NOW) is not None


def test_one_holds_no_more_of_a_service_than_it_lets(cast: Cast) -> None:
    work = a_service(cast, limit=2)
    for number in ("1", "2", "3"):
        an_item(work, number)
    for _ in range(2):
        assert steps.take_next(actor=work.agent(), now=NOW)
    with pytest.raises(
        taking.EnoughInHand, match=r"2 items of “Invoices”\. This service lets each person hold 2"
    ):
        steps.take_next(actor=work.agent(), now=NOW)
    assert steps.take_next(actor=work.agent(1), now=NOW)


def test_who_was_given_more_than_the_service_lets_one_hold_is_told_both(cast: Cast) -> None:
    work = a_service(cast, may_choose=True)
    for number in ("1", "2", "3"):
        an_item(work, number)
    first, second, third = Step.objects.order_by("pk")
    for step in (first, second):
        taking.reassign(actor=work.manager, now=NOW, step_id=step.pk, to_person=work.agents[0].pk)
    both = r"2 items of “Invoices”\. .* hold 1 at once"
    with pytest.raises(taking.EnoughInHand, match=both):
        steps.take_next(actor=work.agent(), now=NOW)
    with pytest.raises(taking.EnoughInHand, match=both):
        steps.take(actor=work.agent(), now=NOW, step_id=third.pk)


def test_who_holds_enough_of_one_service_is_given_of_another(cast: Cast) -> None:
    first, second = a_service(cast), a_service(cast, key="letters")
    an_item(first, "1"), an_item(first, "2")
    an_item(second, "3")
    given = [steps.take_next(actor=first.agent(), now=NOW) for _ in range(2)]
    assert [step.service_id if step else None for step in given] == [first.service.pk, second.service.pk]


def test_some_queues_alone_can_be_asked(cast: Cast) -> None:
    first, second = a_service(cast), a_service(cast, key="letters")
    an_item(first, "1")
    routes = [second.routes["enter"].pk]
    assert steps.take_next(actor=first.agent(), now=NOW, route_ids=routes) is None


def test_nobody_checks_their_own_work(cast: Cast) -> None:
    work = a_service(cast, process=a_process(ENTER, REVIEW), limit=9)
    completed(work, taken(work))
    assert steps.take_next(actor=work.agent(0), now=NOW) is None
    other = steps.take_next(actor=work.agent(1), now=NOW)
    assert other is not None
    assert (other.node, other.avoid) == ("check", [work.agents[0].pk])
    steps.give_back(actor=work.agent(1), now=NOW, step_id=other.pk, claim=other.claim, reason="Illegible")
    with pytest.raises(taking.NotEntitled, match="did the work"):
        steps.reassign(actor=work.manager, now=NOW, step_id=other.pk, to_person=work.agents[0].pk)


@pytest.fixture
def kept(cast: Cast) -> tuple[Work, Step]:
    """Rework of the first agent, kept for them for an hour, of a service that gives out work in each of the ways."""
    work = a_service(cast, may_choose=True, mode="both")
    an_item(work)
    Step.objects.update(prefer_id=work.agents[0].pk, prefer_until=NOW + 60 * MINUTE)
    return work, Step.objects.get()


def nobody_else_gets(work: Work, step: Step, now: datetime) -> bool:
    """Whichever way the second agent tries: the next one, this one, and being there."""
    with pytest.raises(taking.NotOpen, match="kept for who did it before"):
        steps.take(actor=work.agent(1), now=now, step_id=step.pk)
    return steps.take_next(actor=work.agent(1), now=now) is None and not pushing.be_there(
        actor=work.agent(1), now=now
    )


WAYS = pytest.mark.parametrize("way", ["next", "chosen", "pushed"])


@WAYS
def test_rework_is_kept_a_while_for_who_did_it(kept: tuple[Work, Step], way: str) -> None:
    work, step = kept
    assert nobody_else_gets(work, step, NOW + 59 * MINUTE)
    assert taken_by(work.agent(0), step, way, NOW + 59 * MINUTE) == work.agents[0].pk


@WAYS
def test_after_that_it_is_for_everybody(kept: tuple[Work, Step], way: str) -> None:
    work, step = kept
    assert taken_by(work.agent(1), step, way, NOW + 60 * MINUTE) == work.agents[1].pk


@WAYS
def test_it_is_kept_for_nobody_who_is_away(kept: tuple[Work, Step], way: str) -> None:
    work, step = kept
    Entitlement.objects.filter(person_id=work.agents[0].pk).delete()
    assert taken_by(work.agent(1), step, way, NOW) == work.agents[1].pk


def taken_by(who: Actor, step: Step, way: str, now: datetime) -> int | None:
    match way:
        case "next":
            steps.take_next(actor=who, now=now)
        case "chosen":
            steps.take(actor=who, now=now, step_id=step.pk)
        case _:
            pushing.be_there(actor=who, now=now)
    return Step.objects.get(pk=step.pk).holder_id


def test_rework_that_is_given_back_is_kept_for_nobody(kept: tuple[Work, Step]) -> None:
    work, step = kept
    step = steps.take(actor=work.agent(0), now=NOW, step_id=step.pk)
    steps.give_back(actor=work.agent(0), now=NOW, step_id=step.pk, claim=step.claim, reason="Off duty")
    assert steps.take_next(actor=work.agent(1), now=NOW) is not None


def test_work_of_who_vanished_goes_back_and_their_late_word_is_refused(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    assert leases.return_expired(actor=BACKDESK, now=NOW + 14 * MINUTE) == 0
    assert leases.return_expired(actor=BACKDESK, now=NOW + 15 * MINUTE) == 1
    assert leases.return_expired(actor=BACKDESK, now=NOW + 15 * MINUTE) == 0
    with pytest.raises(ClaimLost, match="went back to its queue"):
        completed(work, step, now=NOW + 16 * MINUTE)
    again = steps.take_next(actor=work.agent(1), now=NOW + 16 * MINUTE)
    assert again is not None
    assert (again.pk, again.claim) == (step.pk, step.claim + 2)
    returned = Event.objects.get(kind="step returned")
    assert returned.data["from"] == work.agents[0].pk


def test_a_heartbeat_keeps_the_lease(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    steps.heartbeat(actor=work.agent(), now=NOW + 14 * MINUTE, step_id=step.pk, claim=step.claim)
    assert leases.return_expired(actor=BACKDESK, now=NOW + 28 * MINUTE) == 0
    assert leases.return_expired(actor=BACKDESK, now=NOW + 29 * MINUTE) == 1
    with pytest.raises(ClaimLost):
        steps.heartbeat(actor=work.agent(), now=NOW + 30 * MINUTE, step_id=step.pk, claim=step.claim)


def test_no_more_seconds_are_worked_than_have_passed(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)

    def beat(seconds: int, said: int) -> int:
        now = NOW + timedelta(seconds=seconds)
        steps.heartbeat(actor=work.agent(), now=now, step_id=step.pk, claim=step.claim, touch_seconds=said)
        step.refresh_from_db()
        return step.touch_seconds

    assert beat(0, 600) == 0
    assert beat(700, 650) == 650
    assert beat(700, 650) == 650
    assert beat(730, 600) == 680
    completed(work, step, now=NOW + timedelta(seconds=740), touch_seconds=60)
    step.refresh_from_db()
    assert step.touch_seconds == 690


def test_who_asks_for_work_is_given_what_came_back_without_waiting_for_the_job(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    assert steps.take_next(actor=work.agent(1), now=NOW + 14 * MINUTE) is None
    again = steps.take_next(actor=work.agent(1), now=NOW + 16 * MINUTE)
    assert again is not None
    assert again.pk == step.pk


def test_giving_back_needs_a_reason_is_counted_and_passes_the_step_to_another(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    with pytest.raises(taking.ReasonMissing):
        steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason=" ")
    steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason="In Danish")
    assert Event.objects.get(kind="step given back").data["reason"] == "In Danish"
    assert steps.take_next(actor=work.agent(), now=NOW) is None
    assert steps.take_next(actor=work.agent(1), now=NOW) is not None


def test_nobody_gives_back_one_after_the_other_until_the_one_they_wish_for_comes(cast: Cast) -> None:
    work = a_service(cast)
    for number in range(taking.GIVEN_BACK_AN_HOUR):
        step = taken(work, f"A-{number}")
        steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason="Not this one")
    kept = taken(work, "A-9")
    again = partial(steps.give_back, actor=work.agent(), step_id=kept.pk, claim=kept.claim, reason="Nor this")
    with pytest.raises(taking.GivenBackOften):
        again(now=NOW + timedelta(minutes=59))
    again(now=NOW + timedelta(minutes=61))


def test_where_people_may_choose_they_give_back_as_they_like(cast: Cast) -> None:
    work = a_service(cast, may_choose=True)
    for number in range(taking.GIVEN_BACK_AN_HOUR + 1):
        step = taken(work, f"A-{number}")
        steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason="Not this one")
    assert Event.objects.filter(kind="step given back").count() == taking.GIVEN_BACK_AN_HOUR + 1


def test_where_nobody_else_may_do_it_a_step_given_back_can_be_taken_again(cast: Cast) -> None:
    work = a_service(cast, agents=1)
    step = taken(work)
    steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason="Lunch")
    assert steps.take_next(actor=work.agent(), now=NOW) is not None


def test_picking_is_refused_where_the_service_does_not_allow_it(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work, "1"), an_item(work, "2")
    last = Step.objects.latest("pk")
    with pytest.raises(taking.NotToBeChosen):
        steps.take(actor=work.agent(), now=NOW, step_id=last.pk)


def test_picking_where_it_is_allowed_shows_from_which_place(cast: Cast) -> None:
    work = a_service(cast, may_choose=True)
    for number in ("1", "2", "3"):
        an_item(work, number)
    last = Step.objects.latest("pk")
    steps.take(actor=work.agent(), now=NOW, step_id=last.pk)
    event = Event.objects.get(kind="step taken")
    assert (event.data["chosen"], event.data["place"]) == (True, 3)
    with pytest.raises(taking.EnoughInHand):
        steps.take(actor=work.agent(), now=NOW, step_id=Step.objects.earliest("pk").pk)
    with pytest.raises(taking.NotOpen, match="has this step"):
        steps.take(actor=work.agent(1), now=NOW, step_id=last.pk)


def test_only_who_leads_reassigns(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    with pytest.raises(NotAllowed):
        steps.reassign(actor=work.agent(), now=NOW, step_id=step.pk, to_person=work.agents[1].pk)
    with pytest.raises(NotAllowed):  # the client's lead does not place the provider's people
        steps.reassign(actor=work.lead, now=NOW, step_id=step.pk, to_person=work.agents[1].pk)
    moved = steps.reassign(actor=work.manager, now=NOW, step_id=step.pk, to_person=work.agents[1].pk)
    assert (moved.holder_id, moved.claim) == (work.agents[1].pk, step.claim + 1)


def test_work_is_pushed_to_who_is_there_and_has_least_in_hand(cast: Cast) -> None:
    work = a_service(cast, mode="push", limit=2, agents=3)
    for number in range(3):
        an_item(work, str(number))
    assert steps.take_next(actor=work.agent(0), now=NOW) is None
    assert pushing.push(now=NOW) == 0
    assert len(pushing.be_there(actor=work.agent(0), now=NOW)) == 2
    assert len(pushing.be_there(actor=work.agent(1), now=NOW)) == 1
    assert pushing.be_there(actor=work.agent(2), now=NOW) == []
    an_item(work, "4")
    assert pushing.push(now=NOW + 2 * MINUTE) == 1
    assert Step.objects.latest("pk").holder_id == work.agents[2].pk
    an_item(work, "5")
    assert pushing.push(now=NOW + 4 * MINUTE) == 0, "nobody was heard of for three minutes"


def test_a_step_of_either_company_goes_where_the_registered_share_says(cast: Cast) -> None:
    lanes = a_lane("either", "enter")
    work = a_service(cast, process=a_process(ENTER, lanes=lanes))
    take_back = sharing.register(lambda item, node, now: item.client_id)
    try:
        an_item(work, "1")
    finally:
        take_back()
    an_item(work, "2")
    where = list(Step.objects.order_by("pk").values_list("organisation_id", flat=True))
    assert where == [cast.client.pk, cast.provider.pk]


@pytest.mark.parametrize(("share", "fewest", "most"), [(0.0, 0, 0), (0.3, 65, 118), (1.0, 300, 300)])
def test_so_much_of_the_work_goes_to_the_provider_as_a_share_with_a_seed_says(
    cast: Cast, share: float, fewest: int, most: int
) -> None:
    """65 to 118 of 300: outside of it a share of 0.3 falls once in a thousand seeds (binomial)."""
    work = a_service(cast, process=a_process(ENTER, lanes=a_lane("either", "enter")))
    parted = shared_out(work, share=share, numbers=range(300))
    theirs = [number for number, where in parted.items() if where == cast.provider.pk]
    assert fewest <= len(theirs) <= most
    assert set(parted.values()) <= {cast.client.pk, cast.provider.pk}
    again = {number for number in range(300) if sampled(str(number), seed=b"March", share=share)}
    assert {int(number) for number in theirs} == again, "whoever has the seed finds the same"
    for side in (cast.lead, work.manager):
        assert Item.objects.visible_to(side).count() == 300, "both see all of it, whoever does it"


def test_each_side_is_given_its_share_and_no_more_and_a_greater_share_takes_from_the_client_alone(
    cast: Cast,
) -> None:
    work = a_service(cast, process=a_process(ENTER, lanes=a_lane("either", "enter")), limit=30)
    for route in Route.objects.filter(organisation_id=cast.client.pk):
        Entitlement.objects.get_or_create(
            route=route, organisation_id=cast.client.pk, person_id=cast.person("employee").pk
        )
    small = shared_out(work, share=0.3, numbers=range(20))
    great = shared_out(work, share=0.6, numbers=range(20, 40), named=lambda number: str(number - 20))
    for actor, where in ((work.agent(1), cast.provider.pk), (cast.employee, cast.client.pk)):
        given: set[str] = set()
        while step := steps.take_next(actor=actor, now=NOW) if len(given) < 30 else None:
            given.add(step.item.business_key)
        assert given == {number for number, to in (small | great).items() if to == where}
    assert 0 < sum(one == cast.provider.pk for one in small.values()) < 20
    assert all(
        great[str(int(number) + 20)] == cast.provider.pk
        for number, to in small.items()
        if to == cast.provider.pk
    )


def shared_out(
    work: Work, *, share: float, numbers: range, named: Callable[[int], str] = str
) -> dict[str, int]:
    """Items come in while so much goes to the provider; to which company each went."""

    def company_of(item: Item, node: str, now: datetime) -> int:
        key = named(int(item.business_key))
        return item.provider_id if sampled(key, seed=b"March", share=share) else item.client_id

    take_back = sharing.register(company_of)
    try:
        rows = [NewItem(values={"number": str(number)}) for number in numbers]
        create_items(actor=work.lead, now=NOW, service=work.service, rows=rows)
    finally:
        take_back()
    made = Step.objects.filter(item__business_key__in=[str(number) for number in numbers])
    return {step.item.business_key: step.organisation_id or 0 for step in made.select_related("item")}


def test_what_is_keyed_twice_is_keyed_by_two(cast: Cast) -> None:
    work = a_service(cast, process=a_process(KEY), limit=5)
    an_item(work)
    for nobody_else in (0, 1):
        assert steps.take_next(actor=work.agent(nobody_else), now=NOW) is not None
        assert steps.take_next(actor=work.agent(nobody_else), now=NOW) is None


def test_work_of_others_does_not_exist_for_who_is_no_party_to_it(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    stranger = cast.actor("agent", cast.other_provider)
    with pytest.raises(Step.DoesNotExist):
        steps.heartbeat(actor=stranger, now=NOW, step_id=step.pk, claim=step.claim)
    with pytest.raises(Step.DoesNotExist):
        steps.complete(actor=stranger, now=NOW, step_id=step.pk, claim=step.claim, values={})


# -- While others take, and while clocks stand ---------------------------------------------------------------


def test_what_waits_for_an_answer_is_given_to_nobody(cast: Cast) -> None:
    work = a_service(cast, may_choose=True)
    paused, other = an_item(work, "1"), an_item(work, "2")
    pause = stopped(work, paused)
    (step,) = Step.objects.filter(item=paused)
    assert step.is_held_back
    with pytest.raises(taking.NotOpen, match="clock of this item stands"):
        steps.take(actor=work.agent(), now=NOW, step_id=step.pk)
    given = steps.take_next(actor=work.agent(), now=NOW)
    assert given is not None
    assert given.item_id == other.pk
    assert steps.take_next(actor=work.agent(1), now=NOW) is None
    pauses.end_pause(actor=work.manager, now=NOW + MINUTE, pause_id=pause.pk)
    again = steps.take_next(actor=work.agent(1), now=NOW + MINUTE)
    assert again is not None
    assert again.item_id == paused.pk
    assert events.rebuild(paused) == as_it_stands(paused)


def test_what_opens_while_the_clock_stands_is_held_back_too(cast: Cast) -> None:
    work = a_service(cast, process=a_process(ENTER, REVIEW), limit=9)
    step = taken(work)
    pause = stopped(work, step.item)
    completed(work, step)
    assert steps.take_next(actor=work.agent(1), now=NOW) is None
    pauses.end_pause(actor=work.manager, now=NOW + MINUTE, pause_id=pause.pk)
    assert steps.take_next(actor=work.agent(1), now=NOW + MINUTE)
    assert events.rebuild(step.item) == as_it_stands(step.item)


def test_what_was_paused_before_work_was_held_back_is_by_the_migration(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_service(cast)
    with monkeypatch.context() as before:
        before.setattr(Course, "holds_back", lambda self, *, is_paused: False)
        paused = an_item(work, "1")
        pause = stopped(work, paused)
    an_item(work, "2")
    of = import_module("backdesk.work.migrations.0019_of_one_service_too")
    for _twice in range(2):
        with connection.cursor() as cursor:
            cursor.execute(of.HOLD_BACK)
    assert list(Step.objects.filter(is_held_back=True).values_list("item_id", flat=True)) == [paused.pk]
    assert Event.objects.filter(kind="step held back").count() == 1, "and none where it was so already"
    paused.refresh_from_db()
    assert events.rebuild(paused) == as_it_stands(paused)
    assert verify().holds
    pauses.end_pause(actor=work.manager, now=NOW + MINUTE, pause_id=pause.pk)
    assert not Step.objects.filter(is_held_back=True).exists()


def test_a_service_that_could_say_it_goes_on_meanwhile_is_left_by_the_migration(cast: Cast) -> None:
    work = a_service(cast, taking="while_paused = true")
    stopped(work, an_item(work))
    ServiceVersion.objects.update(published_at=timezone.now() + MINUTE)
    with connection.cursor() as cursor:
        cursor.execute(import_module("backdesk.work.migrations.0019_of_one_service_too").HOLD_BACK)
    assert not Step.objects.filter(is_held_back=True).exists()


def test_a_service_may_let_it_be_done_meanwhile(cast: Cast) -> None:
    work = a_service(cast, taking="while_paused = true")
    stopped(work, an_item(work))
    assert steps.take_next(actor=work.agent(), now=NOW) is not None


def stopped(work: Work, item: Item) -> Pause:
    """Its clock: the provider has asked, the client has agreed."""
    pause = pauses.propose_pause(actor=work.manager, now=NOW, item_id=item.pk, reason="Illegible")
    pauses.decide_pauses(actor=work.lead, now=NOW, pause_ids=[pause.pk], approve=True)
    return pause
