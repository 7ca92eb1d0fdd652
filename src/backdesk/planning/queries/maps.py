"""Process maps and models of a work history, drawn once for each way they are asked for."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import astuple, dataclass, field
from typing import Literal

import polars as pl
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop

from backdesk.evidence import process
from backdesk.evidence.process import Selection, Statistic, discovery
from backdesk.evidence.process.bpmn import draw_process, write_bpmn
from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.addresses import steps_address
from backdesk.planning.queries.candidates import plans, ranking
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web.formats import said


class NothingToShow(Refused):
    """The log, or what is asked of it, holds no step to draw, or more than can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one can choose from in a work history."""

    functions: tuple[str, ...]
    """By which the log itself tells its steps apart, the one with most steps first."""
    activities: tuple[str, ...]
    columns: tuple[str, ...]
    """Of the cases and of who worked on them, but for the person."""

    @property
    def first_function(self) -> str:
        """What is shown at first: of a log of several functions the largest, for all at once is hard to read."""
        return self.functions[0] if len(self.functions) > 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to show of the process; shares from 0 to 1."""

    activities_share: float = 1.0
    paths_share: float = 0.2
    function: str = ""
    handed_over: bool = False
    statistic: Statistic = "median"
    clock: Literal["working", "elapsed"] = "working"
    keep: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAsked:
    """What a model is made of; noise from 0 to 1."""

    noise: float = 0.2
    function: str = ""
    keep: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The map, or in words why there is none; `inside` is what is shaded."""

    svg: SafeString
    problem: str
    inside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnModel:
    """The model as a picture and as a file, or in words why there is none."""

    svg: SafeString = field(default_factory=SafeString)
    bpmn: bytes = b""
    found: discovery.Discovered | None = None
    problem: str = ""


def known(history: WorkHistory) -> Known:
    """What one can choose from in a work history."""
    steps = records.measured(history)
    counts = steps.group_by("function", "activity").len().collect()
    functions = counts.group_by("function").agg(pl.col("len").sum()).sort("len", descending=True)
    kinds = steps.collect_schema()
    attributes = [name for name, kind in kinds.items() if name.startswith("case:") and kind == pl.String]
    return Known(
        functions=tuple(functions["function"].cast(pl.String).drop_nulls()),
        activities=tuple(counts["activity"].cast(pl.String).unique().sort()),
        columns=("team", "party", *attributes),
    )


def drawn(actor: Actor, history: WorkHistory, asked: Asked) -> Drawn:
    inside = _best_bundle(actor, history) if asked.handed_over else ()
    try:
        svg = _kept(history, asked, inside, lambda: _draw(history, asked, inside))
    except NothingToShow as error:
        return Drawn(svg=SafeString(), problem=str(error), inside=inside)
    return Drawn(svg=svg, problem="", inside=inside)


def process_map_of(history: WorkHistory, asked: Asked) -> process.ProcessMap:
    """What there is to draw, as data."""
    steps = process.select(records.measured(history).collect(), keep=asked.keep)
    try:
        return process.process_map(
            steps,
            activities_share=asked.activities_share,
            paths_share=asked.paths_share,
            only_functions=[asked.function] if asked.function else None,
            waiting=asked.clock,
            statistic=asked.statistic,
        )
    except process.NothingToMap as error:
        raise NothingToShow(str(error)) from error


def drawn_model(history: WorkHistory, asked: ModelAsked) -> DrawnModel:
    try:
        found = model_of(history, asked)
    except NothingToShow as error:
        return DrawnModel(problem=str(error))
    return DrawnModel(
        svg=mark_safe(draw_process(found.model, say=said)),  # noqa: S308  (our own drawing, names escaped)
        bpmn=write_bpmn(found.model),
        found=found,
    )


def model_of(history: WorkHistory, asked: ModelAsked) -> discovery.Discovered:
    """A model of the work, found anew: it takes less than a second, also of 13,000 cases."""
    steps = process.select(records.measured(history).collect(), keep=asked.keep)
    if asked.function:
        steps = steps.filter(pl.col("function").cast(pl.String) == asked.function)
    try:
        return discovery.discovered(steps, noise=asked.noise, name=history.name)
    except (discovery.NothingToDiscover, discovery.TooManyActivities) as error:
        raise NothingToShow(str(error)) from error


def found_process(history: WorkHistory, asked: ModelAsked) -> bytes:
    """The model as BPMN, for cases to be laid beside it."""
    return write_bpmn(model_of(history, asked).model)


def _kept(history: WorkHistory, asked: Asked, inside: Collection[str], draw: Callable[[], str]) -> SafeString:
    """Draw, or take what was drawn before; what is made of chosen cases alone is not kept, it has no end."""
    told = (astuple(asked), inside, get_language())
    name = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
    place = records.pictures(history) / "maps" / f"{name}.svg"
    if not asked.keep.keeps_all:
        return mark_safe(draw())  # noqa: S308  (our own drawing, names escaped)
    if not place.exists():
        records.put(place, draw())
    return mark_safe(place.read_text(encoding="utf-8"))  # noqa: S308  (our own drawing, names escaped)


def _draw(history: WorkHistory, asked: Asked, inside: Collection[str]) -> str:
    def address(part: process.Node | process.Edge) -> str | None:
        if isinstance(part, process.Node):
            return steps_address(history.pk, of=part.activity)
        if part.source is None or part.target is None:
            return None
        return steps_address(history.pk, of=part.target, after=part.source)

    return process.draw(
        process_map_of(history, asked),
        inside=inside,
        href=address,
        theme="page",
        title=said(gettext_noop("How work flows: {name}"), name=history.name),
        say=said,
    )


def _best_bundle(actor: Actor, history: WorkHistory) -> tuple[str, ...]:
    plan = next((one for one in plans(ranking(actor)) if one.history == history), None)
    if plan is None or not plan.bundles:
        return ()
    return tuple(sorted(plan.by_label[label].activity.name for label in plan.bundles[0].activities))
