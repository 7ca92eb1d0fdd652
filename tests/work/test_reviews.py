"""Maker and checker: who looks, at what, how much of it, and what is written down."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from backdesk.evidence.statistics.sampling import sampled
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import within
from backdesk.work.models import Draw, Finding, Inspection, Item, SamplingRate, ServiceSecret, Step
from backdesk.work.operations import events, sampling, steps
from backdesk.work.operations.process import NoReview
from backdesk.work.operations.reviews import UnfitReview
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import ENTER, ENTERED, Work, a_lane, a_service, bpmn, completed, taken

pytestmark = pytest.mark.django_db

REVIEW = '<userTask id="check" name="Check" b:kind="review" b:of="enter"/>'
RIGHT: Mapping[str, Any] = {"wrong": False, "findings": []}
WRONG: Mapping[str, Any] = {
    "wrong": True,
    "findings": [{"category": "amount", "field": "total", "note": "It says 13.20."}],
}


def reviewed_process() -> str:
    """Entered, checked, and entered again for as long as the check says it is wrong."""
    flows = "".join(
        f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'
        for id_, source, target, condition in (
            ("f1", "begin", "enter", ""),
            ("f2", "enter", "check", ""),
            ("f3", "check", "right", ""),
            ("back", "right", "enter", "<conditionExpression>review.wrong</conditionExpression>"),
            ("good", "right", "end", ""),
        )
    )
    return bpmn(
        f'{a_lane("provider", "enter", "check")}<startEvent id="begin"/>{ENTER}{REVIEW}'
        f'<exclusiveGateway id="right" default="good"/><endEvent id="end"/>{flows}'
    )


def reviewed(work: Work, outcome: Mapping[str, Any], *, agent: int = 1) -> steps.Completed:
    """The next review, by the second agent."""
    step = steps.take_next(actor=work.agent(agent), now=NOW)
    assert step is not None
    return completed(work, step, agent=agent, values={}, outcome=outcome)


@pytest.fixture
def work(cast: Cast) -> Work:
    return a_service(cast, process=reviewed_process(), limit=9)


def test_what_is_right_goes_on_and_both_the_look_and_who_looked_are_kept(work: Work) -> None:
    completed(work, taken(work))
    done = reviewed(work, RIGHT)
    assert done.item.state == Item.State.DELIVERED
    look = Inspection.objects.get()
    assert (look.kind, look.errors, look.is_sent_back) == ("review", 0, False)
    assert (look.person_id, look.inspector_id) == (work.agents[0].pk, work.agents[1].pk)
    assert events.rebuild(done.item) == as_it_stands(done.item)


def test_nobody_looks_at_their_own_work(work: Work) -> None:
    completed(work, taken(work))
    assert steps.take_next(actor=work.agent(), now=NOW) is None
    assert steps.take_next(actor=work.agent(1), now=NOW) is not None


def test_what_is_wrong_goes_back_to_who_did_it_with_what_was_found(work: Work) -> None:
    completed(work, taken(work))
    done = reviewed(work, WRONG)
    assert done.item.state == Item.State.OPEN
    (again,) = done.steps
    assert (again.node, again.prefer_id) == ("enter", work.agents[0].pk)
    assert again.priority < done.item.priority  # before what is new
    assert events.rebuild(done.item) == as_it_stands(done.item)
    found = Finding.objects.get()
    assert (found.category, found.field, found.note, found.is_critical) == (
        "amount", "total", "It says 13.20.", True,
    )  # fmt: skip
    assert (found.inspection.errors, found.inspection.critical, found.inspection.is_sent_back) == (1, 1, True)


def test_who_sends_it_back_need_not_confirm_what_is_wrong_with_it(work: Work) -> None:
    """But who lets it through is asked, as is who entered it."""
    large = {**ENTERED, "total": {"amount": "12000.00", "currency": "EUR"}}
    completed(work, taken(work), values=large, confirmed=True)
    step = steps.take_next(actor=work.agent(1), now=NOW)
    assert step is not None
    with pytest.raises(steps.ToBeConfirmed):
        completed(work, step, agent=1, values={}, outcome=RIGHT)
    assert completed(work, step, agent=1, values={}, outcome=WRONG).item.state == Item.State.OPEN


def test_what_was_sent_back_is_looked_at_again_whatever_the_rate(work: Work) -> None:
    completed(work, taken(work))
    reviewed(work, WRONG)
    rate(work, "review", "0")
    again = steps.take_next(actor=work.agent(), now=NOW)
    assert again is not None
    done = completed(work, again)
    assert [step.node for step in done.steps] == ["check"]


def test_what_is_not_sampled_is_passed_over_and_stands_as_not_looked_at(work: Work) -> None:
    rate(work, "review", "0")
    done = completed(work, taken(work))
    assert done.item.state == Item.State.DELIVERED
    step = Step.objects.get(node="check")
    assert (step.state, step.kind, step.holder_id) == (Step.State.SKIPPED, Step.Kind.REVIEW, None)
    assert not Inspection.objects.exists()
    assert events.rebuild(done.item) == as_it_stands(done.item)


@pytest.mark.parametrize(
    ("said", "is_looked_at"), [("", True), ("review_share = 0", False), ("review_share = 1", True)]
)
def test_a_service_that_says_none_is_not_looked_at_and_one_that_says_nothing_whole(
    cast: Cast, said: str, is_looked_at: bool
) -> None:
    work = a_service(cast, key="said", process=reviewed_process(), limit=9, quality=said)
    done = completed(work, taken(work))
    assert [step.node for step in done.steps] == (["check"] if is_looked_at else [])


def test_who_has_the_seed_draws_the_same_sample_again(work: Work) -> None:
    rate(work, "review", "0.5")
    for number in range(12):
        completed(work, taken(work, f"B-{number}"))
    seed = bytes(ServiceSecret.objects.get().seed)
    draws = list(Draw.objects.order_by("pk"))
    assert len(draws) == 12
    assert all(sampled(draw.key, seed=seed, share=0.5) == draw.is_drawn for draw in draws)
    looked_at = set(
        Step.objects.filter(node="check", state=Step.State.OPEN).values_list("item_id", flat=True)
    )
    assert looked_at == {draw.item_id for draw in draws if draw.is_drawn}


def test_a_rate_of_ones_own_goes_before_that_of_all(work: Work) -> None:
    rate(work, "review", "0")
    rate(work, "review", "1", person=work.agents[0].pk)
    assert [step.node for step in completed(work, taken(work, agent=0)).steps] == ["check"]
    other = steps.take_next(actor=work.agent(1), now=NOW)
    assert other is not None
    completed(work, other, agent=1, values={}, outcome=RIGHT)
    assert completed(work, taken(work, "A-2", agent=1), agent=1).item.state == Item.State.DELIVERED
    rate(work, "review", None, person=work.agents[0].pk)
    assert completed(work, taken(work, "A-3")).item.state == Item.State.DELIVERED


def test_neither_rates_nor_seed_nor_draws_are_there_for_the_provider(work: Work) -> None:
    rate(work, "review", "0.5")
    completed(work, taken(work))
    for actor, seen in ((work.lead, 1), (work.manager, 0), (work.agent(), 0)):
        with within(actor):
            assert [rows.objects.count() for rows in (SamplingRate, ServiceSecret, Draw)] == [seen] * 3


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (None, "Say whether it is right"),
        ({"wrong": "no", "findings": []}, "Say whether it is right"),
        ({"wrong": True, "findings": []}, "Say what is wrong"),
        ({"wrong": True, "findings": [{"category": "taste"}]}, "what kind of error"),
        ({"wrong": True, "findings": ["amount", {"category": ["amount"]}]}, "what kind of error"),
        ({"wrong": False, "findings": [{"category": "amount", "field": "colour"}]}, "“colour” is no field"),
    ],
)
def test_an_outcome_that_is_none_is_refused_and_nothing_done(
    work: Work, outcome: Mapping[str, Any] | None, says: str
) -> None:
    completed(work, taken(work))
    step = steps.take_next(actor=work.agent(1), now=NOW)
    assert step is not None
    with pytest.raises(UnfitReview, match=says):
        completed(work, step, agent=1, values={}, outcome=outcome)
    step.refresh_from_db()
    assert (step.state, Inspection.objects.count()) == (Step.State.TAKEN, 0)


def test_only_a_review_has_an_outcome(work: Work) -> None:
    """Else whoever enters could say beforehand what the review is going to find."""
    step = taken(work)
    with pytest.raises(NoReview, match="“Enter” is no review"):
        completed(work, step, outcome=RIGHT)
    step.refresh_from_db()
    assert (step.state, step.result) == (Step.State.TAKEN, None)


def test_only_the_clients_lead_sets_a_rate_and_only_to_a_share(work: Work) -> None:
    from backdesk.parties.policies import NotAllowed
    from backdesk.work.models import Service

    for actor in (work.manager, work.agent(), work.cast.employee):
        with pytest.raises(NotAllowed):
            rate(work, "review", "0.1", actor=actor)
    with pytest.raises(Service.DoesNotExist):
        rate(work, "review", "0.1", actor=work.cast.other_lead)
    with pytest.raises(sampling.ImpossibleShare):
        rate(work, "review", "1.2")


def rate(
    work: Work, kind: str, share: str | None, *, person: int | None = None, actor: Actor | None = None
) -> None:
    sampling.set_rate(
        actor=actor or work.lead,
        now=NOW,
        service=work.service,
        kind=kind,
        share=None if share is None else Decimal(share),
        person_id=person,
    )
