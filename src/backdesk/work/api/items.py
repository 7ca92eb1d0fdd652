"""Items of work: taken in one by one or many at once, looked for, moved in their queues, called off."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.platform.api import Call, Given, Id, Moment, Query, Schema, Text, Whole, problems
from backdesk.platform.api.fields import LARGEST_ID
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.api.faults import pointer_to, told_by_field
from backdesk.work.api.shapes import ItemOut, ItemRowOut, item_told, row_told
from backdesk.work.models import Item, Service
from backdesk.work.models.items import NORMAL
from backdesk.work.operations import intake, unmasking
from backdesk.work.operations import items as operations
from backdesk.work.operations.items import AT_ONCE, NewItem
from backdesk.work.queries import doing, item_list
from backdesk.work.queries.disclosed import NotShown
from backdesk.work.queries.item_list import COUNTED

Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Priority = Annotated[Whole, Field(ge=1, le=9)]
Reason = Annotated[Text, Field(min_length=1, max_length=500)]
Values = Annotated[
    dict[str, Any], Field(description="By field of the service's input; amounts and days as text.")
]


class ItemGiven(Given):
    values: Values
    title: Annotated[Text, Field(max_length=200)] = ""
    business_key: Annotated[
        Text, Field(max_length=200, description="Empty: made of the service's key fields, if it has any.")
    ] = ""
    priority: Priority = NORMAL
    language: Annotated[Text, Field(max_length=10)] = ""
    received_at: Moment | None = Field(None, description="When it came to you; now, where nothing is said.")


class NewItemGiven(ItemGiven):
    documents: Annotated[
        list[Number], Field(max_length=100, description="Of `bring_document`, to go with it.")
    ] = []


class BatchGiven(Given):
    items: Annotated[list[ItemGiven], Field(min_length=1, max_length=AT_ONCE)]


class RowFaultOut(Schema):
    pointer: str = Field(description="JSON pointer within the row.")
    detail: str


class OutcomeOut(Schema):
    """What became of a row of a batch."""

    outcome: Literal["created", "duplicate", "rejected"]
    item_id: int | None = Field(description="The item, new or there already; null for a rejected row.")
    errors: list[RowFaultOut]


class BatchOut(Schema):
    created: int
    duplicate: int
    rejected: int
    outcomes: list[OutcomeOut] = Field(description="In the order of the rows.")


class ItemsAsked(Schema):
    service_id: Id | None = None
    state: Literal["open", "paused", "delivered", "accepted", "cancelled"] | None = None
    due: Literal["overdue", "soon", "later"] | None = Field(None, description="Of what is open.")
    holder_id: Id | None = Field(None, description="A step of it is in this person's hands.")
    text: Annotated[Text, Field(max_length=200)] = Field("", description="In its key or title.")
    by_due: Literal["yes", "no"] = Field(
        "no", description="The earliest due first, of what is open; else the newest."
    )
    limit: int = Field(50, ge=1, le=200)
    after: Annotated[Text, Field(max_length=100)] = Field(
        "", description="As the part before says in `after`."
    )


class ItemsOut(Schema):
    items: list[ItemRowOut]
    total: int = Field(description=f"How many there are; counted up to {COUNTED:,}.")
    is_more: bool = Field(description="There are more than are counted.")
    after: str = Field(description="The place behind the last one, for the next part; empty at the end.")


class CancellationGiven(Given):
    reason: Reason


class PriorityGiven(Given):
    priority: Priority


class UnmaskingGiven(Given):
    field: Annotated[Text, Field(min_length=1, max_length=200, description="As `masked` names it.")]
    reason: Reason


class UnmaskedOut(Schema):
    field: str
    title: str
    value: Any


@work.read("/work/items", ItemsOut, may=policies.sees_whole)
def list_items(call: Call, asked: Query[ItemsAsked]) -> Any:
    """Items, the newest first, or the earliest due. However many there are, each part costs the same."""
    wanted = item_list.Asked(
        service_id=asked.service_id,
        state=asked.state or "",
        due=asked.due or "",
        holder_id=asked.holder_id,
        text=asked.text,
        by_due=asked.by_due == "yes",
    )
    found = item_list.items_of(
        actor=call.actor,
        now=call.now,
        asked=wanted,
        services=item_list.services_of(call.actor),
        limit=asked.limit,
        at=asked.after,
    )
    return {
        "items": [row_told(one) for one in found.items],
        "total": found.total,
        "is_more": found.is_more,
        "after": found.after,
    }


@work.create("/work/services/{pk}/items", ItemOut)
def create_item(call: Call, pk: Id, given: NewItemGiven) -> Any:
    """Take an item in. One of the same business key is refused with 409; repeat a call with its Idempotency-Key."""
    with told_by_field():
        item = intake.create_item(
            actor=call.actor,
            now=call.now,
            service=Service(pk=pk),
            brought=given.documents,
            source="api",
            **given.model_dump(exclude={"documents"}),
        )
    return item_told(call.actor, item)


@work.create("/work/services/{pk}/item-batches", BatchOut, status=200)
def create_items(call: Call, pk: Id, given: BatchGiven) -> Any:
    """Take many in, up to 500 at once. Good rows are kept beside bad ones; what became of each is told."""
    rows = [NewItem(**one.model_dump()) for one in given.items]
    outcomes = [
        _outcome(one)
        for one in operations.create_items(
            actor=call.actor, now=call.now, service=Service(pk=pk), rows=rows, source="api"
        )
    ]
    counts = {
        name: sum(one["outcome"] == name for one in outcomes) for name in ("created", "duplicate", "rejected")
    }
    return {**counts, "outcomes": outcomes}


@work.read("/work/items/{pk}", ItemOut, may=policies.may_read, tagged=True)
def get_item(call: Call, pk: Id) -> Any:
    """One item with its steps; to who only does the work, the fields and steps that were theirs."""
    return item_told(call.actor, doing.items_for(call.actor).select_related("service").get(pk=pk))


@work.create("/work/items/{pk}/cancellation", ItemOut, status=200)
def cancel_item(call: Call, pk: Id, given: CancellationGiven) -> Any:
    """Call an item off. Whoever has a step of it is told when they go on."""
    item = operations.cancel_item(actor=call.actor, now=call.now, item=Item(pk=pk), reason=given.reason)
    return item_told(call.actor, item)


@work.change("/work/items/{pk}/priority", ItemOut)
def change_priority(call: Call, pk: Id, given: PriorityGiven) -> Any:
    """Move an open item forward or back in its queues."""
    (item,) = operations.change_priority(
        actor=call.actor, now=call.now, items=[Item(pk=pk)], priority=given.priority
    )
    return item_told(call.actor, item)


@work.create("/work/items/{pk}/unmaskings", UnmaskedOut, status=200)
def unmask_field(call: Call, pk: Id, given: UnmaskingGiven) -> Any:
    """See a masked value once, with a reason that is kept with the item."""
    try:
        shown = unmasking.unmask(
            actor=call.actor, now=call.now, item_id=pk, path=given.field, reason=given.reason
        )
    except NotShown:
        raise problems.NotFound from None
    return {"field": given.field, "title": shown.field.title, "value": shown.value}


def _outcome(one: operations.Outcome) -> dict[str, Any]:
    errors = [{"pointer": pointer_to(each.path), "detail": each.says} for each in one.problems]
    if one.item is not None:
        return {"outcome": "created", "item_id": one.item.pk, "errors": errors}
    there = one.existing.pk if one.existing else None
    return {"outcome": "duplicate" if there else "rejected", "item_id": there, "errors": errors}
