"""What stands around and behind one activity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from backdesk.evidence.measures import CAUSES, aggregate
from backdesk.planning import records
from backdesk.planning.models import Activity, Answer
from backdesk.platform.actor import Actor

MOST_NEIGHBOURS = 6
MOST_PEOPLE = 20


def activity_of(actor: Actor, pk: int) -> Activity:
    return Activity.objects.visible_to(actor).select_related("function", "history").get(pk=pk)


def activity_to_change(actor: Actor, pk: int) -> Activity:
    """Nobody else changes it until the transaction ends."""
    locked = Activity.objects.visible_to(actor).select_for_update(of=("self",))
    return locked.select_related("function").get(pk=pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An activity work comes from or goes to; `pk` None where a case begins or ends."""

    pk: int | None
    name: str
    steps: int
    share: float


def neighbours(actor: Actor, activity: Activity) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
    """Where its work comes from and where it goes, the most frequent first."""
    if activity.history is None:
        return (), ()
    known = Activity.objects.visible_to(actor).filter(history=activity.history)
    numbers = dict(known.values_list("name", "pk"))
    edges = activity.history.edges
    before = {source: count for source, target, count in edges if target == activity.name}
    after = {target: count for source, target, count in edges if source == activity.name}
    return _most(before, numbers), _most(after, numbers)


def _most(counts: Mapping[str, int], numbers: Mapping[str, int]) -> tuple[Neighbour, ...]:
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: -item[1])[:MOST_NEIGHBOURS]
    return tuple(
        Neighbour(pk=numbers.get(name), name=name, steps=count, share=count / total)
        for name, count in ordered
    )


def performers(activity: Activity) -> list[dict[str, Any]]:
    """Who does it, the busiest first."""
    assert activity.history is not None
    steps = records.measured(activity.history).filter(
        pl.col("activity") == activity.name, pl.col("resource").is_not_null()
    )
    frame = steps.collect()
    if frame.is_empty():
        return []
    figures = aggregate(
        frame, by=["resource", "team"], only=["steps", "touch_minutes_median", "rework_share"]
    )
    shared = figures.with_columns(share=pl.col("steps") / pl.col("steps").sum())
    return shared.sort("steps", descending=True).head(MOST_PEOPLE).to_dicts()


def waiting_hours(activity: Activity) -> dict[str, float]:
    """How long its steps waited for each cause, elapsed; nothing where no wait is known, or starts are estimated."""
    if activity.history is None or activity.history.summary["starts"] == "estimated":
        return {}
    steps = records.measured(activity.history).filter(pl.col("activity") == activity.name)
    hours = steps.select((pl.col(f"{cause}_s").sum() / 3600).alias(cause) for cause in CAUSES).collect()
    found: dict[str, float] = hours.row(0, named=True)
    return found if any(found.values()) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What people say, without their names; `own` is what the reader said."""

    count: int
    comments: tuple[str, ...]
    own: Answer | None


def voices(actor: Actor, activity: Activity) -> Voices:
    said = list(Answer.objects.visible_to(actor).filter(activity=activity).order_by("?"))
    return Voices(
        count=len(said),
        comments=tuple(one.comment for one in said if one.comment),
        own=next((one for one in said if one.person_id == actor.person_id), None),
    )
