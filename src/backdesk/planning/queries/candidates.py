"""The ranking of everything in the inventory, from what was measured and what people say."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Aggregate, Count, FloatField

from backdesk.evidence import assessment
from backdesk.planning.models import Activity, Answer, WorkHistory
from backdesk.platform.actor import Actor


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An activity of the inventory as a candidate."""

    activity: Activity
    candidate: assessment.Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to hand over together, and with what to begin, within one work history."""

    history: WorkHistory
    bundles: tuple[assessment.Bundle, ...]
    pilot: assessment.Pilot | None
    why_no_pilot: str
    by_label: Mapping[str, Ranked]


def ranking(actor: Actor, *, weights: Mapping[str, float] | None = None) -> tuple[Ranked, ...]:
    # A history holds how its work moves: fetched once, not once an activity.
    found = Activity.objects.visible_to(actor).select_related("function").prefetch_related("history")
    activities = list(found)
    return _ranked(activities, said=answers(actor), weights=weights)


def ranked(actor: Actor, activity: Activity) -> Ranked:
    """One activity, judged as in the whole ranking."""
    (found,) = _ranked([activity], said=answers(actor, activity=activity))
    return found


def plans(ranking: Iterable[Ranked]) -> tuple[Plan, ...]:
    """Bundles and pilot of each work history; what was entered by hand has no place in a process yet."""
    by_history: dict[WorkHistory, list[Ranked]] = {}
    for one in ranking:
        if one.activity.history is not None:
            by_history.setdefault(one.activity.history, []).append(one)
    return tuple(_plan(history, found) for history, found in by_history.items())


def _plan(history: WorkHistory, found: list[Ranked]) -> Plan:
    candidates = [one.candidate for one in found]
    label = {one.activity.name: one.candidate.activity for one in found}
    edges = [(label[a], label[b], count) for a, b, count in history.edges if a in label and b in label]
    return Plan(
        history=history,
        bundles=assessment.bundles(candidates, edges=edges, cases=int(history.summary["cases"])),
        pilot=assessment.pilot(candidates),
        why_no_pilot=assessment.why_no_pilot(candidates),
        by_label={one.candidate.activity: one for one in found},
    )


def _ranked(
    activities: list[Activity],
    *,
    said: Mapping[int, assessment.Answers],
    weights: Mapping[str, float] | None = None,
) -> tuple[Ranked, ...]:
    by_label = _labelled(activities)
    records = [_record(label, activity) for label, activity in by_label.items()]
    answered = {label: said[one.pk] for label, one in by_label.items() if one.pk in said}
    candidates = assessment.rank(records, answers=answered, weights=weights)
    return tuple(Ranked(activity=by_label[one.activity], candidate=one) for one in candidates)


def _labelled(activities: list[Activity]) -> dict[str, Activity]:
    """By name; where two histories share one, by name and history."""
    seen = Counter(activity.name for activity in activities)
    return {
        one.name if seen[one.name] == 1 else f"{one.name} ({one.history or 'by hand'} {one.pk})": one
        for one in activities
    }


def _record(label: str, activity: Activity) -> assessment.ActivityRecord:
    return assessment.ActivityRecord(
        name=label,
        function=activity.function.name,
        figures=activity.figures if activity.history_id else _estimates(activity),
        estimated=(activity.figures.get("estimated_share") or 0.0) > assessment.MOSTLY,
    )


def answers(actor: Actor, *, activity: Activity | None = None) -> dict[int, assessment.Answers]:
    """Medians of what people say, by the activity's number."""
    said = Answer.objects.visible_to(actor)
    if activity is not None:
        said = said.filter(activity=activity)
    by_activity = said.order_by().values("activity_id")  # what is grouped by, before what is counted
    medians = {f"median_{name}": Median(name) for name in Answer.GRADES}
    rows = by_activity.annotate(count=Count("id"), **medians).values_list("activity_id", "count", *medians)
    return {
        activity_id: assessment.Answers(
            medians=dict(zip(Answer.GRADES, values, strict=True)),  # type: ignore[arg-type]
            count=count,
        )
        for activity_id, count, *values in rows
    }


def _estimates(activity: Activity) -> dict[str, float | None]:
    return {
        "steps_per_month": activity.steps_per_month,
        "touch_hours_per_month": activity.hours_per_month,
        "people": activity.people,
    }
