"""Process maps of a work history, drawn once for each way they are asked for."""

import hashlib
from collections.abc import Collection
from dataclasses import astuple, dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from backdesk.evidence import process
from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.candidates import plans, ranking
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused


class NothingToShow(Refused):
    """The log, or what is asked of it, holds no step to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to show of the process; shares from 0 to 1."""

    activities_share: float = 1.0
    paths_share: float = 0.2
    function: str = ""
    handed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The map, or in words why there is none; `inside` is what is shaded."""

    svg: SafeString
    problem: str
    inside: tuple[str, ...]


def drawn(actor: Actor, history: WorkHistory, asked: Asked) -> Drawn:
    inside = _best_bundle(actor, history) if asked.handed_over else ()
    name = hashlib.sha256(repr((astuple(asked), inside)).encode()).hexdigest()[:16]
    place = records.pictures(history) / "maps" / f"{name}.svg"
    if not place.exists():
        try:
            svg = _draw(history, asked, inside)
        except NothingToShow as error:
            return Drawn(svg=SafeString(), problem=str(error), inside=inside)
        records.put(place, svg)
    svg = mark_safe(place.read_text(encoding="utf-8"))  # noqa: S308  (our own drawing, names escaped)
    return Drawn(svg=svg, problem="", inside=inside)


def process_map_of(history: WorkHistory, asked: Asked) -> process.ProcessMap:
    """What there is to draw, as data."""
    try:
        return process.process_map(
            records.measured(history).collect(),
            activities_share=asked.activities_share,
            paths_share=asked.paths_share,
            only_functions=[asked.function] if asked.function else None,
            waiting="working",
        )
    except process.NothingToMap as error:
        raise NothingToShow(str(error)) from error


def _draw(history: WorkHistory, asked: Asked, inside: Collection[str]) -> str:
    steps = reverse("planning:history-steps", args=(history.pk,))

    def address(part: process.Node | process.Edge) -> str | None:
        if isinstance(part, process.Node):
            return f"{steps}?{urlencode({'activity': part.activity})}"
        if part.source is None or part.target is None:
            return None
        return f"{steps}?{urlencode({'activity': part.target, 'follows': part.source})}"

    return process.draw(
        process_map_of(history, asked),
        inside=inside,
        href=address,
        theme="page",
        title=f"How work flows: {history.name}",
    )


def _best_bundle(actor: Actor, history: WorkHistory) -> tuple[str, ...]:
    plan = next((one for one in plans(ranking(actor)) if one.history == history), None)
    if plan is None or not plan.bundles:
        return ()
    return tuple(sorted(plan.by_label[label].activity.name for label in plan.bundles[0].activities))
