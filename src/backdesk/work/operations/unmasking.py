"""A masked value is shown to somebody who says why they need it; that is kept with the item for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backdesk.desks.services import Field
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.taking import ReasonMissing
from backdesk.work.queries.disclosed import blind_to, value_behind

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasked:
    field: Field
    value: Any


@operation
def unmask(*, actor: Actor, now: datetime, item_id: int, path: str, reason: str) -> Unmasked:
    """Give the value at a path such as `input.account`, once, for a reason that everybody can read afterwards.

    Who only does the work may while they hold a step that needs the field. Raises `disclosed.NotShown` where there is
    nothing masked for them, `ReasonMissing`, `Item.DoesNotExist`.
    """
    policies.require(policies.may_read(actor))
    course = holding.of_item(actor=actor, now=now, item_id=item_id)
    field, value = value_behind(
        actor=actor,
        item=course.item,
        service=course.service,
        path=path,
        nodes=_nodes(actor, course.steps),
        blind=blind_to(actor=actor, steps=course.steps),
    )
    if not reason.strip():
        raise ReasonMissing(_("Say why you need to see it: the reason is kept with the item."))
    facts = {"field": path, "reason": reason.strip()[:LONGEST_REASON]}
    events.append(
        actor=actor, now=now, deeds=[events.Deed(kind="field unmasked", item=course.item, facts=facts)]
    )
    return Unmasked(field=field, value=value)


def _nodes(actor: Actor, steps: list[Step]) -> frozenset[str] | None:
    if policies.sees_whole(actor):
        return None
    held = (one for one in steps if one.state == Step.State.TAKEN and one.holder_id == actor.person_id)
    return frozenset(one.node for one in held)
