"""How the work on a service flows, drawn from its record: kept beside it until there is something new."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop

from backdesk.evidence import process
from backdesk.evidence.calendars import parse
from backdesk.evidence.measures import measure_steps
from backdesk.platform.actor import Actor
from backdesk.platform.web.formats import said
from backdesk.work.queries.record import ServiceRecord, step_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The map, or in words why there is none."""

    svg: SafeString
    problem: str
    steps: int


def drawn(*, actor: Actor, record: ServiceRecord, paths_share: float) -> Drawn:
    return _drawn(_Asked(actor=actor, record=record, language=get_language()), paths_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Names are those the actor's company may see, so its record tells what is the same."""

    actor: Actor = field(compare=False)
    record: ServiceRecord
    language: str | None


@lru_cache(maxsize=64)
def _drawn(asked: _Asked, paths_share: float) -> Drawn:
    record = asked.record
    log = step_log(actor=asked.actor, record=record)
    measured = measure_steps(log, calendar=parse(record.agreed.calendar, zone=record.zone))
    try:
        found = process.process_map(measured, paths_share=paths_share, waiting="working")
    except process.NothingToMap as error:
        return Drawn(svg=SafeString(), problem=str(error), steps=0)
    svg = process.draw(
        found,
        theme="page",
        title=said(gettext_noop("How work flows: {name}"), name=record.service.name),
        say=said,
    )
    return Drawn(svg=mark_safe(svg), problem="", steps=log.steps.height)  # noqa: S308  our own drawing, names escaped
