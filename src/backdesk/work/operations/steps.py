"""Doing a step: signs of life, drafts, completion. Who is given it is said by `taking`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.desks.services.checks import Finding, run_checks
from backdesk.parties.policies import company, person
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation, prepared
from backdesk.work.models import Item, Step, StepDraft
from backdesk.work.operations import events, holding
from backdesk.work.operations.holding import ClaimLost as ClaimLost
from backdesk.work.operations.leases import return_expired as return_expired
from backdesk.work.operations.process import Course
from backdesk.work.operations.taking import give_back as give_back
from backdesk.work.operations.taking import reassign as reassign
from backdesk.work.operations.taking import take as take
from backdesk.work.operations.taking import take_next as take_next
from backdesk.work.operations.taking import take_next_whole as take_next_whole
from backdesk.work.operations.timers import wake_timers as wake_timers
from backdesk.work.queries import disclosing
from backdesk.work.queries.disclosed import kept_behind

_FORGET_DRAFT: Final = "DELETE FROM work_stepdraft WHERE step_id = %s RETURNING step_id"


class Unfit(Refused):
    """What was entered is not as the service wants it; `problems` by field, `findings` of its checks."""

    def __init__(
        self,
        text: str,
        *,
        problems: Sequence[services.FieldProblem] = (),
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(text)
        self.problems = tuple(problems)
        self.findings = tuple(findings)


class ToBeConfirmed(Unfit):
    """Checks warn; completed all the same once who does it has confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """`steps`: those that became open by it."""

    item: Item
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]


@operation
def heartbeat(*, actor: Actor, now: datetime, step_id: int, claim: int, touch_seconds: int = 0) -> datetime:
    """Prolong the lease, and add the seconds worked since the last one. Gives until when. No deed, so no event."""
    step = _held(actor, step_id, claim)
    until = now + timedelta(minutes=step.route.lease_minutes if step.route else 0)
    step.touch_seconds += _touched(step, touch_seconds, now)
    step.lease_until, step.touched_at = until, now
    step.save(update_fields=["touch_seconds", "lease_until", "touched_at"])
    return until


@operation
def save_draft(
    *, actor: Actor, now: datetime, step_id: int, claim: int, values: Mapping[str, Any]
) -> StepDraft:
    """Keep what was entered so far, right or wrong. No deed, so no event; it goes when the step is completed."""
    step = _held(actor, step_id, claim)
    draft = StepDraft(
        step=step,
        organisation_id=company(actor),
        person_id=person(actor),
        values=dict(values),
        saved_at=now,
    )
    StepDraft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["step"],
        update_fields=["person_id", "values", "saved_at"],
    )
    return draft


@operation
def complete(
    *,
    actor: Actor,
    now: datetime,
    step_id: int,
    claim: int,
    values: Mapping[str, Any],
    outcome: Mapping[str, Any] | None = None,
    confirmed: bool = False,
    touch_seconds: int = 0,
) -> Completed:
    """Take in what was entered, and let the item go on.

    Checked again here, whatever the screen said: problems and failed checks refuse (`Unfit`), warnings want to be
    `confirmed` (`ToBeConfirmed`). An earlier claim is refused with `holding.ClaimLost`. Masked values that are not
    entered stay as they are: who does the step need not have seen them.
    """
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    holding.require_claim(actor, step, claim)
    values = {**kept_behind(actor=actor, item=course.item, step=step, service=course.service), **values}
    problems = problems_of(course=course, step=step, values=values)
    if problems:
        raise Unfit(_("Some fields are not right yet."), problems=problems)
    # Who sends work back as wrong is held up by none of what is wrong with it.
    is_sent_back = step.kind == Step.Kind.REVIEW and bool(outcome and outcome.get("wrong"))
    findings = () if is_sent_back else _checked(course, values, confirmed=confirmed)
    shared, _own = course.service.output.parted(values)
    touched = step.touch_seconds + _touched(step, touch_seconds, now)
    course.change(step, result=_result(shared, outcome), touch_seconds=touched)
    course.complete(step, values, outcome)
    events.append(actor=actor, now=now, deeds=list(course.deeds("step completed", step=step)))
    prepared.rows(sql=_FORGET_DRAFT, values=[step.pk])
    opened = tuple(one for one in course.added if one.state == Step.State.OPEN)
    return Completed(item=course.item, steps=opened, findings=findings)


def problems_of(
    *, course: Course, step: Step, values: Mapping[str, Any]
) -> tuple[services.FieldProblem, ...]:
    """What is wrong with the fields a step fills; it fills no others."""
    service = course.service
    return disclosing.filled(service, step.node).errors(values, lookups=service.lookups)


def _touched(step: Step, seconds: int, now: datetime) -> int:
    """No more than have passed since it was taken, or since seconds were last told: who says more has slept."""
    assert step.taken_at is not None
    since = max(step.taken_at, step.touched_at or step.taken_at)
    return max(0, min(seconds, math.ceil((now - since).total_seconds())))


def _held(actor: Actor, step_id: int, claim: int) -> Step:
    """Locked: two screens of one person count the same minutes once."""
    steps = Step.objects.visible_to(actor).select_for_update(of=("self",)).select_related("route")
    step = steps.get(pk=step_id)
    holding.require_claim(actor, step, claim)
    return step


def _checked(course: Course, values: Mapping[str, Any], *, confirmed: bool) -> tuple[Finding, ...]:
    known = course.values
    whole = {**known, "output": {**known["output"], **course.kept.get("output", {}), **values}}
    findings = run_checks(course.service, values=whole)
    if any(finding.severity == "error" for finding in findings):
        raise Unfit(_("Something does not fit together yet."), findings=findings)
    if findings and not confirmed:
        raise ToBeConfirmed(
            _("Look at the warnings, and confirm if it is right as it is."), findings=findings
        )
    return findings


def _result(shared: Mapping[str, Any], outcome: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(shared) if outcome is None else {"values": dict(shared), "outcome": dict(outcome)}
