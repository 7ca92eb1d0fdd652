"""Blind double keying: two people enter the same, neither sees the other's, and a third decides where they differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backdesk.desks import services
from backdesk.desks.services.differences import Difference, differences
from backdesk.evidence.process import bpmn
from backdesk.work.models import Inspection, SamplingRate, Step
from backdesk.work.operations import findings, sampling
from backdesk.work.operations.findings import Found
from backdesk.work.operations.process import LIVE, Course, Task, on_task
from backdesk.work.queries.disclosing import filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Of a field that was keyed wrong: what was entered, what the other of the two entered, and what it came to."""

    own: Any
    other: Any
    right: Any


def apart(service: services.Service, steps: Sequence[Step]) -> tuple[Difference, ...]:
    """Where the two keyed differently, field by field, as far as the fields' comparison counts it."""
    one, other = steps
    return differences(_compared(service, one.node), ours=one.result or {}, theirs=other.result or {})


def decided(service: services.Service, step: Step, steps: Sequence[Step]) -> dict[str, Decided]:
    """By path, what is held against a step that was keyed twice; nothing before somebody has decided."""
    other = next((one for one in keyed_with(step, steps) if one is not step), None)
    right = _decision_on(step, steps)
    if other is None or right is None:
        return {}
    schema = _compared(service, step.node)
    wrong = {one.path: one.ours for one in differences(schema, ours=other.result or {}, theirs=right)}
    return {
        one.path: Decided(own=one.ours, other=wrong.get(one.path, one.theirs), right=one.theirs)
        for one in differences(schema, ours=step.result or {}, theirs=right)
    }


def _decision_on(step: Step, steps: Sequence[Step]) -> Mapping[str, Any] | None:
    """What the third entered, the first time after a step that they decided."""
    later = (one for one in steps if one.node == step.node and one.enabled_at >= step.enabled_at)
    return next((one.result for one in later if one.kind == Step.Kind.ADJUDICATE and one.result), None)


def alike(values: Mapping[str, Any], apart: Collection[str]) -> dict[str, Any]:
    """The values without the paths at which two differ: of a group the rest of it is kept, of a table nothing."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        within = {path.removeprefix(f"{name}.") for path in apart if path.startswith(f"{name}.")}
        if any(path == name or path.startswith(f"{name}[") for path in apart):
            continue
        kept[name] = alike(value, within) if within and isinstance(value, Mapping) else value
    return kept


def keyed_with(step: Step, steps: Sequence[Step]) -> list[Step]:
    """The two that were keyed in the same visit as a step, or before an adjudication, the first first."""
    before = [one for one in steps if one.node == step.node and one.kind == Step.Kind.KEY and one is not step]
    if step.kind == Step.Kind.KEY:
        return [one for one in (*before, step) if one.enabled_at == step.enabled_at]
    latest = max((one.enabled_at for one in before), default=None)
    return [one for one in before if one.enabled_at == latest]


def _enter(course: Course, node: bpmn.Node) -> Sequence[Step]:
    """Twice, where the item is sampled for it; else once, by whoever comes."""
    visit = sum(step.node == node.id for step in course.steps)
    twice = sampling.drawn(
        item=course.item,
        kind=SamplingRate.Kind.KEY,
        now=course.now,
        key=f"{course.item.pk} {node.id} {visit}",
    )
    return [course.step(node, kind=Step.Kind.KEY, copy=copy) for copy in range(1, 3 if twice else 2)]


def _leave(course: Course, step: Step, values: Mapping[str, Any], outcome: Mapping[str, Any] | None) -> bool:
    """Nothing of the first is put into the item before the second is done: it would not be blind."""
    both = keyed_with(step, course.steps)
    if step.kind == Step.Kind.ADJUDICATE:
        course.put(values)
        for one in both:
            _look(course, one, values, step)
        return True
    if any(one.state in LIVE for one in both):
        return False
    if len(both) < 2:
        course.put(values)
        return True
    return _reconciled(course, step, both, values)


def _reconciled(course: Course, step: Step, both: Sequence[Step], values: Mapping[str, Any]) -> bool:
    found = apart(course.service, both)
    if not found:
        course.put(values)
        for one in both:
            _look(course, one, values, None)
        return True
    course.put(alike(values, {one.path for one in found}))
    node = course.service.process.nodes[step.node]
    avoid = [one.holder_id for one in both if one.holder_id is not None]
    decides = course.step(node, kind=Step.Kind.ADJUDICATE, avoid=avoid)
    decides.via = step.via
    course.add(decides)
    return False


def _look(course: Course, keyed: Step, right: Mapping[str, Any], decided: Step | None) -> None:
    """What was keyed held against what came out of the two: each is measured alike."""
    wrong = differences(_compared(course.service, keyed.node), ours=keyed.result or {}, theirs=right)
    findings.record(
        now=course.now,
        item=course.item,
        service=course.service,
        kind=Inspection.Kind.KEYING,
        looked_at=keyed,
        organisation_id=keyed.organisation_id or course.item.provider_id,
        inspector=(decided.organisation_id, decided.holder_id) if decided else (None, None),
        found=[Found(field=one.path, is_critical=one.critical) for one in wrong],
    )


def _compared(service: services.Service, node: str) -> services.Schema:
    """What is kept of both: fields the client keeps to itself are in no step's result."""
    return filled(service, node).shared()


on_task("key", Task(enter=_enter, leave=_leave))
