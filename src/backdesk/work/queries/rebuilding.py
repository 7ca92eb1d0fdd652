"""An item as its events make it, to be held against its rows: they must be the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from backdesk.platform.audit import canonical
from backdesk.work.models import Event, Item, ItemPrivate, Step

#: Moves on without an event: a heartbeat is no deed.
WITHOUT_EVENT = frozenset({"lease_until", "touch_seconds", "touched_at"})
_BLANK = {
    one.attname: None if one.attname == "id" else one.get_default() for one in Step._meta.concrete_fields
}


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """The columns of an item, what its client keeps to itself of it, and the columns of its steps."""

    item: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    steps: dict[int, dict[str, Any]] = field(default_factory=dict)


def rebuild(item: Item) -> Rebuilt:
    """From its events, as far as the scope shows them."""
    made = Rebuilt()
    for event in Event.objects.filter(item=item).order_by("sequence"):
        _apply(made, event)
    for step in made.steps.values():
        _without(step)
    return made


def as_it_stands(item: Item) -> Rebuilt:
    """The same from its rows."""
    private = ItemPrivate.objects.filter(item=item).first()
    return Rebuilt(
        item=_columns(Item.objects.get(pk=item.pk)),
        private=private.data if private else {},
        steps={step.pk: _without(_columns(step)) for step in Step.objects.filter(item=item)},
    )


def _apply(made: Rebuilt, event: Event) -> None:
    data = event.data
    changed = data.get("item", {})
    made.item |= {**changed, "data": made.item.get("data", {}) | changed.get("data", {})}
    made.item["sequence"] = event.sequence
    made.private |= data.get("private", {})
    for added in data.get("added", ()):
        made.steps[added["id"]] = _BLANK | _of_item(made.item, event) | added
    for step in data.get("steps", ()):
        made.steps[step["id"]] |= step


def _of_item(item: dict[str, Any], event: Event) -> dict[str, Any]:
    own = {name: item[name] for name in ("service_id", "client_id", "provider_id", "priority", "due_at")}
    return {**own, "item_id": item["id"], "enabled_at": canonical.instant(event.at)}


def _columns(row: models.Model) -> dict[str, Any]:
    return {one.attname: _plain(getattr(row, one.attname)) for one in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    return canonical.instant(value) if hasattr(value, "isoformat") else value


def _without(step: dict[str, Any]) -> dict[str, Any]:
    for name in WITHOUT_EVENT:
        step.pop(name, None)
    return step
