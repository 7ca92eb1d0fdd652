"""An item and its steps, locked while a verb changes them; and whether who asks still holds the step they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from backdesk.parties.policies import company
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import prepared
from backdesk.platform.isolation.scopes import scope_of
from backdesk.platform.querysets import Row, SharedQuerySet
from backdesk.work import policies
from backdesk.work.models import Item, Service, Step
from backdesk.work.operations.process import Course
from backdesk.work.queries import rows
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.disclosed import private_data
from backdesk.work.queries.people import names_of

_LOCKED: Final = f"""
SELECT item.sequence = (SELECT seen.sequence FROM work_item AS seen WHERE seen.id = item.id),
    {rows.columns(Item, "item")}, {rows.columns(Service, "service")}, {rows.columns(Step, "step")}
FROM work_item AS item JOIN work_step AS step ON step.item_id = item.id
JOIN work_service AS service ON service.id = item.service_id
WHERE item.id = (SELECT item_id FROM work_step WHERE id = %s
    AND (%s::bigint IS NULL OR client_id = %s::bigint OR provider_id = %s::bigint))
ORDER BY step.id FOR UPDATE OF item, step
"""  # noqa: S608  our own words


class ClaimLost(Refused):
    """The step is not, or no longer, in the hands of who speaks for it: a screen left open, a lease that ended."""

    status = 409


def course_of(*, actor: Actor, now: datetime, item: Item, steps: Sequence[Step]) -> Course:
    """With the item's version as the actor's company may see it."""
    return Course(
        actor=actor,
        now=now,
        item=item,
        compiled=compiled(actor=actor, version_id=item.version_id),
        steps=list(steps),
        kept=_private(actor, item),
    )


def of_step(*, actor: Actor, now: datetime, step_id: int) -> tuple[Course, Step]:
    """The item of a step, with all its steps, locked. The item first, as everywhere, so that two never wait for each
    other. Raises `Step.DoesNotExist` where the actor sees none of this number."""
    found = _locked(actor, step_id)
    if found and not found[0][0]:  # others had it, and may have added steps that were not there to be read
        found = _locked(actor, step_id)
    if not found:
        raise Step.DoesNotExist
    service = 1 + rows.count(Item)
    place = service + rows.count(Service)
    item, steps = rows.made(Item, found[0][1:service]), [rows.made(Step, row[place:]) for row in found]
    item.service = rows.made(Service, found[0][service:place])
    for one in steps:
        one.item = item
    (step,) = (one for one in steps if one.pk == step_id)
    return course_of(actor=actor, now=now, item=item, steps=steps), step


def of_item(*, actor: Actor, now: datetime, item_id: int) -> Course:
    """An item with all its steps, locked. Raises `Item.DoesNotExist`."""
    item = _in_sight(Item.objects.select_for_update(), actor).get(pk=item_id)
    steps = list(Step.objects.select_for_update().filter(item=item).order_by("pk"))
    for one in steps:
        one.item = item
    return course_of(actor=actor, now=now, item=item, steps=steps)


def require_claim(actor: Actor, step: Step, claim: int) -> None:
    """Raises `ClaimLost`, which says who holds the step now, or what became of it."""
    policies.require(step.organisation_id == actor.organisation_id)
    if step.state == Step.State.TAKEN and step.holder_id == actor.person_id and step.claim == claim:
        return
    raise ClaimLost(_lost(actor, step))


def name_of(actor: Actor, step: Step) -> str:
    """Who holds or did it, as the actor may know them."""
    known = names_of(actor, {step.client_id, step.provider_id})
    return known.get(step.holder_id or 0, _("somebody else"))


def _locked(actor: Actor, step_id: int) -> list[tuple[Any, ...]]:
    """Whether the item is as it was when the statement began, the item, its service, a step; a row for each step."""
    own = None if scope_of(actor).kind == "system" else company(actor)
    return prepared.rows(sql=_LOCKED, values=[step_id, own, own, own])


def _lost(actor: Actor, step: Step) -> str:
    mine = step.holder_id == actor.person_id
    if step.state == Step.State.TAKEN and mine:
        return _("You took this step again since, on another screen. Go on there, or load this page again.")
    if step.state == Step.State.TAKEN:
        text = _("This step is with %(name)s now. What you entered was not sent; your draft is kept.")
        return text % {"name": name_of(actor, step)}
    if step.state == Step.State.DONE and mine:
        return _("You have completed this step already. Nothing was done twice.")
    if step.state == Step.State.DONE:
        return _("%(name)s has completed this step. Nothing was done twice.") % {"name": name_of(actor, step)}
    if step.state == Step.State.OPEN:
        return _(
            "This step went back to its queue, because it was given back or nothing was heard of you for too "
            "long. Take it again; your draft is kept."
        )
    return _("This step is no longer to be done: it is %(state)s.") % {"state": step.get_state_display()}


def _in_sight(rows: SharedQuerySet[Row], actor: Actor) -> SharedQuerySet[Row]:
    """What the actor's company sees; Backdesk itself sees all."""
    return rows if scope_of(actor).kind == "system" else rows.visible_to(actor)


def _private(actor: Actor, item: Item) -> dict[str, object]:
    """What the client keeps to itself; to others the database shows none."""
    if actor.organisation_id == item.provider_id:
        return {}
    return dict(private_data(item))
