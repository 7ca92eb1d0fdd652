"""What is told of items and steps: to an agent what their steps need, to who leads, orders or controls work all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from backdesk.desks.services import Service
from backdesk.platform.actor import Actor
from backdesk.platform.api import Named, Schema
from backdesk.work import policies
from backdesk.work.models import Item, Step
from backdesk.work.operations import keying
from backdesk.work.queries import disclosing, doing
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.disclosed import blind_to, disclosed, nodes_of

State = Literal["open", "delivered", "accepted", "cancelled"]
StepState = Literal["open", "taken", "waiting", "done", "skipped", "cancelled"]


class ItemRowOut(Schema):
    id: int
    service: Named
    title: str
    business_key: str = Field(description="What tells it from other items of its service; empty for none.")
    state: State
    priority: int = Field(description="1 first, 9 last.")
    language: str
    source: str = Field(description="form, import, api, mail or folder.")
    round: int = Field(description="How often it was returned by the client.")
    received_at: datetime
    due_at: datetime | None = Field(description="None without a target, and while the clock stands.")
    is_paused: bool
    delivered_at: datetime | None
    closed_at: datetime | None = Field(description="When it was accepted or cancelled.")


class StepRowOut(Schema):
    id: int
    item_id: int
    node: str = Field(description="The task in the process of the service.")
    name: str
    kind: str = Field(description="do, key, review, adjudicate, service, timer or join.")
    state: StepState
    organisation_id: int | None = Field(description="Whose people do it; null for nobody's.")
    priority: int
    due_at: datetime | None
    enabled_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    holder_id: int | None = Field(description="The person who has it, or did it.")
    claim: int = Field(description="Counts who was given it; sent along with every word on it.")
    lease_until: datetime | None = Field(
        description="Until when it stays with its holder without a heartbeat."
    )
    touch_seconds: int


class ItemOut(ItemRowOut):
    """`values` as far as they are for the reader; in `masked` the paths behind which there is a value not shown."""

    sequence: int = Field(description="How many events made it what it is.")
    values: dict[str, dict[str, Any]] = Field(description="input and output, amounts and days as text.")
    masked: list[str]
    steps: list[StepRowOut]


class CategoryOut(Schema):
    key: str
    name: str
    is_critical: bool


class ApartOut(Schema):
    """Which of the two is whose is not said."""

    field: str
    title: str
    one: Any
    other: Any
    is_critical: bool


class WorkOut(Schema):
    """A step in the caller's hands, with all that is needed to do it."""

    step: StepRowOut
    item: ItemOut
    asks: dict[str, Any] = Field(description="What is to be entered, as JSON Schema 2020-12.")
    draft: dict[str, Any] | None = Field(description="What was entered so far.")
    error_categories: list[CategoryOut] = Field(description="Of a review: what an error is found as.")
    apart: list[ApartOut] = Field(description="Of an adjudication: where two keyed differently.")


def row_told(item: Item) -> dict[str, Any]:
    own = {name: getattr(item, name) for name in ItemRowOut.model_fields if name != "service"}
    return {**own, "service": item.service, "pk": item.pk}


def item_told(actor: Actor, item: Item) -> dict[str, Any]:
    return _item_told(actor, item, doing.steps_of(actor, item))


def _item_told(actor: Actor, item: Item, steps: Sequence[Step]) -> dict[str, Any]:
    service = compiled(actor=actor, version_id=item.version_id).service
    nodes, blind = nodes_of(actor=actor, steps=steps), blind_to(actor=actor, steps=steps)
    shown = disclosed(actor=actor, item=item, service=service, nodes=nodes, blind=blind)
    return {
        **row_told(item),
        "sequence": item.sequence,
        "values": shown.values,
        "masked": sorted(shown.masked),
        "steps": [step_told(actor, one, item) for one in _for(actor, steps)],
    }


def step_told(actor: Actor, step: Step, item: Item) -> dict[str, Any]:
    node = compiled(actor=actor, version_id=item.version_id).service.process.nodes.get(step.node)
    own = {name: getattr(step, name) for name in StepRowOut.model_fields if name != "name"}
    return {**own, "name": node.name or node.id if node else step.node}


def work_told(actor: Actor, whole: doing.Whole) -> dict[str, Any]:
    step, item, draft = whole.step, whole.item, whole.draft
    service = compiled(actor=actor, version_id=item.version_id).service
    return {
        "step": step_told(actor, step, item),
        "item": _item_told(actor, item, whole.steps),
        "asks": disclosing.filled(service, step.node).document,
        "draft": draft.values if draft and draft.person_id == actor.person_id else None,
        "error_categories": [
            {"key": one.key, "name": one.name, "is_critical": one.critical}
            for one in (service.errors if step.kind == Step.Kind.REVIEW else ())
        ],
        "apart": _apart(actor, whole, service) if step.kind == Step.Kind.ADJUDICATE else [],
    }


def _apart(actor: Actor, whole: doing.Whole, service: Service) -> list[dict[str, Any]]:
    both = keying.keyed_with(whole.step, whole.steps)
    return [
        {
            "field": one.path,
            "title": field.title if (field := service.output.find(one.path)) else one.path,
            "one": one.ours,
            "other": one.theirs,
            "is_critical": one.critical,
        }
        for one in (keying.apart(service, both) if len(both) == 2 else ())
    ]


def _for(actor: Actor, steps: Sequence[Step]) -> list[Step]:
    """Who does the work is shown their own steps: what is keyed twice is keyed blind."""
    whole = policies.sees_whole(actor)
    return [one for one in steps if whole or one.holder_id == actor.person_id]
