"""Doing work: the next item, signs of life, drafts, completion. A program does what a person at the screen does."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backdesk.parties.policies import person
from backdesk.platform.api import Call, Given, Id, Schema, Text, Whole, YesNo
from backdesk.platform.api.fields import LARGEST_ID
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.api.faults import told_by_field
from backdesk.work.api.shapes import ItemRowOut, StepRowOut, WorkOut, row_told, step_told, work_told
from backdesk.work.models import Entitlement, Step
from backdesk.work.operations import machines, pushing
from backdesk.work.operations import steps as operations
from backdesk.work.queries import doing

Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Claim = Annotated[Whole, Field(ge=0, le=LARGEST_ID, description="Of the step as it was given to you.")]
Seconds = Annotated[Whole, Field(ge=0, le=86_400, description="Worked on it since you last said so.")]
Values = Annotated[dict[str, Any], Field(description="By field, as `asks` of the step says.")]


class QueueOut(Schema):
    id: int
    name: str
    service: str
    language: str = Field(description="Empty for all.")
    waiting: int = Field(description="Counted up to 100.")


class TakingGiven(Given):
    """From which queues; from all of one's own where none is named."""

    queue_ids: Annotated[list[Number], Field(max_length=200)] | None = None


class TakenOut(Schema):
    work: WorkOut | None = Field(description="Null where nothing waits for you.")


class BeatGiven(Given):
    claim: Claim
    touch_seconds: Seconds = 0


class BeatOut(Schema):
    lease_until: datetime


class DraftGiven(Given):
    claim: Claim
    values: Values


class DraftOut(Schema):
    saved_at: datetime


class CompletionGiven(Given):
    claim: Claim
    values: Values
    outcome: dict[str, Any] | None = Field(
        None, description="Of a review: what was found. Other steps have none."
    )
    confirmed: YesNo = Field(False, description="That checks warn has been seen.")
    touch_seconds: Seconds = 0


class WarningOut(Schema):
    check: str
    field: str | None
    message: str


class CompletedOut(Schema):
    item: ItemRowOut
    opened: list[StepRowOut] = Field(description="The steps that can be done now.")
    warnings: list[WarningOut]


class ReturnGiven(Given):
    claim: Claim
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class HolderGiven(Given):
    person_id: Number


class RetrialOut(Schema):
    fault: str | None = Field(description="Why a machine cannot do it; null where it is done.")


class OverrideGiven(Given):
    values: Values = {}
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


@work.read("/work/queues", list[QueueOut], may=policies.may_work)
def list_queues(call: Call) -> Any:
    """The queues from which the caller is given work."""
    return [
        {
            "id": one.route.pk,
            "name": one.route.name,
            "service": one.service,
            "language": one.route.language,
            "waiting": one.waiting,
        }
        for one in doing.queues_of(call.actor)
    ]


@work.read("/work/steps", list[WorkOut], may=policies.may_work)
def list_own_steps(call: Call) -> Any:
    """What is in the caller's hands, the most urgent first."""
    return [_told(call, one) for one in doing.held_by(call.actor)]


@work.create("/work/presence", list[WorkOut], status=200, alone=True)
def be_there(call: Call) -> Any:
    """Say that you are there, and be told what is in your hands.

    Queues that push give their work to whoever said so within the last three minutes.
    """
    policies.require(policies.may_work(call.actor))
    return [_told(call, one) for one in pushing.be_there(actor=call.actor, now=call.now)]


@work.create("/work/taking", TakenOut, status=200, alone=True, confirms=True)
def take_next(call: Call, given: TakingGiven) -> Any:
    """Take the next step: rework, then by priority, due time and age, past what the caller may not do.

    Repeated with its Idempotency-Key it gives the same step, so no step is lost with an answer.
    """
    policies.require(policies.may_work(call.actor))
    taken = operations.take_next_whole(actor=call.actor, now=call.now, route_ids=given.queue_ids)
    return {"work": None if taken is None else work_told(call.actor, taken)}


@work.read("/work/steps/{pk}", WorkOut, may=policies.may_read)
def get_step(call: Call, pk: Id) -> Any:
    """A step in the caller's hands."""
    return _told(call, _held(call, pk))


