"""What an agent works on: the step in their hands, what they held, and why there may be nothing for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from backdesk.parties.policies import company, person
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import alone, prepared
from backdesk.platform.isolation.scopes import scope_of
from backdesk.work import policies
from backdesk.work.models import Entitlement, Event, Item, Route, Service, Step, StepDraft
from backdesk.work.queries import rows

MOST_HELD = 50
MOST_COUNTED = 100
#: Of `work_whole`.
WHOLE = ", ".join((
    *(rows.columns(Item, "(whole.item)"), "whole.service"),
    *(rows.columns(StepDraft, "(whole.draft)"), rows.columns(Step, "(whole.step)")),
))  # fmt: skip
_STEPS = f"""
SELECT {rows.columns(Step, "step")} FROM work_step AS step
WHERE step.item_id = %s AND (step.client_id = %s OR step.provider_id = %s) ORDER BY step.id
"""  # noqa: S608  our own words
_HAD = """(
    SELECT step.id FROM work_step AS step
    WHERE step.id = %s AND step.organisation_id = told.organisation AND (step.holder_id = told.person OR EXISTS (
        SELECT FROM work_event AS event WHERE event.item_id = step.item_id AND event.step_id = step.id
        AND event.person_id = told.person AND coalesce(event.internal_to, step.organisation_id) = step.organisation_id))
    OFFSET 0) AS had"""
_WAITING = """(SELECT count(*) FROM (SELECT 1 FROM work_step WHERE route_id = work_route.id AND state = 'open'
    AND NOT is_held_back AND NOT avoid @> %s::jsonb LIMIT %s) AS few)"""


def items_for(actor: Actor) -> QuerySet[Item]:
    """Those the actor may read: an agent, what they hold or held, or what waits for them before it goes to others."""
    items = Item.objects.visible_to(actor)
    if policies.sees_whole(actor):
        return items
    theirs = Q(holder_id=actor.person_id) | Q(prefer_id=actor.person_id)
    own = Step.objects.filter(theirs, item=OuterRef("pk"), organisation_id=actor.organisation_id)
    return items.filter(Exists(own))


def step_for(actor: Actor, pk: int) -> Step | None:
    """A step of the actor's company, with its item; whose hands it is in, the row says."""
    steps = Step.objects.visible_to(actor).filter(organisation_id=company(actor))
    return steps.select_related("item__service", "item__version", "route").filter(pk=pk).first()


def item_of_step(actor: Actor, pk: int) -> int:
    """The number of its item, for who sees that. Raises `Step.DoesNotExist`."""
    return Step.objects.visible_to(actor).values_list("item_id", flat=True).get(pk=pk)


def had(actor: Actor, pk: int) -> bool:
    """Whether the actor holds a step of their company, or did: to others it does not exist."""
    company(actor)
    return bool(alone.rows(scope=scope_of(actor), columns="had.id", source=_HAD, values=[pk]))


def steps_of(actor: Actor, item: Item) -> list[Step]:
    own = company(actor)
    return [rows.made(Step, row) for row in prepared.rows(sql=_STEPS, values=[item.pk, own, own])]


def history_of(actor: Actor, item: Item) -> list[Event]:
    """All that happened to the item as the actor's company may read it, the oldest first."""
    return list(Event.objects.visible_to(actor).filter(item=item).order_by("sequence"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A step with its item, that one's service and all its steps, and what was entered at the step so far."""

    step: Step
    item: Item
    steps: list[Step]
    draft: StepDraft | None


def whole_of(actor: Actor, step: Step) -> Whole:
    """Of a step in sight, in one statement."""
    company(actor)
    source = "work_whole(%s, %s, told.organisation) AS whole"
    found = alone.rows(scope=scope_of(actor), columns=WHOLE, source=source, values=[step.pk, step.item_id])
    if not found:
        raise Item.DoesNotExist
    return whole_made(step.pk, found)


def whole_made(step_id: int, found: Sequence[Sequence[Any]]) -> Whole:
    """Of rows with the columns `WHOLE`, one for each step of the item."""
    items, names, drafts, steps = zip(*(_cut(row) for row in found), strict=True)
    item, made = rows.made(Item, items[0]), [rows.made(Step, row) for row in steps]
    item.service = rows.fresh(Service, id=item.service_id, name=names[0])
    return Whole(
        step=next(one for one in made if one.pk == step_id),
        item=item,
        steps=made,
        draft=rows.made(StepDraft, drafts[0]) if drafts[0][0] is not None else None,
    )


def _cut(row: Sequence[Any]) -> tuple[Sequence[Any], Any, Sequence[Any], Sequence[Any]]:
    """An item, the name of its service, a draft, a step: as `WHOLE` asks for them."""
    item, draft = rows.count(Item), rows.count(StepDraft)
    return row[:item], row[item], row[item + 1 : item + 1 + draft], row[item + 1 + draft :]


def draft_of(actor: Actor, step: Step) -> StepDraft | None:
    """What was entered so far; another person's, where the step came from their hands."""
    return StepDraft.objects.visible_to(actor).filter(step=step).first()


def held_by(actor: Actor) -> list[Step]:
    """What is in their hands, the most urgent first."""
    held = Step.objects.visible_to(actor).filter(
        holder_id=person(actor), state=Step.State.TAKEN, organisation_id=company(actor)
    )
    return list(held.select_related("item__service", "route").order_by("due_at", "pk")[:MOST_HELD])


def returned_to(actor: Actor, now: datetime) -> list[Step]:
    """Rework that waits for the very person, before it goes to others."""
    waiting = Step.objects.visible_to(actor).filter(
        prefer_id=person(actor), prefer_until__gt=now, state=Step.State.OPEN, organisation_id=company(actor)
    )
    return list(waiting.select_related("item__service", "route").order_by("due_at", "pk")[:MOST_HELD])


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue the person is given work from, and how many wait in it."""

    route: Route
    service: str
    waiting: int


def queues_of(actor: Actor) -> list[Queue]:
    """Waiting ones are counted up to a hundred of each: nobody here needs to know a million."""
    own = Entitlement.objects.visible_to(actor).filter(person_id=person(actor))
    routes = Route.objects.visible_to(actor).filter(pk__in=own.values("route_id")).select_related("service")
    counted = routes.annotate(waiting=RawSQL(_WAITING, [json.dumps([person(actor)]), MOST_COUNTED]))  # noqa: S611  no text of anybody
    return [
        Queue(route=one, service=one.service.name, waiting=one.waiting)
        for one in counted.order_by("service__name", "name", "pk")
    ]


def next_waking(actor: Actor, routes: Sequence[Route]) -> datetime | None:
    """When the next timer of their services is over: then there may be something to do."""
    waiting = Step.objects.visible_to(actor).filter(
        service_id__in={one.service_id for one in routes}, state=Step.State.WAITING, wakes_at__isnull=False
    )
    return waiting.aggregate(at=Min("wakes_at"))["at"] if routes else None
