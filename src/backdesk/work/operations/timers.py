"""What waits for a time, and automatic steps that are tried again."""

from __future__ import annotations

import logging
from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from backdesk.desks.services import FunctionFailed
from backdesk.parties.queries.recipients import people_with
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation
from backdesk.work.models import Item, Step
from backdesk.work.operations import events, holding

log = logging.getLogger(__name__)

FAILED = "work.machine_failed"


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
        failed = course.run(step)
        if failed is not None:
            _tell_leads(actor, now, step, failed)
        kind = "step retried"
    else:
        course.fire(step)
        kind = "time was up"
    events.append(actor=actor, now=now, deeds=list(course.deeds(kind, step=step)))
    return True


def _tell_leads(actor: Actor, now: datetime, step: Step, failed: FunctionFailed) -> None:
    """The client's, who defined the service; once, until they have read it."""
    with as_system("whoever defined a service is told that a machine cannot do its step"):
        leads = people_with(organisation_id=step.client_id, roles=("operations_lead",))
    notifications.notify(
        actor=actor,
        now=now,
        people=leads,
        kind=FAILED,
        subject=step.item,
        organisation_id=step.client_id,
        title=format_lazy(gettext_lazy("A machine cannot do its step of “{item}”"), item=step.item.title),
        detail=str(failed),
        url=reverse("work:machine-step", args=[step.pk]),
    )


def _tried(actor: Actor, now: datetime, step_id: int) -> bool:
    try:
        return wake(actor=actor, now=now, step_id=step_id)
    except Refused:
        log.exception("The item of step %s could not go on when its time was up.", step_id)
        return False
