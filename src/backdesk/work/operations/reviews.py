"""Maker and checker: a sampled look at a task by somebody else. What is not sampled is passed over, and said so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.evidence.process import bpmn
from backdesk.platform.errors import Refused
from backdesk.work.models import Inspection, SamplingRate, Step
from backdesk.work.operations import findings, sampling
from backdesk.work.operations.findings import Found
from backdesk.work.operations.process import Course, Task, on_task

#: What the conditions of a process are told of work that is passed over.
_NOTHING_WRONG = {"wrong": False, "errors": 0}


class UnfitReview(Refused):
    """The outcome of a review is not one; `problems` by the place in its list of findings, -1 for the whole."""

    def __init__(self, problems: Sequence[tuple[int, str]]) -> None:
        super().__init__(problems[0][1])
        self.problems = tuple(problems)


def found_in(service: services.Service, outcome: Mapping[str, Any]) -> list[Found]:
    """Read an outcome: {"wrong": bool, "findings": [{"category": …, "field": …, "note": …}]}. Raises `UnfitReview`."""
    problems = list(_problems(service, outcome))
    if problems:
        raise UnfitReview(problems)
    categories = {one.key: one for one in service.errors}
    return [
        Found(
            category=one["category"],
            field=str(one.get("field") or ""),
            note=str(one.get("note", "")).strip()[:1000],
            is_critical=categories[one["category"]].critical,
        )
        for one in outcome["findings"]
    ]


def _enter(course: Course, node: bpmn.Node) -> Sequence[Step]:
    """Sampled by the rate of whose work it is; what was sent back is looked at again in any case."""
    of = node.attributes.get("of", "")
    made = course.done(of)
    before = course.done(node.id)
    person_id = made[-1].holder_id if made else None
    if not (before and _was_wrong(before[-1])):
        visit = sum(step.node == node.id for step in course.steps)
        key = f"{course.item.pk} {node.id} {visit}"
        if not sampling.drawn(
            item=course.item, kind=SamplingRate.Kind.REVIEW, now=course.now, key=key, person_id=person_id
        ):
            course.data["review"] = _NOTHING_WRONG
            return []
    avoid = [step.holder_id for step in made if step.holder_id is not None]
    return [course.step(node, kind=Step.Kind.REVIEW, avoid=avoid)]


def _leave(course: Course, step: Step, values: Mapping[str, Any], outcome: Mapping[str, Any] | None) -> bool:
    if outcome is None:
        raise UnfitReview([(-1, _("Say whether it is right, and what is not."))])
    found = found_in(course.service, outcome)
    node = course.service.process.nodes[step.node]
    made = course.done(node.attributes.get("of", ""))
    looked_at = made[-1] if made else None
    findings.record(
        now=course.now,
        item=course.item,
        service=course.service,
        kind=Inspection.Kind.REVIEW,
        looked_at=looked_at,
        organisation_id=(looked_at and looked_at.organisation_id) or course.item.provider_id,
        inspector=(step.organisation_id, step.holder_id),
        found=found,
        is_sent_back=bool(outcome["wrong"]),
    )
    course.put(values)
    course.data["review"] = {"wrong": bool(outcome["wrong"]), "errors": len(found)}
    return True


def _was_wrong(step: Step) -> bool:
    outcome = (step.result or {}).get("outcome") or {}
    return bool(outcome.get("wrong"))


def _problems(service: services.Service, outcome: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    rows = outcome.get("findings")
    if not isinstance(outcome.get("wrong"), bool) or not isinstance(rows, list):
        yield -1, _("Say whether it is right, and what is not.")
        return
    if outcome["wrong"] and not rows:
        yield -1, _("Say what is wrong: who did it needs at least one finding to put it right.")
    categories = {one.key for one in service.errors}
    for place, row in enumerate(rows):
        told = row if isinstance(row, Mapping) else {}
        field = str(told.get("field") or "")
        if str(told.get("category", "")) not in categories:
            yield place, _("Choose what kind of error it is.")
        elif field and service.output.find(field) is None:
            yield place, _("“%(field)s” is no field of what was entered.") % {"field": field}


on_task("review", Task(enter=_enter, leave=_leave))
