"""An item from its receipt to its delivery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backdesk.platform.audit.verification import verify
from backdesk.work.models import Event, Item, Step, StepDraft
from backdesk.work.operations import events, steps
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import ENTER, ENTERED, OUTPUT, a_process, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db
CORRECT = '<userTask id="correct" name="Correct"/>'


def test_a_masked_value_that_is_not_entered_again_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    account = {"type": "string", "title": "Account", "x-visibility": "masked"}
    monkeypatch.setitem(OUTPUT["properties"], "account", account)  # type: ignore[arg-type]
    monkeypatch.setitem(OUTPUT, "required", ["total", "account"])
    work = a_service(cast, key="masked", process=a_process(ENTER, CORRECT), limit=9)
    completed(work, taken(work), values={**ENTERED, "account": "DE 12"})
    step = steps.take_next(actor=work.agent(), now=NOW)
    assert step is not None
    assert completed(work, step).item.data["output"]["account"] == "DE 12"
    completed(work, taken(work, "A-2"), values={**ENTERED, "account": "DE 12"})
    step = steps.take_next(actor=work.agent(), now=NOW)
    assert step is not None
    entered = {**ENTERED, "account": "DE 34"}
    assert completed(work, step, values=entered).item.data["output"]["account"] == "DE 34"


def test_an_item_is_created_taken_drafted_completed_and_delivered(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    step = steps.take_next(actor=work.agent(), now=NOW)
    assert step is not None
    until = steps.heartbeat(
        actor=work.agent(),
        now=NOW + timedelta(minutes=5),
        step_id=step.pk,
        claim=step.claim,
        touch_seconds=90,
    )
    assert until == NOW + timedelta(minutes=20)
    steps.save_draft(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, values={"note": "half"})
    assert StepDraft.objects.get(step=step).values == {"note": "half"}

    done = completed(work, step, now=NOW + timedelta(minutes=6))

    item.refresh_from_db()
    assert (item.state, item.delivered_at) == (Item.State.DELIVERED, NOW + timedelta(minutes=6))
    assert item.data["output"] == ENTERED
    assert (done.item.state, done.steps) == (Item.State.DELIVERED, ())
    step.refresh_from_db()
    assert (step.state, step.touch_seconds, step.result) == (Step.State.DONE, 90, ENTERED)
    assert not StepDraft.objects.filter(step=step).exists()
    kinds = list(Event.objects.filter(item=item).order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["item created", "step taken", "step completed", "item delivered"]
    assert events.rebuild(item) == as_it_stands(item)
    assert verify().holds


def test_the_next_step_is_the_most_urgent_then_the_earliest_due_then_the_oldest(cast: Cast) -> None:
    work = a_service(cast, limit=9)
    later = an_item(work, "later", now=NOW + timedelta(hours=1))
    first = an_item(work, "first", now=NOW)
    second = an_item(work, "second", now=NOW)
    urgent = an_item(work, "urgent", now=NOW + timedelta(hours=2), priority=1)
    given = [steps.take_next(actor=work.agent(), now=NOW + timedelta(hours=3)) for _ in range(5)]
    assert [step.item_id if step else None for step in given] == [
        urgent.pk,
        first.pk,
        second.pk,
        later.pk,
        None,
    ]


def test_a_screen_left_open_is_refused_and_told_who_has_the_step_now(cast: Cast) -> None:
    from backdesk.work.operations.holding import ClaimLost

    work = a_service(cast)
    step = taken(work)
    steps.reassign(actor=work.manager, now=NOW, step_id=step.pk, to_person=work.agents[1].pk)
    with pytest.raises(ClaimLost, match="Agent 2"):
        completed(work, step)
    assert Item.objects.get(pk=step.item_id).state == Item.State.OPEN
