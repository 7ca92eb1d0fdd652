"""A machine that cannot do its step: the client's lead has it tried again by a mended service, or does it by hand.

An item keeps the version it began with; here alone it is worked out by what is published now, because its lead says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.parties.policies import require
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Item, Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.process import Course
from backdesk.work.operations.steps import Unfit
from backdesk.work.queries.compiled import compiled


class NotStuck(Refused):
    """No machine fails at the step, or no longer."""

    status = 409


class ReasonMissing(Refused):
    """What a machine was to do is done by hand for a reason: the other company reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """`schema`: what the step fills. `fault`: why it cannot be done as it is published now; empty if it can."""

    step: Step
    service: services.Service
    schema: services.Schema
    fault: str


@operation
def look(*, actor: Actor, now: datetime, step_id: int) -> Stuck:
    """What is the matter with it; nothing is changed. Raises `Step.DoesNotExist`, `NotStuck`."""
    course, step = _stuck(actor, now, step_id)
    name = services.function_of(course.service.process.nodes[step.node])
    try:
        services.work_out(service=_mended(course), function=name, values=course.values)
        fault = ""
    except services.FunctionFailed as failed:
        fault = str(failed)
    schema = course.service.output.only(course.service.functions[name])
    return Stuck(step=step, service=course.service, schema=schema, fault=fault)


@operation
def retry(*, actor: Actor, now: datetime, step_id: int) -> services.FunctionFailed | None:
    """By the functions as they are published now. Gives why it cannot be done by these either. By the client's lead."""
    course, step = _stuck(actor, now, step_id)
    failed = course.run(step, by=_mended(course))
    facts = {"version": course.item.service.current_id}
    events.append(actor=actor, now=now, deeds=list(course.deeds("step retried", step=step, facts=facts)))
    return failed


@operation
def override(*, actor: Actor, now: datetime, step_id: int, values: Mapping[str, Any], reason: str) -> Item:
    """Enter what a machine was to work out, or nothing and go on without. By the client's lead, for a reason.

    Raises `NotStuck`, `ReasonMissing`, and `Unfit` where values or checks are not right.
    """
    course, step = _stuck(actor, now, step_id)
    if not reason.strip():
        raise ReasonMissing(_("Say why: who works on the item will read it."))
    if values:
        _require_fit(course, step, values)
    shared, _own = course.service.output.parted(values)
    course.change(step, result=shared)
    course.complete(step, values, None)
    kind = "step done by hand" if values else "step passed over"
    deeds = course.deeds(kind, step=step, facts={"reason": reason.strip()[:500]})
    events.append(actor=actor, now=now, deeds=list(deeds))
    return course.item


def _stuck(actor: Actor, now: datetime, step_id: int) -> tuple[Course, Step]:
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    require(policies.may_define(actor) and policies.is_client_of(actor, course.item.client_id))
    is_open = course.item.state == Item.State.OPEN
    if step.kind != Step.Kind.SERVICE or step.state != Step.State.WAITING or not is_open:
        raise NotStuck(_("No machine fails at this step; the item has gone on, or never came to it."))
    return course, step


def _mended(course: Course) -> services.Service:
    """The version the item began with, with the functions of the one in use now."""
    version_id = course.item.service.current_id or course.item.version_id
    published = compiled(actor=course.actor, version_id=version_id).service
    return replace(course.service, functions={**course.service.functions, **published.functions})


def _require_fit(course: Course, step: Step, values: Mapping[str, Any]) -> None:
    service = course.service
    name = services.function_of(service.process.nodes[step.node])
    problems = service.output.only(service.functions[name]).errors(values, lookups=service.lookups)
    if problems:
        raise Unfit(_("Some fields are not right yet."), problems=problems)
    known = course.values
    whole = {**known, "output": {**known["output"], **course.kept.get("output", {}), **values}}
    findings = [one for one in services.run_checks(service, values=whole) if one.severity == "error"]
    if findings:
        raise Unfit(_("Something does not fit together yet."), findings=findings)
