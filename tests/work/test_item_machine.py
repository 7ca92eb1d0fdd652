"""Items in the hands of two agents and their leads, step by step at random, against a plain model of what should be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backdesk.work.models import Item, Step
from backdesk.work.operations import events, items, leases, steps, taking
from backdesk.work.operations.holding import ClaimLost
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import BACKDESK, NOW, Cast
from tests.work.services import ENTERED, Work, a_service, an_item

pytestmark = pytest.mark.django_db

AGENTS = st.sampled_from((0, 1))
NUMBERS = st.sampled_from(("A", "B", "C"))
LEASE, TURNAROUND = timedelta(minutes=15), timedelta(hours=8)
#: The clock goes on, stands, jumps ahead, and is put back.
JUMPS = st.sampled_from([timedelta(minutes=n) for n in (0, 1, 14, 15, 90, -5, -60)])


@dataclass
class Plain:
    """What an item of one step should be like."""

    number: str
    order: int
    due_at: datetime
    priority: int = 5
    state: str = "open"
    holder: int | None = None
    lease_until: datetime | None = None
    claim: int = 0
    avoid: set[int] = field(default_factory=set)

    def urgency(self) -> tuple[int, datetime, int]:
        return self.priority, self.due_at, self.order

    def give(self, agent: int, now: datetime) -> None:
        self.state, self.holder, self.lease_until, self.claim = "taken", agent, now + LEASE, self.claim + 1

    def release(self) -> None:
        """Past whoever had it, as long as somebody is left who may do it."""
        assert self.holder is not None
        if not {0, 1} <= self.avoid | {self.holder}:
            self.avoid.add(self.holder)
        self.state, self.holder, self.lease_until, self.claim = "open", None, None, self.claim + 1


class ItemMachine(RuleBasedStateMachine):
    work: Work

    def __init__(self) -> None:
        super().__init__()
        self.now, self.plain, self.claims = NOW, list[Plain](), dict[tuple[int, int], int]()
        self.rows: dict[int, Step] = {}
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        for item in Item.objects.all():
            assert events.rebuild(item) == as_it_stands(item)
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # -- What happens ----------------------------------------------------------------------------------------

    @rule(by=JUMPS)
    def the_clock_moves(self, by: timedelta) -> None:
        self.now += by

    @rule(number=NUMBERS)
    def an_item_comes(self, number: str) -> None:
        there = [one for one in self.plain if one.number == number and one.state != "cancelled"]
        if there:
            with pytest.raises(items.DuplicateItem):
                an_item(self.work, number, now=self.now)
            return
        item = an_item(self.work, number, now=self.now)
        self.plain.append(Plain(number=number, order=len(self.plain), due_at=self.now + TURNAROUND))
        self.rows[len(self.plain) - 1] = Step.objects.get(item=item)

    @rule(agent=AGENTS)
    def somebody_asks_for_the_next(self, agent: int) -> None:
        expected = self.next_for(agent)
        if expected is None:
            self.expire()
            expected = self.next_for(agent)
        if expected is None and self.held(agent) and any(one.state == "open" for one in self.plain):
            with pytest.raises(taking.EnoughInHand):
                steps.take_next(actor=self.work.agent(agent), now=self.now)
            return
        step = steps.take_next(actor=self.work.agent(agent), now=self.now)
        assert (step.pk if step else None) == (self.rows[expected.order].pk if expected else None)
        if expected:
            self.give(expected, agent)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), agent=AGENTS)
    def somebody_completes(self, data: st.DataObject, agent: int) -> None:
        """With a claim they were once given: perhaps not the last, perhaps a colleague's."""
        plain, claim = self.some_claim(data)
        verb = {
            "actor": self.work.agent(agent),
            "now": self.now,
            "step_id": self.rows[plain.order].pk,
            "claim": claim,
        }
        if plain.state == "taken" and (plain.holder, plain.claim) == (agent, claim):
            steps.complete(**verb, values=ENTERED)  # type: ignore[arg-type]
            plain.state, plain.lease_until = "done", None
        else:
            with pytest.raises(ClaimLost):
                steps.complete(**verb, values=ENTERED)  # type: ignore[arg-type]

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), agent=AGENTS, kind=st.sampled_from(("heartbeat", "draft", "give back")))
    def somebody_goes_on(self, data: st.DataObject, agent: int, kind: str) -> None:
        plain, claim = self.some_claim(data)
        if not (plain.state == "taken" and (plain.holder, plain.claim) == (agent, claim)):
            with pytest.raises(ClaimLost):
                self.go_on(kind, plain, claim, agent)
            return
        self.go_on(kind, plain, claim, agent)
        if kind == "heartbeat":
            plain.lease_until = self.now + LEASE
        elif kind == "give back":
            plain.release()

    @precondition(lambda self: self.plain)
    @rule(data=st.data(), agent=AGENTS)
    def the_lead_hands_it_to_somebody(self, data: st.DataObject, agent: int) -> None:
        plain = data.draw(st.sampled_from(self.plain))
        verb = {"actor": self.work.manager, "now": self.now, "step_id": self.rows[plain.order].pk}
        to = self.work.agents[agent].pk
        refusal = taking.NotOpen if plain.state not in ("open", "taken") else taking.NotEntitled
        if plain.state not in ("open", "taken") or agent in plain.avoid:
            with pytest.raises(refusal):
                steps.reassign(**verb, to_person=to)  # type: ignore[arg-type]
            return
        steps.reassign(**verb, to_person=to)  # type: ignore[arg-type]
        self.give(plain, agent)

    @precondition(lambda self: any(one.state in ("open", "taken") for one in self.plain))
    @rule(data=st.data(), priority=st.integers(1, 9))
    def the_client_moves_or_cancels_it(self, data: st.DataObject, priority: int) -> None:
        plain = data.draw(st.sampled_from([one for one in self.plain if one.state in ("open", "taken")]))
        item = Item.objects.get(pk=self.rows[plain.order].item_id)
        if priority == 9:
            items.cancel_item(actor=self.work.lead, now=self.now, item=item, reason="Twice")
            plain.state, plain.lease_until = "cancelled", None
        else:
            items.change_priority(actor=self.work.lead, now=self.now, items=[item], priority=priority)
            plain.priority = priority

    @rule()
    def the_job_comes_round(self) -> None:
        leases.return_expired(actor=BACKDESK, now=self.now)
        self.expire()

    # -- What must be so -------------------------------------------------------------------------------------

    @invariant()
    def rows_are_as_the_model_says(self) -> None:
        for plain in self.plain:
            step = Step.objects.select_related("item").get(pk=self.rows[plain.order].pk)
            holder = self.work.agents[plain.holder].pk if plain.holder is not None else None
            assert (step.state, step.holder_id, step.claim) == (plain.state, holder, plain.claim)
            assert (step.lease_until, step.priority) == (plain.lease_until, plain.priority)
            expected = {"done": "delivered", "cancelled": "cancelled"}.get(plain.state, "open")
            assert step.item.state == expected

    # -- The model -------------------------------------------------------------------------------------------

    def held(self, agent: int) -> bool:
        return any(one.state == "taken" and one.holder == agent for one in self.plain)

    def next_for(self, agent: int) -> Plain | None:
        fit = [one for one in self.plain if one.state == "open" and agent not in one.avoid]
        return None if self.held(agent) else min(fit, key=Plain.urgency, default=None)

    def expire(self) -> None:
        for one in self.plain:
            if one.state == "taken" and one.lease_until is not None and one.lease_until <= self.now:
                one.release()

    def give(self, plain: Plain, agent: int) -> None:
        plain.give(agent, self.now)
        self.claims[plain.order, plain.claim] = agent

    def some_claim(self, data: st.DataObject) -> tuple[Plain, int]:
        order, claim = data.draw(st.sampled_from(sorted(self.claims)))
        return self.plain[order], claim

    def go_on(self, kind: str, plain: Plain, claim: int, agent: int) -> None:
        verb = {
            "actor": self.work.agent(agent),
            "now": self.now,
            "step_id": self.rows[plain.order].pk,
            "claim": claim,
        }
        if kind == "heartbeat":
            steps.heartbeat(**verb)  # type: ignore[arg-type]
        elif kind == "draft":
            steps.save_draft(**verb, values={"note": "half"})  # type: ignore[arg-type]
        else:
            steps.give_back(**verb, reason="Illegible")  # type: ignore[arg-type]


def test_items_are_always_as_a_plain_model_says(cast: Cast) -> None:
    run(cast, ItemMachine)


def test_control_a_claim_that_is_not_looked_at_is_found_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backdesk.work.operations import holding

    monkeypatch.setattr(holding, "require_claim", lambda actor, step, claim: None)
    with pytest.raises(BaseException):  # noqa: B017, PT011  whichever of its assertions comes first
        run(cast, ItemMachine)


def run(cast: Cast, machine: type[ItemMachine]) -> None:
    bound = type("Bound", (machine,), {"work": a_service(cast)})
    run_state_machine_as_test(
        bound,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failure names its steps; making them fewer takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
