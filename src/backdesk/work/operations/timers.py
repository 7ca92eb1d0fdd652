"""What waits for a time, and automatic steps that are tried again."""

from __future__ import annotations

import logging
from datetime import datetime

from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work.models import Item, Step
from backdesk.work.operations import events, holding

log = logging.getLogger(__name__)


def wake_timers(*, actor: Actor, now: datetime) -> int:
    """All that are over, a transaction each: one that fails holds up no other. Gives how many items went on."""
    over = Step.objects.filter(state=Step.State.WAITING, wakes_at__lte=now).order_by("wakes_at", "pk")
    return sum(_tried(actor, now, pk) for pk in list(over.values_list("pk", flat=True)))


@operation
def wake(*, actor: Actor, now: datetime, step_id: int) -> bool:
    """Looked at again under the lock: the step may have been completed meanwhile, and its timer be gone."""
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    if step.state != Step.State.WAITING or step.wakes_at is None or step.wakes_at > now:
        return False
    if course.item.state != Item.State.OPEN:
        return False
    if step.kind == Step.Kind.SERVICE:
        course.run(step)
        kind = "step retried"
    else:
        course.fire(step)
        kind = "time was up"
    events.append(actor=actor, now=now, deeds=list(course.deeds(kind, step=step)))
    return True


def _tried(actor: Actor, now: datetime, step_id: int) -> bool:
    try:
        return wake(actor=actor, now=now, step_id=step_id)
    except Refused:
        log.exception("The item of step %s could not go on when its time was up.", step_id)
        return False
