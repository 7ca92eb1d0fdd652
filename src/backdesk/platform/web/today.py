"""What needs a person today: apps register functions that say so, home shows the oldest obligation first.

An app registers in its `AppConfig.ready`::

    today.register_items(queries.waiting_for_answers)  # (*, actor, now) -> Iterable[Item]
    today.register_figures(queries.key_figures)        # (*, actor, now) -> Iterable[Figure]
    today.register_beginning(queries.first_step)       # (*, actor, now) -> Beginning | None
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from backdesk.platform.actor import Actor
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.words import Words

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to do: `title` opens `url`, `action` is the verb on its button."""

    title: Words
    url: str
    action: Words
    since: datetime
    detail: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The step to take where nothing is there yet; the smallest `order` is offered."""

    title: Words
    detail: Words
    url: str
    action: Words
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    items: tuple[Item, ...]
    figures: tuple[Figure, ...]
    beginning: Beginning | None


@dataclass(slots=True)
class Registry:
    items: list[Callable[..., Iterable[Item]]] = field(default_factory=list)
    figures: list[Callable[..., Iterable[Figure]]] = field(default_factory=list)
    beginnings: list[Callable[..., Beginning | None]] = field(default_factory=list)

    def today(self, *, actor: Actor, now: datetime) -> Today:
        items = [item for source in self.items for item in source(actor=actor, now=now)]
        figures = [figure for source in self.figures for figure in source(actor=actor, now=now)]
        found = [source(actor=actor, now=now) for source in self.beginnings]
        beginnings = [beginning for beginning in found if beginning is not None]
        return Today(
            items=tuple(sorted(items, key=lambda item: item.since)),
            figures=tuple(figures),
            beginning=min(beginnings, key=lambda beginning: beginning.order, default=None),
        )


registry = Registry()


def register_items(source: Callable[..., Iterable[Item]]) -> None:
    _once(registry.items, source)


def register_figures(source: Callable[..., Iterable[Figure]]) -> None:
    _once(registry.figures, source)


def register_beginning(source: Callable[..., Beginning | None]) -> None:
    _once(registry.beginnings, source)


def _once(known: list[_T], source: _T) -> None:
    if source not in known:
        known.append(source)
