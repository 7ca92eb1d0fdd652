"""Work whose holder has vanished goes back to its queue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.work.models import Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.taking import release

_AT_ONCE = 200


def return_expired(*, actor: Actor, now: datetime) -> int:
    """All of the house, a transaction each: one that cannot go back holds up no other. Gives how many went back."""
    expired = _expired(now).order_by("lease_until").values_list("pk", flat=True)
    return sum(return_if_expired(actor=actor, now=now, step_id=pk) for pk in list(expired))


@operation
def return_expired_of(*, actor: Actor, now: datetime, route_ids: Collection[int]) -> int:
    """Of some queues, for who asks for work there."""
    expired = _expired(now).filter(route_id__in=route_ids, organisation_id=actor.organisation_id)
    found = list(expired.order_by("item_id").values_list("pk", flat=True)[:_AT_ONCE])
    return sum(return_if_expired(actor=actor, now=now, step_id=pk) for pk in found)


@operation
def return_if_expired(*, actor: Actor, now: datetime, step_id: int) -> bool:
    """Looked at again under the lock: a heartbeat may have come meanwhile."""
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    if step.state != Step.State.TAKEN or step.lease_until is None or step.lease_until > now:
        return False
    facts = {"from": step.holder_id, "lease_until": step.lease_until}
    release(course=course, step=step)
    deeds = list(course.deeds("step returned", step=step, facts=facts))
    events.append(actor=actor, now=now, deeds=deeds)
    return True


def _expired(now: datetime) -> QuerySet[Step]:
    """Few are taken at any time, so no index by lease is kept, which every heartbeat would have to move."""
    return Step.objects.filter(state=Step.State.TAKEN, lease_until__lte=now)