@work.create("/work/steps/{pk}/taking", WorkOut, status=200)
def take_step(call: Call, pk: Id) -> Any:
    """Take a chosen step, where the service lets people choose."""
    return _told(call, operations.take(actor=call.actor, now=call.now, step_id=_offered(call, pk)))


@work.create("/work/steps/{pk}/heartbeat", BeatOut, status=200, alone=True, confirms=True)
def beat(call: Call, pk: Id, given: BeatGiven) -> Any:
    """Say that the step is still being done; otherwise it goes back to its queue when its lease ends."""
    until = operations.heartbeat(actor=call.actor, now=call.now, step_id=_had(call, pk), **given.model_dump())
    return {"lease_until": until}


@work.change("/work/steps/{pk}/draft", DraftOut)
def save_draft(call: Call, pk: Id, given: DraftGiven) -> Any:
    """Keep what was entered so far, right or wrong."""
    return operations.save_draft(actor=call.actor, now=call.now, step_id=_had(call, pk), **given.model_dump())


@work.create("/work/steps/{pk}/completion", CompletedOut, status=200, alone=True, confirms=True)
def complete_step(call: Call, pk: Id, given: CompletionGiven) -> Any:
    """Complete the step. Wrong fields and failed checks are told one by one (422), a lost claim with 409."""
    with told_by_field():
        done = operations.complete(
            actor=call.actor, now=call.now, step_id=_had(call, pk), **given.model_dump()
        )
    return {
        "item": row_told(done.item),
        "opened": [step_told(call.actor, one, done.item) for one in done.steps],
        "warnings": done.findings,
    }


@work.create("/work/steps/{pk}/return", StepRowOut, status=200, alone=True, confirms=True)
def give_step_back(call: Call, pk: Id, given: ReturnGiven) -> Any:
    """Give the step back to its queue, with the reason."""
    step = operations.give_back(actor=call.actor, now=call.now, step_id=_had(call, pk), **given.model_dump())
    return step_told(call.actor, step, step.item)


@work.change("/work/steps/{pk}/holder", StepRowOut)
def reassign_step(call: Call, pk: Id, given: HolderGiven) -> Any:
    """Give a step to somebody who may do it; whoever had it cannot complete it any more."""
    step: Step = operations.reassign(actor=call.actor, now=call.now, step_id=pk, to_person=given.person_id)
    return step_told(call.actor, step, step.item)


def _told(call: Call, step: Step) -> dict[str, Any]:
    return work_told(call.actor, doing.whole_of(call.actor, step))


@work.create("/work/steps/{pk}/retrial", RetrialOut, status=200)
def retry_step(call: Call, pk: Id) -> Any:
    """Have a step at which a machine fails tried again, by its functions as they are published now."""
    failed = machines.retry(actor=call.actor, now=call.now, step_id=pk)
    return {"fault": None if failed is None else str(failed)}


@work.create("/work/steps/{pk}/override", ItemRowOut, status=200)
def override_step(call: Call, pk: Id, given: OverrideGiven) -> Any:
    """Enter by hand what a machine fails to work out, or go on without it. Wrong fields are told one by one (422)."""
    with told_by_field():
        item = machines.override(actor=call.actor, now=call.now, step_id=pk, **given.model_dump())
    return row_told(item)


def _had(call: Call, pk: int) -> int:
    """To who never had it, it does not exist."""
    if not doing.had(call.actor, pk):
        raise Step.DoesNotExist
    return pk


def _offered(call: Call, pk: int) -> int:
    """Of the caller's own queues; others do not exist for them."""
    policies.require(policies.may_work(call.actor))
    step = doing.step_for(call.actor, pk)
    own = Entitlement.objects.visible_to(call.actor).filter(person_id=person(call.actor))
    if step is None or not own.filter(route=step.route_id).exists():
        raise Step.DoesNotExist
    return pk


def _held(call: Call, pk: int) -> Step:
    step = doing.step_for(call.actor, pk)
    if step is None or step.holder_id != call.actor.person_id or step.state != Step.State.TAKEN:
        raise Step.DoesNotExist
    return step
