"""What happened to an item, in words, for those who may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.desks.services import Service
from backdesk.platform.web.words import Words
from backdesk.work.models import Event, Step
from backdesk.work.web.entry.reading import field_at

Names = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """`who` did `what`; `detail` is what they said of it. `is_internal`: for the reader's company alone."""

    at: datetime
    who: str
    what: str
    detail: str
    is_internal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is needed to tell: who is called what, which step is which task, which path which field."""

    names: Names
    steps: Mapping[int, Step]
    service: Service

    def name(self, person_id: int | None, organisation_id: int | None) -> str:
        if person_id is None:
            return _("Backdesk")
        return self.names.get((person_id, organisation_id or 0)) or self._anywhere(person_id)

    def task(self, event: Event) -> str:
        step = self.steps.get(event.step_id or 0)
        node = self.service.process.nodes.get(step.node) if step else None
        return node.name or node.id if node else _("a step")

    def field(self, path: str) -> str:
        found = field_at(self.service, path)
        return found.title if found else path

    def _anywhere(self, person_id: int) -> str:
        known = (name for (one, _organisation), name in self.names.items() if one == person_id)
        return next(known, _("somebody"))


def happenings(events: Sequence[Event], telling: Telling) -> tuple[Happening, ...]:
    """In the order of the events."""
    return tuple(
        Happening(
            at=one.at,
            who=telling.name(one.person_id, one.organisation_id),
            what=_what(one, telling),
            detail=str(one.data.get("reason") or ""),
            is_internal=one.internal_to is not None,
        )
        for one in events
    )


def _what(event: Event, telling: Telling) -> str:
    told = WORDS.get(event.kind)
    if told is None:
        return _(event.kind)
    return told(event.data, event, telling) if callable(told) else str(told) % {"task": telling.task(event)}


def _reassigned(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    to = telling.name(data.get("to"), event.organisation_id)
    return _("gave “%(task)s” to %(name)s") % {"task": telling.task(event), "name": to}


def _pushed(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    changed = (one for one in data.get("steps", ()) if one["id"] == event.step_id)
    to = next((one.get("holder_id") for one in changed), None)
    return _("gave “%(task)s” to %(name)s, whose turn it was") % {
        "task": telling.task(event),
        "name": telling.name(to, event.organisation_id) if to else _("somebody"),
    }


def _returned(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    return _("returned “%(task)s” to its queue: nothing was heard of %(name)s for too long") % {
        "task": telling.task(event),
        "name": telling.name(data.get("from"), event.organisation_id),
    }


def _taken(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    if data.get("chosen") and data.get("place"):
        return _("chose “%(task)s” from place %(place)s of the queue") % {
            "task": telling.task(event),
            "place": data["place"],
        }
    return _("took “%(task)s”") % {"task": telling.task(event)}


def _unmasked(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    return _("looked at “%(field)s”, which is masked") % {"field": telling.field(str(data.get("field")))}


def _document(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    return _("added the document “%(name)s”") % {"name": data.get("name", "")}


EventWords: TypeAlias = "Words | Callable[[Mapping[str, Any], Event, Telling], str]"
WORDS: Final[dict[str, EventWords]] = {
    "item created": gettext_lazy("brought the item"),
    "item delivered": gettext_lazy("delivered the item"),
    "item cancelled": gettext_lazy("cancelled the item"),
    "item returned": gettext_lazy("returned the item"),
    "item accepted": gettext_lazy("accepted the item"),
    "priority changed": gettext_lazy("changed the priority"),
    "step taken": _taken,
    "step given back": gettext_lazy("gave back “%(task)s”"),
    "step returned": _returned,
    "step pushed": _pushed,
    "step reassigned": _reassigned,
    "step retried": gettext_lazy("tried “%(task)s” again"),
    "step done by hand": gettext_lazy("did “%(task)s” by hand, at which a machine failed"),
    "step passed over": gettext_lazy("let the item go on without “%(task)s”, at which a machine failed"),
    "step done by machine": gettext_lazy("had “%(task)s” done by machine"),
    "step completed": gettext_lazy("completed “%(task)s”"),
    "time was up": gettext_lazy("went on after “%(task)s”"),
    "kept private": gettext_lazy("entered what your company keeps to itself"),
    "document added": _document,
    "field unmasked": _unmasked,
    "question asked": gettext_lazy("asked"),
    "question answered": gettext_lazy("answered the question"),
    "question withdrawn": gettext_lazy("withdrew a question"),
    "pause proposed": gettext_lazy("proposed that the clock stand still"),
    "pause approved": gettext_lazy("approved a pause of the clock"),
    "pause refused": gettext_lazy("refused a pause of the clock"),
    "pause ended": gettext_lazy("let the clock run again"),
    "pause withdrawn": gettext_lazy("withdrew a pause"),
    "step held back": gettext_lazy("held it back from its queue: its clock stands still"),
    "terms changed": gettext_lazy("agreed on other terms"),
}
"""How each kind of event is told; an app that adds kinds adds their words with `tell`."""


def tell(kind: str, words: EventWords) -> None:
    WORDS[kind] = words
