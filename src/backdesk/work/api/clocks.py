"""The clocks of items, as their history makes them; what stops them, and terms that change."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.platform.api import (
    Call,
    Given,
    Id,
    Listing,
    Moment,
    Page,
    Query,
    Schema,
    Text,
    Whole,
    YesNo,
    listed,
)
from backdesk.platform.api.fields import LARGEST_ID
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.models import Service, ServiceVersion
from backdesk.work.operations import pauses as operations
from backdesk.work.operations import reclocking
from backdesk.work.queries import clocks as queries
from backdesk.work.queries import doing

Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Reason = Annotated[Text, Field(min_length=1, max_length=100)]
Note = Annotated[Text, Field(max_length=500)]


class SegmentOut(Schema):
    begins_at: datetime
    ends_at: datetime
    kind: Literal["running", "closed", "paused", "undecided pause", "refused pause"]
    counted_seconds: float = Field(description="What the clock took of it.")
    working_seconds: float = Field(description="Working time of the calendar in it.")
    pause_ids: list[str] = Field(description="The pauses that cover it.")


class StageOut(Schema):
    """How the due time was reckoned under the terms in force since `begins_at`."""

    begins_at: datetime
    counted_before_seconds: float
    target_seconds: float | None
    due_at: datetime | None
    why: Literal["counts", "day", "at the change", "before the change", "paused", "no target", "never"]


class ClockOut(Schema):
    """In working time. There is no due time while a pause lasts."""

    counted_seconds: float
    paused_seconds: float
    target_seconds: float | None
    remaining_seconds: float | None = Field(description="Negative when more than the target has counted.")
    due_at: datetime | None
    due_if_answered: datetime | None = Field(description="While a pause lasts: if it ended now.")
    due_if_approved: datetime | None = Field(description="If the undecided pauses were approved.")
    is_paused: bool
    is_overdue: bool
    segments: list[SegmentOut]
    stages: list[StageOut]


class PauseOut(Schema):
    id: int
    item_id: int
    question_id: int | None
    state: Literal["proposed", "approved", "refused", "withdrawn"]
    reason: str
    note: str
    began_at: datetime
    ended_at: datetime | None
    proposed_at: datetime
    decided_at: datetime | None
    decision: str = Field(description="Why it was refused.")


class PauseGiven(Given):
    """From now on, or of a time that is over."""

    reason: Reason = Field(description="One of the service's.")
    note: Note = ""
    began_at: Moment | None = None
    ended_at: Moment | None = None


class DecisionGiven(Given):
    pause_ids: Annotated[list[Number], Field(min_length=1, max_length=200)]
    approve: YesNo
    reason: Note = Field("", description="Needed to refuse.")


class DecisionOut(Schema):
    decided: list[PauseOut]
    passed_over: list[PauseOut] = Field(description="Decided by somebody else or withdrawn meanwhile.")


class TermsGiven(Given):
    version: Annotated[Whole, Field(ge=1, le=2**31 - 1, description="The number of a published version.")]
    reason: Annotated[Text, Field(min_length=1, max_length=500)]
    since: Moment | None = Field(None, description="Now or later; now, where nothing is said.")


class TermsOut(Schema):
    id: int
    service_id: int
    version: int
    since: datetime
    reason: str
    applied_at: datetime | None = Field(description="Since when the due times follow them.")


@work.read("/work/items/{pk}/clock", ClockOut, may=policies.may_read)
def get_clock(call: Call, pk: Id) -> Any:
    """An item's clock, made anew from its history, segment by segment."""
    item = doing.items_for(call.actor).get(pk=pk)
    clock = queries.clock_of(actor=call.actor, item=item, now=call.now)
    segments = [
        {
            **{name: getattr(one, name) for name in ("begins_at", "ends_at", "kind", "counted_seconds")},
            "working_seconds": one.working_seconds,
            "pause_ids": [pause.id for pause in one.pauses],
        }
        for one in clock.segments
    ]
    known = {
        name: getattr(clock, name) for name in ClockOut.model_fields if name not in ("segments", "stages")
    }
    return {**known, "segments": segments, "stages": list(clock.stages)}


@work.read("/work/items/{pk}/pauses", list[PauseOut], may=policies.may_read)
def list_pauses_of_item(call: Call, pk: Id) -> Any:
    """All that was said to stop an item's clock, the earliest first."""
    return queries.pauses_of(call.actor, doing.items_for(call.actor).get(pk=pk))


@work.create("/work/items/{pk}/pauses", PauseOut)
def propose_pause(call: Call, pk: Id, given: PauseGiven) -> Any:
    """Say that the work cannot go on, or could not. The client decides, unless the service wants no approval."""
    return operations.propose_pause(actor=call.actor, now=call.now, item_id=pk, **given.model_dump())


@work.read("/work/pauses", Page[PauseOut], may=policies.may_decide_pauses)
def list_pauses_to_decide(call: Call, asked: Query[Listing]) -> Any:
    """What waits for the client's decision, the oldest first."""
    return listed(call, queries.pauses_to_decide(call.actor), asked)


@work.create("/work/pauses/decisions", DecisionOut, status=200)
def decide_pauses(call: Call, given: DecisionGiven) -> Any:
    """Approve or refuse pauses, some or many at once. Pauses the caller does not see are left aside."""
    return operations.decide_pauses(actor=call.actor, now=call.now, **given.model_dump())


@work.create("/work/pauses/{pk}/end", PauseOut, status=200)
def end_pause(call: Call, pk: Id) -> Any:
    """The work can go on: the clock runs again."""
    return operations.end_pause(actor=call.actor, now=call.now, pause_id=pk)


@work.create("/work/pauses/{pk}/withdrawal", PauseOut, status=200)
def withdraw_pause(call: Call, pk: Id) -> Any:
    """Take back a pause that nobody has decided."""
    return operations.withdraw_pause(actor=call.actor, now=call.now, pause_id=pk)


@work.read("/work/services/{pk}/terms", list[TermsOut], may=policies.sees_whole)
def list_terms(call: Call, pk: Id) -> Any:
    """What was agreed anew for items under way, the latest first."""
    service = Service.objects.visible_to(call.actor).get(pk=pk)
    return [_terms(one) for one in queries.changes_of_service(call.actor, service)]


@work.create("/work/services/{pk}/terms", TermsOut)
def change_terms(call: Call, pk: Id, given: TermsGiven) -> Any:
    """From a moment on, let the calendar and target of another version hold for what was received before."""
    service = Service.objects.visible_to(call.actor).get(pk=pk)
    policies.require(policies.may_define(call.actor))
    version = ServiceVersion.objects.visible_to(call.actor).filter(service=service, number=given.version)
    change = reclocking.change_terms(
        actor=call.actor,
        now=call.now,
        service=service,
        version=version.first() or ServiceVersion(),
        reason=given.reason,
        since=given.since,
    )
    return _terms(change)


def _terms(change: Any) -> dict[str, Any]:
    shown = {name: getattr(change, name) for name in ("id", "service_id", "since", "reason", "applied_at")}
    return {**shown, "version": change.version.number}
